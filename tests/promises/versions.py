# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Checks that the version is the same wherever it is written by hand, and what goes with it.

usage: versions.py ROOT
meson.build has it; rondo.h, README.md and the newest part of CHANGELOG.md follow. The pkg-config
file, the CMake package, Debian's changelog, bundles and `rondo --version` are made of these two.
A part of CHANGELOG.md is `## Unreleased`, only on top, or as `## 0.1.0, 2026-11-30`. From 0.1.0 on
the image format has a number of its own."""
import os
import re
import sys

import report

k_project = re.compile(r"^  version: '(\d+)\.(\d+)\.(\d+)',$", re.M)
k_header = re.compile(r"^  rondo_version_(major|minor|patch) = (\d+),?$", re.M)
k_readme = re.compile(r"\bThis is version ([\d.]+\d)")
k_format = re.compile(r"\bk_format_version = (\d+);")
k_readme_format = re.compile(r"\bimage format is number (\d+)")
k_part = re.compile(r"^## (.*)$", re.M)
k_release = re.compile(r"(\d+\.\d+\.\d+), \d{4}-\d{2}-\d{2}")


class Tree:
    def __init__(self, root, found):
        self.root = root
        self.found = found

    def words(self, name, pattern):
        """What the file says, each time; that it says nothing is told."""
        with open(os.path.join(self.root, name), encoding="utf-8") as file:
            words = pattern.findall(file.read())
        self.found.inspected += len(words)
        if not words:
            self.found.fail(name, f"says nothing like {pattern.pattern}")
        return words

    def expect(self, name, pattern, expected):
        for word in self.words(name, pattern):
            if word != expected:
                self.found.fail(name, f"says {word}, expected {expected}")


def check_changes(tree, version):
    parts = tree.words("CHANGELOG.md", k_part)
    for part in parts[1:] if parts[:1] == ["Unreleased"] else parts:
        if not k_release.fullmatch(part):
            tree.found.fail("CHANGELOG.md", f"'{part}': expected a version, a comma and its date")
    if parts and parts[0] != "Unreleased" and not parts[0].startswith(version + ","):
        tree.found.fail("CHANGELOG.md", f"begins with {parts[0]}, expected {version} or Unreleased")


def check(root):
    found = report.Report("versions", "one version, its changes, a number for its image format")
    tree = Tree(root, found)
    for numbers in tree.words("meson.build", k_project)[:1]:
        version = ".".join(numbers)
        header = ".".join(number for _, number in tree.words("include/rondo/rondo.h", k_header))
        if header != version:
            found.fail("include/rondo/rondo.h", f"says {header}, expected {version}")
        tree.expect("README.md", k_readme, version)
        check_changes(tree, version)
        formats = tree.words("include/rondo/format.hpp", k_format)
        if formats and (formats[0] == "0") != ([int(number) for number in numbers] < [0, 1, 0]):
            found.fail("include/rondo/format.hpp", f"image format {formats[0]} in {version}: it is "
                       "0 until 0.1.0, and not from then on")
        tree.expect("README.md", k_readme_format, "".join(formats[:1]))
    return found


if __name__ == "__main__":
    sys.exit(check(sys.argv[1]).finish("numbers"))
