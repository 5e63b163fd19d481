# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# What the tests of the command share; they source it with $rondo set to the program. It goes into a
# temporary folder, where files/ is what commands write.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir files
passed=0

fail() {
  echo "FAILED: $*" >&2
  sed 's/^/  out: /' out >&2
  sed 's/^/  err: /' err >&2
  exit 1
}

# good ARGUMENTS: must succeed.
good() {
  "$rondo" "$@" >out 2>err || fail "status $? of: rondo $*"
  passed=$((passed + 1))
}

# Every file with its content and the time it was last written.
snapshot() { find files -type f -printf '%p %T@\n' -exec cksum {} + | sort; }

# bad MESSAGE ARGUMENTS: status 1, MESSAGE on stderr, nothing on stdout, no file written.
bad() {
  message=$1
  shift
  snapshot >before
  status=0
  "$rondo" "$@" >out 2>err || status=$?
  snapshot >after
  [ "$status" -eq 1 ] || fail "status $status, expected 1, of: rondo $*"
  [ ! -s out ] || fail "something on stdout of: rondo $*"
  grep -qF -- "$message" err || fail "no \"$message\" in the error of: rondo $*"
  cmp -s before after || fail "files changed by: rondo $*"
  passed=$((passed + 1))
}

# json EXPRESSION: the output is exactly one JSON object d of which the expression holds.
json() {
  python3 -c 'import json, sys
d = json.load(open("out"))
sys.exit(0 if eval(sys.argv[1]) else 1)' "$1" || fail "not so: $1"
  passed=$((passed + 1))
}
