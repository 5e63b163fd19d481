#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
# tools/get-data.sh on a small repository of its own, with a table of sums made for it, so that
# nothing is fetched: curl and unzip are scripts that copy. $1 is the root of the source tree.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repo=$work/repo
good=$work/good
real=$repo/data/real
script=$repo/tools/get-data.sh
PATH=$work/bin:$PATH
export PATH good

die() {
  echo "FAILED: $1" >&2
  echo "output was:" >&2
  cat "$work/out" >&2
  exit 1
}

passes() {  # what, arguments of the script
  what=$1; shift
  "$script" "$@" >"$work/out" 2>&1 || die "$what"
}

refuses() {  # what, a text in the output, arguments of the script
  what=$1; text=$2; shift 2
  status=0
  "$script" "$@" >"$work/out" 2>&1 || status=$?
  [ "$status" -eq 1 ] || die "$what: exit status $status"
  grep -qF -e "$text" "$work/out" || die "$what: no word of: $text"
}

brought() {  # what: both sets are there, and nothing else
  diff -r "$good" "$real" >>"$work/out" 2>&1 || die "$1"
}

nothing_left() {  # what
  [ ! -e "$real" ] || die "$1: something was left in data/real"
}

mkdir -p "$repo/tools" "$repo/data" "$good/names" "$work/bin"
cp "$1/tools/get-data.sh" "$repo/tools/"
printf 'Abel\n' >"$good/names/A.txt"
printf 'Bo\n' >"$good/names/B.txt"
printf 'The Time Machine\n' >"$good/timemachine.txt"
(cd "$good" && sha256sum names/A.txt names/B.txt timemachine.txt) >"$repo/data/SHA256SUMS"

passes "--help" --help
grep -q 'usage: ' "$work/out" || die "--help says how to use it"
nothing_left "--help"
refuses "an unknown set" "atlas: is not an option" atlas
refuses "--from without a folder" "--from: needs a folder" --from
refuses "a missing folder" "$work/none: no such folder" --from "$work/none"
refuses "a folder without names" "holds neither names" --from "$work/bin"
nothing_left "a folder without names"

passes "a folder with names and timemachine.txt" --from "$good"
brought "a folder with names and timemachine.txt"
passes "all is there already" --from "$work/bin"
grep -q 'data/real/names: already there and right' "$work/out" || die "all is there already"

printf 'Cy\n' >"$real/names/C.txt"
refuses "a class too many" "C.txt: is not one of the set"
rm "$real/names/C.txt" "$real/names/A.txt"
refuses "what is there lacks a file" "names/A.txt: missing"
[ -e "$real/names/B.txt" ] || die "what is there is not touched"

rm -r "$real"
cp -r "$good" "$work/tampered"
printf 'Bob\n' >"$work/tampered/names/B.txt"
refuses "a tampered file" "names/B.txt: differs" --from "$work/tampered"
nothing_left "a tampered file"
passes "the other set of a tampered folder" --from "$work/tampered" timemachine
[ ! -e "$real/names" ] || die "only the set that was asked for"
passes "one set is there, the other comes" --from "$good"
brought "one set is there, the other comes"

rm -r "$real" "$work/tampered/names/B.txt"
refuses "a missing file" "names/B.txt: missing" --from "$work/tampered"
nothing_left "a missing file"
mkdir "$work/tutorial"
cp -r "$good" "$work/tutorial/data"
printf 'more\n' >"$work/tutorial/data/names/more.txt"
passes "the layout of the tutorial, with a file too many" --from "$work/tutorial"
brought "the layout of the tutorial, with a file too many"

# curl ... -o FILE URL and unzip ... -d FOLDER
cat >"$work/bin/curl" <<'EOF'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
case $3 in
  *.zip) echo zip >"$2" ;;
  *timemachine.txt) cp "$good/timemachine.txt" "$2" ;;
  *) exit 22 ;;
esac
EOF
cat >"$work/bin/unzip" <<'EOF'
#!/bin/sh
while [ "$1" != -d ]; do shift; done
cp "$good"/names/*.txt "$2"
EOF
chmod +x "$work/bin/curl" "$work/bin/unzip"
rm -r "$real"
passes "the public homes"
brought "the public homes"

rm -r "$real"
cat >"$work/bin/curl" <<'EOF'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
echo half >"$2"
exit 56
EOF
refuses "a broken download" "cannot be fetched"
nothing_left "a broken download"
echo "get-data.sh: all cases passed"
