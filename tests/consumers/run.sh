#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# rondo as others use it: installed and found by pkg-config, Make and CMake, and as a Meson
# subproject, by hand and by a wrap file.
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
version=$(meson introspect --projectinfo "$work/build" |
  sed -n 's/.*"version": "\([^"]*\)".*/\1/p')
[ "$(pkg-config --modversion rondo)" = "$version" ]
[ -z "$(pkg-config --print-requires --print-requires-private rondo)" ]
make -C "$work" -f "$here/Makefile" SOURCE="$here/main.cpp"
"$work/consumer"

cmake -S "$here/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/prefix" -DVERSION="${version%.*}"
cmake --build "$work/cmake"
"$work/cmake/consumer"
# Another series, or a later version, is not what was asked for.
for other in 0.99 99.0; do
  if cmake -S "$here/cmake" -B "$work/other" -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DVERSION=$other >/dev/null 2>&1; then
    echo "find_package(rondo $other) found this version" >&2
    exit 1
  fi
done

# As a subproject, alone in its folder.
mkdir -p "$work/subproject/subprojects"
cp "$here/subproject/meson.build" "$here/main.cpp" "$work/subproject/"
ln -s "$root" "$work/subproject/subprojects/rondo"
meson setup "$work/subproject/build" "$work/subproject"
meson test -C "$work/subproject/build"

# By a wrap file, from a repository: what README.md says, with this tree in place of the address.
mkdir -p "$work/wrap/subprojects"
cp "$here/subproject/meson.build" "$here/main.cpp" "$work/wrap/"
if git -C "$root" rev-parse HEAD >/dev/null 2>&1; then
  sed -e "s|^url = .*|url = file://$root|" -e "s|^revision = .*|revision = $(git -C "$root" \
    rev-parse HEAD)|" "$here/subproject/rondo.wrap" >"$work/wrap/subprojects/rondo.wrap"
  meson setup "$work/wrap/build" "$work/wrap"
  meson test -C "$work/wrap/build"
else
  echo "this tree is no repository: the wrap file was not tried"
fi
