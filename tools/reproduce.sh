#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Makes the long figures again, on this machine, into bench/results/*.json, each with machine and
# commit; then writes the tables of the docs anew. About ten minutes on two cores.
#   tools/get-data.sh && tools/reproduce.sh [--data FOLDER_OF_REAL_NAMES] [--text FILE] [PART...]
# Parts: names, training, steps (the default: these three); devices, which builds for every core and
# runs there under QEMU; int8, what quantizing costs (half an hour); peers, training-peers and
# book-peers: others on the same tasks, with Python packages (bench/peers) that RONDO_PYTHON has if
# python3 does not; each plan of data/presets by its name, such as names-cells.
set -eu
cd "$(dirname "$0")/.."
usage() {
  echo 'usage: tools/reproduce.sh [--data FOLDER_OF_REAL_NAMES] [--text FILE]' \
    '[names|training|steps|devices|int8|peers|training-peers|book-peers|PLAN]...' >&2
  exit 1
}
data=data/real/names
text=data/real/timemachine.txt
while [ "${1-}" = --data ] || [ "${1-}" = --text ]; do
  [ $# -ge 2 ] || usage
  if [ "$1" = --data ]; then data=$2; else text=$2; fi
  shift 2
done
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

# int8_of NAME DATA COMMAND...: trains, then quantizes with activations of 8 and of 16 bits.
int8_of() {
  local name=$build/int8-$1 data_of_run=$2
  shift 2
  $rondo train "$@" --data "$data_of_run" --out "$name.safetensors" --json \
    >"$name-train.json" 2>/dev/null
  for bits in 8 16; do
    $rondo quantize "$name.safetensors" --data "$data_of_run" --activations $bits \
      --out "$name.rondo" --json >"$name-a$bits.json"
  done
}

# Small nets that have learned a short text by heart, which is where int8 costs most; then the same
# with training that knows of int8.
aware() {
  for seed in 1 2 3 4 5; do
    for cell in lstm gru rnn; do
      echo "--quantize-aware, $cell, seed $seed"
      set -- "$text" lm --cell $cell --seed $seed --max-tokens 3000 --sides none --hidden 24 \
        --layers 1 --dropout 0 --batch 8 --steps 35 --epochs 200 --lr 0.02 --threads 1
      int8_of "heart-$cell-$seed" "$@"
      int8_of "aware-$cell-$seed" "$@" --quantize-aware
    done
  done
}

# The text models see few epochs: the price of int8 is a ratio, and is asked for after each alike.
int8() {
  for seed in 1 2 3 4 5; do
    for cell in lstm gru; do
      echo "int8, names, $cell, seed $seed"
      int8_of "names-$cell-$seed" "$data" classify --cell $cell --seed $seed
    done
  done
  for seed in 1 2 3 4 5; do
    for cell in lstm gru; do
      echo "int8, text, $cell, seed $seed"
      int8_of "start-$cell-$seed" "$text" lm --cell $cell --seed $seed --max-tokens 10000 \
        --sides none --layers 1 --dropout 0 --batch 32 --steps 35 --epochs 100
      int8_of "book-$cell-$seed" "$text" lm --cell $cell --seed $seed --layers 1 --epochs 4
    done
  done
  aware
}

peers() {
  echo 'rondo beside others'
  "${RONDO_PYTHON:-python3}" bench/peers/peers.py $build/bench/bench_steps --rounds 10 \
    --json "$build/peers.json"
}

devices() {
  echo 'names and text on every core'
  tools/setup-packages.sh firmware cross
  python3 tests/devices/measure.py --out "$build/devices.json" "$build/devices"
}

book-peers() {
  echo 'a book beside PyTorch'
  "${RONDO_PYTHON:-python3}" bench/peers/book.py $rondo "$text" --json "$build/book-peers.json"
}

training-peers() {
  echo 'training beside PyTorch'
  "${RONDO_PYTHON:-python3}" bench/peers/training.py $build/bench/bench_training --rounds 5 \
    --json "$build/training-peers.json"
}

# A plan of data/presets, on the data that it is for.
sweep() {
  local data_of_plan=$text
  case $1 in
    names-* | *-names) data_of_plan=$data ;;
    regression)
      data_of_plan=$build/series.csv
      python3 tools/data/series.py >"$data_of_plan"
      ;;
  esac
  echo "the plan $1"
  $rondo sweep "data/presets/$1.json" --data "$data_of_plan" --out "$build/$1"
}

for part; do
  case $part in
    names | training | steps | devices | int8 | peers | training-peers | book-peers) $part ;;
    *)
      [ -f "data/presets/$part.json" ] || usage
      sweep "$part"
      ;;
  esac
done
python3 tools/report/figures.py collect $build "$@"
python3 tools/report/figures.py write
