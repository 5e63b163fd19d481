# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Checks the stack frame of each function of src, as -fstack-usage wrote them beside the objects.

usage: frames.py BUILD_DIR SOURCE_DIR [--most BYTES]
Which objects there are stands in compile_commands.json, so that neither a missing figure nor one
of a file that is gone goes unseen. It sums no call chains. On x86-64 a leaf's 128 bytes below the
stack pointer are not counted; on the cores that this is for there are none. -O0 and sanitizers need
more stack."""
import argparse
import json
import os
import subprocess
import sys

import report

k_most = 256
k_commands = "compile_commands.json"


def objects_of(build_dir, source_dir):
    """(source, object) of everything in the build that was compiled from source_dir/src."""
    runtime = os.path.realpath(os.path.join(source_dir, "src")) + os.sep
    with open(os.path.join(build_dir, k_commands), encoding="utf-8") as file:
        commands = json.load(file)
    for command in commands:
        source = os.path.realpath(os.path.join(command["directory"], command["file"]))
        if source.startswith(runtime):
            yield source, os.path.join(command["directory"], command["output"])


def check_figures(path, most, found):
    with open(path, encoding="utf-8") as file:
        rows = file.read().splitlines()
    for row in rows:
        place, size, kind = row.split("\t")  # file:line:column:function, bytes, kind
        found.inspected += 1
        if kind == "dynamic":  # unlike static, and dynamic,bounded: at most so many
            found.fail(place, "a frame whose size is known only at run time")
        if int(size) > most:
            found.fail(place, f"a frame of {size} bytes, at most {most}")


def has_functions(compiled):
    """Whether an object has code: Clang writes no figures for one that has only constants."""
    if not os.path.exists(compiled):
        return True
    symbols = subprocess.run(["nm", compiled], capture_output=True, text=True, check=True).stdout
    return any(line.split()[-2] in "TtWw" for line in symbols.splitlines() if line.strip())


def check(build_dir, source_dir, most):
    found = report.Report("frames", f"frames of at most {most} bytes, none of unknown size")
    if not os.path.exists(os.path.join(build_dir, k_commands)):
        found.fail(build_dir, f"no build folder: {k_commands} is missing")
        return found
    for source, compiled in objects_of(build_dir, source_dir):
        figures = os.path.splitext(compiled)[0] + ".su"
        if os.path.exists(figures):
            check_figures(figures, most, found)
        elif has_functions(compiled):
            found.fail(source, f"no stack figures ({figures}): not built, or no -fstack-usage")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build_dir")
    parser.add_argument("source_dir")
    parser.add_argument("--most", type=int, default=k_most)
    given = parser.parse_args()
    return check(given.build_dir, given.source_dir, given.most).finish("functions")


if __name__ == "__main__":
    sys.exit(main())
