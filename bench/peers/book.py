#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""How well a book is learned: rondo train lm beside PyTorch with the same settings, in one run.

usage: book.py RONDO TEXT [--seeds N] [--json FILE]

Needs torch: Debian's python3-torch, or `pip install torch`. One LSTM of 256 units, the text's first
80 % to learn from, the last tenth for the test; the settings were chosen on the tenth between. Both
sides: 28 symbols, strips that carry the state, epochs that begin at a random symbol, dropout before
the head, AdamW with decay on matrices, one cycle of the rate, gradients clipped to a norm of 1; the
parameters of the last epoch.
"""
import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time

k_symbols = "? abcdefghijklmnopqrstuvwxyz"  # unknown, blank, a-z
k_settings = {"hidden": 256, "layers": 1, "batch": 16, "steps": 35, "epochs": 20, "lr": 0.012,
              "dropout": 0.6, "weight-decay": 0.01}
k_clip = 1.0


def tokens_of(path):
    """As rondo reads it: each line's letters, in lower case, all else one blank between them."""
    with open(path, encoding="utf-8") as file:
        lines = [re.sub("[^A-Za-z]+", " ", line).strip().lower() for line in file]
    return [k_symbols.index(symbol) for symbol in "".join(lines)]


def bits(torch, net, text):
    """Of a character, from the zero state on to the end."""
    lstm, head = net
    with torch.no_grad():
        outputs, _ = lstm(torch.nn.functional.one_hot(text[:-1, None], len(k_symbols)).float())
        scores = head(outputs[:, 0])
        return torch.nn.functional.cross_entropy(scores, text[1:]).item() / math.log(2)


def trained(torch, text, seed):
    """The network, and the seconds that training took."""
    s = k_settings
    torch.manual_seed(seed)
    starts = random.Random(seed)
    lstm = torch.nn.LSTM(len(k_symbols), s["hidden"])
    head = torch.nn.Linear(s["hidden"], len(k_symbols))
    drop = torch.nn.Dropout(s["dropout"])
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in parameters if p.dim() > 1], "weight_decay": s["weight-decay"]},
         {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0}], lr=s["lr"])
    updates = s["epochs"] * (len(text) // s["batch"] // s["steps"] + 1)  # at most
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, s["lr"], total_steps=updates,
                                                   cycle_momentum=False)
    began = time.perf_counter()
    for _ in range(s["epochs"]):
        first = starts.randrange(s["steps"] + 1)
        strip = (len(text) - first - 1) // s["batch"]
        x = text[first:first + s["batch"] * strip].view(s["batch"], strip).t()
        y = text[first + 1:first + 1 + s["batch"] * strip].view(s["batch"], strip).t()
        state = None
        for at in range(0, strip - s["steps"] + 1, s["steps"]):
            piece = torch.nn.functional.one_hot(x[at:at + s["steps"]], len(k_symbols)).float()
            outputs, carried = lstm(piece, state)
            state = tuple(part.detach() for part in carried)
            scores = head(drop(outputs)).flatten(0, 1)
            loss = torch.nn.functional.cross_entropy(scores, y[at:at + s["steps"]].flatten())
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, k_clip)
            optimizer.step()
            schedule.step()
    return (lstm, head), time.perf_counter() - began


def of_peer(torch, path, seed):
    text = torch.tensor(tokens_of(path))
    train, valid = len(text) * 8 // 10, len(text) * 9 // 10
    net, seconds = trained(torch, text[:train], seed)
    return {"valid": bits(torch, net, text[train:valid]), "test": bits(torch, net, text[valid:]),
            "seconds": seconds, "tokens": len(text)}


def of_rondo(rondo, path, seed):
    with tempfile.TemporaryDirectory() as folder:
        options = [word for key, value in k_settings.items() for word in ("--" + key, str(value))]
        said = json.loads(subprocess.run(
            [rondo, "train", "lm", "--data", path, *options, "--seed", str(seed), "--json",
             "--out", os.path.join(folder, "book.safetensors")],
            check=True, capture_output=True, text=True).stdout)
    return {"valid": said["valid"]["bits_per_character"],
            "test": said["test"]["bits_per_character"], "seconds": said["seconds"],
            "tokens": said["tokens"]}


def main():
    parser = argparse.ArgumentParser(description="a book, beside PyTorch")
    parser.add_argument("rondo")
    parser.add_argument("text")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    try:
        import torch
    except ImportError as error:
        sys.exit(f"book.py: {error} (apt-get install python3-torch, or pip install torch)")
    torch.set_num_threads(1)  # the faster number, see training.py
    name = "PyTorch " + torch.__version__
    rows = []
    for seed in range(1, options.seeds + 1):
        row = {"seed": seed, "rondo": of_rondo(options.rondo, options.text, seed),
               "peer": of_peer(torch, options.text, seed)}
        if row["rondo"]["tokens"] != row["peer"]["tokens"]:
            sys.exit(f"book.py: the two sides read different texts: {row}")
        rows.append(row)
        for who, title in (("rondo", "rondo"), ("peer", name)):
            print(f"seed {seed}  {title:16} test {row[who]['test']:.4f}  valid "
                  f"{row[who]['valid']:.4f} bits a character  {row[who]['seconds']:.0f} s",
                  flush=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(json.dumps({"peer": name, "settings": k_settings, "rows": rows},
                                  indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
