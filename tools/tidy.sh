#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# clang-tidy over the runtime and the tools, with the flags of a build folder.
#   tools/tidy.sh BUILD
set -eu
cd "$(dirname "$0")/.."
[ -f "$1/compile_commands.json" ] || { echo "tidy.sh: $1 is not a build folder" >&2; exit 1; }
# What this build compiles: other instruction sets need other compilers.
files=$(find src tools -name '*.cpp' | sort | while read -r file; do
  if grep -q "/$file\"" "$1/compile_commands.json"; then echo "$file"; fi
done)
[ -n "$files" ] || { echo 'tidy.sh: no source was found' >&2; exit 1; }
# The build may be GCC's, with warnings and options that Clang does not know.
mkdir -p "$1/tidy"
sed 's/-mmemset-strategy=[^ "]*//g' "$1/compile_commands.json" >"$1/tidy/compile_commands.json"
# It says of each file how many warnings of others it kept to itself; findings go to its output.
echo "$files" | xargs -n 4 -P 2 clang-tidy -quiet -p "$1/tidy" \
  --extra-arg=-Wno-unknown-warning-option 2>"$1/tidy/log" || {
  grep -v 'warnings generated' "$1/tidy/log" >&2
  exit 1
}
