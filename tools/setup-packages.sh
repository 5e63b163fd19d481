#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Installs the Debian packages that building and testing rondo takes; run by people and by .ci/run.
# Where nothing is missing it changes nothing and needs no root. Elsewhere than on Debian and its
# kin it names the packages and leaves the rest to the user.
set -eu

build='meson ninja-build pkg-config g++ libopenblas-dev libcli11-dev nlohmann-json3-dev
  libutf8proc-dev doctest-dev libxsimd-dev libbenchmark-dev python3'
firmware='gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm'
check='build-essential clang clang-format clang-tidy cmake debhelper doxygen gcovr git groff-base
  make parallel valgrind'
cross='g++-aarch64-linux-gnu g++-arm-linux-gnueabihf g++-riscv64-linux-gnu qemu-user
  gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc'
onnx='python3-onnx libonnx-testdata'

usage() {
  cat <<TEXT
usage: tools/setup-packages.sh GROUP...
  build     the library, the tools, tests and benches
  firmware  images for Cortex-M and the emulator that runs them
  check     clang, format, tidy, gcovr, valgrind, CMake, Make, git, Doxygen, GNU parallel, debhelper
  cross     64-bit and 32-bit Arm Linux, 64-bit RISC-V Linux and 32-bit RISC-V without, emulated
  onnx      the tests of ONNX's own reader and operators against rondo's
TEXT
}

if [ $# -eq 0 ]; then
  usage >&2
  exit 1
fi
wanted=
for group; do
  case $group in
    build) wanted="$wanted $build" ;;
    firmware) wanted="$wanted $firmware" ;;
    check) wanted="$wanted $check" ;;
    cross) wanted="$wanted $cross" ;;
    onnx) wanted="$wanted $onnx" ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      echo "setup-packages.sh: $group: expected build, firmware, check, cross or onnx" >&2
      exit 1
      ;;
  esac
done
# shellcheck disable=SC2086 # split into words on purpose, here and below
set -- $wanted
wanted=$*

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is not Debian: install what your system calls these: $wanted"
  exit 0
fi

missing=
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=none
  [ "$state" = installed ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "All packages are installed: $wanted"
  exit 0
fi
echo "Missing:$missing"

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root='sudo -n'
else
  echo "Installing takes root, and sudo asks for a password or is not there. Run:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
  exit 1
fi
echo "Installing them with ${as_root:+$as_root }apt-get"
$as_root apt-get update
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
echo "Installed:$missing"
