#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Makes the long figures again, on this machine, into bench/results/*.json, each with machine and
# commit; then writes the tables of the docs anew. About ten minutes on two cores.
#   tools/get-data.sh && tools/reproduce.sh [--data FOLDER_OF_REAL_NAMES] [PART...]
# Parts: names, training, steps (the default: these three) and peers, which needs Python packages
# (bench/peers/peers.py) and takes RONDO_PYTHON where they are not those of python3.
set -eu
cd "$(dirname "$0")/.."
usage() {
  echo 'usage: tools/reproduce.sh [--data FOLDER_OF_REAL_NAMES] [names|training|steps|peers]...' >&2
  exit 1
}
data=data/real/names
if [ "${1-}" = --data ]; then
  [ $# -ge 2 ] || usage
  data=$2
  shift 2
fi
[ $# -gt 0 ] || set -- names training steps
tools/setup-packages.sh build
build='build-reproduce'
[ -f $build/build.ninja ] || meson setup $build -Dtests=disabled >/dev/null
ninja -C $build tools/command/rondo bench/bench_training bench/bench_steps >/dev/null
rondo=$build/tools/command/rondo

names() {
  [ -d "$data" ] || { echo "reproduce.sh: $data is missing: run tools/get-data.sh" >&2; exit 1; }
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
}

training() {
  echo 'speed of training'
  $build/bench/bench_training --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_format=json >"$build/training.json" 2>/dev/null
}

steps() {
  echo 'speed of steps'
  $build/bench/bench_steps --rounds 1200 --json "$build/steps.json" >/dev/null
}

peers() {
  echo 'rondo beside others'
  "${RONDO_PYTHON:-python3}" bench/peers/peers.py $build/bench/bench_steps --rounds 10 \
    --json "$build/peers.json"
}

for part; do
  case $part in
    names | training | steps | peers) $part ;;
    *) usage ;;
  esac
done
python3 tools/report/figures.py collect $build "$@"
python3 tools/report/figures.py write
