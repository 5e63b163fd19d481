# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""kill -9 at random moments of train, quantize, export and report: whatever stands under its final
name is the whole new file or the whole old one, and the same command (train with --resume) then
gives the bytes of a run that was left alone and removes what was left over.

usage: crash_test.py [--moments N] [--seed N] RONDO NAMES TEXT

About half of the moments are drawn over the time that the command takes; the others are moments of
writing: a drawn one of the temporary files that the command writes appears, or is renamed. Besides,
each command dies at a drawn byte of a file, which a limit of the size of files kills it for."""
import argparse
import collections
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from crash_jobs import events, files_in, is_whole_safetensors, jobs_of, k_leftover


def check(right, *what):
    if not right:
        sys.exit("crash_test: FAILED: " + " ".join(map(str, what)))


class Crashes:
    def __init__(self, rondo, work):
        self.rondo, self.work = rondo, work
        self.folder = os.path.join(work, "trial")
        self.fell = collections.Counter()
        self.cut_while_writing = 0

    def start(self, job, **more):
        return subprocess.Popen([self.rondo, *job.line("one")], cwd=self.folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, **more)

    def run_whole(self, job, model, folder):
        """In a folder of its own: what it wrote, and how long that took."""
        os.makedirs(folder)
        begin = time.monotonic()
        done = subprocess.run([self.rondo, *job.line(model)], cwd=folder, capture_output=True)
        seconds = time.monotonic() - begin
        check(done.returncode == 0, job.name, done.stderr.decode())
        return files_in(folder), seconds

    def prepare(self, job):
        place = os.path.join(self.work, job.name.replace(" ", "-"))
        job.previous, _ = self.run_whole(job, "two", place + "-two")
        job.whole, job.seconds = self.run_whole(job, "one", place + "-one")
        job.differing = {name for name in job.whole if job.whole[name] != job.previous[name]}
        check(job.differing and job.whole.keys() == job.previous.keys(), job.name, "writes nothing")

    def renew(self, job, draw):
        """A folder that is empty, or has the files of an earlier run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        if draw.random() < 0.5:
            for name, data in job.previous.items():
                path = os.path.join(self.folder, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(data)

    def judge(self, job):
        """Where in the command's life it ended; fails where a file is neither old nor new."""
        found = files_in(self.folder)
        left = {name for name in found if k_leftover.match(name)}
        for name, data in found.items():
            base = k_leftover.sub(r"\1", name)
            what = f"{job.name}: {name}, {len(data)} bytes"
            resume = job.trains and base == "net.safetensors.resume"
            check(base in job.whole or resume, what, "is a strange name")
            if name in left:
                continue
            if resume:
                check(is_whole_safetensors(data), what, "is half a snapshot")
            elif name.endswith(".jsonl"):
                lines, whole = events(data), events(job.whole[name])
                check(data == job.previous[name] or lines == whole[:len(lines)], what,
                      "has lines of another run")
            else:
                check(data in (job.whole[name], job.previous[name]), what,
                      "is neither the old file nor the new one")
        new = {name for name in job.differing if found.get(name) == job.whole[name]}
        done = "net.safetensors" in new if job.trains else new == job.differing
        return "writing" if left or (new and not done) else "after" if done else "before"

    def finish(self, job):
        """The same command once more: nothing shows that there was a crash."""
        done = self.start(job).wait()
        check(done == 0, job.name, "after a crash: status", done)
        found = files_in(self.folder)
        check(found.keys() == job.whole.keys(), job.name, "after a crash: there are",
              sorted(found.keys() ^ job.whole.keys()), "too many or missing")
        for name, data in found.items():
            same = (events(data) == events(job.whole[name]) if name.endswith(".jsonl") else
                    data == job.whole[name])
            check(same, job.name, "after a crash:", name, "has other bytes")

    def wait_for_writing(self, job, run, draw):
        """Until a drawn number of temporary files appeared, or one of those was renamed."""
        wanted = draw.randint(1, 10 if job.trains else len(job.differing))
        renamed = draw.random() < 0.3
        appeared, seen = 0, set()
        while run.poll() is None:
            now = set()
            for path, _, names in os.walk(self.folder):
                now.update(os.path.join(path, name) for name in names if k_leftover.match(name))
            appeared += len(now - seen)
            if appeared >= wanted and (not renamed or seen - now):
                return
            seen = now

    def kill_once(self, job, at_writing, draw):
        """False where the command was faster."""
        run = self.start(job)
        if at_writing:
            self.wait_for_writing(job, run, draw)
        else:
            time.sleep(draw.uniform(0, job.seconds))
        run.kill()
        if run.wait() != -signal.SIGKILL:
            return False
        self.fell[job.command, self.judge(job)] += 1
        return True

    def moments(self, job, count, draw):
        """`count` kills. A training run is killed again and again until it is complete."""
        kills = tries = 0
        self.renew(job, draw)
        while kills < count:
            tries += 1
            check(tries <= 20 * count + 20, job.name, "is too fast to be killed")
            killed = self.kill_once(job, tries % 2 == 1, draw)
            kills += killed
            if not killed or not job.trains or kills == count:
                self.finish(job)
                self.renew(job, draw)

    def cut(self, job, draw):
        """Dies where a file reaches a drawn size: a temporary one, or the log of training."""
        self.renew(job, draw)
        size = draw.randrange(max(len(job.whole[name]) for name in job.differing))

        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        status = self.start(job, preexec_fn=limit).wait()
        check(status == -signal.SIGXFSZ, job.name, "status", status, "with files of", size)
        fell = self.judge(job)
        check(job.trains or fell == "writing", job.name, "left nothing at", size, "bytes")
        self.cut_while_writing += fell == "writing"
        self.finish(job)


def make_inputs(crashes, names):
    """Two small networks of one shape, their images and logs."""
    for model, seed in (("one", "1"), ("two", "2")):
        path = os.path.join(crashes.work, model)
        for words in (["train", "classify", "--data", names, "--hidden", "48", "--epochs", "3",
                       "--threads", "1", "--seed", seed, "--log", path + ".jsonl",
                       "--out", path + ".safetensors"],
                      ["quantize", path + ".safetensors", "--data", names, "--out",
                       path + ".rondo"]):
            subprocess.run([crashes.rondo, *words], check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("RONDO_TEST_SEED", "0")))
    parser.add_argument("rondo")
    parser.add_argument("names")
    parser.add_argument("text")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 1 << 30)
    print(f"--seed {seed}", flush=True)
    draw = random.Random(seed)
    names, text = map(os.path.realpath, (options.names, options.text))
    with tempfile.TemporaryDirectory() as work:
        crashes = Crashes(os.path.realpath(options.rondo), work)
        make_inputs(crashes, names)
        jobs = jobs_of(names, text)
        # As many of each command; its forms share them.
        commands = list(dict.fromkeys(job.command for job in jobs))
        turns = collections.Counter()
        for i in range(options.moments):
            of_command = [job for job in jobs if job.command == commands[i % len(commands)]]
            turns[of_command[i // len(commands) % len(of_command)].name] += 1
        for job in jobs:
            crashes.prepare(job)
            crashes.moments(job, turns[job.name], draw)
            crashes.cut(job, draw)
    for command in commands:
        fell = {when: crashes.fell[command, when] for when in ("before", "writing", "after")}
        print(f"{command}: killed", ", ".join(f"{n} {when}" for when, n in fell.items()))
    writing = sum(n for (_, when), n in crashes.fell.items() if when == "writing")
    print(f"{sum(crashes.fell.values())} kills, {writing} while something was written;",
          crashes.cut_while_writing, "more deaths at a drawn byte of what is written")
    check(sum(crashes.fell.values()) == options.moments, "not as many kills as asked for")
    # Where files are in memory and others compute, writing may be too short to be met by chance.
    check(writing + crashes.cut_while_writing > 0, "nothing ended while it wrote: no proof")


if __name__ == "__main__":
    main()
