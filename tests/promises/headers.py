# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Compiles each public header alone, as the first thing that a user's file includes, and twice.

usage: headers.py INCLUDE_DIR [--cxx COMMAND] [--cc COMMAND]
The flags are the strictest that a user may have: freestanding C++17 and C++20, no exceptions, no
RTTI, warnings are errors; .h files as C99 too. arm-none-eabi-g++ is asked as well where it is
installed. It compiles nothing of src and runs nothing."""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

import report

k_strict = ["-ffreestanding", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
k_cxx = ["-fno-exceptions", "-fno-rtti"]
k_bare = ["-mthumb", "-mcpu=cortex-m0"]


def users(cxx, cc):
    """(file suffix, header suffixes, command): who includes which headers, and how."""
    bare = shutil.which("arm-none-eabi-g++")
    if not bare:
        print("skipped: bare metal, since arm-none-eabi-g++ is not installed")
    for compiler in (cxx, [bare] + k_bare) if bare else (cxx,):
        for standard in ("c++17", "c++20"):
            yield ".cpp", (".hpp", ".h"), compiler + [f"-std={standard}"] + k_cxx
    yield ".c", (".h",), cc + ["-std=c99"]


def public_headers(include_dir):
    for folder, _, names in sorted(os.walk(include_dir)):
        for name in sorted(names):
            if name.endswith((".hpp", ".h")):
                yield os.path.relpath(os.path.join(folder, name), include_dir).replace(os.sep, "/")


def check(include_dir, cxx, cc):
    found = report.Report("headers", "each public header compiles alone, without a warning")
    headers = list(public_headers(include_dir))
    with tempfile.TemporaryDirectory() as folder:
        for suffix, wanted, command in users(cxx, cc):
            for header in headers:
                if not header.endswith(wanted):
                    continue
                found.inspected += 1
                user = os.path.join(folder, "user" + suffix)
                with open(user, "w", encoding="ascii") as file:
                    file.write(f"#include <{header}>\n" * 2)
                done = subprocess.run(command + k_strict + ["-I", include_dir, user],
                                      capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    place = os.path.join(include_dir, header)
                    found.fail(place, f"does not compile alone with {' '.join(command)}\n"
                               f"{done.stderr.rstrip()}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("include_dir")
    parser.add_argument("--cxx", default="c++", type=shlex.split)
    parser.add_argument("--cc", default="cc", type=shlex.split)
    given = parser.parse_args()
    return check(given.include_dir, given.cxx, given.cc).finish("compilations")


if __name__ == "__main__":
    sys.exit(main())
