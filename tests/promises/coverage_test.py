# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves tools/report/coverage.py on counts as gcovr gives them: what is missing must be seen."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import planted

k_root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
k_script = os.path.join(k_root, "tools", "report", "coverage.py")
k_load = "src/model/load.cpp"


def line(number, count, *branches):
    return {"line_number": number, "count": count, "gcovr/noncode": False,
            "branches": [{"count": n, "fallthrough": False, "throw": False} for n in branches]}


class CoverageTest(unittest.TestCase):
    def run_script(self, full, narrow=(), small=(), skipped=()):
        """Each a list of (file, lines)."""
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for i, build in enumerate((full, narrow, small, full, ())):
                files = [{"file": name, "lines": list(lines)} for name, lines in build]
                paths.append(planted.write(folder, f"{i}.json", json.dumps({"files": files})))
            return subprocess.run([sys.executable, k_script, k_root, *paths, *skipped],
                                  capture_output=True, text=True, check=False)

    def test_all_lines_and_branches_pass(self):
        done = self.run_script([(k_load, [line(1, 3, 1, 2), line(2, 1)])])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"all of src +2 +100.0 %\n")
        self.assertRegex(done.stdout, r"load, by the suite +2 +100.0 %\n")
        self.assertRegex(done.stdout, r"load, by the images of fuzz +2 +100.0 %\n")
        self.assertRegex(done.stdout, r"load, by those and .* +2 +0.0 %\n")

    def test_a_branch_of_load_that_is_not_taken_fails(self):
        for name in (k_load, "src/cell/gates_s8.hpp"):
            full = [(k_load, [line(1, 1, 1, 1)]), ("src/cell/gates_s8.hpp", [line(1, 1, 1, 1)]),
                    (name, [line(7, 1, 1, 0)])]
            done = self.run_script(full)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"FAILED: {name}:7: no test takes a branch of load here\n", done.stdout)

    def test_a_branch_elsewhere_need_not_be_taken(self):
        done = self.run_script([(k_load, [line(1, 1, 1, 1)]),
                                ("src/model/run.cpp", [line(7, 1, 1, 0)])])
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_fewer_lines_than_asked_for_fail(self):
        for ran, status in ((95, 0), (94, 1)):
            lines = [line(n, 1 if n < ran else 0) for n in range(100)]
            full = [(k_load, [line(200, 1, 1, 1)]), ("src/model/run.cpp", lines)]
            for most in ([], [("include/rondo/view.hpp", [line(1, 1)])]):
                done = self.run_script(full + most)
                self.assertEqual(done.returncode, status, done.stdout)

    def test_a_build_for_one_model_may_take_the_same_branch_and_has_its_own(self):
        full = [(k_load, [line(1, 1, 1, 0), line(2, 1)])]
        for narrow, status in (([line(1, 1, 0, 1)], 0), ([line(1, 1, 1, 1, 1, 1)], 1),
                               ([line(1, 1, 0, 1), line(2, 1, 0, 1)], 1),
                               ([line(1, 1, 0, 1), line(2, 1, 1, 1)], 0), ([], 1)):
            done = self.run_script(full, [(k_load, narrow)])
            self.assertEqual(done.returncode, status, done.stdout)

    def test_files_of_kernel_sets_that_this_cpu_lacks_do_not_count(self):
        full = [(k_load, [line(1, 1, 1, 1)]), ("src/kernel/avx512_f32.cpp", [line(1, 0)]),
                ("src/kernel/avx2_f32.cpp", [line(1, 1)])]
        self.assertEqual(self.run_script(full).returncode, 1)
        done = self.run_script(full, skipped=["avx512_vnni", "avx_vnni"])
        self.assertEqual(done.returncode, 0, done.stdout)
        counted, others = done.stdout.split("not counted")
        self.assertNotIn("avx512_f32.cpp", counted)
        self.assertIn("avx512_f32.cpp", others)
        self.assertIn("avx2_f32.cpp", counted)

    def test_nothing_at_all_fails(self):
        self.assertEqual(self.run_script([]).returncode, 1)


if __name__ == "__main__":
    unittest.main()
