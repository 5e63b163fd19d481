# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves tools/setup-packages.sh among false commands that write down how they were called."""
import os
import shutil
import subprocess
import tempfile
import unittest

import planted

k_script = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "..", "..", "tools", "setup-packages.sh")
k_note = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n'
k_update = "apt-get update"
# Of the group `check`, besides clang and valgrind.
k_others = ("build-essential", "clang-format", "clang-tidy", "cmake", "debhelper", "doxygen",
            "gcovr", "git", "groff-base", "make", "parallel")
k_install = "apt-get install -y --no-install-recommends clang valgrind"


class SetupPackagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = os.path.join(folder.name, "bin")
        self.log = os.path.join(folder.name, "log")
        for name in ("env", "sh", "basename", "cat", "echo"):
            self.place(name, f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n')
        self.place("apt-get", k_note)
        self.place("id", "#!/bin/sh\necho 1000\n")
        self.installed("clang", "valgrind", *k_others)

    def place(self, name, content):
        os.chmod(planted.write(self.bin, name, content), 0o755)

    def installed(self, *packages):
        """A dpkg-query that knows these; of others it remembers a removed one's settings."""
        self.place("dpkg-query", '#!/bin/sh\nfor last; do :; done\ncase $last in\n'
                   f'{"|".join(packages)}) echo installed ;;\nvalgrind) echo config-files ;;\n'
                   '*) exit 1 ;;\nesac\n')

    def run_script(self, *groups):
        done = subprocess.run(["/bin/sh", k_script, *groups], capture_output=True, text=True,
                              check=False, env={"PATH": self.bin, "LOG": self.log})
        calls = []
        if os.path.exists(self.log):
            with open(self.log, encoding="utf-8") as file:
                calls = file.read().splitlines()
        return done, calls

    def test_nothing_missing_needs_no_root_and_changes_nothing(self):
        done, calls = self.run_script("check")
        self.assertEqual((done.returncode, calls), (0, []), done.stderr)
        self.assertIn("All packages are installed: build-essential clang", done.stdout)

    def test_root_installs_what_is_missing(self):
        self.installed(*k_others)
        self.place("id", "#!/bin/sh\necho 0\n")
        done, calls = self.run_script("check")
        self.assertEqual((done.returncode, calls), (0, [k_update, k_install]), done.stderr)

    def test_others_install_by_sudo_without_a_password(self):
        self.installed(*k_others)
        self.place("sudo", '#!/bin/sh\n[ "$1" = -n ] || exit 9\nshift\nexec "$@"\n')
        self.place("true", "#!/bin/sh\n")
        done, calls = self.run_script("check")
        self.assertEqual((done.returncode, calls), (0, [k_update, k_install]), done.stderr)

    def test_others_without_sudo_are_told_the_command(self):
        self.installed(*k_others)
        for sudo in (None, "#!/bin/sh\nexit 1\n"):
            if sudo:
                self.place("sudo", sudo)
            done, calls = self.run_script("check")
            self.assertEqual((done.returncode, calls), (1, []))
            self.assertIn(f"sudo {k_update} && sudo {k_install}\n", done.stderr)

    def test_a_failing_apt_get_is_a_failure(self):
        self.installed("clang-format")
        self.place("id", "#!/bin/sh\necho 0\n")
        self.place("apt-get", "#!/bin/sh\nexit 100\n")
        self.assertEqual(self.run_script("check")[0].returncode, 100)

    def test_elsewhere_than_on_debian_it_names_the_packages(self):
        os.remove(os.path.join(self.bin, "dpkg-query"))
        done, calls = self.run_script("check", "cross")
        self.assertEqual((done.returncode, calls), (0, []), done.stderr)
        self.assertIn("valgrind g++-aarch64-linux-gnu", done.stdout)

    def test_usage(self):
        self.assertEqual(self.run_script("--help")[0].returncode, 0)
        self.assertEqual(self.run_script()[0].returncode, 1)
        done, calls = self.run_script("build", "nonsense")
        self.assertEqual((done.returncode, calls), (1, []))
        self.assertIn("nonsense: expected build, firmware, check, cross or onnx", done.stderr)


if __name__ == "__main__":
    unittest.main()
