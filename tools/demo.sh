#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# The main job of rondo, end to end: a folder of names becomes a Cortex-M4 image that knows their
# language. Installs what is missing (Debian packages), builds, trains, quantizes, exports, runs the
# image under QEMU, and compares 200 test names byte by byte.
#   tools/demo.sh [--data FOLDER] [--build FOLDER]
set -eu
cd "$(dirname "$0")/.."
data=data/names
build=build-demo
while [ $# -gt 0 ]; do
  case $1 in
    --data | --build)
      [ $# -ge 2 ] || { echo "demo.sh: $1: expected a folder" >&2; exit 1; }
      if [ "$1" = --data ]; then data=$2; else build=$2; fi
      shift 2
      ;;
    *)
      echo 'usage: tools/demo.sh [--data FOLDER] [--build FOLDER]' >&2
      [ "$1" = --help ] && exit 0
      exit 1
      ;;
  esac
done

say() { printf '\n== %s\n' "$*"; }
show() { printf '$ %s\n' "$*"; "$@"; }
# Meson's own words only where it fails.
quietly() { "$@" >"$build/last.log" 2>&1 || { cat "$build/last.log" >&2; exit 1; }; }

say 'Packages'
tools/setup-packages.sh build firmware
mkdir -p "$build"
full=$(cd "$build" && pwd)

say 'Build'
[ -f "$build/host/build.ninja" ] ||
  quietly meson setup "$build/host" --buildtype=release -Dtests=disabled -Dbench=disabled
quietly ninja -C "$build/host" tools/command/rondo
PATH=$full/host/tools/command:$PATH

say 'Train in float'
show rondo train classify --data "$data" --out "$build/names.safetensors"

say 'Quantize to int8'
show rondo quantize "$build/names.safetensors" --data "$data" --out "$build/names.rondo"

say 'Export, and build a Cortex-M4 image'
show rondo export "$build/names.rondo" --target cortex-m4 --name names_model --out "$build/firmware"
[ -f "$build/m4/build.ninja" ] ||
  quietly meson setup "$build/m4" --cross-file tools/machine/cortex-m4.ini \
    -Dfirmware_model="$full/firmware"
quietly ninja -C "$build/m4" tests/firmware/names_demo.elf
image=$build/m4/tests/firmware/names_demo.elf

say 'Host float, host int8, emulated Cortex-M4'
rondo eval "$build/names.rondo" --data "$data" --answers "$build/answers.tsv" >"$build/last.log"
# 200 names of the test side, spread over the languages.
total=$(wc -l <"$build/answers.tsv")
awk -v total="$total" 'int(NR * 200 / total) > int((NR - 1) * 200 / total)' "$build/answers.tsv" \
  >"$build/chosen.tsv"
cut -f 1 "$build/chosen.tsv" >"$build/chosen.txt"
rondo predict "$build/names.safetensors" --scores <"$build/chosen.txt" >"$build/float.tsv"
rondo predict "$build/names.rondo" --scores <"$build/chosen.txt" >"$build/int8.tsv"
tests/firmware/qemu-m.sh mps2-an386 "$image" "$full/chosen.txt" >"$build/device.log"
grep -v '^#' "$build/device.log" >"$build/device.tsv"
paste "$build/chosen.tsv" "$build/float.tsv" "$build/int8.tsv" "$build/device.tsv" |
  awk -F '\t' '
    function row(a, b, c, d, e) { printf "%-16s %-12s %-12s %-12s %s\n", a, b, c, d, e }
    BEGIN { row("test name", "language", "float", "int8", "Cortex-M4") }
    NR % 17 == 9 { row($1, $2, $5, $8, $11) }'

names=$(wc -l <"$build/device.tsv")
if [ "$names" -eq 0 ] || ! cmp "$build/int8.tsv" "$build/device.tsv"; then
  echo 'demo.sh: the microcontroller computed other scores than the host' >&2
  exit 1
fi
echo "all int32 scores of $names test names: the same bytes on host and Cortex-M4"

value() { sed -n "s/^#$1 //p" "$build/device.log"; }
# Symbols of the runtime, without the room's own start-up and semihosting.
runtime=$(arm-none-eabi-nm -C -S --radix=d "$image" |
  awk '/ rondo::/ && !/ rondo::firmware/ { sum += $2 } END { print sum }')
flash=$(arm-none-eabi-size "$image" | awk 'NR == 2 { print $1 + $2 }')
model=$(sed -n 's/.*_image_bytes = \([0-9]*\),.*/\1/p' "$build/firmware/names_model.h")
cat <<TEXT
flash: $flash bytes in all; model $model, rondo's own code and constants $runtime
RAM: $(value arena) bytes of arena; the demo's deepest stack $(value stack)
instructions, not cycles: $(value instructions_per_character) a character,
  $(value instructions_of_scores) for the scores at the end
TEXT
