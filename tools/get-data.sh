#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Brings the data of the experiments into data/real, which git ignores. Run by hand or by
# reproduce.sh. It takes nothing that differs from data/SHA256SUMS and replaces nothing.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
sums=$root/data/SHA256SUMS
real=$root/data/real
names_url=https://download.pytorch.org/tutorial/data.zip
timemachine_url=http://d2l-data.s3-accelerate.amazonaws.com/timemachine.txt
from=
stage=

usage() {
  cat <<EOF
usage: tools/get-data.sh [--from FOLDER] [names] [timemachine]

Brings the data of the experiments into data/real:
  names         18 files of surnames, MIT, from the PyTorch tutorial on character RNNs
                $names_url
  timemachine   The Time Machine by H. G. Wells, public domain, as the D2L book has it
                $timemachine_url
Without a name it brings both. What is already there and right is left alone.

  --from FOLDER   take the files from FOLDER/names or FOLDER/data/names, and
                  FOLDER/timemachine.txt or FOLDER/data/timemachine.txt, not from the network
  --help          this text

Every file is checked against data/SHA256SUMS, the sums of the set that the project's figures were
made with. The public files may have changed since by as little as a line end; they are refused
then. They still train (rondo train classify --data FOLDER), but to other figures.
EOF
}

fail() {  # place, problem, hint
  echo "$1: $2 ($3)" >&2
  exit 1
}

# Whatever ends the script, nothing half-written stays.
clean_up() {
  if [ -n "$stage" ]; then rm -rf "$stage"; fi
  rmdir "$real" 2>/dev/null || true
}

digest() {
  if command -v sha256sum >/dev/null; then
    sha256sum <"$1" | cut -d ' ' -f 1
  else
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  fi
}

# names or timemachine -> its entry in data/real
entry_of() {
  if [ "$1" = names ]; then echo names; else echo timemachine.txt; fi
}

# The files of an entry, as data/SHA256SUMS lists them.
files_of() {
  awk -v entry="$1" '$2 == entry || index($2, entry "/") == 1 { print $2 }' "$sums"
}

# Compares an entry below a folder with the table; says what differs and fails if anything does.
check() {  # folder, entry, what to call the folder
  status=0
  for file in $(files_of "$2"); do
    expected=$(awk -v file="$file" '$2 == file { print $1 }' "$sums")
    if [ ! -f "$1/$file" ]; then
      echo "$3/$file: missing" >&2
      status=1
    elif [ "$(digest "$1/$file")" != "$expected" ]; then
      echo "$3/$file: differs from data/SHA256SUMS" >&2
      status=1
    fi
  done
  for path in "$1/$2"/*.txt; do
    [ -e "$path" ] || continue
    if ! files_of "$2" | grep -qxF "$2/${path##*/}"; then
      echo "$3/$2/${path##*/}: is not one of the set" >&2
      status=1
    fi
  done
  return "$status"
}

copy_entry() {  # entry
  for source in "$from" "$from/data"; do
    [ -e "$source/$1" ] || continue
    for file in $(files_of "$1"); do
      mkdir -p "$(dirname "$stage/$file")"
      if [ -f "$source/$file" ]; then cp "$source/$file" "$stage/$file"; fi
    done
    return 0
  done
  fail "$from" "holds neither $1 nor data/$1" "give the folder in which it lies"
}

download() {  # url, file
  command -v curl >/dev/null || fail curl "is not installed" "install it, or use --from FOLDER"
  curl -fsSL --retry 2 -o "$2" "$1" ||
    fail "$1" "cannot be fetched" "try again, or use --from FOLDER"
}

fetch_entry() {  # entry
  if [ "$1" != names ]; then
    download "$timemachine_url" "$stage/$1"
    return 0
  fi
  command -v unzip >/dev/null || fail unzip "is not installed" "install it, or use --from FOLDER"
  download "$names_url" "$stage/data.zip"
  mkdir "$stage/$1"
  unzip -q -j "$stage/data.zip" 'data/names/*.txt' -d "$stage/$1" ||
    fail "$names_url" "is no zip with data/names in it" "use --from FOLDER"
}

bring() {  # entry
  if [ -e "$real/$1" ]; then
    check "$real" "$1" data/real ||
      fail "data/real/$1" "is there but not right" "move it away, then run this again"
    echo "data/real/$1: already there and right"
    return 0
  fi
  mkdir -p "$real"
  stage=$(mktemp -d "$real/.get-data.XXXXXX")
  if [ -n "$from" ]; then copy_entry "$1"; else fetch_entry "$1"; fi
  check "$stage" "$1" "${from:-download}" ||
    fail "$1" "not taken, since it is not the set the figures were made with" "see --help"
  mv "$stage/$1" "$real/$1"
  rm -rf "$stage"
  echo "data/real/$1: brought and checked"
}

sets=
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --from)
      [ $# -ge 2 ] || fail --from "needs a folder" "see --help"
      from=$2
      [ -d "$from" ] || fail "$from" "no such folder" "check what follows --from"
      shift ;;
    names | timemachine) sets="$sets $1" ;;
    *) fail "$1" "is not an option or a set of data" "see --help" ;;
  esac
  shift
done
[ -f "$sums" ] || fail "$sums" "no such file" "it belongs to the repository: restore it"

trap clean_up EXIT
trap 'exit 1' HUP INT TERM
for set in ${sets:-names timemachine}; do bring "$(entry_of "$set")"; done
