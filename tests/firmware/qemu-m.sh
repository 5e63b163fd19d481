#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Runs a Cortex-M image under QEMU and ends with the status that the image gave to exit.
#   qemu-m.sh [-e STATUS] MACHINE IMAGE [FILE]
# FILE: the image's argument.
# -e STATUS: the image must end with this one; then 0 means that it did. Text goes to stdout.
set -eu
expected=
if [ "${1-}" = -e ]; then
  expected=$2
  shift 2
fi
if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo 'usage: qemu-m.sh [-e STATUS] MACHINE IMAGE [FILE]' >&2
  exit 2
fi
status=0
# The chardev: without it QEMU writes the text to stderr. </dev/null: it must not take the terminal.
# shift=8: see icount.hpp. The time limit is for an image that hangs; none takes a second.
timeout 120 qemu-system-arm -M "$1" -display none -monitor none -serial null \
  -chardev stdio,id=console,signal=off \
  -semihosting-config "enable=on,target=native,chardev=console,arg=${2##*/}${3:+,arg=$3}" \
  -icount shift=8 -kernel "$2" </dev/null || status=$?
if [ -n "$expected" ]; then
  [ "$status" -eq "$expected" ] && exit 0
  echo "$2: ended with status $status, expected $expected" >&2
  exit 1
fi
exit "$status"
