#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# rondo import and export of ONNX files as a user meets them.
#   command_test.sh RONDO DATA_NAMES SAMPLES
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
samples=$(realpath "$3")
. "$(dirname "$(realpath "$0")")/../command/checks.sh"

echo '- a trained model as ONNX and back: the same answers, the same bytes'
good train classify --data "$names" --out files/m.safetensors --hidden 8 --epochs 1 --threads 1
good export files/m.safetensors --out files/m.onnx --json
json 'd["inputs"] == 57 and d["outputs"] == 18 and not d["every_step"]'
good import files/m.onnx --out files/c.safetensors --json
json 'd["format"] == "onnx" and len(d["layers"]) == 2'
good export files/c.safetensors --out files/c.onnx
cmp files/m.onnx files/c.onnx || fail 'the file read back is another'
good quantize files/m.safetensors --data "$names" --out files/f.rondo --type f32
good export files/f.rondo --out files/f.onnx
cmp files/m.onnx files/f.onnx || fail 'a float image gives another file'
alphabet=$(python3 - files/m.safetensors <<'PY'
import json, struct, sys
content = open(sys.argv[1], "rb").read()
size = struct.unpack("<Q", content[:8])[0]
print(json.loads(json.loads(content[8:8 + size])["__metadata__"]["rondo"])["alphabet"], end="")
PY
)
good import files/m.onnx --out files/k.safetensors --alphabet "$alphabet"
good predict files/m.safetensors Tanaka Nowak --scores
cp out before.txt
good predict files/k.safetensors Tanaka Nowak --scores
cmp out before.txt || fail 'the model read back answers otherwise'

echo '- a PyTorch export: predict, quantize and export take it'
good import "$samples/lstm_last.onnx" --out files/p.safetensors
grep -q 'lstm, 3 -> 3' out || fail 'the layer is not told'
for i in 1 2 3 4 5 6 7 8; do echo "0.$i,-0.$i,0.5"; done >x.csv
good predict files/p.safetensors --input x.csv --output files/y.csv
good export files/p.safetensors --out files/p.onnx --json
json 'not d["every_step"]'

echo '- errors name the file and what to do'
head -c 1000 files/m.onnx >cut.onnx
bad 'is damaged or not an ONNX file' import cut.onnx --out files/n.safetensors
bad 'cut.onnx' import cut.onnx --out files/n.safetensors
good quantize files/m.safetensors --data "$names" --out files/m.rondo
bad 'has int8 weights' export files/m.rondo --out files/n.onnx
bad 'no such file' export missing.safetensors --out files/n.onnx
echo "$passed checks passed"
