#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Fuzzes what reads data from outside, with clang's libFuzzer, ASan and UBSan: each target for some
# seconds of CPU time, from tests/fuzz/corpus on. What stops a target is left in build-fuzz/found;
# mend it, and put the file into the corpus: the suite replays it.
#   tools/fuzz.sh [--seconds N] [--cover] [TARGET...]      default: 600 seconds for each of them
# --cover: how much of the reader's code the corpus reaches, instead (llvm-cov)
set -eu
cd "$(dirname "$0")/.."
seconds=600
cover=
while [ $# -gt 0 ]; do
  case $1 in
    --seconds)
      seconds=${2:?fuzz.sh: --seconds needs a number}
      shift 2
      ;;
    --cover)
      cover=1
      shift
      ;;
    -*)
      sed -n '4,9s/^# //p' "$0" >&2
      exit 1
      ;;
    *) break ;;
  esac
done
tools/setup-packages.sh build check
known=$(find tests/fuzz -name "*_fuzz.cpp" -printf "%f\n" | sed "s/_fuzz.cpp$//" | sort)
targets=${*:-$known}
for target in $targets; do
  if [ ! -f "tests/fuzz/${target}_fuzz.cpp" ]; then
    echo "fuzz.sh: no target $target; there are $(echo "$known" | tr "\n" " ")" >&2
    exit 1
  fi
done

build=build-fuzz
if [ -n "$cover" ]; then
  build=build-fuzz-cover
  options='-Dcpp_args=-fprofile-instr-generate,-fcoverage-mapping
    -Dcpp_link_args=-fprofile-instr-generate'
else
  options='-Dfuzz=true -Db_sanitize=address,undefined'
fi
# shellcheck disable=SC2086 # words on purpose, here and below
[ -f "$build/build.ninja" ] || CXX=${CXX:-clang++} CC=${CC:-clang} meson setup "$build" $options \
  -Db_lundef=false -Doptimization=1 -Ddebug=true -Dbench=disabled
ninja -C "$build" $(for target in $targets; do echo "tests/fuzz/fuzz_$target"; done)

if [ -n "$cover" ]; then
  objects=
  for target in $targets; do
    LLVM_PROFILE_FILE=$build/$target.profraw "$build/tests/fuzz/fuzz_$target" \
      "tests/fuzz/corpus/$target" 100
    objects="$objects -object $build/tests/fuzz/fuzz_$target"
  done
  llvm-profdata-14 merge -o "$build/all.profdata" "$build"/*.profraw
  llvm-cov-14 report $objects -instr-profile="$build/all.profdata" src/model/load.cpp \
    src/model/saved_state.cpp src/cell tools/formats tools/data tools/sweep/plan.cpp
  exit
fi

found=0
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
mkdir -p "$build/found"

# Adds a target's findings to its corpus for up to a minute, and its CPU time to $spent.
slice() {
  local cpu count ok=0 TIMEFORMAT='%U %S'
  { time "$build/tests/fuzz/fuzz_$1" -max_total_time=$((seconds < 60 ? seconds : 60)) -timeout=30 \
    -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -artifact_prefix="$build/found/$1-" \
    "$build/corpus/$1" "tests/fuzz/corpus/$1" >"$build/$1.log" 2>&1; } 2>"$build/$1.cpu" || ok=1
  cpu=$(awk '{ print int($1 + $2 + 1) }' "$build/$1.cpu")
  spent=$((spent + cpu))
  count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log" | tail -n 1)
  runs=$((runs + ${count:-0}))  # a target that was stopped may not say
  return $ok
}

for target in $targets; do
  mkdir -p "$build/corpus/$target"
  spent=0
  runs=0
  while [ "$spent" -lt "$seconds" ]; do
    slice "$target" && continue
    found=$((found + 1))
    grep -E 'ERROR|SUMMARY' "$build/$target.log" || true
    break
  done
  echo "$target: $runs inputs in $spent CPU seconds"
done
echo "$found targets stopped; see $build/found and the logs beside it"
[ "$found" -eq 0 ]
