#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Short runs of every command of the main job, each under a program that watches it; the first that
# fails ends it. Called by valgrind.sh and threads.py, which say what the watcher is.
#   run.sh RONDO SOURCE_ROOT [WATCHER...]
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2/data/names")
text=$(realpath "$2/data/text/orchard.txt")
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
count=0

# watched FILE ARGUMENTS OF RONDO...: must succeed and write FILE.
watched() {
  local file=$1 status=0
  shift
  "${watcher[@]}" "$rondo" "$@" >out 2>err </dev/null || status=$?
  if [ "$status" -ne 0 ] || [ ! -s "$file" ]; then
    echo "FAILED: status $status of: rondo $*" >&2
    cat err >&2
    exit 1
  fi
  count=$((count + 1))
}
watcher=("$@")

watched net.safetensors train classify --data "$names" --hidden 16 --iterations 12 --threads 2 \
  --log run.jsonl --out net.safetensors
watched net.rondo quantize net.safetensors --data "$names" --out net.rondo --report quantized
for model in net.safetensors net.rondo; do
  watched out predict "$model" --scores Abe Kovalenko
done
watched c/net.c export net.rondo --out c
watched bundle/src/net.c export net.rondo --format bundle --target cortex-m4 --out bundle
watched image/net.rondo export net.rondo --format image --target cortex-m55 --out image
watched net.onnx export net.safetensors --out net.onnx
watched state.safetensors export net.safetensors --out state.safetensors
watched report.html report run.jsonl quantized/quantize.json net.rondo --out report.html

watched lm.safetensors train lm --data "$text" --cell gru --hidden 16 --layers 2 --dropout 0.1 \
  --iterations 8 --steps 20 --batch 4 --threads 2 --out lm.safetensors
watched lm.rondo quantize lm.safetensors --data "$text" --activations 16 --out lm.rondo
watched out generate lm.rondo --prefix the --length 20
echo "$count commands, each without a finding"
