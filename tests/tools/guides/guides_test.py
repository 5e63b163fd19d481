# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Does what a guide of tools/guides says, word for word, in an empty folder.

usage: guides_test.py RONDO SOURCE_ROOT PKG_CONFIG_PATH GUIDE.md...

In a guide, a fenced block
  sh               is run by `sh -eu`; rondo is on the path, $RONDO is the source tree
  sh by-hand       is for another machine, or for root: not run
  text             is what the block before it must print: its lines, in this order, others may
                   stand between; ... stands for anything within a line
  LANGUAGE NAME    is the file NAME
and <!-- needs: PROGRAM... --> names the programs without which the guide is skipped."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

k_fence = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.M | re.S)
k_needs = re.compile(r"<!-- needs: (.*) -->")


class Failed(Exception):
    pass


def blocks_of(text):
    """(language, rest of the info string, text, line) of each fenced block."""
    return [(match[1], match[2].strip(), match[3], text.count("\n", 0, match.start()) + 1)
            for match in k_fence.finditer(text)]


def missing_of(output, expected):
    """The first line of `expected` that does not follow in `output`; None where all do."""
    lines = iter(output.splitlines())
    for wanted in expected.splitlines():
        pattern = ".*".join(re.escape(part) for part in wanted.strip().split("..."))
        if wanted.strip() and not any(re.fullmatch(pattern, line.strip()) for line in lines):
            return wanted
    return None


def follow(text, folder, environment):
    """Returns how many blocks were run and how many texts compared."""
    output, ran, compared = None, 0, 0
    for language, rest, body, line in blocks_of(text):
        if language == "sh" and rest == "by-hand":
            output = None
        elif language == "sh" and rest == "":
            done = subprocess.run(["sh", "-eu", "-c", body], cwd=folder, env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, text=True, check=False)
            output = done.stdout
            ran += 1
            if done.returncode != 0:
                raise Failed(f"line {line}: status {done.returncode}\n{done.stdout}{done.stderr}")
        elif language == "text":
            if output is None:
                raise Failed(f"line {line}: no block was run before this text")
            missing = missing_of(output, body)
            if missing is not None:
                raise Failed(f"line {line}: not printed: {missing}\nprinted:\n{output}")
            compared += 1
        elif re.fullmatch(r"[\w.-]+", rest):
            with open(os.path.join(folder, rest), "w", encoding="ascii") as file:
                file.write(body)
        else:
            raise Failed(f"line {line}: {language} {rest}: what is to be done with this block?")
    if ran == 0 or compared == 0:
        raise Failed("nothing was run and compared")
    return ran, compared


def follow_file(path, environment):
    """True where the guide was followed, False where a program is missing."""
    with open(path, encoding="ascii") as file:
        text = file.read()
    needs = k_needs.search(text)
    missing = [name for name in (needs.group(1).split() if needs else []) if not shutil.which(name)]
    if missing:
        print(f"{path}: skipped: {', '.join(missing)} not installed")
        return False
    with tempfile.TemporaryDirectory() as folder:
        ran, compared = follow(text, folder, environment)
    print(f"{os.path.basename(path)}: {ran} blocks run, {compared} texts as promised")
    return True


def main():
    rondo, root, packages = (os.path.realpath(word) for word in sys.argv[1:4])
    environment = dict(os.environ, RONDO=root, PKG_CONFIG_PATH=packages,
                       PATH=os.path.dirname(rondo) + os.pathsep + os.environ["PATH"])
    skipped = 0
    for path in sys.argv[4:]:
        try:
            skipped += not follow_file(path, environment)
        except Failed as failure:
            print(f"FAILED: {path}: {failure}", file=sys.stderr)
            return 1
    return 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
