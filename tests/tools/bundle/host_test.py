# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Bundles on the host: what is in them and what not, their files for CMake, PlatformIO, Arduino and
Zephyr, and that they compile without a warning and pass their self-test.

usage: host_test.py RONDO WRITER     (WRITER: write_header of tests/tools/formats)"""
import json
import os
import re
import shutil
import sys
import tempfile

import bundle
from bundle import check, files_of, run, text_of

k_targets = ("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55",
             "generic")
k_kernels = {"cortex-m0": "thumb", "cortex-m3": "thumb", "cortex-m4": "dsp", "cortex-m7": "dsp",
             "cortex-m33": "dsp", "cortex-m55": "mve", "generic": "scalar"}

# Zephyr's own functions, as far as a module of one library uses them.
k_zephyr = """cmake_minimum_required(VERSION 3.20)
project(zephyr C CXX)
set(CMAKE_CXX_STANDARD 17)
function(zephyr_library_named name)
  add_library(${name} STATIC)
  set(library ${name} PARENT_SCOPE)
endfunction()
function(zephyr_library_sources)
  target_sources(${library} PRIVATE ${ARGN})
endfunction()
function(zephyr_include_directories)
  target_include_directories(${library} PUBLIC ${ARGN})
endfunction()
function(zephyr_library_compile_options)
  target_compile_options(${library} PRIVATE ${ARGN})
endfunction()
set(CONFIG_RONDO_LSTM128 y)
add_subdirectory(module/zephyr)
add_executable(app_self_test module/examples/self_test/main.c)
target_link_libraries(app_self_test lstm128)
"""


def sources_of(folder):
    return [name for name in files_of(folder) if name.endswith((".c", ".cpp")) and
            name.startswith("src/")]


def check_files(folder, kernels):
    """What this model and core need and nothing else; every include is there."""
    names = files_of(folder)
    others = {"thumb", "dsp", "mve", "scalar"} - {kernels}
    if kernels == "thumb":
        others.discard("scalar")  # it copies operands for others
    for name in names:
        base = os.path.basename(name)
        unwanted = re.match(r"avx|neon|dotprod|gru|rnn|dense|pool|skip|plain|all_cells", base) or \
            base.endswith("_f32.cpp")
        check(not unwanted, f"{folder}: {name} is not needed")
        check(not any(base == f"{other}_s8.cpp" for other in others), f"{folder}: {name}")
    for name in names:
        if not name.endswith((".c", ".cpp", ".h", ".hpp")):
            continue
        for included in re.findall(r'#include [<"]([\w/]+/[\w.]+)[>"]', text_of(folder, name)):
            there = f"src/{included}" in names
            of_other = included in [f"kernel/{other}_s8.hpp" for other in others]
            check(there != of_other, f"{folder}/{name}: includes {included}")


def check_words(folder, words):
    """Nothing of the machine on which it was made."""
    for name in files_of(folder):
        for word in words:
            check(word not in text_of(folder, name), f"{folder}/{name}: holds {word}")


def check_platformio(folder):
    library = json.loads(text_of(folder, "library.json"))
    for key, kind in {"name": str, "version": str, "description": str, "license": str,
                      "frameworks": str, "platforms": str, "headers": str, "build": dict}.items():
        check(isinstance(library.get(key), kind), f"library.json: {key}: expected a {kind}")
    check(re.fullmatch(r"[\w-]+", library["name"]), "library.json: name")
    check(re.fullmatch(r"\d+\.\d+\.\d+", library["version"]), "library.json: version")
    build = library["build"]
    check(build["srcDir"] == "src" and build["includeDir"] == "src", "library.json: folders")
    check("-std=gnu++17" in build["flags"] and all(f.startswith("-") for f in build["flags"]),
          f"library.json: flags {build['flags']}")
    check(f"src/{library['headers']}" in files_of(folder), "library.json: headers")


def check_arduino(folder):
    lines = text_of(folder, "library.properties").splitlines()
    fields = dict(line.split("=", 1) for line in lines)
    for key in ("name", "version", "author", "maintainer", "sentence", "paragraph", "category",
                "url", "architectures", "includes"):
        check(key in fields, f"library.properties: no {key}")
    check(re.fullmatch(r"[A-Za-z0-9][\w .-]{0,62}", fields["name"]), "library.properties: name")
    check(f"src/{fields['includes']}" in files_of(folder), "library.properties: includes")
    check("gnu++17" in fields["paragraph"], "library.properties: does not name gnu++17")
    check(re.fullmatch(r"https://[\w.]+/\w+", fields["url"]), "library.properties: url")
    check(fields["category"] == "Data Processing", "library.properties: not a known category")


def check_zephyr(folder):
    lines = [line.split("#")[0] for line in text_of(folder, "zephyr/module.yml").splitlines()]
    fields = dict(line.strip().split(": ") for line in lines if ": " in line)
    check(fields == {"name": "lstm128", "cmake": "zephyr", "kconfig": "zephyr/Kconfig"},
          f"module.yml: {fields}")
    check(fields["kconfig"] in files_of(folder), "module.yml: no such Kconfig")
    option = re.search(r"^config (\w+)$", text_of(folder, "zephyr/Kconfig"), re.MULTILINE)
    cmake = text_of(folder, "zephyr/CMakeLists.txt")
    check(option and f"if(CONFIG_{option.group(1)})" in cmake, "Kconfig: another option")


def check_cmake_lists(folder):
    for name, before in (("CMakeLists.txt", ""), ("zephyr/CMakeLists.txt", "../")):
        listed = re.findall(rf"^ +{re.escape(before)}(src/[\w/.]+)\)?$", text_of(folder, name),
                            re.MULTILINE)
        check(sorted(listed) == sources_of(folder), f"{name}: lists {listed}")


def check_refusal(rondo, image, folder):
    """What an earlier bundle left would be compiled with this one."""
    old = os.path.join(folder, "src", "old.cpp")
    with open(old, "w", encoding="ascii") as file:
        file.write("#error old\n")
    before = files_of(folder)
    run([rondo, "export", image, "--format", "bundle", "--out", folder], expect=1)
    check(files_of(folder) == before, "a refused export changed the folder")
    os.remove(old)


def build_by_hand(folder, build, cc, cxx):
    objects = bundle.compiled(folder, build, [cc], [cxx], ["-O2"])
    program = os.path.join(build, "self_test")
    # With the C compiler: nothing of the C++ library is needed.
    run([cc, *objects, "-Wl,--gc-sections", "-o", program])
    run([program])
    return objects, program


def check_no_float(program):
    """An int8 model of tokens links no float, and no drawing where nothing is drawn."""
    names = run(["nm", "-C", program])
    check("lstm_s8" in names, f"{program}: no cell in it")
    unwanted = [line for line in names.splitlines()
                if re.search(r"f32|real_input|softmax|sample", line)]
    check(not unwanted, f"{program} holds what nobody asked for: {unwanted}")


def check_that_it_can_fail(folder, build, objects):
    """Another score in the table, and the self-test must tell."""
    name = os.path.basename(folder).split("-")[0]
    changed = os.path.join(build, "changed.c")
    text = text_of(folder, f"src/{name}.c")
    with open(changed, "w", encoding="ascii") as file:
        file.write(re.sub(r"(_self_test_scores\[\d+\] = \{\s*-?\d*)(\d),",
                          lambda m: m.group(1) + str((int(m.group(2)) + 1) % 10) + ",", text))
    others = [path for path in objects if not path.endswith(f"src_{name}.c.o")]
    run(["cc", "-I" + os.path.join(folder, "src"), changed, *others, "-o", changed + ".x"])
    run([changed + ".x"], expect=2)


def check_other_images(rondo, writer, work):
    """A runtime made for one model refuses the others, and leaves neither arena nor image where a
    bit of its own is wrong."""
    others = {"gru": "cell_not_linked", "rnn": "cell_not_linked", "reals": "cell_not_linked",
              "floats": "cell_not_linked", "units6": "cell_not_linked",
              "every_cell": "cell_not_linked", "units5": "ok"}
    for kind in ["tokens", *others]:
        run([writer, kind, "image", work])
    folder, build = os.path.join(work, "tokens-generic"), os.path.join(work, "refuse")
    bundle.export(rondo, os.path.join(work, "tokens.rondo"), "generic", folder)
    os.remove(os.path.join(folder, "examples", "self_test", "main.c"))
    flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    objects = bundle.compiled(folder, build, ["gcc"], ["g++"], flags)
    program = os.path.join(build, "refuse")
    run(["g++", "-std=c++17", *flags, "-I" + os.path.join(folder, "src"),
         os.path.join(os.path.dirname(os.path.abspath(__file__)), "refuse.cpp"), *objects,
         "-o", program])
    said = run([program, *(os.path.join(work, kind + ".rondo") for kind in ["tokens", *others])])
    check(said.splitlines()[1:] == list(others.values()), f"other images: {said}")


def main():
    rondo, writer = (os.path.realpath(word) for word in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as work:
        for kind in ("lstm128", "grus", "floats"):
            run([writer, kind, "image", work])
        image = os.path.join(work, "lstm128.rondo")
        for target in k_targets:
            folder = os.path.join(work, f"lstm128-{target}")
            bundle.export(rondo, image, target, folder)
            check_files(folder, k_kernels[target])
            check_words(folder, [work, os.path.dirname(rondo), "/usr/", "/home/"])
            check_platformio(folder)
            check_arduino(folder)
            check_zephyr(folder)
            check_cmake_lists(folder)
        generic = os.path.join(work, "lstm128-generic")
        check_refusal(rondo, image, generic)
        bundle.export(rondo, image, "generic", generic)  # over itself
        for cc, cxx in (("gcc", "g++"), ("clang", "clang++")):
            if not shutil.which(cxx):
                print(f"skipped: {cxx} is not installed")
                continue
            build = os.path.join(work, cc)
            objects, program = build_by_hand(generic, build, cc, cxx)
            check_no_float(program)
            check_that_it_can_fail(generic, build, objects)
        for kind in ("grus", "floats"):
            folder = os.path.join(work, kind + "-generic")
            bundle.export(rondo, os.path.join(work, kind + ".rondo"), "generic", folder)
            build_by_hand(folder, os.path.join(work, kind), "gcc", "g++")
        check_other_images(rondo, writer, work)
        run([bundle.cmake_built(generic, os.path.join(work, "cmake"), [])])
        zephyr = os.path.join(work, "zephyr")
        shutil.copytree(generic, os.path.join(zephyr, "module"))
        with open(os.path.join(zephyr, "CMakeLists.txt"), "w", encoding="ascii") as file:
            file.write(k_zephyr)
        run([bundle.cmake_built(zephyr, os.path.join(work, "zephyr-build"), [])])
    print(f"bundles for {len(k_targets)} targets: files, builds and self-tests are as promised")


if __name__ == "__main__":
    sys.exit(bundle.main(main))
