# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Makes tests/tools/import/samples: tiny models in the JSON formats that rondo imports, with random
weights, and what they answer, worked out here in double precision from the formats' own formulas.

    python3 tools/golden/import_samples.py tests/tools/import/samples

Needs numpy. Files: NAME.json or NAME.nam, NAME.x.csv, NAME.y.csv.
"""
import json
import pathlib
import sys

import numpy as np

STEPS = 40
random = np.random.default_rng(7)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {"": lambda x: x, "tanh": np.tanh, "sigmoid": sigmoid,
               "relu": lambda x: np.maximum(x, 0)}


def weights(*shape, size=0.6):
    return np.round(random.normal(0, size, shape), 4)


def lstm(x, w, u, b, h, c):
    """w (4H, I), gates i, f, g, o."""
    out = []
    n = len(h)
    for step in x:
        t = w @ step + u @ h + b
        i, f, o = sigmoid(t[:n]), sigmoid(t[n:2 * n]), sigmoid(t[3 * n:])
        g = np.tanh(t[2 * n:3 * n])
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.array(out)


def keras_lstm(x, w, u, b):
    return lstm(x, w.T, u.T, b, np.zeros(u.shape[0]), np.zeros(u.shape[0]))


def keras_gru(x, w, u, b):
    """Columns z, r, h. Two biases: reset after the product; one: before."""
    n = u.shape[0]
    h = np.zeros(n)
    out = []
    after = b.ndim == 2
    for step in x:
        a = step @ w + (b[0] if after else b)
        z = sigmoid(a[:n] + h @ u[:, :n] + (b[1][:n] if after else 0))
        r = sigmoid(a[n:2 * n] + h @ u[:, n:2 * n] + (b[1][n:2 * n] if after else 0))
        if after:
            candidate = np.tanh(a[2 * n:] + r * (h @ u[:, 2 * n:] + b[1][2 * n:]))
        else:
            candidate = np.tanh(a[2 * n:] + (r * h) @ u[:, 2 * n:])
        h = z * h + (1 - z) * candidate
        out.append(h)
    return np.array(out)


def torch_gru(x, w, u, b_ih, b_hh):
    """Rows r, z, n."""
    n = u.shape[1]
    h = np.zeros(n)
    out = []
    for step in x:
        a, g = w @ step + b_ih, u @ h + b_hh
        r, z = sigmoid(a[:n] + g[:n]), sigmoid(a[n:2 * n] + g[n:2 * n])
        h = (1 - z) * np.tanh(a[2 * n:] + r * g[2 * n:]) + z * h
        out.append(h)
    return np.array(out)


def layer(kind, units, arrays, activation=""):
    return {"type": kind, "activation": activation, "shape": [None, None, units],
            "weights": [a.tolist() for a in arrays]}


def keras(gru_biases):
    """Dense, LSTM, GRU, dense with sigmoid, dense."""
    x = random.normal(0, 1, (STEPS, 2))
    d1, e1 = weights(2, 3), weights(3)
    w1, u1, b1 = weights(3, 16), weights(4, 16), weights(16)
    w2, u2 = weights(4, 9), weights(3, 9)
    b2 = weights(2, 9) if gru_biases == 2 else weights(9)
    d2, e2, d3, e3 = weights(3, 4), weights(4), weights(4, 2), weights(2)
    y = np.tanh(x @ d1 + e1)
    y = keras_gru(keras_lstm(y, w1, u1, b1), w2, u2, b2)
    y = sigmoid(y @ d2 + e2) @ d3 + e3
    layers = [layer("time-distributed-dense", 3, [d1, e1], "tanh"),
              layer("lstm", 4, [w1, u1, b1], "tanh"), layer("gru", 3, [w2, u2, b2], "tanh"),
              layer("dense", 4, [d2, e2], "sigmoid"), layer("dense", 2, [d3, e3])]
    return {"in_shape": [None, None, 2], "layers": layers}, x, y


def guitarml():
    """LSTM with a knob as second input, and the first one added to the answer."""
    x = random.normal(0, 0.5, (STEPS, 2))
    w, u, b, c = weights(12, 2), weights(12, 3), weights(12), weights(12)
    d, e = weights(1, 3), weights(1)
    y = lstm(x, w, u, b + c, np.zeros(3), np.zeros(3)) @ d.T + e + x[:, :1]
    data = {"model": "SimpleRNN", "input_size": 2, "skip": 1, "output_size": 1,
            "unit_type": "LSTM", "num_layers": 1, "hidden_size": 3, "bias_fl": True}
    state = {"rec.weight_ih_l0": w, "rec.weight_hh_l0": u, "rec.bias_ih_l0": b,
             "rec.bias_hh_l0": c, "lin.weight": d, "lin.bias": e}
    return {"model_data": data, "state_dict": {k: v.tolist() for k, v in state.items()}}, x, y


def nam():
    """Two LSTM layers with states of their own at the start."""
    x = random.normal(0, 0.5, (STEPS, 1))
    flat, y = [], x
    for inputs in (1, 3):
        joined, b = weights(12, inputs + 3), weights(12)
        h, c = weights(3, size=0.3), weights(3, size=1)
        flat += [joined.ravel(), b, h, c]
        y = lstm(y, joined[:, :inputs], joined[:, inputs:], b, h, c)
    d, e = weights(3), weights(1)
    flat += [d, e]
    config = {"input_size": 1, "hidden_size": 3, "num_layers": 2}
    model = {"version": "0.5.0", "architecture": "LSTM", "config": config,
             "weights": np.concatenate(flat).tolist(), "sample_rate": 48000}
    return model, x, (y @ d + e)[:, None]


def torch_json():
    """GRU and linear layer, the names of a PyTorch module."""
    x = random.normal(0, 1, (STEPS, 1))
    w, u, b, c = weights(9, 1), weights(9, 3), weights(9), weights(9)
    d, e = weights(1, 3), weights(1)
    state = {"gru.weight_ih_l0": w, "gru.weight_hh_l0": u, "gru.bias_ih_l0": b,
             "gru.bias_hh_l0": c, "dense.weight": d, "dense.bias": e}
    return {k: v.tolist() for k, v in state.items()}, x, torch_gru(x, w, u, b, c) @ d.T + e


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    samples = {"keras.json": keras(2), "keras_before.json": keras(1), "guitarml.json": guitarml(),
               "lstm.nam": nam(), "torch_gru.json": torch_json()}
    for name, (model, x, y) in samples.items():
        (folder / name).write_text(json.dumps(model) + "\n")
        stem = folder / name.split(".")[0]
        np.savetxt(f"{stem}.x.csv", x, "%.17g", ",")
        np.savetxt(f"{stem}.y.csv", y, "%.9g", ",")


if __name__ == "__main__":
    main()
