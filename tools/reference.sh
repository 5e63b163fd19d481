#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Makes the reference of the public API with Doxygen, as web pages. A warning is an error.
#   tools/reference.sh FOLDER      the pages begin at FOLDER/html/index.html
set -eu
if [ $# -ne 1 ]; then
  echo "usage: tools/reference.sh FOLDER" >&2
  exit 1
fi
cd "$(dirname "$0")/.."
mkdir -p "$1"
(cat include/Doxyfile && echo "OUTPUT_DIRECTORY = $1") | doxygen - 2>"$1/warnings"
if [ -s "$1/warnings" ]; then
  cat "$1/warnings" >&2
  exit 1
fi
# An empty reference would have no warnings either.
for name in rondo::Stream rondo::Model rondo_step_token; do
  if ! grep -rqF "$name" "$1/html"; then
    echo "$name is missing in $1/html" >&2
    exit 1
  fi
done
echo "$(find "$1/html" -name '*.html' | wc -l) pages: $1/html/index.html"
