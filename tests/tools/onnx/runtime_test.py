# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What rondo writes as ONNX passes ONNX's checker and shape inference, and ONNX Runtime, where it
is installed, gives rondo's scores. Skipped (status 77) where python3-onnx is not installed.

usage: runtime_test.py WRITE_MODELS"""
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import onnx
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
try:
    import onnxruntime
except ImportError:
    onnxruntime = None

import harness


def check(folder, name):
    """None, or what is wrong."""
    path = os.path.join(folder, name + ".onnx")
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    tensors = harness.read_safetensors(os.path.join(folder, name + ".safetensors"))
    x, y = tensors["x"], tensors["y"]
    if model.opset_import[0].version != 14:
        return "not version 14"
    if onnxruntime is None:
        return None
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    x = x if x.dtype == np.int64 else x[:, None]
    got = session.run(None, {"x": x})[0]
    worst = harness.worst_of(got.reshape(y.shape), y)
    if not worst <= harness.k_tolerance:
        return f"differs by {worst}"
    # Two sequences at once, and another length: both sizes are open.
    twice = session.run(None, {"x": np.concatenate([x, x], 1)})[0]
    if not harness.worst_of(twice[..., 1, :], got[..., 0, :]) <= harness.k_tolerance:
        return "a batch of two differs"
    session.run(None, {"x": x[:3]})
    return None


def main():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.argv[1], folder], capture_output=True, text=True, check=True)
        failed = 0
        names = done.stdout.split()
        for name in names:
            error = check(folder, name)
            if error:
                failed += 1
                print(f"FAILED: {name}: {error}")
    by = "ONNX Runtime" if onnxruntime else "the checker; ONNX Runtime is not installed, skipped"
    print(f"{len(names) - failed} passed, {failed} failed, by {by}")
    return 1 if failed or len(names) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
