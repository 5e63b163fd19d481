#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# The main job under valgrind's memcheck: no error, no byte definitely lost. valgrind shows programs
# a CPU with AVX2 and without AVX-512, so that both rondo and OpenBLAS choose kernels it knows.
#   valgrind.sh RONDO SOURCE_ROOT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Two threads take turns, else one waits for the other without giving way.
memcheck=(valgrind --quiet --fair-sched=yes --error-exitcode=99 --leak-check=full
  --show-leak-kinds=definite --errors-for-leak-kinds=definite)

# What it must find, and what it must not.
"${CXX:-g++}" -O0 -g "$here/planted.cpp" -o "$work/planted"
for fault in none uninitialized outside leak; do
  status=0
  "${memcheck[@]}" "$work/planted" "$fault" >"$work/log" 2>&1 || status=$?
  [ "$fault" = none ] && expected=0 || expected=99
  if [ "$status" -ne "$expected" ]; then
    echo "FAILED: the planted fault '$fault' gives status $status, expected $expected" >&2
    cat "$work/log" >&2
    exit 1
  fi
done
"$here/run.sh" "$1" "$2" "${memcheck[@]}"
