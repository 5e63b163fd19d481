#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# rondo as others use it: installed and found by pkg-config, and as a Meson subproject.
#   tests/consumers/run.sh WORK_FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rm -rf "$1"
mkdir -p "$1"
work=$(cd "$1" && pwd)

# Without tools: what a user of the library builds.
meson setup "$work/build" "$root" --prefix="$work/prefix" --libdir=lib -Dtools=disabled \
  -Dtests=disabled -Dbench=disabled
meson install -C "$work/build"
PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion rondo)" = "$(meson introspect --projectinfo "$work/build" |
  sed -n 's/.*"version": "\([^"]*\)".*/\1/p')" ]
# shellcheck disable=SC2046 # words on purpose
"${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror "$here/main.cpp" \
  $(pkg-config --cflags --libs rondo) -o "$work/consumer"
"$work/consumer"

# As a subproject, alone in its folder.
mkdir -p "$work/subproject/subprojects"
cp "$here/subproject/meson.build" "$here/main.cpp" "$work/subproject/"
ln -s "$root" "$work/subproject/subprojects/rondo"
meson setup "$work/subproject/build" "$work/subproject"
meson test -C "$work/subproject/build"
