# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What the tests of import share: calls of `rondo`, CSV files, .safetensors files."""
import csv
import json
import pathlib
import struct
import subprocess

SKIPPED = 77  # what Meson takes for a skip
TOLERANCE = 1e-5  # what an imported network may differ: its weights are float32, and so are sums


class Rondo:
    def __init__(self, program, folder):
        self.program = str(program)
        self.folder = pathlib.Path(folder)

    def call(self, *words):
        words = [self.program, *map(str, words)]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    def good(self, *words):
        done = self.call(*words)
        assert done.returncode == 0, f"{words}: status {done.returncode}: {done.stderr}"
        return done.stdout

    def bad(self, *words):
        """A clear error: status 1, one line that names the fault."""
        done = self.call(*words)
        assert done.returncode == 1, f"{words}: status {done.returncode}: {done.stderr}"
        assert done.stderr.startswith("rondo: "), done.stderr
        return done.stderr

    def predict(self, model, x):
        """x: rows of numbers, or a file of them."""
        path = x
        if not isinstance(x, (str, pathlib.Path)):
            path = self.folder / "x.csv"
            path.write_text("".join(",".join(repr(float(v)) for v in row) + "\n" for row in x))
        out = self.folder / "y.csv"
        self.good("predict", model, "--input", path, "--output", out)
        return read_csv(out)[1:]


def read_csv(path):
    rows = []
    for row in csv.reader(pathlib.Path(path).read_text().splitlines()):
        try:
            rows.append([float(v) for v in row])
        except ValueError:
            rows.append(row)  # names
    return rows


def require_close(got, wanted, what, tolerance=TOLERANCE):
    assert len(got) == len(wanted) > 0, f"{what}: {len(got)} rows, expected {len(wanted)}"
    worst = 0
    for a, b in zip(got, wanted):
        assert len(a) == len(b), f"{what}: {len(a)} columns, expected {len(b)}"
        worst = max(worst, *(abs(x - y) for x, y in zip(a, b)))
    assert worst <= tolerance, f"{what}: differs by {worst}, allowed {tolerance}"
    print(f"{what}: {len(got)} rows, differs by {worst:.2g} at most")


SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


def write_safetensors(path, tensors, about=None):
    """tensors: name to (dtype, shape, bytes), in the order of the file; about: rondo's own text."""
    header, data = {} if about is None else {"__metadata__": {"rondo": about}}, b""
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_safetensors(path):
    """name to (dtype, shape, bytes)."""
    raw = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + size])
    header.pop("__metadata__", None)
    data = raw[8 + size:]
    return {name: (e["dtype"], e["shape"], data[slice(*e["data_offsets"])])
            for name, e in header.items()}
