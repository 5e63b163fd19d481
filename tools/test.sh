#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Installs what the tests need (Debian packages) and runs every one of them: g++, the same forced to
# each kernel set, clang, sanitizers, valgrind, kills, six Cortex-M cores, two Arm Linux and two
# RISC-V under QEMU, format, coverage, packages, bundles, the demo. Last: `N passed, N failed`.
#   tools/test.sh [PART...]     parts: see the list below; default: all
set -u
cd "$(dirname "$0")/.." || exit 1
parts='gcc forced clang crash valgrind tsan cortex-m0 cortex-m3 cortex-m4 cortex-m7 cortex-m33
  cortex-m55 small aarch64 armv7 riscv64 riscv32 format tidy coverage consumers debian reference
  bundle demo'
build=build-test
passed=0
failed=0

say() { printf '\n== %s, after %s s\n' "$*" "$SECONDS"; }

# One check of this script: `check NAME COMMAND...`; what it says is shown where it fails.
check() {
  local name=$1
  shift
  if "$@" >"$build/last.log" 2>&1; then
    passed=$((passed + 1))
    echo "ok: $name"
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    tail -n 60 "$build/last.log"
  fi
}

# Adds a number that Meson printed at the end of its log.
count_of() { sed -n "s/^$1: *\([0-9]*\).*/\1/p" "$build/suite.log" | tail -n 1; }

# A build and its suite: `suite NAME ARGUMENTS OF MESON SETUP...`
suite() {
  local name=$1 dir=$build/$1
  shift
  [ -f "$dir/build.ninja" ] || set -- "$dir" "$@"
  if [ ! -f "$dir/build.ninja" ] && ! meson setup -Dwerror=true "$@" >"$build/suite.log" 2>&1; then
    failed=$((failed + 1))
    echo "FAILED: setup of $name"
    tail -n 40 "$build/suite.log"
    return
  fi
  if ! ninja -C "$dir" >"$build/suite.log" 2>&1; then
    failed=$((failed + 1))
    echo "FAILED: build of $name"
    grep -E -A 12 'error|FAILED' "$build/suite.log" | head -n 80
    return
  fi
  run_suite "$name" "$dir"
}

# The tests of a build: `run_suite NAME FOLDER ARGUMENTS OF MESON TEST...`
run_suite() {
  local name=$1 dir=$2 ok bad
  shift 2
  meson test -C "$dir" --timeout-multiplier 20 --print-errorlogs "$@" >"$build/suite.log" 2>&1
  ok=$(count_of Ok)
  bad=$(($(count_of Fail || echo 0) + $(count_of Timeout || echo 0)))
  if [ "${ok:-0}" -eq 0 ]; then
    bad=$((bad + 1))
    echo "FAILED: $name ran no test"
  fi
  [ "$bad" -eq 0 ] || cat "$build/suite.log"
  echo "$name: ${ok:-0} passed, $bad failed; $(count_of Skipped) skipped"
  passed=$((passed + ${ok:-0}))
  failed=$((failed + bad))
}

# The whole suite once more with each kernel set that this CPU can run, which must be two at least:
# scalar and one of vectors.
suite_of_each_set() {
  local sets set count=0
  sets=$("$build/gcc/tests/kernels/test_isa_in_use" | sed -n 's/.*available \([^,]*\),.*/\1/p')
  for set in $sets; do
    run_suite "gcc with $set" "$build/gcc" --setup "$set"
    count=$((count + 1))
  done
  echo "kernel sets covered: $sets"
  if [ "$count" -lt 2 ]; then
    failed=$((failed + 1))
    echo "FAILED: expected scalar and a vector set at least"
  fi
}

# With the host build that is there already; the README's command makes its own.
demo_of_builds() {
  mkdir -p "$build/demo"
  [ ! -d "$build/gcc" ] || ln -sfn ../gcc "$build/demo/host"
  check 'demo' tools/demo.sh --build "$build/demo"
}

# Only what threads reach, and line numbers instead of all that a debugger wants: half the time.
threads_of_trainer() {
  local dir=$build/tsan
  [ -f "$dir/build.ninja" ] || meson setup "$dir" -Dwerror=true -Db_sanitize=thread \
    -Doptimization=1 -Dcpp_args=-g1 -Dbench=disabled || return 1
  ninja -C "$dir" tools/command/rondo tests/tools/train/test_train || return 1
  python3 tests/checked/threads.py "$dir/tools/command/rondo" \
    "$dir/tests/tools/train/test_train" .
}

# Not what rondo export wrote.
sources() {
  find bench include src tests tools -path 'tests/devices/*_model.[ch]' -prune \
    -o -path tests/devices/expected.h -prune -o -name '*.[ch]pp' -print -o -name '*.[ch]' -print
}

run_part() {
  say "$1"
  case $1 in
    gcc) CXX=g++ CC=gcc suite gcc ;;
    forced) suite_of_each_set ;;
    clang)  # with the sanitizers: a build that is clang's alone would take eight minutes more
      CXX=clang++ CC=clang suite clang -Doptimization=1 -Ddebug=true -Dbench=disabled \
        -Dcpp_args=-g1 -Db_sanitize=address,undefined -Db_lundef=false
      ;;
    crash) check 'kill -9 at 100 moments' python3 tests/tools/command/crash_test.py --moments 100 \
      "$build/gcc/tools/command/rondo" data/names data/text/orchard.txt ;;
    valgrind) check 'valgrind over the main job' tests/checked/valgrind.sh \
      "$build/gcc/tools/command/rondo" . ;;
    tsan) check 'ThreadSanitizer over the trainer' threads_of_trainer ;;
    cortex-m* | aarch64 | armv7 | riscv64) suite "$1" --cross-file "tools/machine/$1.ini" ;;
    riscv32)
      check 'RV32 on bare metal' python3 tests/devices/riscv32.py "$build/riscv32" \
        "$build/gcc/tools/command/rondo" "$build/gcc/tests/tools/formats/write_header"
      ;;
    small)  # what is written otherwise for size
      suite small --cross-file tools/machine/cortex-m4.ini -Doptimization=s
      ;;
    # shellcheck disable=SC2046 # words on purpose
    format) check clang-format clang-format --dry-run -Werror $(sources) ;;
    coverage)
      check 'coverage of the runtime' tools/coverage.sh "$build/coverage"
      grep -E '^(kernel sets|all of|load,)' "$build/last.log"
      ;;
    tidy) check 'clang-tidy of the runtime' tools/tidy.sh "$build/gcc" ;;
    consumers) check 'package and subproject' tests/consumers/run.sh "$build/consumers" ;;
    debian) check 'Debian packages' tests/consumers/debian.sh "$build/debian" ;;
    reference) check 'reference of the API' tools/reference.sh "$build/reference" ;;
    bundle)
      for name in cores budget; do
        check "bundles: $name" python3 "tests/tools/bundle/${name}_test.py" \
          "$build/gcc/tools/command/rondo" "$build/gcc/tests/tools/formats/write_header" .
      done
      check 'bundles: imported networks' python3 tests/tools/import/bundle_test.py \
        "$build/gcc/tools/command/rondo" tests/tools/import/samples . cortex-m3 cortex-m4 cortex-m55
      ;;
    demo) demo_of_builds ;;
    *)
      echo "test.sh: unknown part $1; known: $parts" >&2
      exit 1
      ;;
  esac
}

tools/setup-packages.sh build firmware check cross onnx || exit 1
mkdir -p "$build"
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
if [ $# -eq 0 ]; then
  # shellcheck disable=SC2086 # words on purpose
  set -- $parts
fi
for part; do run_part "$part"; done
printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
