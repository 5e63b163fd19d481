# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What the tests of the ONNX reader and writer share: files in and out, one run of run_onnx."""
import json
import os
import struct
import subprocess

import numpy as np

k_tolerance = 1e-5  # float32 against float32, sums of fewer than 100 terms


def worst_of(got, expected):
    """The greatest difference; where numbers pass 1, as in nets without tanh, in shares of the
    greatest of them."""
    size = max(1.0, float(np.abs(expected).max()))
    return float(np.abs(got - expected).max()) / size


def write_safetensors(path, tensors):
    """tensors: name -> array; floats become F32, integers I64."""
    header, blobs, at = {}, [], 0
    for name, array in tensors.items():
        real = np.issubdtype(array.dtype, np.floating)
        blob = array.astype("<f4" if real else "<i8").tobytes()
        header[name] = {"dtype": "F32" if real else "I64", "shape": list(array.shape),
                        "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def read_safetensors(path):
    with open(path, "rb") as file:
        content = file.read()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            kind = {"F32": "<f4", "I64": "<i8"}[entry["dtype"]]
            data = np.frombuffer(content[8 + size + first:8 + size + end], kind)
            tensors[name] = data.reshape(entry["shape"])
    return tensors


class Runner:
    """Runs models through rondo; counts and reports."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.passed, self.failed = 0, []

    def run(self, model, x):
        """model: a path or bytes; x: (T) tokens or (T, I). The JSON that run_onnx prints."""
        if not isinstance(model, str):
            path = os.path.join(self.folder, "model.onnx")
            with open(path, "wb") as file:
                file.write(model)
            model = path
        data = os.path.join(self.folder, "x.safetensors")
        write_safetensors(data, {"x": x})
        done = subprocess.run([self.program, model, data], capture_output=True, text=True)
        if done.returncode != 0:
            return {"error": f"status {done.returncode}: {done.stderr}"}
        return json.loads(done.stdout)

    def result(self, name, error):
        if error:
            self.failed.append(name)
            print(f"FAILED: {name}: {error}")
        else:
            self.passed += 1

    def check(self, name, model, x, expected, every_step=True):
        """The scores of one sequence are `expected`, (T, outputs), or (outputs) after the last."""
        got = self.run(model, x)
        if "error" in got:
            self.result(name, got["error"])
            return got
        answers = "every_step" if every_step else "last_step"
        scores = np.array(got["scores"]).reshape(-1, got["outputs"])
        if not every_step:
            scores = scores[-1]
        expected = np.asarray(expected).reshape(scores.shape)
        worst = worst_of(scores, expected)
        error = None
        if not worst <= k_tolerance:
            error = f"differs by {worst}"
        elif got["source"]["answers"] != answers:
            error = f"answers {got['source']['answers']}, expected {answers}"
        self.result(name, error)
        return got

    def refused(self, name, model, x, words):
        """The import fails, and the message has all of the words."""
        got = self.run(model, x)
        missing = [word for word in words if word not in got.get("error", "")]
        self.result(name, f"lacks {missing} in {got.get('error', 'success')}" if missing else None)
