#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Makes the long figures again, on this machine, into bench/results/*.json, each with machine and
# commit; then writes the tables of the docs anew. About ten minutes on two cores.
#   tools/get-data.sh && tools/reproduce.sh [--data FOLDER_OF_REAL_NAMES]
set -eu
cd "$(dirname "$0")/.."
data=data/real/names
if [ "${1-}" = --data ] && [ $# -eq 2 ]; then
  data=$2
elif [ $# -ne 0 ]; then
  echo 'usage: tools/reproduce.sh [--data FOLDER_OF_REAL_NAMES]' >&2
  exit 1
fi
[ -d "$data" ] || { echo "reproduce.sh: $data is missing: run tools/get-data.sh" >&2; exit 1; }
tools/setup-packages.sh build
build=build-reproduce
[ -f $build/build.ninja ] || meson setup $build -Dtests=disabled >/dev/null
ninja -C $build tools/command/rondo bench/bench_training >/dev/null
rondo=$build/tools/command/rondo

for sampling in natural balanced; do
  for seed in 1 2 3 4 5; do
    name=$build/$sampling-$seed
    echo "$sampling, seed $seed"
    $rondo train classify --data "$data" --cell lstm --hidden 128 --sampling $sampling \
      --seed $seed --out "$name.safetensors" --json >"$name-train.json" 2>/dev/null
    $rondo quantize "$name.safetensors" --data "$data" --out "$name.rondo" \
      --json >"$name-quantize.json"
  done
done
echo 'speed of training'
$build/bench/bench_training --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
  --benchmark_format=json >"$build/training.json" 2>/dev/null
python3 tools/report/figures.py collect $build
python3 tools/report/figures.py write
