#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Builds the Debian packages rondo and librondo-dev from this tree, and looks into them. Everything
# stays in FOLDER; what dpkg-buildpackage reads (DEB_BUILD_OPTIONS and so on) is passed on.
#   tools/debian.sh FOLDER
set -eu
if [ $# -ne 1 ]; then
  echo "usage: tools/debian.sh FOLDER" >&2
  exit 1
fi
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
tree=$folder/rondo
rm -rf "$tree" "$folder"/*.deb
mkdir "$tree"
tar -c --exclude='./build*' --exclude=./.git --exclude=./data/real --exclude=".${folder#"$PWD"}" . |
  tar -x -C "$tree"
mv "$tree/tools/debian" "$tree/debian"
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
cat >"$tree/debian/changelog" <<TEXT
rondo ($version) unstable; urgency=medium

  * See CHANGELOG.md.

 -- The rondo authors <rondo@example.org>  $(LC_ALL=C date -R -r CHANGELOG.md)
TEXT
(cd "$tree" && dpkg-buildpackage -us -uc -b)

# What must be in each: `holds PACKAGE FILE...`
holds() {
  local package=$1 list
  shift
  list=$(dpkg-deb -c "$folder/${package}_$version"_*.deb)
  for file; do
    if ! grep -q "$file\$" <<<"$list"; then
      echo "$file is missing in $package" >&2
      exit 1
    fi
  done
}
# shellcheck disable=SC2046 # words on purpose
holds librondo-dev $(cd include && printf './usr/include/%s\n' rondo/*) /librondo.a \
  /pkgconfig/rondo.pc /rondo/rondo-config.cmake /rondo/rondo-config-version.cmake
holds rondo ./usr/bin/rondo /man1/rondo.1.gz /man1/rondo-train-lm.1.gz /examples/names/Irish.txt \
  /examples/presets/names-cells.json
rm -rf "$tree"
ls -l "$folder"/*.deb
