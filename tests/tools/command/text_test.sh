#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# The language model of the rondo command as a user meets it, from a text to generated text.
#   text_test.sh RONDO TEXT
set -eu
rondo=$(realpath "$1")
text=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/checks.sh"

quick='--layers 1 --hidden 16 --dropout 0.1 --epochs 3 --batch 8 --steps 20 --threads 1'

echo '- the main line, twice: the same seed gives the same bytes'
for n in 1 2; do
  # shellcheck disable=SC2086 # words on purpose
  good train lm --data "$text" --out files/m$n.safetensors $quick --log files/m$n.jsonl --json
  json '0 < d["test"]["bits_per_character"] < 5 and d["tokens_per_second"] > 0'
  json 'abs(d["test"]["perplexity"] - 2 ** d["test"]["bits_per_character"]) < 1e-9'
  good quantize files/m$n.safetensors --data "$text" --out files/m$n.rondo --report files/r$n --json
  json 'd["comparison"]["agreeing"] > 0.9 * d["comparison"]["answers"] > 0'
  json 'abs(d["int8"]["bits_per_character"] - d["float"]["bits_per_character"]) < 0.02'
done
for pair in m1.safetensors:m2.safetensors m1.rondo:m2.rondo; do
  cmp "files/${pair%:*}" "files/${pair#*:}" || fail "$pair differ"
done
# shellcheck disable=SC2086
good train lm --data "$text" --out files/other.safetensors $quick --seed 2
cmp -s files/m1.safetensors files/other.safetensors && fail 'another seed gave the same bytes'
python3 - files/m1.jsonl <<'PY' || fail 'the log of the run'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [l["event"] for l in lines] == ["start", "epoch", "epoch", "epoch", "end"], lines
losses = [l["loss"] for l in lines if l["event"] == "epoch"]
assert losses[2] < losses[0] and all(l["valid"]["loss"] > 0 for l in lines[1:4])
PY

echo '- a text is learned by heart: the classroom setting in small'
good train lm --data "$text" --max-tokens 600 --sides none --optimizer sgd --lr 1 \
  --schedule constant --layers 1 --dropout 0 --batch 8 --steps 20 --hidden 64 --epochs 300 \
  --out files/heart.safetensors --json
json 'd["tokens"] == 600 and d["perplexity"] < 1.3 and "test" not in d'
good generate files/heart.safetensors --prefix 'Nobody knew who had put' --temperature 0 --length 9
grep -q '^nobody knew who had put it there' out || fail 'the text was not learned by heart'
good eval files/heart.safetensors --data "$text" --subset all --json
# Less than in training, whose strips of 75 symbols all began at the zero state; chance has 0.2.
json 'd["count"] == 599 and d["accuracy"] > 0.6'
bad 'there is no test side' eval files/heart.safetensors --data "$text"
good quantize files/heart.safetensors --data "$text" --out files/heart.rondo --json
json 'd["subset"] == "all" and d["int8"]["count"] == 599'

echo '- other networks and options'
for cell in gru rnn relu; do
  good train lm --data "$text" --cell $cell --hidden 8 --layers 2 --epochs 2 --batch 4 --steps 10 \
    --patience 1 --init xavier --schedule cosine --out files/$cell.safetensors --json
  json '1 <= d["kept_epoch"] <= 2'
done
good quantize files/gru.safetensors --data "$text" --activations 16 --out files/gru.rondo
bad 'no integer format can hold' quantize files/relu.safetensors --data "$text" --out files/r.rondo

echo '- eval says the same of checkpoint, float image and, nearly, int8'
good eval files/m1.safetensors --data "$text" --json
cp out float.json
good quantize files/m1.safetensors --data "$text" --out files/f32.rondo --type f32
good eval files/f32.rondo --data "$text" --json
python3 -c 'import json
a, b = json.load(open("float.json")), json.load(open("out"))
assert a["count"] == b["count"] and abs(a["loss"] - b["loss"]) < 1e-9' || fail 'they differ'
good eval files/m1.rondo --data "$text" --subset valid
grep -q 'bits per character' out || fail 'no bits per character'

echo '- generate'
good generate files/m1.rondo --prefix 'The  Orchard' --length 50 --seed 7 --json
json 'd["prefix"] == "the orchard" and len(d["text"]) == 50 and d["temperature"] == 0.8'
good generate files/m1.rondo --prefix 'the orchard' --length 50 --seed 7
cp out seven
good generate files/m1.rondo --prefix 'the orchard' --length 50 --seed 7
cmp out seven || fail 'the same seed gave another text'
good generate files/m1.rondo --prefix 'the orchard' --length 50 --seed 8
cmp -s out seven && fail 'another seed gave the same text'
for greedy in '--temperature 0 --seed 1' '--temperature 0 --seed 2' '--top-k 1 --seed 3'; do
  # shellcheck disable=SC2086
  good generate files/m1.rondo --prefix 'the orchard' --length 50 $greedy
  [ ! -e greedy ] || cmp out greedy || fail 'greedy text depends on the seed'
  cp out greedy
done
good generate files/m1.safetensors --prefix 'the orchard' --length 50 --top-k 5 --temperature 2
[ "$(wc -c <out)" -eq 62 ] || fail 'not 11 + 50 symbols and a line end'
good export files/m1.rondo --target cortex-m4 --name m --out files/e
good inspect files/m1.rondo
grep -q 'for the task lm' out || fail 'inspect names no task'
good inspect files/m1.safetensors --json
json 'd["task"] == "lm" and d["outputs"] == 28'

echo '- what is refused'
# The loss runs away, though it stays a number; and becomes none.
for lr in '1e4 --clip 1' '1e30 --clip 0'; do
  # shellcheck disable=SC2086 # words on purpose
  bad 'training diverged: lower --lr or set --clip 1' train lm --data "$text" --hidden 12 \
    --layers 1 --epochs 5 --batch 4 --out files/far.safetensors --save-every 1000 --threads 1 \
    --optimizer sgd --lr $lr --schedule constant
done
bad 'is a language model' predict files/m1.rondo Smith
bad 'is a language model' predict files/m1.safetensors Smith
bad 'are for classifiers' eval files/m1.rondo --data "$text" --per-class
bad '--temperature' generate files/m1.rondo --prefix a --temperature -1
bad '--temperature' generate files/m1.rondo --prefix a --temperature nan
bad '--length' generate files/m1.rondo --prefix a --length 0
bad '--prefix: is empty' generate files/m1.rondo --prefix ''
bad '--prefix' generate files/m1.rondo
bad 'no such file' generate files/none.rondo --prefix a
bad 'known: train, valid, test, all' eval files/m1.rondo --data "$text" --subset most
mkdir -p data
printf '1 2 3\n' >data/digits.txt
printf 'abc\377' >data/latin1.txt
printf 'a short text' >data/short.txt
for command in 'train lm' 'eval files/m1.rondo' 'quantize files/m1.safetensors'; do
  out='--out files/m1.rondo'
  case $command in eval*) out= ;; esac
  # shellcheck disable=SC2086
  {
    bad 'data/none.txt' $command --data data/none.txt $out
    bad 'data/digits.txt: has 0 letters' $command --data data/digits.txt $out
    bad 'data/latin1.txt: is not UTF-8 at byte 3' $command --data data/latin1.txt $out
    bad 'data: ' $command --data data $out
  }
done
bad 'symbols' train lm --data data/short.txt --out files/m1.rondo
bad 'are needed for' train lm --data "$text" --batch 1000 --out files/m1.rondo
bad 'known: book, none' train lm --data "$text" --sides three --out files/m1.rondo
bad 'needs a validation side' train lm --data "$text" --sides none --patience 2 --out files/m1.rondo
for option in --epochs --batch --steps --patience --threads --hidden --max-tokens; do
  bad "$option" train lm --data "$text" $option -1 --out files/m1.rondo
done
bad '--steps' train lm --data "$text" --steps 0 --out files/m1.rondo
bad 'would overwrite' train lm --data "$text" --out "$text"
bad 'the same file as --out' train lm --data "$text" --out files/x --log files/x
bad 'lower --lr' train lm --data "$text" --optimizer sgd --lr 1e30 --clip 0 --hidden 8 \
  --out files/m1.rondo
python3 - <<'PY'
import json, struct
raw = open("files/m1.safetensors", "rb").read()
size = struct.unpack("<Q", raw[:8])[0]
head = json.loads(raw[8:8 + size])
def write(name, change):
    about = json.loads(head["__metadata__"]["rondo"])
    change(about)
    changed = {**head, "__metadata__": {**head["__metadata__"], "rondo": json.dumps(about)}}
    text = json.dumps(changed).encode()
    text += b" " * (-len(text) % 8)
    open(name, "wb").write(struct.pack("<Q", len(text)) + text + raw[8 + size:])
write("files/split.safetensors", lambda about: about.update(split={"sides": 3}))
write("files/task.safetensors", lambda about: about.update(task="classify"))
write("files/letters.safetensors", lambda about: about.update(alphabet=about["alphabet"][::-1]))
PY
bad 'which part of its text' generate files/split.safetensors --prefix a
bad 'is no language model' generate files/task.safetensors --prefix a
bad 'is not a language model of the 28 symbols' generate files/letters.safetensors --prefix a
[ -z "$(find files -name '*.tmp*')" ] || fail 'temporary files are left'
echo "text: $passed checks"
