#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Makes the table k_tanh of include/rondo/numeric.hpp. Needs numpy. usage: tanh_cubics.py

For each of 16 pieces of 0..8 a cubic is fitted to tanh (nearly minimax, by reweighted least
squares), rounded, and then the integers near the rounded ones are searched for the quadruple with
the least greatest error of the integer formula over the 2048 arguments of the piece; the result
must be monotone, also across pieces, and 0 at 0.
"""

import itertools

import numpy as np


def rdmulh16(a, b):
    return (a.astype(np.int64) * b + (1 << 14)) >> 15


def evaluate(c, a):
    """The formula of tanh_q for arguments a of one piece; None where 16 bits do not suffice."""
    u = ((a & 2047) - 1024) * 32
    y = np.full(a.shape, c[3], np.int64)
    y = c[2] + rdmulh16(y, u)
    y = c[1] + rdmulh16(y, u)
    if y.max() > 32767 or y.min() < -32768:
        return None
    return c[0] + rdmulh16(y, u // 4)


def fit(u, y):
    weight = np.ones_like(y)
    for _ in range(60):
        p = np.polynomial.polynomial.polyfit(u, y, 3, w=np.sqrt(weight))
        error = np.abs(np.polynomial.polynomial.polyval(u, p) - y)
        weight = weight * (1e-3 + error / error.max())
        weight /= weight.mean()
    return [round(p[0]), round(p[1] * 4), round(p[2] * 4), round(p[3] * 4)]


def search(piece, before):
    a = np.arange(piece << 11, (piece + 1) << 11)
    want = np.minimum(np.tanh(a / 4096.0) * 32768, 32767)
    if want.min() > 32766.5:
        return [32767, 0, 0, 0], np.full(a.shape, 32767)
    near = fit((((a & 2047) - 1024) * 32) / 32768.0, want)
    best = None
    for d in itertools.product(range(-2, 3), range(-4, 5), range(-3, 4), range(-3, 4)):
        c = [int(n + x) for n, x in zip(near, d)]
        got = evaluate(c, a)
        if got is None or got.max() > 32767 or got[0] < before or (piece == 0 and got[0] != 0):
            continue
        error = np.abs(got - want).max()
        key = ((np.diff(got) < 0).any(), round(error, 2), np.square(got - want).mean())
        if best is None or key < best[0]:
            best = (key, c, got)
    return best[1], best[2]


def main():
    rows, values, before = [], [], 0
    for piece in range(16):
        c, got = search(piece, before)
        rows.append(c)
        values.append(got)
        before = got[-1]
    values = np.concatenate(values)
    error = np.abs(values - np.tanh(np.arange(32768) / 4096.0) * 32768)
    for k in range(4):
        print(f"c{k}", [row[k] for row in rows])
    print(f"greatest error {error.max():.3f}, beyond 4: {error[16385:].max():.3f} steps of 2^-15")
    assert not (np.diff(values) < 0).any()


if __name__ == "__main__":
    main()
