#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# A training run that is killed at many moments and goes on by --resume ends with the same bytes as
# one that was left alone; no half file ever has a final name.
#   resume_test.sh RONDO DATA_NAMES TEXT
set -eu
rondo=$(realpath "$1")
names=$(realpath "$2")
text=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# patience and dropout: what is kept and the random numbers must come back too
settings='--cell gru --hidden 12 --epochs 40 --patience 15 --dropout 0.2 --threads 1 --save-every 0'
# Becomes the run: for a subshell, whose number is then the one to kill.
train() {
  # shellcheck disable=SC2086 # words on purpose
  exec "$rondo" train classify --data "$names" $settings --log "$1.jsonl" \
    --out "$1.safetensors" "${@:2}"
}
(train whole) >/dev/null 2>&1 || fail 'the run that is left alone'
[ ! -e whole.safetensors.resume ] || fail 'a complete run left its snapshot'

seed=${RONDO_TEST_SEED:-$$}
echo "random seed $seed"
RANDOM=$seed
kills=0 resumed=0 complete=0
while [ "$complete" -eq 0 ]; do
  [ -e cut.safetensors.resume ] && resumed=$((resumed + 1))
  [ "$kills" -lt 200 ] || fail 'it does not get on'
  train cut --resume >/dev/null 2>&1 &
  run=$!
  # From before the first snapshot to a few epochs later; ever longer, for machines that are slow.
  sleep "0.$(printf %03d $((RANDOM % 150 + kills * 5)))"
  kill -9 "$run" 2>/dev/null && kills=$((kills + 1))
  wait "$run" 2>/dev/null && complete=1
done
echo "killed $kills times, went on $resumed times"
[ "$resumed" -ge 2 ] || fail 'it was never interrupted in the middle'
cmp whole.safetensors cut.safetensors || fail 'another result than that of the run left alone'
[ ! -e cut.safetensors.resume ] || fail 'the snapshot is left'
python3 - <<'PY' || fail 'the log is not that of one run'
import json
def epochs(path):
    lines = [json.loads(line) for line in open(path)]
    assert [line["event"] for line in lines].count("start") == 1 and lines[-1]["event"] == "end"
    return [{k: v for k, v in line.items() if k != "seconds"} for line in lines
            if line["event"] == "epoch"]
assert epochs("whole.jsonl") == epochs("cut.jsonl")
PY

# Interrupted by Ctrl-C, then misunderstood.
train other >/dev/null 2>&1 &
run=$!
until [ -e other.safetensors.resume ] || ! kill -0 "$run" 2>/dev/null; do sleep 0.02; done
kill -TERM "$run" 2>/dev/null || true
wait "$run" 2>/dev/null || true
[ -e other.safetensors.resume ] || fail 'it was too fast to be interrupted'
cp other.safetensors.resume kept
(train other) >out 2>&1 && fail 'an interrupted run was started anew'
grep -q 'other.safetensors.resume: an interrupted run is there (go on with it by --resume' out ||
  fail "not said: $(cat out)"
(train other --resume --lr 0.01) >out 2>&1 && fail 'it went on with other settings'
grep -q 'is of a run with lr 0.003, not 0.01' out || fail "not said: $(cat out)"
head -c 1000 kept >other.safetensors.resume
(train other --resume) >out 2>&1 && fail 'it went on from half a file'
grep -q 'other.safetensors.resume' out || fail "not said: $(cat out)"
cp kept other.safetensors.resume
(train other --resume) >/dev/null 2>&1 || fail 'it does not go on'
cmp whole.safetensors other.safetensors || fail 'another result after Ctrl-C'

# A language model: its text goes on where the epoch was.
lm() {
  exec "$rondo" train lm --data "$text" --cell gru --hidden 16 --layers 1 --epochs 30 --steps 20 \
    --batch 4 --threads 1 --save-every 0 --log "$1.jsonl" --out "$1.safetensors" "${@:2}"
}
(lm lm-whole) >/dev/null 2>&1 || fail 'the language model that is left alone'
lm lm-cut >/dev/null 2>&1 &
run=$!
until [ -e lm-cut.safetensors.resume ] || ! kill -0 "$run" 2>/dev/null; do sleep 0.01; done
kill -9 "$run" 2>/dev/null || true
wait "$run" 2>/dev/null || true
[ -e lm-cut.safetensors.resume ] || fail 'the language model was too fast to be interrupted'
(lm lm-cut --resume) >/dev/null 2>&1 || fail 'the language model does not go on'
cmp lm-whole.safetensors lm-cut.safetensors || fail 'another language model'
[ ! -e lm-cut.safetensors.resume ] || fail 'the snapshot of the language model is left'
