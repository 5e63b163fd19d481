#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Makes the polynomial of src/base/float_math.hpp. Needs numpy. usage: exp_polynomial.py

exp(r) - 1 = r + r^2 q(r) for |r| <= ln(2) / 2. The coefficients of q are rounded to float one after
the other, from c2 up; after each the others are fitted anew, so that they make up for its rounding.
Each fit is minimax in the relative error of exp(r) - 1, by Remez's exchange.
"""

import numpy as np

COUNT = 5  # c2 .. c6: four leave 4.5e-7, too much
EDGE = np.log(2) / 2 * (1 + 1e-6)  # a rounded quotient may be a little more than half off
GRID = np.linspace(-EDGE, EDGE, 20002)  # even: without 0, where the weight is 0


def error(c):
    """Of r + r^2 q(r) on the grid, relative, with the sign of the error of q."""
    q = np.polynomial.polynomial.polyval(GRID, c)
    return (GRID + GRID**2 * q - np.expm1(GRID)) / np.abs(np.expm1(GRID))


def exchange(values, count):
    """The places of `count` alternating extremes, the greatest where there are more."""
    parts = np.split(np.arange(len(values)), np.nonzero(np.diff(np.sign(values)))[0] + 1)
    places = [part[np.abs(values[part]).argmax()] for part in parts]
    while len(places) > count:
        places.pop(0 if abs(values[places[0]]) < abs(values[places[-1]]) else -1)
    return places


def fit(fixed):
    """All coefficients, the first ones as given."""
    free = COUNT - len(fixed)
    angles = np.pi * (np.arange(free + 1) + 0.5) / (free + 1)
    places = ((1 - np.cos(angles)) / 2 * 20001).astype(int)
    known = np.polynomial.polynomial.polyval(GRID, fixed) if fixed else 0 * GRID
    weight = GRID**2 / np.abs(np.expm1(GRID))
    for _ in range(20):
        r, signs = GRID[places], (-1.0) ** np.arange(free + 1)
        columns = [r ** (len(fixed) + k) * weight[places] for k in range(free)] + [signs]
        right = (np.expm1(r) - r) / np.abs(np.expm1(r)) - known[places] * weight[places]
        c = fixed + list(np.linalg.solve(np.stack(columns, 1), right)[:-1])
        places = exchange(error(c), free + 1)
    return c


def main():
    c = []
    while len(c) < COUNT:
        c.append(float(np.float32(fit(c)[len(c)])))
    for k, value in enumerate(c):
        print(f"c{k + 2} {np.float32(value)!s}F  {value.hex()}")
    print(f"greatest relative error of exp(r) - 1: {np.abs(error(c)).max():.2g}")


if __name__ == "__main__":
    main()
