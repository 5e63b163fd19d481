# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What tools/coverage.sh found: a table of the runtime's files, and what no test reaches. Status 1
where fewer than 95 % of the lines of src ran, or a branch of load was not taken.

usage: coverage.py SOURCE_ROOT FULL NARROW SMALL SEEDS REPLAY [SET...]
Five times gcovr's JSON: what the suite reaches of the runtime as built for the host, for one model,
and with the layout of a Cortex-M; then for the host what the images of the fuzz target reach, alone
and with those that the suite makes of them. SET: a kernel set that this CPU cannot run; its files
do not count."""
import json
import os
import sys

k_least = 95
# Model::load and the cells, whose checks are a part of it: all of their files.
k_load = ("src/model/load.cpp", "src/cell/")


def read(path):
    """file -> line -> (count, counts of its branches)"""
    with open(path, encoding="utf-8") as file:
        files = json.load(file)["files"]
    return {entry["file"]: {line["line_number"]: (line["count"],
                                                  [b["count"] for b in line["branches"]])
                            for line in entry["lines"] if not line["gcovr/noncode"]}
            for entry in files}


def taken_in(narrow, count, branch):
    """Whether the build for one model took a branch. Its constants fold some conditions away: what
    is left of such a line has other branches, which say nothing of these."""
    return len(narrow[1]) == count and narrow[1][branch] > 0


def branches(full, narrow, name):
    """(how many, lines of those that were not taken) of a file. What only one model's build has,
    such as the refusal of what it has no code for, counts too."""
    total, missed = 0, []
    for number in sorted(set(full.get(name, {})) | set(narrow.get(name, {}))):
        of_full = full.get(name, {}).get(number, (0, []))
        of_narrow = narrow.get(name, {}).get(number, (0, []))
        counts = of_full[1] or of_narrow[1]
        total += len(counts)
        missed += [number for branch, times in enumerate(counts)
                   if times == 0 and not taken_in(of_narrow, len(counts), branch)]
    return total, missed


def lines(builds, name):
    """(how many, those that did not run) of a file"""
    counts = {}
    for build in builds:
        for number, (count, _) in build.get(name, {}).items():
            counts[number] = counts.get(number, 0) + count
    return len(counts), sorted(number for number, count in counts.items() if count == 0)


def percent(total, missed):
    return 100 if total == 0 else int(1000 * (total - missed) / total) / 10  # 99.99 is not all


def row(name, of_lines, of_branches, missed=()):
    text = f"{name:41}"
    for count, width in ((of_lines, 6), (of_branches, 10)):
        text += (" " * (width + 9) if count[0] == 0
                 else f"{count[0]:{width}}{percent(*count):7.1f} %")
    print((text + "    " + " ".join(str(number) for number in missed)).rstrip())


def taken(build, names):
    """How many branches of these files."""
    return sum(total - len(missed)
               for total, missed in (branches(build, {}, name) for name in names))


def main(root, full, narrow, small, seeds, replay, *skipped):
    full, narrow, small = (read(path) for path in (full, narrow, small))
    not_run = tuple("src/kernel/" + name.split("_")[0] + "_" for name in skipped)
    names = [name for name in sorted({*full, *narrow, *small})
             if not (not_run and name.startswith(not_run))]
    sums = {"include": [0, 0], "src": [0, 0]}
    load, failed = [0, 0], []
    print(f"{'file':41}{'lines':>6}{'ran':>9}{'branches':>10}{'taken':>9}    not run, not taken")
    for name in names:
        total, missed = lines((full, narrow, small), name)
        of_load, untaken = branches(full, narrow, name) if name.startswith(k_load) else (0, [])
        row(name, (total, len(missed)), (of_load, len(untaken)), sorted({*missed, *untaken}))
        room = sums[name.split("/")[0]]
        room[0] += total
        room[1] += len(missed)
        failed += [f"{name}:{number}: no test takes a branch of load here"
                   for number in untaken]
        load[0] += of_load
        load[1] += len(untaken)
    for room, of_room in sums.items():
        row("all of " + room, of_room, (0, 0))
    row("load, by the suite", (0, 0), load)
    for what, path in (("the images of fuzz", seeds), ("those and what is made of them", replay)):
        by_images = taken(read(path), [name for name in names if name.startswith(k_load)])
        row("load, by " + what, (0, 0), (load[0], load[0] - by_images))
    others = sorted(os.path.relpath(os.path.join(folder, file), root)
                    for folder, _, files in os.walk(os.path.join(root, "src"))
                    for file in files if file.endswith((".cpp", ".hpp")))
    print("not counted, for no line of them is compiled or runs on this CPU:",
          *(name for name in others if name not in names))
    if load[0] == 0 or percent(*sums["src"]) < k_least:
        failed.append(f"fewer than {k_least} % of the lines of src ran")
    for problem in failed:
        print("FAILED:", problem)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 7:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
