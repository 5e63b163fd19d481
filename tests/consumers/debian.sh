#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# rondo as Debian packages: built as Debian builds them, but quickly (without optimization), taken
# apart without being installed, the library linked by Make and CMake, the command run.
#   tests/consumers/debian.sh WORK_FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$1"
mkdir -p "$1"
work=$(cd "$1" && pwd)
DEB_BUILD_OPTIONS='noopt noautodbgsym' DEB_CXXFLAGS_APPEND=-g0 \
  "$here/../../tools/debian.sh" "$work/packages"
version=$(dpkg-deb -f "$work"/packages/rondo_*.deb Version)
root=$work/root
for package in "$work"/packages/*.deb; do
  dpkg-deb -x "$package" "$root"
done

PKG_CONFIG_LIBDIR=$(dirname "$(find "$root/usr/lib" -name rondo.pc)")
PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
[ "$(pkg-config --modversion rondo)" = "$version" ]
make -C "$work" -f "$here/Makefile" SOURCE="$here/main.cpp"
"$work/consumer"
cmake -S "$here/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$root/usr" -DVERSION="${version%.*}"
grep -q "^rondo_DIR:PATH=$root/usr/lib/" "$work/cmake/CMakeCache.txt"
cmake --build "$work/cmake"
"$work/cmake/consumer"

rondo=$root/usr/bin/rondo
[ "$("$rondo" --version)" = "$version" ]
"$rondo" help train classify | grep -q -e --hidden
zcat "$root/usr/share/man/man1/rondo-train-classify.1.gz" | groff -man -Tascii -P-cbou |
  grep -q -e --hidden
"$rondo" train classify --data "$root/usr/share/doc/rondo/examples/names" --hidden 8 --epochs 1 \
  --out "$work/names.safetensors"
"$rondo" inspect "$work/names.safetensors"
