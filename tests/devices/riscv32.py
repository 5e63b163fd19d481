# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""RV32IMC on bare metal, such as an ESP32-C3, under QEMU: the programs of this room and a bundle's
self-test, compiled without a C++ standard library: Debian has none for this target, and the runtime
needs none. The suite's own programs do, so there is no cross file. measure.py calls program().

usage: riscv32.py FOLDER RONDO WRITER    FOLDER: for what is built; the rest as bundles' tests"""
import glob
import os
import shutil
import sys

k_here = os.path.dirname(os.path.abspath(__file__))
k_root = os.path.dirname(os.path.dirname(k_here))
sys.path.insert(0, os.path.join(k_root, "tests", "tools", "bundle"))
import bundle
from bundle import run

k_core = ["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"]
k_cc, k_cxx = ["riscv64-unknown-elf-gcc"], ["riscv64-unknown-elf-g++"]
# QEMU's board "virt" has RAM from here on: 4 MiB each.
k_link = ["--oslib=semihost", "--crt0=hosted", "-Wl,--gc-sections",
          "-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x400000",
          "-Wl,--defsym=__ram=0x80400000,--defsym=__ram_size=0x400000"]
# Of the runtime, what a core without vectors takes; no cells for the quantizer.
k_sources = ("src/cell/*[!d].cpp", "src/model/*.cpp", "src/kernel/scalar_*.cpp",
             "src/kernel/select.cpp", "src/port/cpu_fixed.cpp")


def linked(objects, image):
    run([*k_cc, *k_core, *k_link, *objects, "-o", image])
    return image


def ran(image):
    """What the image prints; Failed where it ends with another status than 0."""
    return run(["timeout", "120", "qemu-system-riscv32", "-M", "virt", "-bios", "none",
                "-display", "none", "-monitor", "none", "-serial", "null", "-chardev",
                "stdio,id=console,signal=off", "-semihosting-config",
                "enable=on,target=native,chardev=console", "-icount", "shift=0", "-kernel", image])


def program(folder, name):
    """The program NAME of this room, with the runtime from the tree, built as others are: -O2."""
    host = os.path.join(k_here, "host")
    os.makedirs(folder, exist_ok=True)
    sources = [os.path.join(k_here, name + ".cpp"), os.path.join(host, name + "_model.c")]
    for pattern in k_sources:
        sources += sorted(glob.glob(os.path.join(k_root, pattern)))
    objects = []
    for source in sources:
        compiler = k_cxx + bundle.k_cxx if source.endswith(".cpp") else k_cc + bundle.k_c
        objects.append(os.path.join(folder, os.path.basename(source) + ".o"))
        run([*compiler, *bundle.k_strict, *bundle.k_sections, *k_core, "-O2", "-I" + host,
             "-I" + os.path.join(k_root, "include"), "-I" + os.path.join(k_root, "src"),
             "-c", source, "-o", objects[-1]])
    return linked(objects, os.path.join(folder, name + ".elf"))


def check_bundle(folder, rondo, writer):
    run([writer, "lstm128", "image", folder])
    parts = os.path.join(folder, "bundle")
    shutil.rmtree(parts, ignore_errors=True)
    bundle.export(rondo, os.path.join(folder, "lstm128.rondo"), "generic", parts)
    objects = bundle.compiled(parts, os.path.join(folder, "objects"), k_cc, k_cxx,
                              [*k_core, "-Os"])
    ran(linked(objects, os.path.join(folder, "self_test.elf")))


def main():
    folder, rondo, writer = (os.path.realpath(word) for word in sys.argv[1:4])
    for name in ("names", "text"):
        print(name, " ".join(ran(program(folder, name)).split()))
    check_bundle(folder, rondo, writer)
    print("riscv32: the same scores as the host")


if __name__ == "__main__":
    sys.exit(bundle.main(main))
