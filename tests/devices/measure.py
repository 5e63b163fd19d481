#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The programs of this room on every core: what a step takes there, the stack, and that the
checksums are the host's. Instructions under QEMU, no cycles.

usage: measure.py [--out FILE.json] BUILDS [CORE...]     BUILDS/CORE: made where it is missing
On bare metal the programs count themselves (SysTick or instret under -icount); on Linux the
emulator logs every instruction of two runs that differ in the number of steps.
To add a core: a cross file in tools/machine, and a line in k_cores."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import riscv32

k_root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Core, what to call it, and the CPU for QEMU's user mode; bare metal has its machine in the cross
# file, or riscv32.py.
k_cores = [
    ("cortex-m0", "Cortex-M0", None),
    ("cortex-m3", "Cortex-M3", None),
    ("cortex-m4", "Cortex-M4", None),
    ("cortex-m7", "Cortex-M7", None),
    ("cortex-m33", "Cortex-M33", None),
    ("cortex-m55", "Cortex-M55", None),
    ("armv7", "ARMv7 Linux, NEON (Cortex-A7)", "cortex-a7"),
    ("aarch64", "AArch64 Linux, NEON (Cortex-A53)", "cortex-a53"),
    ("aarch64", "AArch64 Linux, dotprod (Cortex-A76)", "cortex-a76"),
    ("riscv64", "RISC-V 64 Linux", "rv64"),
    ("riscv32", "RV32IMC", None),
]
k_programs = ("names", "text")
k_steps = (20, 60)


def output_of(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **more)
    if done.returncode != 0:
        sys.exit(f"measure.py: status {done.returncode} of: {' '.join(command)}\n{done.stdout}")
    return done.stdout


def built(builds, core, program):
    """The program for that core."""
    folder = os.path.join(builds, core)
    cross = os.path.join(k_root, "tools", "machine", core + ".ini")
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        output_of(["meson", "setup", folder, k_root, "--cross-file", cross])
    suffix = ".elf" if core.startswith("cortex-m") else ""
    name = f"tests/devices/device_{program}{suffix}"
    output_of(["ninja", "-C", folder, name])
    return os.path.join(folder, name)


def property_of(core, name):
    with open(os.path.join(k_root, "tools", "machine", core + ".ini"), encoding="ascii") as file:
        return re.search(rf"^{name} = (.*)$", file.read(), re.M).group(1)


def logged_instructions(emulator, program, steps):
    """Instructions of a run, a line each in the emulator's log."""
    with tempfile.NamedTemporaryFile() as log:
        output_of([*emulator, "-singlestep", "-d", "exec,nochain", "-D", log.name, program,
                   str(steps)])
        with open(log.name, "rb") as file:
            return sum(line.startswith(b"Trace") for line in file)


def figures_of(output):
    return {key: int(value) for key, value in (line.split() for line in output.splitlines())}


def measured(builds, core, cpu, program):
    if core == "riscv32":
        output = riscv32.ran(riscv32.program(os.path.join(builds, core), program))
        return figures_of(output)
    path = built(builds, core, program)
    if cpu is None:
        machine = property_of(core, "firmware_machine").strip("'")
        runner = os.path.join(k_root, "tests", "firmware", "qemu-m.sh")
        output = output_of([runner, "-e", "0", machine, path])
    else:
        wrapper = re.findall(r"'([^']+)'", property_of(core, "exe_wrapper"))
        emulator = [wrapper[0], "-cpu", cpu, *wrapper[1:]]
        output = output_of([*emulator, path])
    figures = figures_of(output)
    if cpu is not None:
        few, many = (logged_instructions(emulator, path, steps) for steps in k_steps)
        figures["instructions"] = round((many - few) / (k_steps[1] - k_steps[0]))
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out")
    parser.add_argument("builds")
    parser.add_argument("cores", nargs="*", metavar="CORE")
    given = parser.parse_args()
    rows = []
    for core, title, cpu in k_cores:
        if given.cores and core not in given.cores:
            continue
        row = {"core": core, "title": title}
        for program in k_programs:
            row[program] = measured(given.builds, core, cpu, program)
        print(title, row["names"], row["text"])
        rows.append(row)
    if not rows or not shutil.which("qemu-system-arm"):
        sys.exit("measure.py: nothing was measured")
    if given.out:
        with open(given.out, "w", encoding="utf-8") as file:
            file.write(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
