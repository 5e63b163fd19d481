# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The committed samples, quantized, as firmware: dense layers before and after, a skip, an initial
state. Their bundles are compiled and their self-tests run, on this host or, where cores are named,
under QEMU. The self-test compares the scores with those that the host computed.

    bundle_test.py RONDO SAMPLES SOURCE_ROOT [CORE...]
"""
import os
import pathlib
import shutil
import sys
import tempfile

from tools import SKIPPED, Rondo

sys.path.insert(0, os.path.join(sys.argv[3], "tests", "tools", "bundle"))
import bundle  # noqa: E402
import cores_test  # noqa: E402

SAMPLES = ("keras.json", "keras_before.json", "guitarml.json", "lstm.nam")


def quantized(rondo, path):
    model = rondo.folder / (path.stem + ".safetensors")
    image = rondo.folder / (path.stem + ".rondo")
    rondo.good("import", path, "--out", model)
    rondo.good("quantize", model, "--data", path.parent / (path.stem + ".x.csv"), "--out", image)
    return image


def run_on_host(folder):
    objects = bundle.compiled(folder, folder + "-objects", ["gcc"], ["g++"], [])
    bundle.run(["g++", *objects, "-o", folder + ".x"])
    bundle.run([folder + ".x"])


def main():
    program, samples, root = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory() as work:
        rondo = Rondo(os.path.realpath(program), work)
        images = [quantized(rondo, samples / name) for name in SAMPLES]
        for target in sys.argv[4:] or ["generic"]:
            for image in images:
                folder = os.path.join(work, f"{image.stem}-{target}")
                bundle.export(rondo.program, image, target, folder)
                if target == "generic":
                    run_on_host(folder)
                else:
                    core = cores_test.Core(root, target)
                    cores_test.by_hand(core, folder, work, core.startup(work))
                print(f"{target}: {image.stem}: the same scores as quantize's host")


if __name__ == "__main__":
    for needed in ("g++",) if len(sys.argv) < 5 else ("arm-none-eabi-g++", "qemu-system-arm"):
        if not shutil.which(needed):
            print(f"skipped: {needed} is not installed: tools/setup-packages.sh check")
            sys.exit(SKIPPED)
    main()
