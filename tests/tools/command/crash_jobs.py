# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The command lines that crash_test.py kills, and what a whole file is. Runs nothing itself."""
import json
import os
import re
import struct

k_leftover = re.compile(r"(.*)\.tmp[0-9]+$")  # see tools/base/file.hpp
k_times = ("seconds", "train_seconds", "names_per_second", "tokens_per_second",
           "characters_per_second", "units_per_second")


class Job:
    """A command line with MODEL in it, which is `one` or, for the old content, `two`."""

    def __init__(self, command, name, words):
        self.command, self.name, self.words = command, name, words
        self.trains = command == "train"

    def line(self, model):
        seed = {"one": "1", "two": "2"}[model]
        return [word.replace("MODEL", "../" + model).replace("SEED", seed) for word in self.words]


def jobs_of(names, text):
    train = ["--threads", "1", "--save-every", "0", "--seed", "SEED", "--log", "run.jsonl",
             "--out", "net.safetensors", "--resume"]
    classify = ["train", "classify", "--data", names, "--hidden", "24", "--epochs", "8",
                "--patience", "5", "--dropout", "0.2", *train]
    generate = ["train", "generate", "--data", names, "--hidden", "24", "--iterations", "60",
                *train]
    lm = ["train", "lm", "--data", text, "--hidden", "24", "--layers", "1", "--iterations", "150",
          "--steps", "20", "--batch", "4", *train[2:], "--threads", "2"]
    quantize = ["quantize", "MODEL.safetensors", "--data", names, "--out", "net.rondo"]
    export = ["export", "MODEL.rondo", "--name", "net", "--out", "."]
    return [
        Job("train", "train classify", classify),
        Job("train", "train generate", generate),
        Job("train", "train lm", lm),
        Job("quantize", "quantize int8", [*quantize, "--report", "report"]),
        Job("quantize", "quantize f32", [*quantize, "--type", "f32"]),
        Job("export", "export header", export),
        Job("export", "export bundle", [*export, "--format", "bundle"]),
        Job("export", "export image", [*export, "--format", "image", "--target", "cortex-m4"]),
        Job("export", "export onnx", ["export", "MODEL.safetensors", "--out", "net.onnx"]),
        Job("export", "export safetensors", ["export", "MODEL.safetensors", "--out",
                                             "state.safetensors"]),
        Job("report", "report", ["report", "MODEL.jsonl", "MODEL.rondo", "--out", "page.html"]),
    ]


def files_in(folder):
    """Name to content of what stands in a folder, however deep."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            try:
                with open(full, "rb") as file:
                    found[os.path.relpath(full, folder)] = file.read()
            except FileNotFoundError:
                pass  # a temporary file that was just renamed
    return found


def is_whole_safetensors(data):
    """The header says where the tensors end, which is the end of the file."""
    if len(data) < 8:
        return False
    length = struct.unpack("<Q", data[:8])[0]
    if len(data) < 8 + length:
        return False
    tensors = json.loads(data[8:8 + length])
    ends = [tensor["data_offsets"][1] for name, tensor in tensors.items() if name != "__metadata__"]
    return len(data) == 8 + length + max(ends)


def events(log):
    """The lines of a log without times. It grows under its name, line by line, so that the last one
    may be half: rondo report and --resume know."""
    lines = log.split(b"\n")
    parsed = [json.loads(line) for line in lines[:-1]]
    return [{key: value for key, value in line.items() if key not in k_times} for line in parsed]
