#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Options of training that change the classifier of names, or the language model, only at its end:
# --logit-adjust and --quantize-aware.
#   training_options_test.sh RONDO DATA_NAMES TEXT
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
text=$(realpath "$3")
. "$(dirname "$(realpath "$0")")/checks.sh"

quick='--hidden 12 --epochs 5 --threads 1'

echo '- --logit-adjust moves the biases of the scores by the shares of the classes, nothing else'
for cell in lstm classroom; do
  for tau in 0 0.5; do
    # shellcheck disable=SC2086 # words on purpose
    good train classify --data "$names" --cell $cell $quick --logit-adjust $tau \
      --out files/$cell-$tau.safetensors --json
  done
  python3 - $cell "$names" <<'PY' || fail "the biases of $cell"
import json, math, os, struct, sys, unicodedata, zlib
def read(path):
    raw = open(path, "rb").read()
    size = struct.unpack("<Q", raw[:8])[0]
    head = json.loads(raw[8:8 + size])
    about = json.loads(head.pop("__metadata__")["rondo"])
    floats = {}
    for name, tensor in head.items():
        begin, end = tensor["data_offsets"]
        part = raw[8 + size + begin:8 + size + end]
        floats[name] = struct.unpack("<%df" % (len(part) // 4), part)
    return about, floats
cell, folder = sys.argv[1:]
letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;'"
about, before = read(f"files/{cell}-0.safetensors")
said, after = read(f"files/{cell}-0.5.safetensors")
assert said["training"]["logit_adjust"] == 0.5
lines = {}
for c in about["classes"]:
    spelled = open(os.path.join(folder, c + ".txt"), encoding="utf-8").read().split("\n")
    names = ("".join(x for x in unicodedata.normalize("NFD", line) if x in letters).strip(" ")
             for line in spelled if line.strip())
    lines[c] = sum(zlib.crc32(name.encode()) % 100 < 70 for name in names)
total = sum(lines.values())
bias = "linear.bias" if cell == "lstm" else "i2o.bias"
for name, values in before.items():
    if name != bias:
        assert values == after[name], name
for c, old, new in zip(about["classes"], before[bias], after[bias]):
    expected = old - 0.5 * math.log(lines[c] / total)
    assert abs(new - expected) < 1e-5, (c, old, new, expected)
PY
done
bad '--logit-adjust' train classify --data "$names" --logit-adjust -1 --out files/x
bad '--logit-adjust' train classify --data "$names" --logit-adjust nan --out files/x
bad 'is for --sampling natural' train classify --data "$names" --logit-adjust 1 \
  --sampling balanced --out files/x

echo "training options: $passed checks"
