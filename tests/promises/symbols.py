# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Checks what the objects of the built runtime ask for and what they hold.

usage: symbols.py [--nm NM] [--readelf READELF] [--expect ISA_OBJECT]... ARCHIVE...
- Outside names are mem* functions, helpers of the compiler, and the few of k_platform: no heap, no
  exceptions, no RTTI, no C++ library, no stdio, no errno.
- No static initializer, no mutable global.
- An object of an instruction set that is chosen at run time (see k_isa) defines its table and
  nothing else: no second strong symbol, and no weak one, which the linker could take for everybody.
  --expect names such an object, without its suffix, that must be among them.
- An int8 object (*_s8*) asks for no float arithmetic. Only cores without an FPU show this.
It reads release builds: sanitizers and coverage break these promises on purpose."""
import argparse
import collections
import re
import subprocess
import sys

import report

# Not those of a microcontroller (dsp, mve): its image is compiled for one instruction set.
k_isa = re.compile(r"(?:^|_)((?:avx|neon|dotprod)[a-z0-9_]*)\.")
k_s8 = re.compile(r"_s8(_|\.)")
k_ours = re.compile(r"_ZNK?5rondo\w+|rondo_\w+")

k_class = re.compile(r"_ZT[IVS]\w+")

# What must not be asked for, and what it is; told by name since it says what to mend.
k_banned = (
    (re.compile(r"_?(m|c|re)alloc(_r)?|_?free(_r)?|aligned_alloc|posix_memalign|_?sbrk|strn?dup"
                r"|_Zn[aw]\w+|_Zd[al]\w+"), "the heap"),
    (re.compile(r"__cxa_\w+|_Unwind_\w+|__gxx_personality\w+|__aeabi_unwind\w+"),
     "exceptions, guards of statics or destructors at exit"),
    (k_class, "a virtual table or RTTI"),
    (re.compile(r"_Z(T[A-Z])?N?K?S[tabsiod]\w*"), "the C++ library"),
    (re.compile(r"_?v?[fsn]*printf\w*|puts|putchar|fwrite|std(in|out|err)"), "stdio"),
    (re.compile(r"__errno\w*|errno"), "errno"),
)
k_memory = re.compile(r"mem(cpy|move|set|cmp)|__aeabi_mem(cpy|move|set|clr)[48]?")
# Of libgcc and compiler-rt: arithmetic that the core lacks, jump tables, position independence.
k_compiler = re.compile(r"__aeabi_\w+|__[a-z]+([sdtxh][ifc]){1,2}\d?|__gnu_\w+|__switch\w+"
                        r"|_GLOBAL_OFFSET_TABLE_|__stack_chk_(fail|guard)")
# Asking the CPU or the operating system what it has.
k_platform = re.compile(r"getauxval")
k_allowed = (k_ours, k_memory, k_compiler, k_platform)
k_soft_float = re.compile(r"__aeabi_(c?[fd]|u?[il]2[fd]|h2f)\w*")

k_initializers = (".init_array", ".preinit_array", ".ctors")
Symbol = collections.namedtuple("Symbol", "name kind section")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "plugin needed" in done.stderr:  # objects of link-time optimization
        sys.exit(f"{' '.join(command)}: {done.stderr.strip() or 'failed'}")
    return done.stdout


def read_symbols(nm, archive):
    """{object: [Symbol]}"""
    objects = collections.defaultdict(list)
    member = None
    for line in run([nm, "--format=sysv", archive]).splitlines():
        header = re.fullmatch(r"(?:Undefined s|S)ymbols from .*\[(.*)\]:", line)
        if header:
            member = header.group(1)
            objects[member] = []
        columns = [column.strip() for column in line.split("|")]
        if member is not None and len(columns) == 7:
            objects[member].append(Symbol(columns[0], columns[2], columns[6]))
    return objects


def read_sections(readelf, archive):
    """{object: {name of a section that holds something}}"""
    objects = collections.defaultdict(set)
    member = None
    for line in run([readelf, "--sections", "--wide", archive]).splitlines():
        header = re.fullmatch(r"File: .*[\[(](.*)[\])]", line)
        if header:
            member = header.group(1)
        row = re.match(r"\s*\[ *\d+\] (\S+)\s+\S+\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) ", line)
        if row and int(row.group(2), 16) > 0:
            objects[member].add(row.group(1))
    return objects


def why_not_asked(name):
    for pattern, what in k_banned:
        if pattern.fullmatch(name):
            return f"asks for {what}"
    if any(pattern.fullmatch(name) for pattern in k_allowed):
        return None
    return "asks for a name outside the runtime (if it must, add it to the lists of symbols.py)"


def why_not_defined(symbol):
    if k_class.fullmatch(symbol.name):
        return "holds a virtual table or RTTI"
    # The section tells, since the kind of a weak one does not. .data.rel.ro: constants that hold
    # addresses, which the loader writes once.
    writable = symbol.section.startswith((".data", ".bss", ".tdata", ".tbss", "*COM*"))
    relocated = symbol.section.startswith(".data.rel.ro")
    return "a mutable global" if writable and not relocated else None


def check_object(place, base, symbols, sections, found):
    found.inspected += 1
    for symbol in symbols:
        if symbol.kind in ("U", "w", "v"):
            problem = why_not_asked(symbol.name)
            if problem is None and k_s8.search(base) and k_soft_float.fullmatch(symbol.name):
                problem = "float arithmetic in an int8 object"
        else:
            problem = why_not_defined(symbol)
        if problem:
            found.fail(place, f"{problem}: {symbol.name}")
    for section in sections:
        if section.startswith(k_initializers):
            found.fail(place, f"a static initializer: section {section}")
    isa = k_isa.search(base)
    if isa:
        check_isa(place, isa.group(1), symbols, found)


def check_isa(place, name, symbols, found):
    weak = [symbol.name for symbol in symbols if symbol.kind in ("W", "V", "w", "v", "u")]
    strong = [symbol.name for symbol in symbols if symbol.kind in tuple("TDRBC")]
    if weak:
        found.fail(place, f"weak symbols in an object of one instruction set: {', '.join(weak)}")
    if len(strong) != 1:
        found.fail(place, "an object of one instruction set defines one strong symbol, this one "
                   f"{len(strong)}: {', '.join(strong)}")
    elif strong[0] != f"_ZN5rondo6kernel{len(name) + 2}k_{name}E":
        found.fail(place, f"{strong[0]} is not the table rondo::kernel::k_{name}")


def check(nm, readelf, archives, expected):
    found = report.Report("symbols", "no heap, exceptions, library, initializers, mutable globals")
    seen = set()
    for archive in archives:
        sections = read_sections(readelf, archive)
        for member, symbols in read_symbols(nm, archive).items():
            base = member.replace("\\", "/").split("/")[-1]
            place = f"{archive}({base})"
            if not symbols:
                found.fail(place, "holds no symbol: nothing was inspected")
            check_object(place, base, symbols, sections[member], found)
            isa = k_isa.search(base)
            if isa:
                seen.add(isa.group(1))
    for name in expected:
        if name not in seen:
            found.fail(", ".join(archives), f"no object {name} found; of one instruction set are: "
                       f"{', '.join(sorted(seen)) or 'none'}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--readelf", default="readelf")
    parser.add_argument("--expect", action="append", default=[])
    parser.add_argument("archives", nargs="+")
    given = parser.parse_args()
    return check(given.nm, given.readelf, given.archives, given.expect).finish("objects")


if __name__ == "__main__":
    sys.exit(main())
