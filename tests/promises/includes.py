# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Checks who includes whom:

    include/rondo <- src/base <- src/port <- src/kernel <- src/cell <- src/model
    tools see <rondo/...> and themselves; tests and bench see those and, only tests/kernels and
    bench, the kernel tables ("kernel/...").

usage: includes.py ROOT
Also: which outside headers the runtime may name, no "../", `#pragma once` in each header."""
import os
import re
import sys

import files
import report

# A room of src includes its own and those before it; include/rondo stands before all.
k_rooms = ("base", "port", "kernel", "cell", "model")
k_public = "include/rondo"
k_areas = (k_public, "src", "tools", "tests", "bench")
k_needed = (k_public, "src", "tools", "tests")
k_everywhere = {"stdint.h", "stddef.h", "string.h"}
k_simd = re.compile(r"xsimd/.*|immintrin\.h|arm_(neon|mve|acle)\.h")
k_platform = re.compile(r"(sys|asm|linux|mach)/.*\.h|cpuid\.h|intrin\.h|immintrin\.h|windows\.h")

k_include = re.compile(r'^[ \t]*#[ \t]*(?:include|include_next|import)\b[ \t]*(.*)$', re.MULTILINE)
k_named = re.compile(r'<([^>]+)>|"([^"]+)"')
# Comments and raw strings, which may hold text that looks like an include; the order matters.
k_token = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def blank_out(match):
    text = match.group()
    return "\n" * text.count("\n") if text.startswith(("/", "R")) else text


class Checker:
    def __init__(self, root):
        self.found = report.Report("includes", "each room includes only what it may see")
        self.names = set(files.tree_files(root))
        self.root = root

    def check(self):
        seen = dict.fromkeys(k_needed, 0)
        for name in sorted(self.names):
            area = next((area for area in k_areas if name.startswith(area + "/")), None)
            if area is None or not name.endswith((".cpp", ".hpp", ".c", ".h")):
                continue
            seen[area] = seen.get(area, 0) + 1
            self.check_file(name, area)
        for area, count in seen.items():
            if count == 0:
                self.found.fail(area, "no source file found here: nothing was inspected")
        return self.found

    def check_file(self, name, area):
        with open(os.path.join(self.root, name), encoding="utf-8", errors="replace") as file:
            text = k_token.sub(blank_out, file.read())
        if name.endswith((".hpp", ".h")):
            once = re.search(r"^[ \t]*#[ \t]*pragma[ \t]+once\b", text, re.MULTILINE)
            if once is None:
                self.found.fail(f"{name}:1", "a header without #pragma once")
        for match in k_include.finditer(text):
            self.found.inspected += 1
            line = text.count("\n", 0, match.start()) + 1
            named = k_named.match(match.group(1))
            if named is None:
                problem = "the included name is a macro: it cannot be checked"
            else:
                problem = self.judge(name, area, text, named.group(1), named.group(2))
            if problem:
                self.found.fail(f"{name}:{line}", problem)

    def judge(self, name, area, text, angled, quoted):
        """Why the file may not include <angled> or "quoted"; None where it may."""
        target = angled or quoted
        if ".." in target.split("/"):
            return f'"{target}": no ../ in an include'
        if area == k_public:
            return self.judge_public(name, text, angled, quoted)
        if target.startswith("rondo/"):
            if quoted or f"include/{target}" not in self.names:
                return f"{target}: public headers are <rondo/...> and stand in include/rondo"
            return None
        if area == "src":
            return self.judge_src(name, angled, quoted)
        return self.judge_host(name, area, target, quoted)

    def judge_public(self, name, text, angled, quoted):
        target = angled or quoted
        beside = target if target.startswith("rondo/") else f"rondo/{target}"
        if f"include/{beside}" in self.names:
            return None
        if angled in k_everywhere:
            return None
        if angled == "span" and name == f"{k_public}/view.hpp" and "__has_include(<span>)" in text:
            return None
        return f"{target}: public headers include only each other, {sorted(k_everywhere)}"

    def judge_src(self, name, angled, quoted):
        room = name.split("/")[1]
        if room not in k_rooms:
            return f"src/{room} is no room of src: {k_rooms}"
        if quoted:
            other = quoted.split("/")[0]
            if other not in k_rooms or f"src/{quoted}" not in self.names:
                return f'"{quoted}": name it from src, "ROOM/FILE"; it does not exist there'
            if k_rooms.index(other) > k_rooms.index(room):
                return f'"{quoted}": {room} stands below {other} and must not include it'
            return None
        if angled in k_everywhere or room == "kernel" and k_simd.fullmatch(angled):
            return None
        if room == "port" and k_platform.fullmatch(angled):
            return None
        return (f"<{angled}>: src includes only {sorted(k_everywhere)}, "
                "SIMD headers in src/kernel, platform headers in src/port")

    def judge_host(self, name, area, target, quoted):
        places = ["tools"] if area == "tools" else [os.path.dirname(name), area, "tools"]
        if quoted and any(f"{place}/{target}" in self.names for place in places):
            return None
        if f"src/{target}" in self.names:
            kernels = area == "bench" or name.startswith("tests/kernels/")
            if kernels and target.startswith("kernel/"):
                return None
            return f'"{target}": the insides of src; only bench and tests/kernels see src/kernel'
        if quoted and area == "tools":
            return f'"{target}": name it from tools, "ROOM/FILE"; libraries are included with <>'
        return None


def check(root):
    return Checker(root).check()


if __name__ == "__main__":
    sys.exit(check(sys.argv[1]).finish("includes"))
