# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Writes the samples beside this file: NAME.onnx as PyTorch exports it, and NAME.safetensors with
the input x of one sequence and what PyTorch answers, y. They are committed, so that the suite reads
real exports where PyTorch is not installed.

usage: samples.py (takes PyTorch 1.13 and numpy)"""
import os

import numpy as np
import torch

import harness
import torch_test

k_samples = {
    "lstm_last": ("LSTM", "last", None, True, False, {}),
    "gru_embedding": ("GRU", "last", "embedding", True, False, {}),
    "rnn_one_hot": ("RNN", "every", "one_hot", False, False, {}),
    "lstm_both": ("LSTM", "mean", None, True, True, {"bidirectional": True, "num_layers": 2}),
}


def main():
    torch.manual_seed(2)
    torch_test.k_hidden = 3
    folder = os.path.dirname(os.path.abspath(__file__))
    for name, (kind, take, tokens, batch_first, dense, settings) in k_samples.items():
        net = torch_test.Net(kind, take, tokens, batch_first, dense, **settings).eval()
        x = torch_test.sequence(tokens)
        batch = x[None] if batch_first else x[:, None]
        with torch.no_grad():
            y = net(batch).numpy().reshape(-1, torch_test.k_outputs)
            model = torch_test.export(net, batch, True, axes="BT" if batch_first else "TB")
        with open(os.path.join(folder, name + ".onnx"), "wb") as file:
            file.write(model)
        harness.write_safetensors(os.path.join(folder, name + ".safetensors"),
                                  {"x": x.numpy(), "y": np.ascontiguousarray(y)})


if __name__ == "__main__":
    main()
