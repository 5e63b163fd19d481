# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves headers.py with the compilers of the environment's CXX and CC (default c++ and cc)."""
import os
import shlex
import unittest

import headers
import planted

k_cxx = shlex.split(os.environ.get("CXX", "c++"))
k_cc = shlex.split(os.environ.get("CC", "cc"))
k_once = "#pragma once\n"


class HeadersTest(planted.PlantedTest):
    clean = {"rondo/a.hpp": k_once + "#include <stddef.h>\ninline size_t a() {\n  return 1;\n}\n"}

    def look(self, root):
        self.root = root
        return headers.check(root, k_cxx, k_cc)

    def told(self, name, content, words):
        problems = self.problems({name: content})
        self.assertTrue(problems)
        for problem in problems:
            self.assertTrue(problem.startswith(f"{self.root}/{name}: does not compile"), problem)
        self.assertTrue(any(words in problem for problem in problems), problems)

    def test_headers_that_stand_alone_pass(self):
        self.assert_kept({"rondo/rondo.h": k_once + "#include <stdint.h>\n"
                                                    "uint8_t rondo_x(void);\n"})

    def test_a_header_that_needs_another_one_first_fails(self):
        self.told("rondo/b.hpp", k_once + "inline size_t b() { return 1; }\n", "size_t")

    def test_a_header_without_pragma_once_fails(self):
        self.told("rondo/b.hpp", "struct B {};\n", "B")

    def test_exceptions_rtti_and_warnings_fail(self):
        self.told("rondo/b.hpp", k_once + "inline void b() { throw 1; }\n", "throw")
        self.told("rondo/b.hpp", k_once + "inline int b(int unused) { return 1; }\n", "unused")
        self.told("rondo/b.hpp", k_once + "struct V { virtual int f(); };\nstruct W : V {};\n"
                  "inline W* b(V* v) { return dynamic_cast<W*>(v); }\n", "dynamic_cast")

    def test_the_c_header_is_c(self):
        self.told("rondo/rondo.h", k_once + "inline bool rondo_x() { return true; }\n", "bool")

    def test_a_folder_without_headers_fails(self):
        problems = headers.check(os.devnull, k_cxx, k_cc)
        self.assertEqual(problems.finish("compilations"), 1)


if __name__ == "__main__":
    unittest.main()
