# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What the runtime of an int8 LSTM of 128 units with a linear head costs on each core, held against
budget.txt: code and constants at -Os (without libc, the image, start-up and program; of programs
that call rondo_init, and of those that call rondo_init_verified), RAM, and the stack of init, steps
and scores by paint. Besides, the code for a GRU and an RNN, for stacks of two that read numbers,
and for a stack of one int8 cell of each kind.

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
k_others = re.compile(r"measured|measure::|fw_|firmware|Handler|__dso_handle|main$|mem(cpy|set)"
                      r"|__aeabi_mem")
# What, model, init; the last one's stack and RAM are recorded too.
k_programs = [("code_every_cell", "every_cell", "rondo_init"),
              ("code_gru", "gru", "rondo_init"), ("code_gru_real", "gru_real", "rondo_init"),
              ("code_lstm_real", "lstm_real", "rondo_init"),
              ("code_rnn", "rnn", "rondo_init"), ("code_rnn_real", "rnn_real", "rondo_init"),
              ("code_lstm_verified", "lstm128", "rondo_init_verified"),
              ("code_lstm", "lstm128", "rondo_init")]


def code_of(image):
    """Bytes of the runtime's functions and constants; of names at one address once."""
    sizes = {}
    for line in run(["arm-none-eabi-nm", "-C", "-S", image]).splitlines():
        words = line.split(None, 3)
        if len(words) == 4 and not k_others.search(words[3]):
            sizes[words[0]] = int(words[1], 16)
    return sum(sizes.values())


def linked(core, rondo, model, init, work):
    """A program with the bundle of that model, which calls that init."""
    folder = os.path.join(work, core.name, model)
    if not os.path.exists(folder):
        bundle.export(rondo, os.path.join(work, model, "measured.rondo"), core.name, folder)
        os.remove(os.path.join(folder, "examples", "self_test", "main.c"))
    objects = bundle.compiled(folder, folder + "-objects", ["arm-none-eabi-gcc"],
                              ["arm-none-eabi-g++"], core.flags + ["-Os"])
    image = f"{folder}-{init}.elf"
    run(["arm-none-eabi-g++", *core.flags, *core.link, *bundle.k_cxx, "-Os",
         f"-DMEASURED_INIT={init}", "-I" + os.path.join(folder, "src"), "-I" + core.firmware,
         core.startup(work), os.path.join(k_here, "measure.cpp"), *objects, "-o", image])
    return image


def measured(core, rondo, work):
    counts = {}
    for what, model, init in k_programs:
        image = linked(core, rondo, model, init, work)
        counts[what] = code_of(image)
        said = {name: int(count) for name, count in
                (line.split() for line in core.run(image).splitlines())}
        # fit.cpp counts on it.
        deepest = max((name for name in said if name != "ram"), key=said.get)
        check(deepest == "stack_init", f"{core.name} {model}: {deepest} takes the most stack")
    del said["stack_floats"]  # the last one reads tokens
    return {**counts, **said}


def write_models(writer, work):
    for model in sorted({model for _, model, _ in k_programs}):
        os.mkdir(os.path.join(work, model))
        run([writer, model, "image", work])
        os.rename(os.path.join(work, model + ".rondo"), os.path.join(work, model, "measured.rondo"))


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
    if bytes_now > recorded[key] * (1.01 if key[2].startswith("code") else 1):
        return f"{' '.join(key)}: {bytes_now} bytes, recorded {recorded[key]}"
    return None


def main():
    record = "--record" in sys.argv
    given = [word for word in sys.argv[1:] if word != "--record"]
    rondo, writer, root = (os.path.realpath(word) for word in given[:3])
    comment, recorded = records()
    problems, new, known = [], {}, any(key[1] == compiler() for key in recorded)
    with tempfile.TemporaryDirectory() as work:
        write_models(writer, work)
        for name in given[3:] or k_cores:
            counts = measured(Core(root, name), rondo, work)
            print(name, " ".join(f"{what} {count}" for what, count in counts.items()))
            for what, count in counts.items():
                key = (name, compiler(), what)
                problems.append(judge(key, count, recorded))
                new[key] = count
    if record:
        with open(k_budget, "w", encoding="ascii") as file:
            kept = {key: count for key, count in recorded.items()
                    if key[:2] not in {key[:2] for key in new}}
            rows = [f"{' '.join(key)} {count}" for key, count in sorted({**kept, **new}.items())]
            file.write("\n".join(comment + rows) + "\n")
    elif not known:
        print(f"budget: nothing is recorded for {compiler()}")
    else:
        problems = [problem for problem in problems if problem]
        check(not problems, "\n".join(problems))


if __name__ == "__main__":
    sys.exit(bundle.main(main))
