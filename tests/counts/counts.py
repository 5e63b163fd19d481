#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""How many instructions a step takes, against the recorded counts: what a shared machine can say
about speed without noise. Needs valgrind and a compiler whose counts are recorded.

usage: counts.py check PROGRAM     fails where a count is more than 2 % above the recorded one
       counts.py record PROGRAM    writes counts.json anew for the compiler of PROGRAM
PROGRAM is count_steps of a release build: BUILD/tests/counts/count_steps.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

k_file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.json")
k_slack = 0.02
k_skipped = 77  # what Meson takes for a skip


def instructions_of(dump):
    with open(dump, encoding="utf-8") as file:
        found = re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M)
    return int(found[1])


def count(program):
    """The compiler of the program, and instructions by row."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=take_steps",
             "--dump-after=take_steps", "--callgrind-out-file=" + out, program],
            capture_output=True, text=True, check=False)
        if run.returncode != 0:
            sys.exit(f"counts: {program} failed under valgrind:\n{run.stderr}")
        compiler, *rows = run.stdout.splitlines()
        dumps = sorted(glob.glob(out + ".*"), key=lambda name: int(name.rsplit(".", 1)[1]))
        counts = [instructions_of(dump) for dump in dumps]
    counts = [n for n in counts if n]  # the dump at the end holds nothing
    if not rows or len(counts) != len(rows):
        sys.exit(f"counts: {len(rows)} rows, but {len(counts)} dumps of callgrind")
    named = (row.split() for row in rows)
    return compiler, {name: round(n / int(steps)) for (name, steps), n in zip(named, counts)}


def recorded():
    with open(k_file, encoding="utf-8") as file:
        return json.load(file)


def check(program):
    compiler, counts = count(program)
    known = recorded()
    if compiler not in known:
        print(f"counts: skipped: none are recorded for {compiler}, only for {', '.join(known)}")
        return k_skipped
    worse = 0
    for name, expected in known[compiler].items():
        if name not in counts:
            print(f"{name}: not counted, this CPU cannot run the set")
            continue
        change = counts[name] / expected - 1
        verdict = "ok"
        if change > k_slack:
            worse += 1
            verdict = "MORE THAN RECORDED"
        elif change < -k_slack:
            verdict = "less: record it"
        print(f"{name}: {counts[name]} instructions a step, {100 * change:+.1f} %: {verdict}")
    compared = len(set(counts) & set(known[compiler]))
    print(f"counts: {compared} compared, {worse} worse ({compiler})")
    if worse:
        print(f"If the change is worth it: python3 {os.path.relpath(__file__)} record {program}")
    return 1 if worse or not compared else 0


def record(program):
    compiler, counts = count(program)
    known = recorded() if os.path.exists(k_file) else {}
    known[compiler] = counts
    with open(k_file, "w", encoding="utf-8") as file:
        file.write(json.dumps(known, indent=2) + "\n")
    print(f"counts: {len(counts)} recorded for {compiler}")
    return 0


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "record"):
        print(__doc__, file=sys.stderr)
        return 1
    if shutil.which("valgrind") is None:
        print("counts: skipped: valgrind is missing (tools/setup-packages.sh check)")
        return k_skipped
    return (check if sys.argv[1] == "check" else record)(sys.argv[2])


if __name__ == "__main__":
    sys.exit(main())
