#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Builds the Debian packages rondo and librondo-dev from this tree, and looks into them.
#   tools/debian.sh FOLDER      the packages come into FOLDER
set -eu
if [ $# -ne 1 ]; then
  echo "usage: tools/debian.sh FOLDER" >&2
  exit 1
fi
cd "$(dirname "$0")/.."
folder=$(mkdir -p "$1" && cd "$1" && pwd)
tree=$folder/rondo
rm -rf "$tree" "$folder"/*.deb
mkdir -p "$tree"
tar -c --exclude='./build*' --exclude=./.git . | tar -x -C "$tree"
mv "$tree/tools/debian" "$tree/debian"
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
cat >"$tree/debian/changelog" <<TEXT
rondo ($version) unstable; urgency=medium

  * See CHANGELOG.md.

 -- The rondo authors <rondo@example.org>  $(LC_ALL=C date -R -d "@${SOURCE_DATE_EPOCH:-0}")
TEXT
(cd "$tree" && dpkg-buildpackage -us -uc -b)

# What must be in each: `holds PACKAGE FILE...`
holds() {
  local package=$1 list
  shift
  list=$(dpkg-deb -c "$folder/${package}_$version"_*.deb)
  for file; do
    if ! grep -q "$file" <<<"$list"; then
      echo "$file is missing in $package" >&2
      exit 1
    fi
  done
}
holds rondo ./usr/bin/rondo ./usr/share/man/man1/rondo-train-lm.1.gz
holds librondo-dev ./usr/include/rondo/rondo.h librondo.a pkgconfig/rondo.pc rondo-config.cmake
rm -rf "$tree"
ls -l "$folder"/*.deb
