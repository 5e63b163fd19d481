# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What the runtime of an int8 LSTM of 128 units with a linear head costs on each core, held against
budget.txt: code and constants at -Os (without libc, the image, start-up and program; of programs
that call rondo_init, and of those that call rondo_init_verified), RAM, and the stack of init, steps
and scores by paint.

usage: budget_test.py [--record] RONDO WRITER SOURCE_ROOT [CORE...]
More than recorded fails: code by over 1 %, the rest by a byte. Less than recorded should be
recorded. Compilers without a record are not judged."""
import os
import re
import sys
import tempfile

import bundle
from bundle import check, run
from cores_test import Core, k_cores

k_here = os.path.dirname(os.path.abspath(__file__))
k_budget = os.path.join(k_here, "budget.txt")
k_others = re.compile(r"lstm128|fw_|firmware|Handler|__dso_handle|main$|mem(cpy|set)|__aeabi_mem"
                      r"|bytes_of|\(anonymous namespace\)::(memory|stream|start)\b")
k_allowed = {"code": 1.01, "code_verified": 1.01}


def code_of(image):
    """Bytes of the runtime's functions and constants; of names at one address once."""
    sizes = {}
    for line in run(["arm-none-eabi-nm", "-C", "-S", image]).splitlines():
        words = line.split(None, 3)
        if len(words) == 4 and not k_others.search(words[3]):
            sizes[words[0]] = int(words[1], 16)
    return sum(sizes.values())


def measured(core, rondo, work):
    folder = os.path.join(work, core.name)
    bundle.export(rondo, os.path.join(work, "lstm128.rondo"), core.name, folder)
    os.remove(os.path.join(folder, "examples", "self_test", "main.c"))
    objects = bundle.compiled(folder, folder + "-objects", ["arm-none-eabi-gcc"],
                              ["arm-none-eabi-g++"], core.flags + ["-Os"])
    counts = {}
    for what, init in (("code_verified", "rondo_init_verified"), ("code", "rondo_init")):
        image = f"{folder}-{init}.elf"
        run(["arm-none-eabi-g++", *core.flags, *core.link, *bundle.k_cxx, "-Os",
             f"-DMEASURED_INIT={init}", "-I" + os.path.join(folder, "src"), "-I" + core.firmware,
             core.startup(work), os.path.join(k_here, "measure.cpp"), *objects, "-o", image])
        lines = core.run(image).splitlines()
        counts[what] = code_of(image)
    counts.update((name, int(count)) for name, count in (line.split() for line in lines))
    return counts


def compiler():
    version = run(["arm-none-eabi-gcc", "-dumpfullversion"]).split(".")
    return f"gcc-{version[0]}.{version[1]}"


def records():
    """(comment, {(core, compiler, what): bytes}) of budget.txt."""
    with open(k_budget, encoding="ascii") as file:
        lines = file.read().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return ([line for line in lines if line.startswith("#")],
            {tuple(row[:3]): int(row[3]) for row in rows})


def judge(key, bytes_now, recorded):
    if key not in recorded:
        return f"{' '.join(key)}: {bytes_now} bytes, none recorded"
    if bytes_now > recorded[key] * k_allowed.get(key[2], 1):
        return f"{' '.join(key)}: {bytes_now} bytes, recorded {recorded[key]}"
    return None


def main():
    record = "--record" in sys.argv
    given = [word for word in sys.argv[1:] if word != "--record"]
    rondo, writer, root = (os.path.realpath(word) for word in given[:3])
    comment, recorded = records()
    problems, known = [], any(key[1] == compiler() for key in recorded)
    with tempfile.TemporaryDirectory() as work:
        run([writer, "lstm128", "image", work])
        for name in given[3:] or k_cores:
            counts = measured(Core(root, name), rondo, work)
            print(name, " ".join(f"{what} {count}" for what, count in counts.items()))
            for what, count in counts.items():
                key = (name, compiler(), what)
                problems.append(judge(key, count, recorded))
                if record:
                    recorded[key] = count
    if record:
        with open(k_budget, "w", encoding="ascii") as file:
            rows = [f"{' '.join(key)} {count}" for key, count in sorted(recorded.items())]
            file.write("\n".join(comment + rows) + "\n")
    elif not known:
        print(f"budget: nothing is recorded for {compiler()}")
    else:
        problems = [problem for problem in problems if problem]
        check(not problems, "\n".join(problems))


if __name__ == "__main__":
    sys.exit(bundle.main(main))
