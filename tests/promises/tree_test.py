# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves tree.py: each violation planted is told, with its place, and what is allowed is not."""
import shutil
import subprocess
import tempfile
import unittest

import files
import planted
import tree

k_head = "// SPDX-License-Identifier: MIT\n// SPDX-FileCopyrightText: 2026 the rondo authors\n"
k_script = "#!/bin/sh\n" + k_head.replace("//", "#")


class TreeTest(planted.PlantedTest):
    clean = {"src/a.cpp": k_head + "int a;\n"}

    def look(self, root):
        return tree.check(root)

    def test_a_clean_tree_passes(self):
        self.assert_kept({
            "b.c": "/* SPDX-License-Identifier: MIT */\n"
                   "/* SPDX-FileCopyrightText: 2027 the rondo authors */\n",
            "t.sh": k_script, ".ci/run": k_script, "README.md": "# word\n" * 100,
            "wide.md": "x" * 300 + "\n", "src/README.md": "a\n" * 40,
            "data/names/Irish.txt": "\u00c1ed \nOh\t\n", "data/book.txt": "caf\u00e9\n",
            "data/x.safetensors": b"\0\xff\r\n \n\t", "build-x/b.cpp": "\t", "a.elf": "\t",
            "b/meson-private/x": "\t", "b/c.cpp": "\t",
            "width.cpp": k_head + "// " + "x" * 97 + "\n",
            "src/table.cpp": k_head + "// The table of tanh.\n" + "int x;\n" * 400,
            "src/long.cpp": k_head + "int x;\n" * 398})

    def test_characters(self):
        bad = k_head + "// caf\u00e9\n"
        self.assert_broken({"src/b.hpp": bad}, "src/b.hpp:3", "not ASCII: byte 0xc3")
        self.assert_broken({"README.md": "caf\u00e9\n"}, "README.md:1", "not ASCII")
        self.assert_broken({"data/README.md": "caf\u00e9\n"}, "data/README.md:1", "not ASCII")
        self.assert_broken({"data/x.py": bad.replace("//", "#")}, "data/x.py:3", "not ASCII")
        self.assert_broken({"data/names/X.txt": b"a\n\xff\n"}, "data/names/X.txt:2", "not UTF-8")

    def test_a_source_with_a_zero_byte_is_still_a_source(self):
        self.assert_broken({"src/b.c": k_head + "\0\tx\n"}, "src/b.c:3", "tab")

    def test_lines(self):
        self.assert_broken({"src/b.cpp": k_head + "int b;\r\n"}, "src/b.cpp:3", "carriage return")
        self.assert_broken({"src/b.cpp": k_head + "\tint b;\n"}, "src/b.cpp:3", "tab")
        self.assert_broken({"meson.build": "a \n"}, "meson.build:1", "trailing blanks")
        self.assert_broken({".gitignore": "a\nb"}, ".gitignore:2", "no newline at the end")
        self.assert_broken({"data/names/X.txt": "a\r\n"}, "data/names/X.txt:1", "carriage return")

    def test_width(self):
        for name, head in {"a.h": k_head, "b.py": k_head.replace("//", "#"), "c": k_script}.items():
            planted_line = head + "#" * 101 + "\n"
            line = head.count("\n") + 1
            self.assert_broken({name: planted_line}, f"{name}:{line}", "101 columns, at most 100")

    def test_length(self):
        self.assert_broken({"src/b.cpp": k_head + "int x;\n" * 399}, "src/b.cpp:401", "401 lines")
        self.assert_broken({"src/README.md": "a\n" * 41}, "src/README.md:41", "41 lines")

    def test_license(self):
        first, second = k_head.splitlines(keepends=True)
        self.assert_broken({"src/b.cpp": "int b;\n" + second}, "src/b.cpp:1", "SPDX-License")
        self.assert_broken({"src/b.cpp": first}, "src/b.cpp:2", "SPDX-FileCopyrightText")
        self.assert_broken({"b.py": k_script.replace("/sh", "/python3").replace("MIT", "BSD")},
                           "b.py:2", "SPDX-License")
        self.assert_broken({"src/b.h": k_head.replace("rondo", "other")}, "src/b.h:2", "authors")

    def test_an_empty_tree_fails(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(tree.check(root).finish("text files"), 1)

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_git_says_which_files_are_ours(self):
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["git", "init", "-q", root], check=True)
            planted.write(root, ".gitignore", "out/\n")
            planted.write(root, "out/a.cpp", "\t")
            planted.write(root, "new.txt", "a\n")
            self.assertEqual(files.tree_files(root), [".gitignore", "new.txt"])


if __name__ == "__main__":
    unittest.main()
