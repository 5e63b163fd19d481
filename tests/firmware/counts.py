# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Holds the instruction counts of an image against those that are recorded in counts.txt.

usage: counts.py [--record] RUNNER MACHINE IMAGE
A count may be 2 % above its record. The image prints `compiler NAME`, then a line a layer:
core, cell, inputs x units, instructions, bytes read. Records are kept for each core and compiler;
those of a compiler that has none are not judged: the test is skipped. --record writes what is
counted now into counts.txt, in the place of what stood there for this core and compiler."""
import argparse
import os
import subprocess
import sys

k_counts = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.txt")
k_allowed = 1.02
k_skipped = 77  # Meson's


def records_of(text):
    """{(core, compiler): {(cell, shape): instructions}} of counts.txt."""
    records = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            core, compiler, cell, shape, instructions = line.split()
            records.setdefault((core, compiler), {})[cell, shape] = int(instructions)
    return records


def text_of(records, head):
    """counts.txt: its comment, then the records, layers in the order in which they were counted."""
    lines = [line for line in head.splitlines() if line.startswith("#")]
    for (core, compiler), counts in sorted(records.items()):
        lines += [f"{core} {compiler} {cell} {shape} {count}"
                  for (cell, shape), count in counts.items()]
    return "\n".join(lines) + "\n"


def counted_in(output):
    """((core, compiler), {(cell, shape): instructions}) of what an image printed."""
    compiler, core, counts = None, None, {}
    for line in output.splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == "compiler":
            compiler = words[1]
        elif len(words) == 5:
            core = words[0]
            counts[words[1], words[2]] = int(words[3])
    return (core, compiler), counts


def problems_of(counts, recorded):
    problems = [f"{cell} {shape}: recorded, but not counted"
                for cell, shape in recorded if (cell, shape) not in counts]
    for (cell, shape), count in counts.items():
        if (cell, shape) not in recorded:
            problems.append(f"{cell} {shape}: {count} instructions, none recorded")
        elif count > k_allowed * recorded[cell, shape]:
            problems.append(f"{cell} {shape}: {count} instructions, recorded "
                            f"{recorded[cell, shape]}: {count / recorded[cell, shape] - 1:+.1%}")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("command", nargs=3, metavar="RUNNER MACHINE IMAGE")
    given = parser.parse_args()
    done = subprocess.run(given.command, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="")
    key, counts = counted_in(done.stdout)
    if done.returncode != 0 or not counts:
        print(f"counts: {given.command[-1]} ended with status {done.returncode}, "
              f"{len(counts)} counts", file=sys.stderr)
        return 1
    with open(k_counts, encoding="utf-8") as file:
        text = file.read()
    records = records_of(text)
    if given.record:
        records[key] = counts
        with open(k_counts, "w", encoding="utf-8") as file:
            file.write(text_of(records, text))
        return 0
    if key not in records:
        print(f"counts: skipped: nothing is recorded for {key[0]} and {key[1]}")
        return k_skipped
    problems = problems_of(counts, records[key])
    for problem in problems:
        print(f"counts: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
