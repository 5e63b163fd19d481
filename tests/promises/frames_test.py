# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves frames.py on figures written by hand, in the form of -fstack-usage."""
import json
import os
import tempfile
import unittest

import frames
import planted


class FramesTest(planted.PlantedTest):
    commands = [{"directory": "build", "file": "../src/a.cpp", "output": "src/l.p/a.cpp.o"},
                {"directory": "build", "file": "../tests/t.cpp", "output": "tests/t.p/t.cpp.o"}]
    clean = {"src/a.cpp": "", "build/src/l.p/a.cpp.su": "../src/a.cpp:3:5:void f()\t256\tstatic\n",
             "build/src/l.p/gone.cpp.su": "../src/gone.cpp:3:5:void f()\t999\tstatic\n"}

    def look(self, root):
        build = os.path.join(root, "build")
        absolute = [{**command, "directory": build} for command in self.commands]
        planted.write(build, "compile_commands.json", json.dumps(absolute))
        return frames.check(build, root, 256)

    def with_figures(self, size, kind):
        return {"build/src/l.p/a.cpp.su": f"../src/a.cpp:3:5:void f()\t16\tstatic\n"
                                          f"../src/a.cpp:9:5:void g()\t{size}\t{kind}\n"}

    def test_small_frames_pass(self):
        self.assert_kept({})
        self.assert_kept(self.with_figures(256, "dynamic,bounded"))

    def test_large_and_unknown_frames_are_told(self):
        place = "../src/a.cpp:9:5:void g()"
        self.assert_broken(self.with_figures(257, "static"), place, "257 bytes, at most 256")
        self.assert_broken(self.with_figures(257, "dynamic,bounded"), place, "257 bytes")
        self.assert_broken(self.with_figures(16, "dynamic"), place, "only at run time")

    def test_an_object_without_figures_is_told(self):
        problems = self.problems({"build/src/l.p/a.cpp.su": None})
        self.assertIn("no stack figures", problems[0])

    def test_a_build_without_the_runtime_fails(self):
        self.commands = self.commands[1:]
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(self.look(root).finish("functions"), 1)
            os.remove(os.path.join(root, "build", "compile_commands.json"))
            self.assertIn("no build folder", frames.check(root, root, 256).problems[0])


if __name__ == "__main__":
    unittest.main()
