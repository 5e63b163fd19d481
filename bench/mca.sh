#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# What the inner loops of the int8 kernels of 64-bit Arm cost by LLVM's models of the cores, as a
# Markdown table. No such core is needed; caches, memory and branches are not in the models.
#   bench/mca.sh [CORE...]        default: cortex-a53 cortex-a72 cortex-a76 neoverse-n1
# Needs llvm-mca (or llvm-mca-NN; the newest is taken; Debian: llvm-19) and aarch64-linux-gnu-g++;
# MCA and CXX name others.
set -euo pipefail
cd "$(dirname "$0")/.."

mca=${MCA:-$( (compgen -c llvm-mca || true) | sort -t- -k3 -n | tail -n 1)}
cxx=${CXX:-aarch64-linux-gnu-g++}
for need in "$mca" "${cxx%% *}"; do
  if [ -z "$need" ] || ! command -v "$need" >/dev/null; then
    echo 'mca.sh: needs llvm-mca and aarch64-linux-gnu-g++' \
      '(apt-get install llvm-19 g++-aarch64-linux-gnu), or MCA=... CXX=...' >&2
    exit 1
  fi
done
cores=("$@")
[ $# -gt 0 ] || cores=(cortex-a53 cortex-a72 cortex-a76 neoverse-n1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As src/kernel/meson.build compiles them.
assembly() {
  local source=$1
  shift
  # shellcheck disable=SC2086 # CXX may hold arguments
  $cxx -std=c++17 -O2 -fno-exceptions -fno-rtti -ffp-contract=off -fno-schedule-insns \
    -fno-tree-ter -fno-asynchronous-unwind-tables -Iinclude -Isrc "$@" -S "$source" \
    -o "$work/$(basename "$source" .cpp).s"
}

# loop FILE SYMBOL: the longest innermost loop of the function whose name matches: from a label to
# a branch back to it on a condition, with no jump without one in between.
loop() {
  awk -v symbol="$2" '
    /^[A-Za-z_][A-Za-z0-9_.$]*:/ { inside = $0 ~ symbol; n = last = 0; split("", at) }
    !inside { next }
    /^\.L[A-Za-z0-9_$]+:/ { label = $0; sub(/:.*/, "", label); at[label] = n; next }
    /^[ \t]+[a-z]/ {
      line[++n] = $0
      if ($1 == "b" || $1 == "ret") last = n
      if ($1 !~ /^(b\.?(eq|ne|cs|cc|hs|lo|hi|ls|mi|pl|ge|lt|gt|le)|cbn?z|tbn?z)$/) next
      if (!($NF in at) || at[$NF] < last) next
      if (n - at[$NF] > most) {
        most = n - at[$NF]
        for (i = 1; i <= most; ++i) best[i] = line[at[$NF] + i]
      }
      last = n
    }
    END {
      if (most == 0) exit 1
      for (i = 1; i <= most; ++i) print best[i]
    }' "$work/$1.s"
}

# cell CORE WORK UNIT FILE: cycles of an iteration, what that makes of the work, what it waits for:
# the busiest unit of the core or the front end where that is busy nine cycles of ten, else results.
cell() {
  "$mca" -mtriple=aarch64 -mattr=+v8.2a,+dotprod -mcpu="$1" -iterations=200 \
    -instruction-info=false "$4" 2>"$work/log" | awk -v work="$2" -v unit="$3" '
      /^Total Cycles:/ { cycles = $3 / 200 }
      /^Dispatch Width:/ { width = $3 }
      /^uOps Per Cycle:/ { uops = $4 }
      /^\[[0-9.]+\] +- / { name_of[$1] = $3 }
      /^Resource pressure per iteration:/ {
        getline
        n = split($0, name)
        getline
        split($0, busy)
        for (i = 1; i <= n; ++i) {
          if (busy[i] + 0 > most + 0) { most = busy[i]; top = name_of[name[i]] }
        }
      }
      END {
        if (cycles == 0) exit 1
        sub(/^[A-Za-z0-9]*Unit/, "", top)
        # The model of Cortex-A57 calls its two vector pipes W and X.
        top = top == "W" ? "V0" : top == "X" ? "V1" : top ~ /^L/ ? "loads" : top
        bound = most >= 0.9 * cycles ? top : uops >= 0.9 * width ? "front end" : "results"
        rate = unit == "products" ? work / cycles : cycles / work
        printf "%.0f: **%.1f**, %s", cycles, rate, bound
      }'
}

# row NAME WORK UNIT FILE SYMBOL: of products, products a cycle; of others, cycles for each.
row() {
  local core
  loop "$4" "$5" >"$work/loop.s" || {
    echo "mca.sh: no loop of $5 in $4" >&2
    exit 1
  }
  printf '| %s | %d %s |' "$1" "$2" "$3"
  for core in "${cores[@]}"; do
    case $4/$core in
      dotprod*/cortex-a35 | dotprod*/cortex-a5[37] | dotprod*/cortex-a7[23]) printf ' - |' ;;
      *) printf ' %s |' "$(cell "$core" "$2" "$3" "$work/loop.s")" ;;
    esac
  done
  printf '\n'
}

assembly src/kernel/neon_s8.cpp
assembly src/kernel/dotprod_s8.cpp -march=armv8.2-a+dotprod
assembly bench/tanh_table.cpp

printf '| loop | an iteration |'
printf ' %s |' "${cores[@]}"
printf '\n|---|---|'
printf -- '---|%.0s' "${cores[@]}"
printf '\n'
row 'neon, a8' 256 products neon_s8 'TileS8.*sumILj8ELj1E'
row 'neon, a8, 2 vectors' 256 products neon_s8 'TileS8.*sumILj4ELj2E'
row 'neon, a16' 64 products neon_s8 'TileS16.*sumILj4ELj1E'
row 'neon, a16, 2 vectors' 64 products neon_s8 'TileS16.*sumILj2ELj2E'
row 'dotprod, a8' 1024 products dotprod_s8 'TileILj1EE.*sumILj16ELj1E'
row 'dotprod, a8, 2 vectors' 1024 products dotprod_s8 'TileILj1EE.*sumILj8ELj2E'
row 'dotprod, a16' 512 products dotprod_s8 'TileILj2EE.*sumILj8ELj1E'
row 'dotprod, a16, 2 vectors' 512 products dotprod_s8 'TileILj2EE.*sumILj4ELj2E'
row 'neon, LSTM' 16 units neon_s8 'pointwiseINS1_4Lstm'
row 'neon, GRU' 16 units neon_s8 'pointwiseINS1_3GruE'
row 'dotprod, LSTM' 16 units dotprod_s8 'pointwiseINS1_4Lstm'
row 'dotprod, GRU' 16 units dotprod_s8 'pointwiseINS1_3GruE'
row 'tanh, cubic' 16 values tanh_table tanh_by_cubic
row 'tanh, table of 257' 16 values tanh_table tanh_by_table
