# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Temporary trees for the tests of the checkers: a clean one, and one with something planted."""
import os
import tempfile
import unittest


def write(root, name, content):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
    return path


class PlantedTest(unittest.TestCase):
    """Subclasses give `clean` ({name: content}) and `look(root)`, which returns a Report."""
    clean = {}

    def look(self, root):
        raise NotImplementedError

    def problems(self, planted):
        with tempfile.TemporaryDirectory() as root:
            for name, content in {**self.clean, **planted}.items():
                if content is not None:
                    write(root, name, content)
            found = self.look(root)
            self.assertTrue(found.inspected > 0 or found.problems, "silent about nothing")
            return found.problems

    def assert_kept(self, planted):
        self.assertEqual(self.problems(planted), [])

    def assert_broken(self, planted, place, words):
        """Exactly one problem, at that place, with those words."""
        problems = self.problems(planted)
        self.assertEqual(len(problems), 1, problems)
        self.assertTrue(problems[0].startswith(place + ": "), problems)
        self.assertIn(words, problems[0])
