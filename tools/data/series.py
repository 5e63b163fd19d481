# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The series of the plan regression.json, as CSV on standard output: 6,000 steps of ten sensors,
s0 to s9. Three hidden sources swing with periods of about 17, 29 and 53 steps that wander; a sensor
is a mixture of them, each some steps late, bent by tanh, with noise of 0.05. All of it follows from
one seed, so that everybody has the same file."""

import math
import random


def main():
    draw = random.Random(20260101)
    periods = (17.0, 29.0, 53.0)
    mixtures = [[(draw.uniform(-1, 1), draw.randrange(12)) for _ in periods] for _ in range(10)]
    phases = [0.0, 0.0, 0.0]
    sources = []
    print(",".join(f"s{k}" for k in range(10)))
    for step in range(6000 + 12):
        phases = [phase + 2 * math.pi / period * draw.uniform(0.8, 1.2)
                  for phase, period in zip(phases, periods)]
        sources.append([math.sin(phase) for phase in phases])
        if step < 12:
            continue
        row = []
        for mixture in mixtures:
            sum_of = sum(weight * sources[step - late][k]
                         for k, (weight, late) in enumerate(mixture))
            row.append(math.tanh(sum_of) + 0.05 * (2 * draw.random() - 1))
        print(",".join(f"{value:.3f}" for value in row))


if __name__ == "__main__":
    main()
