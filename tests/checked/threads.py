# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The trainer under ThreadSanitizer: its tests, the main job, and each kind of training with three
threads, stopped by a signal that reaches a worker's thread, and gone on with. One race fails.

usage: threads.py RONDO TEST_TRAIN SOURCE_ROOT    both built with -Db_sanitize=thread

OpenBLAS is not built so: what it does is not seen, and needs no suppression. The trainer's workers
are all the threads there are; rondo sweep runs processes."""
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time

k_here = os.path.dirname(os.path.abspath(__file__))
k_race = "WARNING: ThreadSanitizer: data race"
k_status = 66  # of a program with a finding
k_tgkill = {"x86_64": 234, "aarch64": 131}[os.uname().machine]


def check(right, *what):
    if not right:
        sys.exit("threads: FAILED: " + " ".join(map(str, what)))


def run(words, expected=0):
    done = subprocess.run(words, capture_output=True, text=True, errors="replace")
    said = done.stdout + done.stderr
    check(done.returncode == expected, "status", done.returncode, "of", *words, "\n" + said)
    check((k_race in said) == (expected == k_status), *words, "\n" + said)
    return said


def require_instrumented(program):
    names = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    for name in ("__tsan_init", "__tsan_func_entry", "__tsan_write4"):
        check(name in names, program, "is not built with ThreadSanitizer: no", name)


def fix_addresses(program):
    """Where the kernel spreads addresses wider than GCC 12 knows, this script starts once more
    without that."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True)
    if "unexpected memory mapping" not in said.stderr:
        check(said.returncode == 0, program, "\n" + said.stderr)
        return
    check("RONDO_FIXED_ADDRESSES" not in os.environ, said.stderr)
    os.environ["RONDO_FIXED_ADDRESSES"] = "1"
    os.execvp("setarch", ["setarch", "-R", sys.executable, *sys.argv])


def signal_worker(process, number):
    """To a thread of the process that is not its first."""
    threads = sorted(map(int, os.listdir(f"/proc/{process.pid}/task")))
    workers = [thread for thread in threads if thread != process.pid]
    check(len(workers) >= 2, "expected two workers at least, found the threads", threads)
    ctypes.CDLL(None).syscall(k_tgkill, process.pid, workers[-1], number)


def stop_and_go_on(rondo, words, out):
    """Stopped after the first snapshot; the same once more is a complete run."""
    line = [rondo, "train", *words, "--threads", "3", "--save-every", "0.01", "--out", out]
    with open(out + ".err", "w+") as said:
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=said)
        while process.poll() is None and not os.path.exists(out + ".resume"):
            time.sleep(0.01)
        running = process.poll() is None
        if running:
            signal_worker(process, signal.SIGTERM)
        status = process.wait()
        said.seek(0)
        text = said.read()
    check(running, *line, "was not there to be stopped: status", status, "\n" + text)
    check(status == 128 + signal.SIGTERM and k_race not in text, "status", status, "of", *line,
          "\n" + text)
    run([*line, "--resume"])
    check(os.path.getsize(out) > 0, *line, "wrote nothing")


def main():
    rondo, test_train, root = map(os.path.realpath, sys.argv[1:])
    # No second thread of the sanitizer's own, which would be taken for a worker.
    os.environ["TSAN_OPTIONS"] = f"halt_on_error=1:exitcode={k_status}:background_thread=0"
    for program in (rondo, test_train):
        require_instrumented(program)
    fix_addresses(rondo)
    run([test_train, "--no-skip", "--test-case=workers: a planted race"], k_status)
    print("a planted race is found")
    said = run([test_train])
    check("0 failed" in said and " 0 passed" not in said, said)
    print([line for line in said.splitlines() if "test cases" in line][0])
    print(run([os.path.join(k_here, "run.sh"), rondo, root]).strip())
    names, text = (os.path.join(root, "data", *path) for path in (["names"],
                                                                  ["text", "orchard.txt"]))
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        with open("series.csv", "w") as file:
            file.write("x\n" + "".join(f"{i * i % 17}\n" for i in range(3000)))
        small = ["--hidden", "8", "--batch", "8"]
        for words in (["classify", "--data", names, *small, "--iterations", "100"],
                      ["generate", "--data", names, *small, "--iterations", "100"],
                      ["lm", "--data", text, *small, "--layers", "1", "--steps", "10",
                       "--iterations", "100"],
                      ["regress", "--data", "series.csv", *small, "--iterations", "100"]):
            stop_and_go_on(rondo, words, words[0] + ".safetensors")
            print(f"train {words[0]}: stopped, gone on with, no race")


if __name__ == "__main__":
    main()
