#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# Generators of names as a user of the rondo command meets them, from a folder to new names.
#   generator_test.sh RONDO DATA_NAMES
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/checks.sh"

quick='--hidden 24 --epochs 4 --threads 1'

echo '- every cell learns, twice to the same bytes, and makes up names'
for cell in lstm gru rnn relu classroom; do
  for n in 1 2; do
    # shellcheck disable=SC2086 # words on purpose
    good train generate --data "$names" --cell $cell $quick --log files/$cell.jsonl \
      --out files/$cell$n.safetensors --json
    # Each of 59 symbols alike has perplexity 59.
    json 'all(1 < d[side]["perplexity"] < 25 for side in ("train", "valid", "test"))'
    json 'd["train"]["count"] > d["test"]["count"] > 3000 and d["kept_epoch"] == 4'
  done
  cmp files/${cell}1.safetensors files/${cell}2.safetensors || fail "$cell: other bytes"
  python3 - files/$cell.jsonl <<'PY' || fail "the log of $cell"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [l["event"] for l in lines] == ["start"] + 4 * ["epoch"] + ["end"], lines
epochs = lines[1:5]
assert epochs[3]["loss"] < epochs[0]["loss"]
assert epochs[3]["valid"]["loss"] < epochs[0]["valid"]["loss"]
assert abs(epochs[3]["valid"]["loss"] - lines[5]["valid"]["loss"]) < 1e-4
PY
  good eval files/${cell}1.safetensors --data "$names" --json
  cp out test.json
  python3 - files/$cell.jsonl <<'PY' || fail "eval of $cell says other than train"
import json, sys
end = json.loads(open(sys.argv[1]).readlines()[-1])
assert abs(json.load(open("test.json"))["loss"] - end["test"]["loss"]) < 1e-9
PY
  good generate files/${cell}1.safetensors --class Russian --count 5 --seed 3 --json
  json 'len(d["names"]) == 5 and d["class"] == "Russian" and len(set(d["names"])) > 1'
  json 'all(len(name) <= 100 for name in d["names"])'
  good generate files/${cell}1.safetensors --class Russian --prefix 'Iv' --length 3
  grep -Eq "^Iv[a-zA-Z .,;'-]{0,3}\$" out || fail "$cell: $(cat out)"
done
# shellcheck disable=SC2086
good train generate --data "$names" --cell lstm $quick --seed 2 --out files/other.safetensors
cmp -s files/lstm1.safetensors files/other.safetensors && fail 'another seed gave the same bytes'
good inspect files/classroom1.safetensors --json
json 'd["task"] == "generate" and d["cell"] == "generator" and d["outputs"] == 59'

echo '- the class in front counts'
good train generate --data "$names" --cell gru --hidden 48 --epochs 30 --sampling balanced \
  --patience 10 --out files/good.safetensors --json
json 'd["test"]["perplexity"] < 12'
# Greedy names of languages that spell unlike each other.
good generate files/good.safetensors --class Japanese --temperature 0
cp out japanese
good generate files/good.safetensors --class Polish --temperature 0
cmp -s out japanese && fail 'the class makes no difference'
good generate files/good.safetensors --class Irish --prefix O --count 20 --temperature 0.5
grep -q "^O'" out || fail "none of 20 Irish names from O goes on with a mark: $(cat out)"

echo '- int8'
for bits in 8 16; do
  good quantize files/good.safetensors --data "$names" --activations $bits \
    --out files/a$bits.rondo --json
  json 'abs(d["int8"]["loss"] - d["float"]["loss"]) < 0.01'
  json 'd["comparison"]["agreeing"] > 0.9 * d["comparison"]["answers"] > 0'
  good eval files/a$bits.rondo --data "$names" --json
  json 'd["perplexity"] < 12'
  good generate files/a$bits.rondo --class Irish --prefix O --count 3 --seed 7
  cp out seven
  good generate files/a$bits.rondo --class Irish --prefix O --count 3 --seed 7
  cmp out seven || fail 'the same seed made other names'
  good generate files/a$bits.rondo --class Irish --prefix O --count 3 --seed 8
  cmp -s out seven && fail 'another seed made the same names'
done
good quantize files/rnn1.safetensors --data "$names" --out files/rnn.rondo
good quantize files/good.safetensors --data "$names" --type f32 --out files/f32.rondo --json
json 'abs(d["f32"]["loss"] - d["float"]["loss"]) < 1e-5'
good inspect files/a8.rondo
grep -q 'for the task generate' out || fail 'inspect names no task'
good export files/a8.rondo --target cortex-m4 --name maker --out files/e
grep -q 'maker_classes\[59\]' files/e/maker.h || fail 'the header lacks the symbols'

echo '- an interrupted run goes on to the same bytes'
resumed() {
  exec "$rondo" train generate --data "$names" --hidden 32 --epochs 30 --threads 1 --patience 20 \
    --dropout 0.2 --save-every 0 --out "files/$1.safetensors" --resume
}
(resumed whole) >/dev/null 2>&1 || fail 'the run that is left alone'
resumed cut >/dev/null 2>&1 &
run=$!
until [ -e files/cut.safetensors.resume ] || ! kill -0 "$run" 2>/dev/null; do sleep 0.01; done
kill -9 "$run" 2>/dev/null || true
wait "$run" 2>/dev/null || true
rm -f files/cut.safetensors.resume.tmp*  # of a run that was killed while it wrote
[ -e files/cut.safetensors.resume ] || fail 'it was too fast to be interrupted'
(resumed cut) >/dev/null 2>&1 || fail 'it does not go on'
cmp files/whole.safetensors files/cut.safetensors || fail 'another result than that of one go'
[ ! -e files/cut.safetensors.resume ] || fail 'the snapshot is left'

echo '- what is refused'
bad 'no integer format can hold' quantize files/classroom1.safetensors --data "$names" --out files/x
bad 'no float layer of its kind' quantize files/classroom1.safetensors --data "$names" \
  --type f32 --out files/x
bad 'no integer format can hold' quantize files/relu1.safetensors --data "$names" --out files/x
bad 'none was given (known: Arabic, Chinese' generate files/a8.rondo
bad 'unknown class "Elvish"' generate files/a8.rondo --class Elvish
bad '--count' generate files/a8.rondo --class Irish --count 0
bad '--length' generate files/a8.rondo --class Irish --length 0
bad '--temperature' generate files/a8.rondo --class Irish --temperature -1
bad '--bidirectional' train generate --data "$names" --bidirectional --out files/x
bad 'networks of the classroom have none' train generate --data "$names" --cell classroom \
  --layers 2 --out files/x
bad 'unknown cell "generator"' train generate --data "$names" --cell generator --out files/x
bad 'no such folder' train generate --data none --out files/x
bad '--epochs' train generate --data "$names" --epochs 0 --out files/x
bad 'are for classifiers' eval files/a8.rondo --data "$names" --per-class
bad 'is a generator of names' predict files/a8.rondo Smith
bad 'is a generator of names' predict files/classroom1.safetensors Smith
mkdir -p two
cp "$names/Irish.txt" "$names/Dutch.txt" two
bad 'has 2 of the 18 classes' eval files/a8.rondo --data two
python3 - <<'PY'
import json, struct
for source in ("lstm1", "classroom1"):
    raw = open(f"files/{source}.safetensors", "rb").read()
    size = struct.unpack("<Q", raw[:8])[0]
    head = json.loads(raw[8:8 + size])
    def write(name, change):
        about = json.loads(head["__metadata__"]["rondo"])
        change(about)
        changed = {**head, "__metadata__": {**head["__metadata__"], "rondo": json.dumps(about)}}
        text = json.dumps(changed).encode()
        text += b" " * (-len(text) % 8)
        open(f"files/{source}-{name}.safetensors", "wb").write(
            struct.pack("<Q", len(text)) + text + raw[8 + size:])
    write("none", lambda about: about.update(conditions=[]))
    write("less", lambda about: about.update(conditions=about["conditions"][1:]))
    write("task", lambda about: about.update(task="classify"))
    write("letters", lambda about: about.update(alphabet=about["alphabet"][::-1]))
    write("words", lambda about: about.update(conditions=7))
PY
for source in lstm1 classroom1; do
  bad "files/$source-none.safetensors: " generate files/$source-none.safetensors --class Irish
  bad "files/$source-less.safetensors: " generate files/$source-less.safetensors --class Irish
  bad 'conditions' generate files/$source-words.safetensors --class Irish
  bad 'is not a generator of the 58 letters' generate files/$source-letters.safetensors \
    --class Irish
  bad "files/$source-task.safetensors: " generate files/$source-task.safetensors --prefix a
done
[ -z "$(find files -name '*.tmp*')" ] || fail 'temporary files are left'
echo "generator: $passed checks"
