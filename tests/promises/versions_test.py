# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves versions.py: each number that was left behind is told, and a released tree passes."""
import unittest

import planted
import versions


def header(major, minor, patch):
    return (f"enum {{\n  rondo_version_major = {major},\n  rondo_version_minor = {minor},\n"
            f"  rondo_version_patch = {patch},\n}};\n")


class VersionsTest(planted.PlantedTest):
    clean = {
        "meson.build": "project('rondo',\n  version: '0.0.9',\n",
        "include/rondo/rondo.h": header(0, 0, 9),
        "include/rondo/format.hpp": "constexpr uint16_t k_format_version = 0;\n",
        "README.md": "This is version 0.0.9: the image format is number 0.\n",
        "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- a\n",
    }
    released = {
        "meson.build": "project('rondo',\n  version: '0.1.0',\n",
        "include/rondo/rondo.h": header(0, 1, 0),
        "include/rondo/format.hpp": "constexpr uint16_t k_format_version = 1;\n",
        "README.md": "This is version 0.1.0: the image format is number 1.\n",
        "CHANGELOG.md": "# Changelog\n\n## 0.1.0, 2026-11-30\n\n- a\n",
    }

    def look(self, root):
        return versions.check(root)

    def test_trees_before_and_after_a_release_pass(self):
        self.assert_kept({})
        self.assert_kept(self.released)
        self.assert_kept({**self.released, "CHANGELOG.md":
                          "## Unreleased\n\n## 0.1.0, 2026-11-30\n\n## 0.0.9, 2026-11-22\n"})

    def test_a_number_left_behind(self):
        for name in ("include/rondo/rondo.h", "CHANGELOG.md"):
            changed = {**self.released, name: self.clean[name]}
            if name == "CHANGELOG.md":
                changed[name] = "## 0.0.9, 2026-11-22\n"
            self.assert_broken(changed, name, "expected 0.1.0")
        self.assert_broken({"README.md": "This is version 0.0.8: the image format is number 0.\n"},
                           "README.md", "says 0.0.8, expected 0.0.9")
        self.assert_broken({"README.md": "This is version 0.0.9: the image format is number 1.\n"},
                           "README.md", "says 1, expected 0")

    def test_a_format_that_is_not_frozen(self):
        self.assert_broken({**self.released, "include/rondo/format.hpp":
                            self.clean["include/rondo/format.hpp"], "README.md":
                            "This is version 0.1.0: the image format is number 0.\n"},
                           "include/rondo/format.hpp", "image format 0 in 0.1.0")

    def test_changes_without_a_date(self):
        self.assert_broken({"CHANGELOG.md": "## Unreleased\n\n## 0.0.8\n"}, "CHANGELOG.md",
                           "'0.0.8': expected a version, a comma and its date")

    def test_silence_is_told(self):
        self.assert_broken({"README.md": "the image format is number 0\n"}, "README.md",
                           "says nothing like")


if __name__ == "__main__":
    unittest.main()
