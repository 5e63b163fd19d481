# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Checks the text of the whole tree: characters, line ends, width, length, license lines.

usage: tree.py ROOT
It looks at form only; what the words say is for readers."""
import os
import re
import sys

import files
import report

k_columns = 100
k_code_lines = 400
k_readme_lines = 40
k_code = {".cpp", ".hpp", ".c", ".h", ".py", ".sh"}
k_text = k_code | {".build", ".txt", ".md", ".ini", ".ld", ".json", ".csv", ".html"}
# Names and books keep the spelling and the blanks of their source; they are UTF-8.
k_collected = re.compile(r"data/((names|text)/.*|[^/]*\.txt)")
k_make = ("Makefile", "rules")  # Make wants tabs
k_corpus = "tests/fuzz/corpus/"  # bytes for programs, whatever they look like
k_license = ("SPDX-License-Identifier: MIT", r"SPDX-FileCopyrightText: \d{4} the rondo authors")


def suffix_of(name, content):
    """The suffix that says what a file is; a script without one tells by its first line."""
    suffix = os.path.splitext(name)[1].lower()
    first = content.split(b"\n", 1)[0]
    if not suffix and first.startswith(b"#!"):
        return ".py" if b"python" in first else ".sh"
    return suffix


def check_characters(where, content, collected, found):
    try:
        content.decode("utf-8" if collected else "ascii")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        kind = "UTF-8" if collected else "ASCII"
        found.fail(f"{where}:{line}", f"not {kind}: byte 0x{content[error.start]:02x}")


def check_lines(where, lines, collected, columns, found):
    for number, line in enumerate(lines, 1):
        place = f"{where}:{number}"
        if b"\r" in line:
            found.fail(place, "carriage return; lines end with LF alone")
        if collected:
            continue
        if line != line.rstrip(b" \t"):
            found.fail(place, "trailing blanks")
        if b"\t" in line and os.path.basename(where) not in k_make:
            found.fail(place, "tab; indent with spaces")
        if columns and len(line) > columns:
            found.fail(place, f"{len(line)} columns, at most {columns}")


def check_license(where, lines, found):
    first = 1 if lines and lines[0].startswith(b"#!") else 0
    for offset, expected in enumerate(k_license):
        number = first + offset
        line = lines[number].decode("ascii", "replace") if number < len(lines) else ""
        if not re.fullmatch(rf"(//|#|/\*|) ?{expected}( \*/)?", line.strip()):
            found.fail(f"{where}:{number + 1}", f"expected the line '{expected}'")


def check_length(where, lines, found):
    head = b"\n".join(lines[:3])
    if len(lines) > k_code_lines and not re.search(rb"\b(table|generated)\b", head, re.IGNORECASE):
        found.fail(f"{where}:{k_code_lines + 1}", f"{len(lines)} lines, at most {k_code_lines}; "
                   "split it by meaning (tables and generated files say so in lines 1 to 3)")


def check_file(root, name, found):
    if name.startswith(k_corpus):
        return
    with open(os.path.join(root, name), "rb") as file:
        content = file.read()
    suffix = suffix_of(name, content)
    if suffix not in k_text and b"\0" in content:
        return  # not a text
    found.inspected += 1
    is_map = os.path.basename(name) == "README.md"
    collected = not is_map and k_collected.fullmatch(name) is not None
    lines = content.split(b"\n")
    if lines[-1]:
        found.fail(f"{name}:{len(lines)}", "no newline at the end")
    else:
        lines.pop()
    check_characters(name, content, collected, found)
    check_lines(name, lines, collected, k_columns if suffix in k_code else None, found)
    if suffix in k_code:
        check_license(name, lines, found)
        check_length(name, lines, found)
    if is_map and "/" in name and len(lines) > k_readme_lines:
        found.fail(f"{name}:{k_readme_lines + 1}", f"{len(lines)} lines; the map of a room has at "
                   f"most {k_readme_lines}")


def check(root):
    found = report.Report("tree", "ASCII, LF, no tabs, no trailing blanks, width, length, license")
    for name in files.tree_files(root):
        check_file(root, name, found)
    return found


if __name__ == "__main__":
    sys.exit(check(sys.argv[1]).finish("text files"))
