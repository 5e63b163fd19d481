# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Bundles on emulated Cortex-M cores: compiled by hand and by CMake with arm-none-eabi-gcc, run
under QEMU: the self-test compares the scores with those that the host computed. The linked image
holds what the model names and nothing else.

usage: cores_test.py RONDO WRITER SOURCE_ROOT [CORE...]     (default: all six)"""
import os
import re
import sys
import tempfile

import bundle
from bundle import check, run

k_cores = ("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55")
# Beside the LSTM that every core runs; M0 has no room for more.
k_more = {"cortex-m4": ("grus", "floats"), "cortex-m55": ("grus", "floats"), "cortex-m3": ("grus",)}
k_kinds = ("lstm128", "grus", "floats")
k_unwanted = re.compile(r"(gru|rnn|dense|pool|skip)_(s8|before)|_f32|softmax|save|restore"
                        r"|status_text|run_s16|sample|__aeabi_[fd]|malloc|_sbrk|scalar_product")


class Core:
    """A core's compiler flags, machine and linker script, as tools/machine has them."""

    def __init__(self, root, name):
        with open(os.path.join(root, "tools", "machine", name + ".ini"), encoding="ascii") as file:
            text = file.read()
        self.name = name
        self.flags = re.findall(r"'([^']+)'", re.search(r"^core = \[(.*)\]", text, re.M).group(1))
        self.machine = re.search(r"^firmware_machine = '(.*)'", text, re.M).group(1)
        self.firmware = os.path.join(root, "tests", "firmware")
        self.link = ["-nostartfiles", "--specs=nano.specs", "-Wl,--gc-sections",
                     "-L" + self.firmware,
                     "-T" + re.search(r"^firmware_script = '(.*)'", text, re.M).group(1)]

    def startup(self, work):
        """The object of tests/firmware that calls main and ends the emulator with its status."""
        path = os.path.join(work, self.name + "-startup.o")
        run(["arm-none-eabi-g++", *self.flags, *bundle.k_cxx, "-O2", "-fno-builtin",
             "-fno-tree-loop-distribute-patterns", "-c",
             os.path.join(self.firmware, "startup.cpp"), "-o", path])
        return path

    def run(self, image):
        return run([os.path.join(self.firmware, "qemu-m.sh"), "-e", "0", self.machine, image])


def check_image(image):
    names = run(["arm-none-eabi-nm", "-C", image])
    check("lstm_s8" in names, f"{image}: no cell in it")
    unwanted = [line for line in names.splitlines() if k_unwanted.search(line)]
    check(not unwanted, f"{image} holds what nobody asked for: {unwanted}")


def by_hand(core, folder, work, startup):
    image = folder + "-by-hand.elf"
    objects = bundle.compiled(folder, folder + "-objects", ["arm-none-eabi-gcc"],
                              ["arm-none-eabi-g++"], core.flags + ["-Os"])
    run(["arm-none-eabi-gcc", *core.flags, *core.link, startup, *objects, "-o", image])
    core.run(image)
    return image


def by_cmake(core, folder, startup):
    flags = " ".join(core.flags)
    image = bundle.cmake_built(folder, folder + "-cmake", [
        "-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
        "-DCMAKE_CXX_COMPILER=arm-none-eabi-g++", "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY",
        "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}",
        f"-DCMAKE_EXE_LINKER_FLAGS={startup} {' '.join(core.link)}"])
    core.run(image)


def main():
    rondo, writer, root = (os.path.realpath(word) for word in sys.argv[1:4])
    cores = sys.argv[4:] or k_cores
    with tempfile.TemporaryDirectory() as work:
        for kind in k_kinds:
            run([writer, kind, "image", work])
        for name in cores:
            core = Core(root, name)
            startup = core.startup(work)
            for kind in ("lstm128",) + k_more.get(name, ()):
                folder = os.path.join(work, f"{kind}-{name}")
                bundle.export(rondo, os.path.join(work, kind + ".rondo"), name, folder)
                check(" ".join(core.flags) in bundle.text_of(folder, "README.md"),
                      f"{folder}: README.md names other flags than tools/machine")
                image = by_hand(core, folder, work, startup)
                if kind == "lstm128":
                    check_image(image)
                    by_cmake(core, folder, startup)
            print(f"{name}: the same scores as the host")


if __name__ == "__main__":
    sys.exit(bundle.main(main))
