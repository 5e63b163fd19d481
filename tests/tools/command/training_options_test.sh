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

echo '- --quantize-aware changes the last fifth of training, nothing before'
for flag in '' --quantize-aware; do
  # shellcheck disable=SC2086
  good train classify --data "$names" --cell gru $quick $flag --log "files/c$flag.jsonl" \
    --out "files/c$flag.safetensors" --json
  # shellcheck disable=SC2086
  good train lm --data "$text" --cell gru --layers 2 --hidden 12 --epochs 5 --batch 8 --steps 20 \
    --threads 1 $flag --log "files/l$flag.jsonl" --out "files/l$flag.safetensors" --json
done
python3 - <<'PY' || fail 'the logs'
import json
for run in ("c", "l"):
    losses = [[json.loads(line)["loss"] for line in open(f"files/{run}{flag}.jsonl")
               if '"epoch"' in line and '"event":"epoch"' in line.replace(" ", "")]
              for flag in ("", "--quantize-aware")]
    assert len(losses[0]) == 5, losses
    assert losses[0][:3] == losses[1][:3], losses
    assert losses[0][4] != losses[1][4], losses
    assert abs(losses[0][4] - losses[1][4]) < 0.1, losses
PY
good quantize files/c--quantize-aware.safetensors --data "$names" --out files/c.rondo --json
json 'd["comparison"]["agreeing"] > 0.95 * d["comparison"]["answers"]'
echo '- a small net that knows its text by heart loses by int8, and loses less where it was told so'
for seed in 1 2 3; do
  for flag in '' --quantize-aware; do
    # shellcheck disable=SC2086
    good train lm --data "$text" --max-tokens 1500 --sides none --cell lstm --hidden 20 --layers 1 \
      --dropout 0 --batch 4 --steps 25 --epochs 150 --lr 0.02 --threads 1 --seed $seed $flag \
      --out "files/h$flag.safetensors"
    good quantize "files/h$flag.safetensors" --data "$text" --out files/h.rondo --json
    cp out "files/h$flag$seed.json"
  done
done
python3 - <<'PY' || fail 'what int8 cost'
import json
def mean(flag, kind):
    return sum(json.load(open(f"files/h{flag}{seed}.json"))[kind]["bits_per_character"]
               for seed in (1, 2, 3)) / 3
plain, aware = ([mean(flag, kind) for kind in ("float", "int8")]
                for flag in ("", "--quantize-aware"))
print(plain, aware)
cost, cost_aware = plain[1] - plain[0], aware[1] - aware[0]
assert cost > 0 and cost_aware < cost / 2, (plain, aware)
# Training itself runs a little otherwise, so that a net may be better or worse by some thousandths.
assert aware[1] < 1.005 * plain[1], (plain, aware)
PY
bad 'no int8 model can have' train classify --data "$names" --cell relu --quantize-aware \
  --out files/x
bad 'no int8 model can have' train lm --data "$text" --cell relu --quantize-aware --out files/x
echo "training options: $passed checks"
