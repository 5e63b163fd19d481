# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What int8 costs, and what training that knows of it saves: tables of bench/experiments.md, from
what tools/reproduce.sh int8 measured. Used by figures.py, which adds the machine."""

import json
import os

import step_tables

k_seeds = range(1, 6)
# What is compared: its title, the figure, what it is multiplied by, and how a change is told.
k_models = {
    "names-lstm": ("names, LSTM 128, plain %", "accuracy", 100, "points"),
    "names-gru": ("names, GRU 128, plain %", "accuracy", 100, "points"),
    "start-lstm": ("10,000 characters, LSTM 256, perplexity", "perplexity", 1, "share"),
    "start-gru": ("10,000 characters, GRU 256, perplexity", "perplexity", 1, "share"),
    "book-lstm": ("book, LSTM 256, test bits", "bits_per_character", 1, "share"),
    "book-gru": ("book, GRU 256, test bits", "bits_per_character", 1, "share"),
}
k_small = {"lstm": "LSTM 24", "gru": "GRU 24", "rnn": "RNN 24"}


def run_of(path, seed, figure):
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    comparison = result["comparison"]
    return {
        "seed": seed,
        "float": result["float"][figure],
        "int8": result["int8"][figure],
        "agreement": comparison["agreeing"] / comparison["answers"],
    }


def runs_of(build, model, bits, figure):
    """Of as many seeds as are there."""
    paths = {s: os.path.join(build, f"int8-{model}-{s}-a{bits}.json") for s in k_seeds}
    return [run_of(path, seed, figure) for seed, path in paths.items()
            if os.path.exists(path) and os.path.getsize(path) > 0]


def collect(build):
    result = {f"{model}-a{bits}": runs_of(build, model, bits, figure)
              for model, (_, figure, _, _) in k_models.items() for bits in (8, 16)}
    for cell in k_small:
        for model in (f"heart-{cell}", f"aware-{cell}"):
            result[f"{model}-a8"] = runs_of(build, model, 8, "bits_per_character")
    return result


def change_of(run, factor, told):
    change = run["int8"] - run["float"]
    return factor * change if told == "points" else 100 * change / run["float"]


def row_of(title, kind, runs, factor, told):
    changes = [change_of(run, factor, told) for run in runs]
    same = [100 * run["agreement"] for run in runs]
    unit = "points" if told == "points" else "%"
    count = len(runs)
    return [
        title, kind, str(count),
        f"{factor * sum(run['float'] for run in runs) / count:.3f}",
        f"{factor * sum(run['int8'] for run in runs) / count:.3f}",
        f"{sum(changes) / count:+.3f} ({min(changes):+.3f} - {max(changes):+.3f}) {unit}",
        f"{sum(same) / count:.2f} ({min(same):.2f} - {max(same):.2f})",
    ]


def table(result):
    rows = []
    for model, (title, _, factor, told) in k_models.items():
        for bits in (8, 16):
            runs = result[f"{model}-a{bits}"]
            if runs:
                rows.append(row_of(title, str(bits), runs, factor, told))
    return step_tables.table_of(
        ["model", "bits of h", "seeds", "float", "int8", "change", "same answers, %"], rows)


def aware_table(result):
    rows = []
    for cell, title in k_small.items():
        for model, how in (("heart", "as it is"), ("aware", "`--quantize-aware`")):
            runs = result[f"{model}-{cell}-a8"]
            if runs:
                rows.append(row_of(title, how, runs, 1, "share"))
    return step_tables.table_of(
        ["model", "training", "seeds", "float bits", "int8 bits", "change", "same answers, %"],
        rows)
