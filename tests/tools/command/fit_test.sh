#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# rondo inspect --fit: the size it finds is what a model of that size takes; more does not fit; and
# what cannot be read is refused.
#   fit_test.sh RONDO DATA_NAMES
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/checks.sh"
sizes='--inputs 57 --outputs 18'

echo '- a network of the size found takes exactly what was said'
for cell in lstm gru; do
  for target in cortex-m4 cortex-m55; do
    # shellcheck disable=SC2086 # words on purpose
    good inspect --fit flash=20K ram=4K $sizes --cell $cell --target $target --json
    json 'len(d["fits"]) == 1 and d["flash"] == 20480 and d["ram"] == 4096'
    json 'd["fits"][0]["hidden"] >= 4 and d["fits"][0]["flash_bytes"] <= 20480'
    json 'd["fits"][0]["ram_bytes"] <= 4096 and d["fits"][0]["code_bytes"] > 3000'
    cp out fit.json
    hidden=$(python3 -c 'import json; print(json.load(open("fit.json"))["fits"][0]["hidden"])')
    good train classify --data "$names" --cell $cell --hidden "$hidden" --epochs 1 --threads 1 \
      --out files/m.safetensors
    good quantize files/m.safetensors --data "$names" --out files/m.rondo
    good export files/m.rondo --target $target --name m --out files/e --json
    # Beside the image stands the table of bytes; beside the arena the objects of rondo_init.
    json 'd["image_bytes"] + 512 == json.load(open("fit.json"))["fits"][0]["image_bytes"]'
    json 'd["arena_bytes"] + 100 == json.load(open("fit.json"))["fits"][0]["arena_bytes"]'
  done
done

echo '- flash or RAM: what is scarce decides; units come in groups of four'
# shellcheck disable=SC2086
good inspect --fit flash=64K ram=8K $sizes --json
json '[f["cell"] for f in d["fits"]] == ["lstm", "gru", "rnn"]'
json 'all(f["hidden"] % 4 == 0 for f in d["fits"])'
json 'd["fits"][0]["hidden"] < d["fits"][1]["hidden"] < d["fits"][2]["hidden"]'
cp out wide.json
# shellcheck disable=SC2086
good inspect --fit ram=1500 flash=64k $sizes --json
json 'd["fits"][0]["hidden"] < json.load(open("wide.json"))["fits"][0]["hidden"]'
json 'd["fits"][0]["ram_bytes"] <= 1500'
# shellcheck disable=SC2086
good inspect --fit flash=64K ram=8K $sizes --layers 2 --activations 16 --input real --json
json '0 < d["fits"][0]["hidden"] < json.load(open("wide.json"))["fits"][0]["hidden"]'
# shellcheck disable=SC2086
good inspect --fit flash=4K ram=8K $sizes
grep -q 'does not fit' out || fail 'nothing fits into 4K, and that is not said'

echo '- inputs and outputs from a model'
for model in m.safetensors m.rondo; do
  good inspect files/$model --fit flash=64K ram=8K --json
  json 'd["fits"] == json.load(open("wide.json"))["fits"]'
done

echo '- what cannot be meant'
bad 'how many inputs' inspect --fit flash=64K ram=8K
for word in flash= flash=0 flash=12Q flash=-4K flash=99999999999K flash=9999M ram=1.5K; do
  # shellcheck disable=SC2086
  bad 'has no size' inspect --fit ram=8K flash=1M $word $sizes
done
# shellcheck disable=SC2086
{
  bad 'no ram=SIZE' inspect --fit flash=64K $sizes
  bad 'no flash=SIZE' inspect --fit ram=64K $sizes
  bad 'neither flash=SIZE nor ram=SIZE' inspect --fit rom=64K ram=8K $sizes
  bad 'MODEL goes in front' inspect --fit flash=64K ram=8K files/m.rondo
  bad 'unknown cell' inspect --fit flash=64K ram=8K $sizes --cell classroom
  bad 'must be 8 or 16' inspect --fit flash=64K ram=8K $sizes --activations 12
  bad 'known: token, real' inspect --fit flash=64K ram=8K $sizes --input letters
  bad 'unknown target' inspect --fit flash=64K ram=8K $sizes --target cortex-m99
  bad 'no sizes of the runtime' inspect --fit flash=64K ram=8K $sizes --target generic
}
bad 'more than 4096 inputs' inspect --fit flash=64K ram=8K --inputs 99999 --outputs 2
bad 'more than 8 layers' inspect --fit flash=64K ram=8K --inputs 9 --outputs 2 --layers 99
bad 'is missing' inspect
bad 'none.rondo' inspect none.rondo --fit flash=64K ram=8K
echo "$passed checks passed"
