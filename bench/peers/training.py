#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""How fast updates are: the trainer beside PyTorch on this machine, in one run.

usage: training.py BENCH_TRAINING [--rounds N] [--seconds S] [--json FILE]

BENCH_TRAINING is the program of a release build (BUILD/bench/bench_training). Needs torch: Debian's
python3-torch, or `pip install torch`. Text: the character language model of the classroom (LSTM
256, 28 symbols, batch 32 x 35, SGD, clipping, state carried and detached). Names: LSTM 128, one
name an update. Forward, backward, clipping and optimizer on both sides; each round measures
everybody, the most of all rounds counts.
"""
import argparse
import json
import os
import subprocess
import sys
import time

k_batch, k_steps, k_symbols, k_hidden = 32, 35, 28, 256
k_flop = 3 * 2 * k_hidden * 4 * k_hidden  # of a token; see bench/training.cpp
k_letters, k_languages = 57, 18


def per_second(update, items, seconds):
    """Items a second of an update, after a few that do not count."""
    for _ in range(5):
        update()
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        update()
        count += 1
    return items * count / (time.perf_counter() - start)


def text_update(torch):
    functional = torch.nn.functional
    lstm = torch.nn.LSTM(k_symbols, k_hidden)
    head = torch.nn.Linear(k_hidden, k_symbols)
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=1e-3)
    tokens = torch.randint(k_symbols, (k_steps + 1, k_batch))
    state = [None]

    def update():
        x = functional.one_hot(tokens[:-1], k_symbols).float()
        outputs, carried = lstm(x, state[0])
        state[0] = tuple(part.detach() for part in carried)
        loss = functional.cross_entropy(head(outputs).flatten(0, 1), tokens[1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    return update


def names_update(torch, kind):
    functional = torch.nn.functional
    lstm = torch.nn.LSTM(k_letters, 128)
    head = torch.nn.Linear(128, k_languages)
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = kind(parameters, lr=1e-3)
    # 4 to 10 letters, 7 on average, as in bench/training.cpp
    names = [torch.randint(k_letters, (4 + i % 7, 1)) for i in range(1024)]
    labels = torch.randint(k_languages, (1024, 1))
    turn = [0]

    def update():
        i = turn[0] = (turn[0] + 1) % len(names)
        outputs, _ = lstm(functional.one_hot(names[i], k_letters).float())
        loss = functional.cross_entropy(head(outputs[-1]), labels[i])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    return update


def torch_speeds(torch, threads, seconds):
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    updates = {"text": (text_update(torch), k_batch * k_steps),
               "names adam": (names_update(torch, torch.optim.Adam), 1),
               "names sgd": (names_update(torch, torch.optim.SGD), 1)}
    return {f"{what}/{threads}": per_second(update, items, seconds)
            for what, (update, items) in updates.items()}


def peer_speeds(seconds):
    """A process for each number of threads: OpenMP and BLAS read it when they are loaded."""
    speeds = {}
    for threads in (1, 2):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **{name: str(threads) for name in names}}
        output = subprocess.run([sys.executable, __file__, "-", "--peer-threads", str(threads),
                                 "--seconds", str(seconds)], env=environment, check=True,
                                capture_output=True, text=True).stdout
        speeds.update(json.loads(output))
    return speeds


k_rondo = {"train_text/1": "text/1", "train_text/2": "text/2",
           "train_names/adam/1/1": "names adam/1", "train_names/adam/1/2": "names adam/2",
           "train_names/sgd/1/1": "names sgd/1", "train_names/sgd/1/2": "names sgd/2"}


def rondo_speeds(program, seconds):
    """Speeds; and by threads how fast sgemm does the products of the text, FLOP/s."""
    command = [program, "--benchmark_filter=train_text|train_names/.*/1/[12]/",
               f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    speeds, sgemm = {}, {}
    for row in json.loads(output)["benchmarks"]:
        name = k_rondo[row["name"].replace("/real_time", "")]
        speeds[name] = row["items_per_second"]
        if "sgemm" in row:
            sgemm[name.split("/")[1]] = row["sgemm"]
    return speeds, sgemm


def best(old, new):
    return {key: max(old.get(key, 0), value) for key, value in new.items()}


def main():
    parser = argparse.ArgumentParser(description="the trainer beside PyTorch")
    parser.add_argument("bench_training")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1, help="of each measurement")
    parser.add_argument("--peer-threads", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    try:
        import torch
    except ImportError as error:
        sys.exit(f"training.py: {error} (apt-get install python3-torch, or pip install torch)")
    if options.peer_threads:
        print(json.dumps(torch_speeds(torch, options.peer_threads, options.seconds)))
        return 0
    ours, theirs, fastest, rounds = {}, {}, {}, []
    for number in range(options.rounds):
        speeds, rates = rondo_speeds(options.bench_training, options.seconds)
        peer = peer_speeds(options.seconds)
        rounds.append({"rondo": speeds, "peer_speeds": peer})
        ours, theirs = best(ours, speeds), best(theirs, peer)
        fastest = best(fastest, rates)
        print(f"training.py: round {number + 1} of {options.rounds}", file=sys.stderr)
    # The best of either side: a share of two different moments, but no moment is picked for it.
    sgemm = {threads: {"gflops": rate / 1e9, "share": k_flop * ours["text/" + threads] / rate}
             for threads, rate in fastest.items()}
    name = "PyTorch " + torch.__version__
    print(f"{'update':>14}{'threads':>9}{'rondo':>12}{name:>20}{'ratio':>8}   a second")
    for key, speed in ours.items():
        what, threads = key.split("/")
        print(f"{what:>14}{threads:>9}{speed:>12,.0f}{theirs[key]:>20,.0f}"
              f"{speed / theirs[key]:>8.2f}")
    for threads, rate in sgemm.items():
        print(f"text, {threads} threads: {100 * rate['share']:.0f} % of sgemm's "
              f"{rate['gflops']:.0f} GFLOP/s on the same products")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(json.dumps({"peer": name, "rondo": ours, "peer_speeds": theirs,
                                   "sgemm": sgemm, "rounds": rounds}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
