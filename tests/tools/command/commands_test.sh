#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# The rondo command as a user meets it: results, one JSON object, exit statuses, and for bad input a
# clear error with nothing written and nothing overwritten.
#   commands_test.sh RONDO DATA_NAMES
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
pages=$(dirname "$(realpath "$0")")/../../../tools/command/meson.build
. "$(dirname "$(realpath "$0")")/checks.sh"

quick='--hidden 16 --epochs 2 --threads 1'

echo '- the main line, twice: the same seed gives the same bytes'
for n in 1 2; do
  # shellcheck disable=SC2086 # words on purpose
  good train classify --data "$names" --out files/m$n.safetensors $quick \
    --log files/m$n.jsonl --json
  json 'd["test"]["count"] > 0 and 0 < d["test"]["accuracy"] < 1 and d["names_per_second"] > 0'
  good quantize files/m$n.safetensors --data "$names" --out files/m$n.rondo \
    --report files/r$n --json
  json 'd["comparison"]["agreeing"] > 0.9 * d["comparison"]["sequences"] > 0'
  good export files/m$n.rondo --target cortex-m4 --name m --out files/e$n --json
  json 'd["arena_bytes"] == d["model_bytes"] + d["state_bytes"] + d["scratch_bytes"]'
done
good export files/m1.rondo --format bundle --target cortex-m4 --name m --out files/b1 --json
json 'len(d["files"]) > 40 and all(len(open(f).read()) > 0 for f in d["files"])'
json 'd["folder"] == "files/b1" and "files/b1/src/rondo/rondo.h" in d["files"]'
good export files/m1.rondo --format image --target cortex-m4 --name m --out files/i1 --json
json 'len(open(d["image"], "rb").read()) == d["image_bytes"] > 0'
good inspect files/i1/m.rondo
grep -q 'packing cortex_m' out || fail 'an image for Cortex-M has its packing'
bad 'is no part of this bundle' export files/m1.rondo --format bundle --name other --out files/b1
for pair in m1.safetensors:m2.safetensors m1.rondo:m2.rondo e1/m.c:e2/m.c e1/m.h:e2/m.h; do
  cmp "files/${pair%:*}" "files/${pair#*:}" || fail "$pair differ"
done
# shellcheck disable=SC2086
good train classify --data "$names" --out files/other.safetensors $quick --seed 2
cmp -s files/m1.safetensors files/other.safetensors && fail 'another seed gave the same bytes'
good train classify --data "$names" --out files/m64.safetensors --hidden 16 --epochs 1 \
  --sampling balanced --optimizer sgd --lr 0.5 --schedule cosine --init xavier --layers 2 \
  --patience 1
python3 - files/m1.jsonl <<'PY' || fail 'the log of the run'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [l["event"] for l in lines] == ["start", "epoch", "epoch", "end"], lines
assert all(l["loss"] > 0 and l["valid"]["count"] > 0 for l in lines if l["event"] == "epoch")
PY

echo '- eval says the same of a checkpoint and of its float image'
good eval files/m1.safetensors --data "$names" --json
cp out float.json
good quantize files/m1.safetensors --data "$names" --out files/f32.rondo --type f32
good eval files/f32.rondo --data "$names" --json --answers files/answers.tsv
python3 -c 'import json
a, b = json.load(open("float.json")), json.load(open("out"))
assert a["accuracy"] == b["accuracy"] and abs(a["loss"] - b["loss"]) < 1e-5' ||
  fail 'checkpoint and float image differ'
json 'd["count"] == sum(1 for _ in open("files/answers.tsv"))'
good eval files/m1.rondo --data "$names" --subset train --per-class
grep -q 'Vietnamese' out || fail 'no class names'

echo '- help, and manual pages made of it'
good help train lm
mv out help
good train lm --help
cmp -s help out || fail 'help and --help differ'
bad 'there is no command nosuch' help nosuch
bad 'train has classify' help train nosuch
mkdir man
good help --man man
for page in man/*; do
  name=$(basename "$page")
  grep -q "'$name'" "$pages" || fail "$name is not installed: list it in $pages"
  # Groff tells of requests it does not know.
  if command -v groff >/dev/null; then
    groff -man -ww -Tascii -P-cbou "$page" 2>&1 >man.txt | grep . && fail "$page is no good page"
    grep -q 'EXIT STATUS' man.txt || fail "$page ends early"
  fi
done
[ "$(find man -type f | wc -l)" -eq "$(grep -o "'rondo[a-z-]*[.]1'" "$pages" | wc -l)" ] ||
  fail "the pages written are not those of $pages"

echo '- both ways, and the RNN of the classroom'
# shellcheck disable=SC2086
good train classify --data "$names" --out files/bi.safetensors $quick --bidirectional --cell gru
good inspect files/bi.safetensors --json
json 'd["bidirectional"] and d["parameters"] == 2 * 3 * 16 * (57 + 16 + 2) + 33 * 18'
good eval files/bi.safetensors --data "$names" --subset all --json
cp out float.json
good quantize files/bi.safetensors --data "$names" --out files/bi32.rondo --type f32
good eval files/bi32.rondo --data "$names" --subset all --json
python3 -c 'import json
a, b = json.load(open("float.json")), json.load(open("out"))
assert a["accuracy"] == b["accuracy"] and abs(a["loss"] - b["loss"]) < 1e-5' ||
  fail 'bidirectional checkpoint and float image differ'
good quantize files/bi.safetensors --data "$names" --out files/bi8.rondo --json
json 'd["comparison"]["agreeing"] > 0.9 * d["comparison"]["sequences"] > 0'
good predict files/bi8.rondo Nguyen
good export files/bi8.rondo --name bi --out files/ebi
grep -q 'bi_max_steps = ' files/ebi/bi.h || fail 'no bi_max_steps'
bad '--max-steps' quantize files/bi.safetensors --data "$names" --max-steps 100000 \
  --out files/m1.rondo
# shellcheck disable=SC2086
good train classify --data "$names" --out files/class.safetensors $quick --cell classroom
good eval files/class.safetensors --data "$names" --json
cp out float.json
good predict files/class.safetensors Nguyen
bad 'without bounds' quantize files/class.safetensors --data "$names" --out files/m1.rondo
good quantize files/class.safetensors --data "$names" --out files/class32.rondo --type f32
good eval files/class32.rondo --data "$names" --json
python3 -c 'import json
a, b = json.load(open("float.json")), json.load(open("out"))
assert a["accuracy"] == b["accuracy"] and abs(a["loss"] - b["loss"]) < 1e-5' ||
  fail 'classroom checkpoint and float image differ'
bad 'second layer' train classify --data "$names" --cell classroom --layers 2 --out files/m1.rondo
bad 'dropout' train classify --data "$names" --cell classroom --dropout 0.5 --out files/m1.rondo

echo '- predict, from arguments and from standard input'
good predict files/m1.rondo Nguyen "O'Neal" --top 2 --json
json 'len(d["predictions"]) == 2 and len(d["predictions"][0]["answers"]) == 2'
printf 'Nguyen\nSmith\n' | "$rondo" predict files/m1.rondo --scores >out || fail 'predict --scores'
scores=$(awk -F '\t' 'NF == 3 { n += split($3, s, " ") } END { print n }' out)
[ "$scores" -eq 36 ] || fail "$scores scores of two names, expected 36"

echo '- inspect'
good inspect files/m1.rondo --json
json 'd["cortex_m"]["arena_bytes"] > 0 and [l["kind"] for l in d["layers"]] == ["lstm", "linear"]'
good inspect files/m1.safetensors --json
json 'd["hidden"] == 16 and d["parameters"] == 4 * 16 * (57 + 16 + 2) + 17 * 18'

echo '- help and usage'
good --help
for command in train eval quantize predict generate export inspect; do good $command --help; done
bad 'subcommand is required'
bad '--data' train classify
bad 'oven' oven

echo '- bad data'
mkdir -p data/empty data/one data/latin1 data/noletter
cp "$names/Greek.txt" data/one/
cp "$names/Greek.txt" "$names/Irish.txt" data/latin1/
printf 'M\374ller\n' >>data/latin1/Greek.txt
cp "$names/Greek.txt" "$names/Irish.txt" data/noletter/
printf '1234\n' >>data/noletter/Irish.txt
lines=$(wc -l <data/noletter/Irish.txt)
for command in 'train classify' 'eval files/m1.safetensors' 'quantize files/m1.safetensors'; do
  out='--out files/m1.rondo'
  case $command in eval*) out= ;; esac
  # shellcheck disable=SC2086
  {
    bad 'data/none' $command --data data/none $out
    bad 'data/empty' $command --data data/empty $out
    bad 'data/one' $command --data data/one $out
    bad 'data/latin1/Greek.txt:' $command --data data/latin1 $out
    bad "data/noletter/Irish.txt:$lines" $command --data data/noletter $out
  }
done
cp -r "$names" data/more
cp "$names/Greek.txt" data/more/Martian.txt
bad 'Martian' eval files/m1.rondo --data data/more

echo '- bad options'
bad 'unknown cell "perceptron"' train classify --data "$names" --cell perceptron \
  --out files/m1.rondo
bad 'known: adam, sgd' train classify --data "$names" --optimizer magic --out files/m1.rondo
bad 'does not exist' train classify --data "$names" --out files/none/m.safetensors
bad '--lr' train classify --data "$names" --lr 0 --out files/m1.rondo
bad '--epochs' train classify --data "$names" --epochs 0 --out files/m1.rondo
bad '--epochs' train classify --data "$names" --epochs -1 --out files/m1.rondo
bad '--batch' train classify --data "$names" --batch -1 --out files/m1.rondo
bad '--threads' train classify --data "$names" --threads -1 --out files/m1.rondo
bad '--hidden' train classify --data "$names" --hidden -1 --out files/m1.rondo
bad 'layers: is' train classify --data "$names" --layers 0 --out files/m1.rondo
bad 'dropout: is' train classify --data "$names" --dropout 1 --out files/m1.rondo
bad '--lr' train classify --data "$names" --lr nan --out files/m1.rondo
bad '--clip' train classify --data "$names" --clip nan --out files/m1.rondo
bad '--top' predict files/m1.rondo Smith --top -1
bad 'known: train, valid, test, all' eval files/m1.rondo --data "$names" --subset most
bad 'known: int8, f32' quantize files/m1.safetensors --data "$names" --type int3 \
  --out files/m1.rondo
bad 'header, bundle' export files/m1.rondo --format zip --name m --out files/e1
bad 'known: cortex-m0' export files/m1.rondo --target z80 --name m --out files/e1
bad 'not a C identifier' export files/m1.rondo --name 'a-b' --out files/e1
bad 'no letter' predict files/m1.rondo 1234
bad 'lower --lr' train classify --data "$names" --optimizer sgd --lr 1e30 --clip 0 --epochs 1 \
  --out files/m1.rondo

echo '- outputs that would cost something'
bad 'would overwrite' quantize files/m1.safetensors --data "$names" --out files/m1.safetensors
bad 'the same file as --out' train classify --data "$names" --out files/x --log files/x
mkfifo files/pipe
bad 'not a regular file' quantize files/m1.safetensors --data "$names" --out files/pipe
mkdir -p files/half/m.h
echo old >files/half/m.c
bad 'not a regular file' export files/m1.rondo --name m --out files/half
if [ -e /dev/full ]; then
  status=0
  "$rondo" eval files/m1.rondo --data "$names" >/dev/full 2>err || status=$?
  [ "$status" -eq 1 ] || fail "status $status of a full standard output"
fi
mkdir -p data/bytes
cp "$names/Greek.txt" data/bytes/
cp "$names/Irish.txt" "data/bytes/$(printf 'Fran\347ais').txt"
bad 'not UTF-8: it names the class' train classify --data data/bytes --out files/m1.rondo

echo '- bad files'
bad 'training diverged: lower --lr or set --clip 1' train classify --data "$names" --hidden 12 \
  --epochs 3 --out files/far.safetensors --save-every 1000 --threads 1 --optimizer sgd --lr 1e4
bad 'no such file' eval files/none.rondo --data "$names"
bad 'is not a .rondo image' export files/m1.safetensors --name m --out files/e1
size=$(wc -c <files/m1.rondo)
for keep in 0 1 3 63 64 200 $((size / 2)) $((size - 1)); do
  head -c "$keep" files/m1.rondo >files/cut.rondo
  bad 'image_truncated' export files/cut.rondo --name m --out files/e1
  bad 'image_truncated' inspect files/cut.rondo
done
python3 - <<'PY'
import json, struct
image = bytearray(open("files/m1.rondo", "rb").read())
image[len(image) // 2] ^= 16
open("files/flipped.rondo", "wb").write(image)
raw = open("files/m1.safetensors", "rb").read()
size = struct.unpack("<Q", raw[:8])[0]
head = json.loads(raw[8:8 + size])
start = head["weight_hh_l0"]["data_offsets"][0] + 8 + size
nan = struct.pack("<f", float("nan"))
open("files/nan.safetensors", "wb").write(raw[:start] + nan + raw[start + 4:])
open("files/cut.safetensors", "wb").write(raw[:-5])
head["__metadata__"]["rondo"] = head["__metadata__"]["rondo"].replace('"lstm"', '"warp"')
text = json.dumps(head).encode()
text += b" " * (-len(text) % 8)
open("files/warp.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + raw[8 + size:])
PY
bad 'crc_mismatch' export files/flipped.rondo --name m --out files/e1
for command in 'eval' 'quantize --out files/m1.rondo' 'quantize --type f32 --out files/m1.rondo'; do
  # shellcheck disable=SC2086
  {
    bad 'weight_hh_l0' $command files/nan.safetensors --data "$names"
    bad 'files/cut.safetensors' $command files/cut.safetensors --data "$names"
    bad 'unknown cell "warp"' $command files/warp.safetensors --data "$names"
  }
done
echo '- report'
# shellcheck disable=SC2086
good train classify --data "$names" --out files/r.safetensors --log files/r.jsonl $quick
good quantize files/m1.safetensors --data "$names" --out files/r.rondo --report files/q
good report files/r.jsonl files/q/quantize.json files/r.rondo --out files/r.html --json
json 'd["runs"] == 1 and d["sections"] == 8'
for part in 'Accuracy by class' 'Float against int8' 'Memory on Cortex-M' '</html>'; do
  grep -qF "$part" files/r.html || fail "no \"$part\" in the report"
done
bad 'files/m1.safetensors:1: not a line of JSON' report files/m1.safetensors --out files/no.html
bad 'files/none.jsonl' report files/none.jsonl --out files/no.html
bad 'files/r.jsonl' report files/r.jsonl --out files/r.jsonl
echo '- lags: before and after training, of names and of a text'
python3 - >files/text <<'PY'
import random
random.seed(1)
words = ["Rondo", "returns", "to the", "theme,", "and again!", "1898", "coda"]
for line in range(300): print("  ", " ".join(random.choice(words) for _ in range(9)))
PY
small='--hidden 8 --iterations 40 --sequences 50 --threads 1'
for n in 1 2; do
  # shellcheck disable=SC2086
  good train lags --data "$names" --cell gru $small --log files/lags$n.jsonl --json \
    --out files/lags$n.safetensors
  json 'd["lags"]["sequences"][0] == 50 and len(d["lags"]["after"]) == len(d["lags"]["before"]) > 8'
  json 'd["before"]["lag_5"] == d["lags"]["before"][5] != d["after"]["lag_5"] > 0'
  json 'd["after"]["loss"] < d["before"]["loss"]'
done
cmp files/lags1.safetensors files/lags2.safetensors || fail 'another checkpoint from the same seed'
good eval files/lags1.safetensors --data "$names" --json
json 'd["loss"] > 0'
# shellcheck disable=SC2086
good train lags --data files/text --cell rnn --lag 30 $small --log files/lagst.jsonl --json
json 'len(d["lags"]["before"]) == 31 and min(d["lags"]["sequences"]) == 50'
json 'd["after"]["loss"] < d["before"]["loss"] and "checkpoint" not in d'
good train lags --data files/text --lag 30 --iterations 0 --hidden 8 --log files/lags0.jsonl --json
json '"after" not in d and "after" not in d["lags"] and d["before"]["lag_20"] > 0'
good report files/lags1.jsonl files/lagst.jsonl files/lags0.jsonl --out files/lags.html
grep -q 'lags1.jsonl, trained' files/lags.html || fail 'no lags in the report'
printf ' The Time-Machine,\r\n\n by H.G.\n' >data/few # the time machineby h g
bad 'data/few: has 22 letters and blanks' train lags --data data/few
bad 'files/text: has 1000 letters' train lags --data files/text --max-tokens 1000
bad '--lag' train lags --data files/text --lag 0
bad '--sequences' train lags --data files/text --sequences 0
bad '--lr' train lags --data files/text --lr nan
bad 'one layer' train lags --data "$names" --cell classroom
bad 'would overwrite' train lags --data files/text --lag 9 --out files/text
bad 'no such file' train lags --data files/none
bad 'does not exist' train lags --data files/text --log files/none/x.jsonl
echo '- sweep'
cat >files/plan.json <<'PLAN'
{"title": "T", "command": "train classify", "seeds": [1, 2],
 "options": {"hidden": 8, "iterations": 30, "batch": 8},
 "columns": {"plain": "test.accuracy"},
 "runs": [{"name": "a", "reported": {"plain": "x"}}, {"name": "b", "options": {"cell": "gru"}}]}
PLAN
good sweep files/plan.json --data "$names" --out files/sweep --json
json '[len(r["figures"]["plain"]["values"]) for r in d["runs"]] == [2, 2] and d["missing"] == 0'
cp files/sweep/b-s2.json once.json
echo '- sweep goes on where it was interrupted, with the same results'
stamp=$(stat -c %y files/sweep/a-s1.json)
rm files/sweep/b-s2.json
good sweep files/plan.json --data "$names" --out files/sweep
[ "$(stat -c %y files/sweep/a-s1.json)" = "$stamp" ] || fail 'a job that was done ran again'
python3 - <<'PY' || fail 'b-s2 is another result'
import json, sys
a, b = json.load(open("once.json")), json.load(open("files/sweep/b-s2.json"))
sys.exit(a["test"] != b["test"])
PY
echo '- sweep --list gives jobs that run by themselves'
good sweep files/plan.json --data "$names" --out files/listed --list
[ "$(wc -l <out)" -eq 4 ] || fail 'expected 4 lines'
cp out jobs
if command -v parallel >/dev/null; then
  parallel -j 2 <jobs >/dev/null 2>err || fail 'GNU parallel failed'
else
  sh jobs 2>err || fail 'the jobs failed'
fi
good sweep files/plan.json --out files/listed --collect --json
json 'd["missing"] == 0'
grep -q '</html>' files/listed/report.html || fail 'no report'
echo '- a job that fails: the message, the status, the others kept'
sed 's/"hidden": 8, //; s/"cell": "gru"/"cell": "gnu"/' files/plan.json >files/gnu.json
status=0
"$rondo" sweep files/gnu.json --data "$names" --out files/gnu >out 2>err || status=$?
{ [ "$status" -eq 1 ] && grep -q 'b-s1: status 1, .*gnu' err && [ -f files/gnu/a-s2.json ] &&
  [ ! -f files/gnu/b-s1.json ]; } || fail "status $status of a sweep with a bad job"
bad 'no job "c-s1"' sweep files/plan.json --data "$names" --out files/x --only c-s1
bad '--data: is missing' sweep files/plan.json --out files/x
bad 'files/m1.safetensors: the file: is not JSON' sweep files/m1.safetensors --data d --out files/x
[ -z "$(find files -name '*.tmp*' -o -name '*.part*')" ] || fail 'temporary files are left'
echo "commands: $passed checks"
