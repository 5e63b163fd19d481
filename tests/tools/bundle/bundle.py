# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What the tests of bundles share: making one, compiling it by hand and with CMake, running it."""
import os
import shutil
import subprocess
import sys

k_strict = ["-Wall", "-Wextra", "-Wconversion", "-Werror"]
k_cxx = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
k_c = ["-std=c99", "-pedantic"]
k_sections = ["-ffunction-sections", "-fdata-sections"]


class Failed(Exception):
    pass


def run(command, expect=0, **more):
    """Standard output of the command; Failed where it ends with another status."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, **more)
    if done.returncode != expect:
        words = " ".join(str(word) for word in command)
        raise Failed(f"status {done.returncode}, expected {expect}, of: {words}\n"
                     f"{done.stdout}{done.stderr}")
    return done.stdout


def check(good, what):
    if not good:
        raise Failed(what)


def export(rondo, image, target, folder):
    """Elsewhere than where rondo was built, so that nothing is found by chance."""
    run([rondo, "export", image, "--format", "bundle", "--target", target, "--out", folder],
        cwd=os.path.dirname(image))


def files_of(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")
                  for place, _, names in os.walk(folder) for name in names)


def text_of(folder, name):
    with open(os.path.join(folder, name), encoding="ascii") as file:
        return file.read()


def compiled(bundle, build, cc, cxx, flags):
    """The objects of all sources of a bundle and of its example."""
    os.makedirs(build, exist_ok=True)
    commands, objects = [], []
    for name in files_of(bundle):
        if name.endswith((".c", ".cpp")):
            to = os.path.join(build, name.replace("/", "_") + ".o")
            language = cxx + k_cxx if name.endswith(".cpp") else cc + k_c
            commands.append(language + k_strict + k_sections + flags +
                            ["-I" + os.path.join(bundle, "src"), "-c",
                             os.path.join(bundle, name), "-o", to])
            objects.append(to)
    for command in commands:
        run(command)
    return objects


def cmake_built(folder, build, definitions):
    """The self-test that CMake builds of a bundle."""
    run(["cmake", "-S", folder, "-B", build, "-G", "Ninja", *definitions])
    run(["cmake", "--build", build, "-j", "2"])
    found = [name for name in files_of(build) if os.path.basename(name).endswith("_self_test")]
    check(len(found) == 1, f"CMake built {found}")
    return os.path.join(build, found[0])


def main(test):
    """Runs test() and prints what failed."""
    missing = [name for name in ("cmake", "ninja") if not shutil.which(name)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed: tools/setup-packages.sh check")
        return 77
    try:
        test()
    except Failed as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    return 0
