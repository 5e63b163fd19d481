# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves links.py: each wrong link planted is told, with its place, and what is allowed is not."""
import tempfile
import unittest

import links
import planted


class LinksTest(planted.PlantedTest):
    clean = {"a/b.md": "# Why it is, so\n[up](../c.txt)\n", "c.txt": "text\n"}

    def look(self, root):
        return links.check(root)

    def test_a_clean_tree_passes(self):
        self.assert_kept({
            "README.md": "[folder](a) [page](a/b.md) ![it](c.txt \"title\")\n"
                         "[heading](a/b.md#why-it-is-so) [here](#top)\n\n# Top\n"
                         "[web](https://example.org/x) [ref]\n\n[ref]: a/b.md\n",
            "code.md": "`[x](y)`\n\n    int f[3](g);\n\n```cpp\nint f[3](g);\n```\n"})

    def test_files_that_are_not_there(self):
        self.assert_broken({"d.md": "text\n\n[x](e.md)\n"}, "d.md:3", "there is no e.md")
        self.assert_broken({"a/d.md": "[x](c.txt)\n"}, "a/d.md:1", "there is no a/c.txt")
        self.assert_broken({"d.md": "[x]\n\n[x]: e\n"}, "d.md:3", "there is no e")
        self.assert_broken({"d.md": "```\n\n```\n[x](../e)\n"}, "d.md:4", "there is no ../e")

    def test_headings_that_are_not_there(self):
        self.assert_broken({"d.md": "[x](a/b.md#how)\n"}, "d.md:1", "a/b.md has no heading how")
        self.assert_broken({"d.md": "```\n# here\n```\n[x](#here)\n"}, "d.md:4", "no heading here")

    def test_a_tree_without_links_is_told(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(links.check(root).finish("links"), 1)


if __name__ == "__main__":
    unittest.main()
