#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# rondo on the user's own numbers: train regress and train classify on CSV made here, then eval,
# quantize, predict and export; and for hostile files a clear error with nothing written.
#   recordings_test.sh RONDO DATA_NAMES
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/checks.sh"

python3 - <<'PY'
import math, os, random
random.seed(7)
# AR(2) with noise of deviation 20: no forecast has a lower RMSE than that.
a = b = 0.0
with open("ar.csv", "w") as f:
    f.write("x\n")
    for _ in range(2000):
        a, b = 1.6 * a - 0.8 * b + random.gauss(0, 1), a
        f.write(f"{1000 + 20 * a:.6f}\n")
# Two features of very different size, one that never changes, two targets, several sequences.
with open("plant.csv", "w") as f:
    f.write("sequence,pressure,humidity,stuck,flow,level\n")
    for s in range(40):
        y = 0
        for t in range(40):
            p, h = random.gauss(0, 1), random.gauss(0, 1)
            y = 0.7 * y + 0.5 * p - 0.8 * h
            f.write(f"s{s},{101325 + 300 * p:.1f},{0.4 + 0.01 * h:.5f},3,")
            f.write(f"{y:.5f},{90 - 9 * y:.5f}\n")
long = open("waves.csv", "w")
long.write("sequence,x,y,label\n")
for kind in ("sine", "square"):
    os.makedirs(f"waves/{kind}")
    for r in range(60):
        phase, rate = random.uniform(0, 6.28), random.uniform(0.2, 0.4)
        with open(f"waves/{kind}/{r:03d}.csv", "w") as f:
            f.write("x,y\n")
            for t in range(60):
                v = math.sin(phase + rate * t)
                if kind == "square":
                    v = math.copysign(0.8, v)
                row = f"{50 + 10 * (v + random.gauss(0, 0.1)):.4f},{v + random.gauss(0, 0.2):.4f}"
                f.write(row + "\n")
                long.write(f'"{kind} ""{r}""",{row},{kind}\n')
PY
quick='--hidden 16 --iterations 400 --threads 1'

# same_figures KEYS: float.json and out have the same figures, but for rounding in float.
same_figures() {
  python3 -c 'import json, sys
a, b = json.load(open("float.json")), json.load(open("out"))
for key in sys.argv[1:]:
    assert abs(a[key] - b[key]) <= 1e-4 * abs(a[key]) + 1e-6, (key, a[key], b[key])' "$@" ||
    fail 'checkpoint and float image differ'
  passed=$((passed + 1))
}

echo '- a forecast: one series, its sides by position, better than its last value'
for n in 1 2; do
  # shellcheck disable=SC2086 # words on purpose
  good train regress --data ar.csv --out files/ar$n.safetensors $quick --log files/ar$n.jsonl --json
done
json 'd["test"]["rmse"] < 0.75 * d["test"]["baseline_rmse"] and 15 < d["test"]["rmse"] < 25'
json 'd["test"]["mae"] < d["test"]["baseline_mae"] and d["horizon"] == 1 and d["features"] == ["x"]'
json 'd["test"]["count"] == 400 - 32 - 32 and d["train"]["count"] == 1400 - 32'
cmp files/ar1.safetensors files/ar2.safetensors || fail 'the same seed gave other bytes'
python3 - <<'PY' || fail 'the log of the run'
import json
lines = [json.loads(line) for line in open("files/ar1.jsonl")]
assert lines[0]["event"] == "start" and lines[-1]["event"] == "end"
epochs = [l for l in lines if l["event"] == "epoch"]
assert epochs and all(l["valid"]["mae"] > 0 and l["valid"]["rmse"] > 0 for l in epochs)
assert abs(epochs[-1]["valid"]["rmse"] / lines[-1]["valid"]["rmse"] - 1) < 1e-4
PY
good eval files/ar1.safetensors --data ar.csv --answers files/answers.tsv --json
cp out float.json
python3 - <<'PY' || fail 'the answers'
import json
d = json.load(open("out"))
rows = [line.rstrip("\n").split("\t") for line in open("files/answers.tsv")]
assert len(rows) == d["count"]
x = [float(line) for line in open("ar.csv").read().split()[1:]]
assert all(abs(x[int(row)] - float(truth)) < 1e-3 for _, row, truth, _ in rows)
mae = sum(abs(float(t) - float(p)) for _, _, t, p in rows) / len(rows)
naive = sum(abs(x[int(row)] - x[int(row) - 1]) for _, row, _, _ in rows) / len(rows)
assert abs(mae - d["mae"]) < 1e-3 and abs(naive - d["baseline_mae"]) < 1e-3
PY
good quantize files/ar1.safetensors --data ar.csv --out files/ar32.rondo --type f32
good eval files/ar32.rondo --data ar.csv --json
same_figures mae rmse baseline_mae baseline_rmse count
good quantize files/ar1.safetensors --data ar.csv --out files/ar.rondo --report files/q --json
json 'd["int8"]["rmse"] < 1.05 * d["float"]["rmse"] and "agreeing" not in d["comparison"]'
good report files/ar1.jsonl files/q/quantize.json files/ar.rondo --out files/r.html
grep -qF 'RMSE' files/r.html || fail 'no RMSE in the report'

echo '- several sequences and targets, features of any size'
# shellcheck disable=SC2086
good train regress --data plant.csv --target flow,level --out files/plant.safetensors $quick \
  --window 12 --cell gru --json
json 'd["test"]["rmse"] < 0.5 * d["test"]["baseline_rmse"] and d["horizon"] == 0'
json 'd["features"] == ["pressure", "humidity", "stuck"] and d["outputs"] == ["flow", "level"]'
json 'd["test"]["rmse level"] > d["test"]["rmse flow"] and d["test"]["count"] % 29 == 0'
good quantize files/plant.safetensors --data plant.csv --out files/plant.rondo --json
json 'd["int8"]["rmse"] < 1.1 * d["float"]["rmse"]'
good predict files/plant.rondo --input plant.csv --output files/y.csv
head -n 1 files/y.csv | grep -qx 'sequence,row,flow,level' || fail 'the header of predict'
[ "$(wc -l <files/y.csv)" -eq $((1 + 40 * 29)) ] || fail 'the rows of predict'
good export files/plant.rondo --target cortex-m4 --name plant --out files/e
grep -qF '"flow", "level"' files/e/plant.c || fail 'no names of targets in the export'
# shellcheck disable=SC2086
good train regress --data plant.csv --target level --features level,flow --horizon 2 --window 8 \
  --hop 4 --out files/far.safetensors --hidden 8 --iterations 20 --bidirectional --json
json 'd["horizon"] == 2 and d["hop"] == 4'
good quantize files/far.safetensors --data plant.csv --out files/far.rondo
good eval files/far.rondo --data plant.csv --subset all

echo '- recordings by class: a folder, and one long file'
# shellcheck disable=SC2086
good train classify --data waves --window 30 --out files/w.safetensors $quick --dropout 0 \
  --log files/w.jsonl --json
json 'd["test"]["accuracy"] > 0.9 and d["test"]["balanced_accuracy"] > 0.9 and d["hop"] == 15'
json 'd["outputs"] == ["sine", "square"] and d["test"]["count"] % 3 == 0'
good eval files/w.safetensors --data waves --json
cp out float.json
good quantize files/w.safetensors --data waves --out files/w32.rondo --type f32
good eval files/w32.rondo --data waves --json
same_figures accuracy balanced_accuracy loss
good quantize files/w.safetensors --data waves --out files/w.rondo --json
json 'd["comparison"]["agreeing"] > 0.9 * d["comparison"]["sequences"] > 0'
good eval files/w.rondo --data waves --subset all --per-class
grep -q 'square' out || fail 'no class names'
good predict files/w.rondo --input waves/sine/007.csv --json
json 'len(d["predictions"]) == 3 and all(p["class"] == "sine" for p in d["predictions"])'
# shellcheck disable=SC2086
good train classify --data waves.csv --out files/whole.safetensors --hidden 16 --iterations 30 \
  --cell rnn --sampling balanced --patience 3 --json
json 'd["window"] == 0 and sum(d[s]["count"] for s in ("train", "valid", "test")) == 120'
good quantize files/whole.safetensors --data waves.csv --out files/whole.rondo
good predict files/whole.rondo --input waves.csv
grep -q '^"sine ""0""",60,s' out || fail 'a name with quotes is not quoted again'
good report files/w.jsonl --out files/r.html

echo '- what does not go together'
bad 'training diverged: lower --lr or set --clip 1' train regress --data ar.csv --hidden 8 \
  --epochs 5 --out files/far2.safetensors --save-every 1000 --threads 1 --optimizer sgd --lr 1e4
bad 'reads recordings' predict files/w.rondo Nguyen
bad '--input' predict files/w.rondo
good train classify --data "$names" --hidden 4 --iterations 2 --out files/names.safetensors
bad 'reads texts' predict files/names.safetensors --input ar.csv
bad 'are for recordings' train classify --data "$names" --window 5 --out files/no
bad 'has no column "x"' eval files/ar.rondo --data plant.csv
bad 'has no column "label"' eval files/w.rondo --data waves/sine/000.csv
bad '--per-class' eval files/ar.rondo --data ar.csv --per-class
bad 'known: train, valid, test, all' eval files/w.rondo --data waves --subset most
bad 'would overwrite' predict files/ar.rondo --input ar.csv --output ar.csv
bad 'would overwrite' train regress --data ar.csv --out ar.csv
bad 'has no column "u"' train regress --data ar.csv --target u --out files/no
bad '--window' train regress --data ar.csv --window 0 --out files/no
bad 'at least 20010' train regress --data ar.csv --window 1000 --out files/no
bad '--hop' train regress --data ar.csv --hop -1 --out files/no
bad 'is a classifier' train regress --data ar.csv --cell classroom --out files/no
sed '2,$s/^/9/' ar.csv >large.csv
good train regress --data large.csv --hidden 4 --iterations 2 --window 8 \
  --out files/large.safetensors
cp files/ar.rondo files/kept
bad 'another unit' quantize files/large.safetensors --data large.csv --out files/ar.rondo
good quantize files/large.safetensors --data large.csv --out files/large.rondo --type f32

echo '- hostile files'
printf '' >empty.csv
printf 'sequence,x\n' >header.csv
printf 'sequence,x\na,1\na,2,3\n' >ragged.csv
printf '\357\273\277sequence,x\r\na,1\r\na,one\r\n' >word.csv
printf 'sequence,x\na,1\nb,nan\n' >nan.csv
printf 'sequence,x\na,1\nb,"2\n' >quote.csv
printf 'sequence,x\na,1\nb,2\n' >few.csv
printf 'x\n1\n1\n1\n' >short.csv
python3 -c 'print("x\n" + "1\n" * 2000)' >constant.csv
python3 -c 'print("sequence,x\na," + "7" * 100000)' >huge.csv
for pair in 'empty.csv:1: is empty' 'header.csv: has no row' 'ragged.csv:3: has 3 fields' \
  'word.csv:3: column "x" is "one"' 'nan.csv:3: column "x" is "nan"' \
  'quote.csv:3: a field in quotes' 'few.csv: none of its 2 sequences' \
  'short.csv: one sequence of 3 rows' 'constant.csv: target x is the same' \
  'huge.csv:2: has a field of more than' 'none.csv: no such'; do
  bad "$pair" train regress --data "${pair%%:*}" --out files/no
done
for file in empty ragged word nan quote huge; do
  bad "$file.csv:" predict files/ar.rondo --input $file.csv --output files/y.csv
  bad "$file.csv:" eval files/ar.rondo --data $file.csv
  bad "$file.csv:" train classify --data $file.csv --out files/no
done
mkdir -p loose lone/sine
cp ar.csv loose
bad 'a folder for each class' train classify --data loose --out files/no
cp waves/sine/* lone/sine
bad 'one class' train classify --data lone --window 30 --out files/no
cp -r waves more
cp -r waves/sine more/triangle
bad 'triangle' eval files/w.rondo --data more
printf 'x\n1\n' >more/sine/000.csv
rm -r more/triangle
bad 'more/sine/001.csv:1: has 2 columns, 1 were' train classify --data more --out files/no
python3 - <<'PY'
import json, struct
raw = open("files/ar1.safetensors", "rb").read()
size = struct.unpack("<Q", raw[:8])[0]
head = json.loads(raw[8:8 + size])
changes = {"hop": {"hop": 0}, "window": {"window": -1}, "features": {"features": ["x", "y"]},
           "mean": {"target_mean": "x"}}
for name, change in changes.items():
    copy = json.loads(json.dumps(head))
    about = json.loads(copy["__metadata__"]["rondo"])
    about["recording"].update(change)
    copy["__metadata__"]["rondo"] = json.dumps(about)
    text = json.dumps(copy).encode()
    text += b" " * (-len(text) % 8)
    head_bytes = struct.pack("<Q", len(text)) + text
    open(f"files/{name}.safetensors", "wb").write(head_bytes + raw[8 + size:])
PY
for name in hop window features mean; do
  bad '"recording"' eval files/$name.safetensors --data ar.csv
done
[ -z "$(find files -name '*.tmp*')" ] || fail 'temporary files are left'
echo "recordings: $passed checks"
