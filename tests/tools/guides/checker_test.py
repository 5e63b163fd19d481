# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves guides_test.py on small guides: what fails in them is told."""
import os
import tempfile
import unittest

import guides_test

k_good = ("# G\n```c a.c\nint x;\n```\n```sh\ncat a.c; echo one 1; echo two\n```\n"
          "```text\none ...\n```\n")


class GuidesTest(unittest.TestCase):
    def follow(self, text):
        with tempfile.TemporaryDirectory() as folder:
            return guides_test.follow(text, folder, dict(os.environ))

    def fails(self, text, what):
        with self.assertRaises(guides_test.Failed) as caught:
            self.follow(text)
        self.assertIn(what, str(caught.exception))

    def test_blocks_are_written_run_and_compared(self):
        self.assertEqual(self.follow(k_good), (1, 1))

    def test_what_is_not_printed_is_told_with_its_line(self):
        self.fails(k_good.replace("one ...", "three"), "line 8: not printed: three")
        self.fails(k_good.replace("one ...", "two\none 1"), "not printed: one 1")

    def test_a_failing_command_is_told(self):
        self.fails(k_good.replace("echo two", "false"), "line 5: status 1")

    def test_a_guide_that_runs_nothing_fails(self):
        self.fails("# G\nwords\n", "nothing was run")
        self.fails(k_good.replace("```sh", "```sh by-hand"), "no block was run")

    def test_a_block_of_no_known_use_is_told(self):
        self.fails("```c\nint x;\n```\n", "what is to be done")

    def test_a_missing_program_skips(self):
        with tempfile.NamedTemporaryFile("w", suffix=".md") as file:
            file.write("<!-- needs: no-such-program-here -->\n" + k_good)
            file.flush()
            self.assertFalse(guides_test.follow_file(file.name, dict(os.environ)))


if __name__ == "__main__":
    unittest.main()
