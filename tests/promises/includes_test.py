# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves includes.py: each forbidden include is told, with its place, and no allowed one is."""
import unittest

import includes
import planted

k_once = "#pragma once\n"


class IncludesTest(planted.PlantedTest):
    clean = {
        "include/rondo/view.hpp": k_once + "#include <stddef.h>\n#if __has_include(<span>)\n"
                                           "#include <span>\n#endif\n",
        "include/rondo/rondo.hpp": k_once + "#include <rondo/view.hpp>\n#include \"view.hpp\"\n",
        "src/base/fixed.hpp": k_once + "#include <stdint.h>\n",
        "src/port/cpu.cpp": '#include <sys/auxv.h>\n#include <cpuid.h>\n'
                            '#include "base/fixed.hpp"\n',
        "src/kernel/table.hpp": k_once + '#include <rondo/view.hpp>\n#include "base/fixed.hpp"\n',
        "src/kernel/avx2.cpp": '#include <immintrin.h>\n#include <xsimd/xsimd.hpp>\n',
        "src/cell/lstm.hpp": k_once + '#include "kernel/table.hpp"\n',
        "src/model/load.cpp": '#include "cell/lstm.hpp"\n#include <string.h>\n',
        "tools/base/error.hpp": k_once + "#include <string>\n",
        "tools/main.cpp": '#include "base/error.hpp"\n#include <CLI/CLI.hpp>\n'
                          '#include <rondo/view.hpp>\n',
        "tests/unit/help.hpp": k_once,
        "tests/unit/a.cpp": '#include "help.hpp"\n#include "base/error.hpp"\n#include "made.h"\n',
        "tests/kernels/k.cpp": '#include "kernel/table.hpp"\n',
        "bench/b.cpp": '#include "kernel/table.hpp"\n'}

    def look(self, root):
        return includes.check(root)

    def told(self, name, line, words, head=""):
        content = head + line + "\n"
        self.assert_broken({name: content}, f"{name}:{head.count(chr(10)) + 1}", words)

    def test_a_clean_tree_passes(self):
        self.assert_kept({})

    def test_text_that_looks_like_an_include_is_none(self):
        self.assert_kept({"tools/c.cpp": '/*\n#include "no.hpp"\n*/\nauto a = R"x(\n'
                                         '#include "no.hpp"\n)x";\n// #include "no.hpp"\n'})

    def test_lower_rooms_do_not_see_higher_ones(self):
        self.told("src/base/x.cpp", '#include "kernel/table.hpp"', "base stands below kernel")
        self.told("src/base/x.cpp", '#include "cell/lstm.hpp"', "base stands below cell")
        self.told("src/kernel/x.cpp", '#include "cell/lstm.hpp"', "kernel stands below cell")
        self.told("include/rondo/x.hpp", '#include "base/fixed.hpp"', "only each other", k_once)
        self.assert_broken({"src/model/m.hpp": k_once, "src/cell/x.cpp": '#include "model/m.hpp"'},
                           "src/cell/x.cpp:1", "cell stands below model")
        self.assert_broken({"src/port/p.hpp": k_once, "src/base/x.cpp": '#include "port/p.hpp"'},
                           "src/base/x.cpp:1", "base stands below port")

    def test_the_runtime_names_no_library(self):
        for header in ("vector", "cstdint", "math.h", "span", "stdio.h"):
            self.told("src/base/x.cpp", f"#include <{header}>", f"<{header}>: src includes only")
            self.told("include/rondo/x.hpp", f"#include <{header}>", "only each other", k_once)
        self.told("src/cell/x.cpp", "#include <arm_neon.h>", "SIMD headers in src/kernel")
        self.told("src/kernel/x.cpp", "#include <sys/auxv.h>", "platform headers in src/port")
        self.told("include/rondo/view.hpp", "#include <span>", "only each other", k_once)

    def test_files_are_named_from_their_root(self):
        self.told("src/base/x.cpp", '#include "fixed.hpp"', "name it from src")
        self.told("src/base/x.cpp", '#include "base/gone.hpp"', "does not exist")
        self.told("src/base/x.cpp", '#include "../base/fixed.hpp"', "no ../")
        self.told("tools/base/x.cpp", '#include "error.hpp"', "name it from tools")
        self.told("tests/unit/x.cpp", '#  include "../unit/help.hpp"', "no ../")
        self.told("tools/x.cpp", '#include "rondo/view.hpp"', "<rondo/...>")
        self.told("tools/x.cpp", "#include <rondo/gone.hpp>", "stand in include/rondo")
        self.told("src/other/x.cpp", "#include <stdint.h>", "no room of src")
        self.told("src/base/x.cpp", "#include NAME", "cannot be checked")

    def test_the_insides_of_src_are_for_kernel_tests_and_benches(self):
        self.told("tests/unit/x.cpp", '#include "kernel/table.hpp"', "the insides of src")
        self.told("tools/x.cpp", '#include <kernel/table.hpp>', "the insides of src")
        self.told("bench/x.cpp", '#include "cell/lstm.hpp"', "the insides of src")
        self.told("tests/kernels/x.cpp", '#include "base/fixed.hpp"', "the insides of src")

    def test_headers_are_included_once(self):
        self.assert_broken({"bench/x.hpp": "// #pragma once\n"}, "bench/x.hpp:1", "#pragma once")

    def test_an_area_without_sources_fails(self):
        for area in includes.k_needed:
            emptied = {name: None for name in self.clean if name.startswith(area + "/")}
            problems = self.problems(emptied)
            self.assertIn(f"{area}: no source file found here: nothing was inspected", problems)


if __name__ == "__main__":
    unittest.main()
