# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Checks that each link of each page leads to a file or folder of the tree, and to a heading there.

usage: links.py ROOT
Links into the web are not followed; blocks of code have none."""
import os
import re
import sys

import files
import report

k_fence = re.compile(r"^ *```.*?^ *```$", re.S | re.M)
k_code = re.compile(r"^(?:    .*)$|`[^`]*`", re.M)
k_link = re.compile(r"\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: *(\S+)", re.M)
k_heading = re.compile(r"^#+ +(.*?) *$", re.M)
k_web = re.compile(r"[a-z]+:")


def blank(match):
    """As many lines, so that places stay right."""
    return "\n" * match[0].count("\n")


def anchors_of(text):
    """As web sites that show Markdown make them of headings."""
    headings = k_heading.findall(k_fence.sub(blank, text))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def folders_of(names):
    folders = set()
    for name in names:
        while name := os.path.dirname(name):
            folders.add(name)
    return folders


def check(root):
    found = report.Report("links", "each link leads to a file of the tree, and to a heading of it")
    tree = files.tree_files(root)
    there = set(tree) | folders_of(tree)
    pages = {}
    for name in tree:
        if name.endswith(".md"):
            with open(os.path.join(root, name), encoding="utf-8") as file:
                pages[name] = file.read()
    for name, text in pages.items():
        plain = k_code.sub(blank, k_fence.sub(blank, text))
        for match in k_link.finditer(plain):
            target = match[1] or match[2]
            if k_web.match(target):
                continue
            found.inspected += 1
            place = f"{name}:{plain.count(chr(10), 0, match.start()) + 1}"
            path, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if path not in there:
                found.fail(place, f"there is no {path}")
            elif anchor and anchor not in anchors_of(pages.get(path, "")):
                found.fail(place, f"{path} has no heading {anchor}")
    return found


if __name__ == "__main__":
    sys.exit(check(sys.argv[1]).finish("links"))
