#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# How much of the runtime its tests reach, with every kernel set of this CPU: lines of include and
# src by file, branches of load (what makes them up: tools/report/coverage.py), by gcov and gcovr.
# Fails where a branch of load is not taken, or fewer than 95 % of the lines of src ran.
#   tools/coverage.sh [FOLDER]      the build; default: build-coverage
# Not built, so not counted: kernels of other CPUs than this one, and what bundles and firmware make
# of the same files. Branches are those of -O0; the runtime has no exceptions, so all are its own.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build-coverage}
tools/setup-packages.sh build check

# `logged COMMAND...`: says nothing but where it fails.
logged() { "$@" >"$build/last.log" 2>&1 || { tail -n 60 "$build/last.log" && false; }; }
mkdir -p "$build"
[ -f "$build/build.ninja" ] || CXX=${CXX:-g++} CC=${CC:-gcc} logged meson setup "$build" \
  -Db_coverage=true -Doptimization=0 -Ddebug=true -Dbench=disabled

# The counts so far, of the objects in some folders: `counts NAME ARGUMENTS OF GCOVR...`
counts() {
  gcovr --root . --object-directory "$build" --filter src/ --filter include/ \
    --exclude-throw-branches --json "$build/$1.json" "${@:2}"
}
tests() { logged meson test -C "$build" --timeout-multiplier 20 --print-errorlogs "$@"; }

logged ninja -C "$build" tests/fuzz/fuzz_image tests/kernels/test_isa_in_use
isa_in_use=$("$build/tests/kernels/test_isa_in_use")
available=$(echo "$isa_in_use" | sed -n 's/.*available \([^,]*\),.*/\1/p')
skipped=$(echo "$isa_in_use" | sed -n 's/.*skipped\([^,]*\),.*/\1/p')

find "$build" -name '*.gcda' -delete
for changed in 0 1000; do  # the suite replays as many
  "$build/tests/fuzz/fuzz_image" tests/fuzz/corpus/image "$changed"
  counts "fuzz$changed" "$build/src"
done

find "$build" -name '*.gcda' -delete
kernels=()
for set in $available; do kernels+=("kernels $set"); done
tests model load 'load narrow' 'golden model' 'endless streams' 'no heap' layers 'model small' \
  unit isa floats 'isa forced' 'device names' 'device text' "${kernels[@]}"
# The other tests run all sets in any case, or choose their own.
for set in $available; do
  tests --setup "$set" 'golden model' layers unit isa 'isa forced' 'device names' 'device text'
done
counts narrow "$build/tests/model/librondo_narrow.a.p"
counts small "$build/tests/model/librondo_small.a.p"
counts full "$build" --exclude-directories '.*(narrow|small).*'
echo "kernel sets covered: $available"
# shellcheck disable=SC2086 # words on purpose
python3 tools/report/coverage.py . "$build"/{full,narrow,small,fuzz0,fuzz1000}.json $skipped
