# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Models of RTNeural's own tests, with the outputs that Keras and PyTorch gave. They are no part of
this project: the environment variable RONDO_RTNEURAL names a folder with their models/ and
test_data/; without it the test skips.

    RONDO_RTNEURAL=FOLDER rtneural_test.py RONDO
"""
import os
import pathlib
import sys
import tempfile

from tools import SKIPPED, Rondo, read_csv, require_close

MODELS = ("gru", "gru_1d", "gru_torch", "lstm", "lstm_1d", "lstm_torch")


def main():
    if not os.environ.get("RONDO_RTNEURAL"):
        print("skipped: RONDO_RTNEURAL does not name a folder with RTNeural's models and test_data")
        sys.exit(SKIPPED)
    source = pathlib.Path(os.environ["RONDO_RTNEURAL"])
    with tempfile.TemporaryDirectory() as folder:
        rondo = Rondo(sys.argv[1], folder)
        model = rondo.folder / "model.safetensors"
        for name in MODELS:
            print(rondo.good("import", source / "models" / f"{name}.json", "--out", model))
            x, y = (source / "test_data" / f"{name}_{side}_python.csv" for side in "xy")
            require_close(rondo.predict(model, x), read_csv(y), name)
        message = rondo.bad("import", source / "models/bad_lstm.json", "--out", model)
        assert "(1, 80), expected (1, 64)" in message, message  # "shape" says 16 units, it has 20
        message = rondo.bad("import", source / "models/full_model.json", "--out", model)
        assert "layer 1 (conv1d)" in message, message


main()
