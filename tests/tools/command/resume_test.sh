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

# Recordings and lags, killed in the middle of epochs too: --save-every is a moment.
python3 - <<'PY'
import random
random.seed(3)
a = b = 0.0
with open("series.csv", "w") as file:
    file.write("x\n")
    for _ in range(1500):
        a, b = 1.6 * a - 0.8 * b + random.gauss(0, 1), a
        file.write(f"{a:.6f}\n")
PY
regress() {
  exec "$rondo" train regress --data series.csv --hidden 24 --iterations 2000 --patience 40 \
    --dropout 0.1 --threads 1 --out "$1.safetensors" --log "$1.jsonl" "${@:2}"
}
lags() {
  exec "$rondo" train lags --data "$names" --hidden 24 --iterations 8000 --threads 1 \
    --out "$1.safetensors" --log "$1.jsonl" "${@:2}"
}
# cut_at_random COMMAND SIGNAL STATUS: until it is complete, or was cut so often that it may be.
cut_at_random() {
  local cuts=0 more=1 status
  ("$1" whole-"$1") >/dev/null 2>&1 || fail "$1, left alone"
  while [ $more -eq 1 ]; do
    set +e
    "$1" cut-"$1" --resume --save-every 0.01 >out 2>&1 &
    local run=$!
    if [ $cuts -lt 12 ]; then
      sleep "0.$(printf %03d $((RANDOM % 120 + cuts * 10)))"
      kill "-$2" $run 2>/dev/null
    fi
    wait $run
    status=$?
    set -e
    if [ $status -eq 0 ]; then
      more=0
    else
      [ $status -eq "$3" ] || fail "$1: status $status after signal $2: $(cat out)"
      cuts=$((cuts + 1))
    fi
  done
  echo "$1: cut $cuts times by $2"
  [ $cuts -ge 1 ] || fail "$1 was too fast to be cut"
  cmp "whole-$1.safetensors" "cut-$1.safetensors" || fail "$1: another result"
  [ ! -e "cut-$1.safetensors.resume" ] || fail "$1: the snapshot is left"
}
cut_at_random regress KILL 137
rm ./*-regress.*
cut_at_random regress TERM 143
cut_at_random lags KILL 137
("$rondo" train lags --data "$names" --resume) >out 2>&1 && fail 'lags resumed from nothing'
grep -q -- '--resume: needs --out' out || fail "not said: $(cat out)"

# Ctrl-C at once: a line that says how to go on, status 130, and the same result in the end. Python
# sends it, since a shell's background jobs ignore it.
python3 - "$rondo" "$text" <<'PY' || fail 'Ctrl-C'
import os, signal, subprocess, sys
rondo, text = sys.argv[1:]
def command(name, *more):
    return [rondo, "train", "lm", "--data", text, "--hidden", "16", "--layers", "1", "--iterations",
            "2000", "--steps", "20", "--batch", "4", "--threads", "1", "--out", name, *more]
subprocess.run(command("left.safetensors"), check=True, capture_output=True)
run = subprocess.Popen(command("stopped.safetensors", "--save-every", "10000"), text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
assert "parameters" in run.stderr.readline()  # it is about to begin
run.send_signal(signal.SIGINT)
out, err = run.communicate()
assert run.returncode == 130, (run.returncode, err)
assert "stopped.safetensors.resume; the same command with --resume goes on" in err, err
assert out == "" and not os.path.exists("stopped.safetensors")
subprocess.run(command("stopped.safetensors", "--resume"), check=True, capture_output=True)
with open("left.safetensors", "rb") as left, open("stopped.safetensors", "rb") as stopped:
    assert left.read() == stopped.read(), "another result"
PY
