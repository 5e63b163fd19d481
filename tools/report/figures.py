#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The measured figures of the docs: from runs to result files, from result files to tables.

usage: figures.py collect BUILD PART...   after tools/reproduce.sh: bench/results/PART.json
       figures.py write                   the tables of the docs anew, from the result files
       figures.py check                   whether the docs hold just those tables (a test of the
                                          suite)

A table stands between the lines <!-- figures NAME --> and <!-- end of figures -->.
"""

import functools
import json
import os
import platform
import re
import subprocess
import sys

import int8_table
import step_tables
import summary_tables
import sweep_tables

k_root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
k_results = os.path.join(k_root, "bench", "results")
k_docs = ["README.md", "bench/README.md", "bench/steps.md", "bench/experiments.md",
          "bench/devices.md", "bench/figures.md", "bench/text.md"]
k_seeds = range(1, 6)
k_block = re.compile(r"(<!-- figures (\w+) -->\n)(.*?)(<!-- end of figures -->)", re.S)


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system() + " " + platform.machine(),
        "compiler": output_of("c++", "--version").splitlines()[0],
        "commit": output_of("git", "-C", k_root, "rev-parse", "--short=12", "HEAD"),
    }


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def run_of(build, sampling, seed):
    trained = load(os.path.join(build, f"{sampling}-{seed}-train.json"))
    quantized = load(os.path.join(build, f"{sampling}-{seed}-quantize.json"))
    comparison = quantized["comparison"]
    figures = ("accuracy", "balanced_accuracy")
    return {
        "seed": seed,
        "test": {f: trained["test"][f] for f in figures},
        "pool": {f: trained["pool"][f] for f in figures},
        "int8_test": {f: quantized["int8"][f] for f in figures},
        "int8_agreement": comparison["agreeing"] / comparison["sequences"],
        "test_names": comparison["sequences"],
        "seconds": trained["seconds"],
    }


def names_result(build):
    return {
        sampling: [run_of(build, sampling, seed) for seed in k_seeds]
        for sampling in ("natural", "balanced")
    }


def training_result(build):
    rows = load(os.path.join(build, "training.json"))["benchmarks"]
    speeds = {
        row["run_name"].replace("/real_time", ""): row["items_per_second"]
        for row in rows
        if row["aggregate_name"] == "median"
    }
    return {"items_per_second": speeds}


def steps_result(build):
    result = load(os.path.join(build, "steps.json"))
    for row in result["rows"]:
        row.update({k: round(v, 2) for k, v in row.items() if isinstance(v, float)})
    return result


def training_peers_result(build):
    return load(os.path.join(build, "training-peers.json"))


def book_peers_result(build):
    return load(os.path.join(build, "book-peers.json"))


def peers_result(build):
    return load(os.path.join(build, "peers.json"))


def devices_result(build):
    return load(os.path.join(build, "devices.json"))


def sweep_result(plan, build):
    return load(os.path.join(build, plan, "sweep.json"))


def collect(build, parts):
    os.makedirs(k_results, exist_ok=True)
    for part in parts:
        result = {"machine": machine(), **k_parts[part][0](build)}
        with open(os.path.join(k_results, part + ".json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(result, indent=2) + "\n")


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def percent(values):
    values = [100 * v for v in values]
    return f"{mean(values):.2f} ({min(values):.2f} - {max(values):.2f})"


def names_table(result):
    lines = [
        "| `--sampling` | test plain % | test balanced % | pool balanced % "
        "| int8 answers as float % | int8 plain - float, points |",
        "|---|---|---|---|---|---|",
    ]
    for sampling in ("natural", "balanced"):
        runs = result[sampling]
        change = mean(r["int8_test"]["accuracy"] - r["test"]["accuracy"] for r in runs)
        lines.append(
            f"| {sampling} | {percent(r['test']['accuracy'] for r in runs)} "
            f"| {percent(r['test']['balanced_accuracy'] for r in runs)} "
            f"| {percent(r['pool']['balanced_accuracy'] for r in runs)} "
            f"| {percent(r['int8_agreement'] for r in runs)} | {100 * change:+.2f} |"
        )
    return lines


def training_table(result):
    speeds = result["items_per_second"]
    lines = ["| update | one thread | two threads |", "|---|---|---|"]
    for label, pattern, unit in (
        ("names, batch 1, Adam", "train_names/adam/1/{}", "names/s"),
        ("names, batch 1, SGD", "train_names/sgd/1/{}", "names/s"),
        ("names, batch 64, Adam", "train_names/adam/64/{}", "names/s"),
        ("text, LSTM 256, batch 32 x 35, SGD", "train_text/{}", "tokens/s"),
    ):
        cells = [f"{speeds[pattern.format(threads)]:,.0f} {unit}" for threads in (1, 2)]
        lines.append(f"| {label} | {cells[0]} | {cells[1]} |")
    return lines


def training_peers_table(result):
    ours, theirs = result["rondo"], result["peer_speeds"]
    lines = [f"| update | threads | rondo | {result['peer']} | ratio to its best, by round |",
             "|---|---|---|---|---|"]
    for label, what, unit in (
        ("text, LSTM 256, batch 32 x 35, SGD", "text", "tokens/s"),
        ("names, batch 1, Adam", "names adam", "names/s"),
        ("names, batch 1, SGD", "names sgd", "names/s"),
    ):
        keys = [f"{what}/{threads}" for threads in (1, 2)]
        for key in keys:
            ratios = [r["rondo"][key] / max(r["peer_speeds"][k] for k in keys)
                      for r in result["rounds"]]
            lines.append(f"| {label} | {key[-1]} | {ours[key]:,.0f} {unit} "
                         f"| {theirs[key]:,.0f} {unit} | {min(ratios):.2f} - {max(ratios):.2f} |")
    rates = [f"{100 * rate['share']:.0f} % of {rate['gflops']:.0f} GFLOP/s with {threads}"
             for threads, rate in sorted(result["sgemm"].items())]
    return lines + ["", "Text as a share of what sgemm reaches on the same products in the same "
                    "process, by threads: " + ", ".join(rates) + "."]


def book_peers_table(result):
    lines = ["| who | test bits of a character | valid | seconds |", "|---|---|---|---|"]
    for who, title in (("rondo", "rondo"), ("peer", result["peer"])):
        cells = []
        for what, form in (("test", "{:.3f}"), ("valid", "{:.3f}"), ("seconds", "{:.0f}")):
            values = [row[who][what] for row in result["rows"]]
            mean = form.format(sum(values) / len(values))
            cells.append(f"{mean} ({form.format(min(values))} - {form.format(max(values))})")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    settings = ", ".join(f"{name} {value}" for name, value in result["settings"].items())
    return lines + ["", f"Mean (least - most) of {len(result['rows'])} seeds; {settings}."]


def made_on(result):
    m = result["machine"]
    return f"{m['cpu']}, {m['cores']} cores, {m['compiler']}, commit {m['commit']}."


# How a result file is collected, and the tables that are made of it.
k_parts = {
    "names": (names_result, {"names": names_table}),
    "training": (training_result, {"training": training_table}),
    "steps": (steps_result, {"steps": step_tables.steps, "naive": step_tables.naive}),
    "int8": (int8_table.collect, {"int8": int8_table.table,
                                  "quantize_aware": int8_table.aware_table}),
    "training-peers": (training_peers_result, {"training_peers": training_peers_table}),
    "book-peers": (book_peers_result, {"book_peers": book_peers_table}),
    "peers": (peers_result, {"peers": step_tables.peers}),
    "devices": (devices_result, {"devices": step_tables.devices}),
}
for k_plan in sweep_tables.plans():
    k_parts[k_plan] = (functools.partial(sweep_result, k_plan),
                       {k_plan.replace("-", "_"): functools.partial(sweep_tables.sweep, k_plan)})
k_tables = {name: (part, make) for part, (_, tables) in k_parts.items()
            for name, make in tables.items()}


def find(part):
    """The result of a part, or None where nobody has made it."""
    path = os.path.join(k_results, part + ".json")
    return load(path) if os.path.exists(path) else None


# Of several results, or of what the suite records: these say themselves where they come from.
k_summaries = {f"all_{name}": functools.partial(make, find)
               for name, make in summary_tables.k_tables.items()}
k_summaries["all_made"] = functools.partial(summary_tables.made, find, k_parts)


def table(name):
    if name in k_summaries:
        return "\n".join(k_summaries[name]()) + "\n"
    part, make = k_tables[name]
    result = load(os.path.join(k_results, part + ".json"))
    return "\n".join([*make(result), "", made_on(result)]) + "\n"


def write():
    for doc in k_docs:
        path = os.path.join(k_root, doc)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = k_block.sub(lambda m: m[1] + table(m[2]) + m[4], text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def check():
    blocks, wrong = 0, 0
    for doc in k_docs:
        with open(os.path.join(k_root, doc), encoding="utf-8") as file:
            text = file.read()
        for block in k_block.finditer(text):
            blocks += 1
            if block[3] != table(block[2]):
                wrong += 1
                line = text[: block.start()].count("\n") + 1
                print(f"{doc}:{line}: the table {block[2]} is not that of bench/results; "
                      "run tools/report/figures.py write", file=sys.stderr)
    if blocks == 0:
        print("figures: the docs have no table to check", file=sys.stderr)
    print(f"figures: {blocks} tables, {wrong} wrong")
    return 1 if wrong or not blocks else 0


def main():
    if len(sys.argv) > 3 and sys.argv[1] == "collect" and set(sys.argv[3:]) <= set(k_parts):
        collect(sys.argv[2], sys.argv[3:])
    elif sys.argv[1:] == ["write"]:
        write()
    elif sys.argv[1:] == ["check"]:
        return check()
    else:
        print(__doc__, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
