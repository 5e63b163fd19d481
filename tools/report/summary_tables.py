# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The tables of bench/figures.md: one line for each table elsewhere, and what the suite records of
instructions and bytes. Used by figures.py, which gives the results by `find`: the result file of a
part of tools/reproduce.sh, or None where nobody has made it."""

import json
import os

import step_tables

k_tests = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests")
k_best = "avx512_vnni"


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def span(values, form="{:.2f}"):
    values = list(values)
    least, most = form.format(min(values)), form.format(max(values))
    return least if least == most else f"{least} - {most}"


def link(page, word):
    return f"[{word}]({page})"


def run_of(result, title, figure):
    """Values over the seeds of one figure of one run of a plan."""
    [run] = [run for run in result["runs"] if run["title"] == title]
    return run["figures"][figure]["values"]


def names_rows(result):
    table = link("README.md", "names")
    rows = []
    for sampling, figure, title in (("natural", "accuracy", "plain"),
                                    ("balanced", "balanced_accuracy", "balanced")):
        runs = result[sampling]
        rows.append([f"new names right, LSTM 128, {title} %",
                     f"{100 * mean(r['test'][figure] for r in runs):.2f}",
                     f"{100 * mean(r['int8_test'][figure] for r in runs):.2f}", "names", table])
    same = mean(r["int8_agreement"] for r in result["natural"])
    rows.append(["the same answer in float and int8, %", "", f"{100 * same:.2f}", "names", table])
    return rows


def int8_rows(result):
    rows = []
    for model, title in (("start-lstm", "perplexity, 10,000 characters, LSTM 256"),
                         ("book-lstm", "bits a character, book, LSTM 256, short"),
                         ("heart-lstm", "bits a character, LSTM 24, known by heart"),
                         ("aware-lstm", "the same, `--quantize-aware`")):
        runs = result[f"{model}-a8"]
        values = [f"{mean(r[kind] for r in runs):.4g}" for kind in ("float", "int8")]
        rows.append([title, *values, "int8", link("experiments.md", "int8")])
    return rows


# Of each plan: a run, its figure, what it is, and what it is multiplied by.
k_plans = (
    ("names-classroom", "LSTM, rate 0.01", "pool", "the class's LSTM over what it learned, pool %",
     100),
    ("names-cells", "LSTM 128, 300k", "pool", "LSTM 128, 300,000 names, pool %", 100),
    ("names-generate", "LSTM 128, defaults", "test perplexity",
     "perplexity of a letter of a new name, LSTM 128", 1),
    ("timemachine", "base", "perplexity", "perplexity, the class's setting, LSTM 256", 1),
    ("timemachine-heldout", "LSTM 256, two layers (the default)", "test bits/char",
     "bits a character of the book's last tenth, 2 x LSTM 256", 1),
    ("regression", "LSTM (10, 20), two layers", "test RMSE", "regression, LSTM (10, 20), RMSE", 1),
    ("regression", "LSTM (10, 20), two layers", "naive RMSE", "the same, if nothing changed", 1),
)


def accuracy(find):
    rows = names_rows(find("names")) + int8_rows(find("int8"))
    for plan, title, figure, what, factor in k_plans:
        if find(plan):
            value = f"{factor * mean(run_of(find(plan), title, figure)):.4g}"
            doc = "text" if plan.startswith("timemachine") else "experiments"
            rows.append([what, value, "", plan, link(f"{doc}.md", doc)])
    book = find("book-peers")
    rows.append(["bits a character of the book's last tenth, LSTM 256",
                 f"{mean(row['rondo']['test'] for row in book['rows']):.4g}", "", "book-peers",
                 link("text.md", "text")])
    gates = find("why-gates")
    kept = {cell: 100 * mean(run_of(gates, cell, "trained, lag 50"))
            / mean(run_of(gates, cell, "trained, lag 0")) for cell in ("RNN (tanh)", "LSTM")}
    rows.append(["gradient left after 50 characters, LSTM (RNN), %",
                 f"{kept['LSTM']:.1f} ({kept['RNN (tanh)']:.3f})", "", "why-gates",
                 link("experiments.md", "why gates")])
    for row in rows:
        row[3] = f"`reproduce.sh {row[3]}`"
    return step_tables.table_of(["what", "float", "int8", "command: `tools/`", "all of it"], rows)


def speed(find):
    """Whole LSTM steps: ns by the best set, and how many times as fast as something else."""
    by_size = step_tables.keyed(find("steps")["rows"], "size", "name", "set")
    rows, labels = [], {"avx2": "AVX2", "avx_vnni": "AVX-VNNI", k_best: "AVX-512 VNNI"}
    measured = {which for cases in by_size.values() for which in cases["lstm_s8"]}
    labels = {which: label for which, label in labels.items() if which in measured}
    for size, cases in by_size.items():
        ns = {name: {which: row["ns"] for which, row in sets.items()}
              for name, sets in cases.items()}
        f32, s8, naive = ns["lstm_f32"], ns["lstm_s8"], ns["naive_rows"]["-"]
        best = cases["lstm_s8"][k_best]
        rows.append([size, f"{f32[k_best]:,.0f}", f"{s8[k_best]:,.0f}",
                     f"{f32[k_best] / s8[k_best]:.1f}",
                     f"{f32['avx2'] / s8['avx2']:.1f}",
                     *(f"{s8['scalar'] / s8[which]:.1f}" for which in labels),
                     f"{naive / f32[k_best]:.0f}, {naive / s8[k_best]:.0f}",
                     f"{best['ns'] / best['limit_ns']:.1f}"])
    head = ["I x H", "f32, ns", "int8, ns", "f32 : int8", "the same with AVX2",
            *(f"scalar : {label}" for label in labels.values()),
            "naive : f32, int8", "int8 : limit"]
    return step_tables.table_of(head, rows)


def ratio_to_peer(result, who, how):
    """rondo's time over the other's, by size."""
    ns = step_tables.keyed(result["rows"], "size", "how", "who")
    for hows in ns.values():
        other = [row["ns"] for name, row in hows.get(how, {}).items() if name.startswith(who)]
        ours = hows.get(how, {}).get("rondo " + k_best)
        if ours and other:
            yield ours["ns"] / other[0]


def beside(find):
    rows = []
    for who in ("ONNX Runtime", "PyTorch"):
        for how in ("f32 sequence", "int8 sequence"):
            ratios = list(ratio_to_peer(find("peers"), who, how))
            if ratios:
                rows.append([f"{who}, LSTM, {how}", span(ratios), "`reproduce.sh peers`"])
    training = find("training-peers")
    for key, what in (("text/2", "text, LSTM 256"), ("names adam/1", "names, batch 1, Adam")):
        if training:
            kind = key.rsplit("/", 1)[0]
            ratios = [r["peer_speeds"][best] / r["rondo"][key] for r in training["rounds"]
                      for best in [max((k for k in r["peer_speeds"] if k.startswith(kind + "/")),
                                       key=r["peer_speeds"].get)]]
            rows.append([f"{training['peer']}, training: {what}", span(ratios),
                         "`reproduce.sh training-peers`"])
    return step_tables.table_of(["beside", "rondo's time : theirs", "command: `tools/`"], rows)


def training(find):
    speeds = find("training")["items_per_second"]
    rows = [[what, f"{speeds[key + '/1']:,.0f}", f"{speeds[key + '/2']:,.0f}"]
            for what, key in (("names/s, LSTM 128, batch 64", "train_names/adam/64"),
                              ("characters/s, LSTM 256, batch 32 x 35", "train_text"))]
    return step_tables.table_of(["whole updates", "one thread", "two threads"], rows)


def lines_of(path):
    """The words of each line of a record, without its comment."""
    with open(os.path.join(k_tests, path), encoding="ascii") as file:
        return [line.split() for line in file if line.strip() and not line.startswith("#")]


def by_core(path, wanted):
    """A row a core and compiler, a column for each kind that is wanted: words before the number."""
    found, kinds = {}, {}
    for core, compiler, *kind, count in lines_of(path):
        kind = " ".join(kind).replace("_", " ")
        if wanted(kind):
            kinds[kind] = True
            found.setdefault((core, compiler), {})[kind] = f"{int(count):,}"
    rows = [[core, compiler, *(counts.get(kind, "") for kind in kinds)]
            for (core, compiler), counts in sorted(found.items())]
    return step_tables.table_of(["core", "compiler", *kinds], rows)


def instructions(_):
    return by_core("firmware/counts.txt", lambda kind: " a8 " in kind and " 1x" not in kind)


def code(_):
    return by_core("tools/bundle/budget.txt", lambda kind: kind.startswith("code"))


def memory(_):
    return by_core("tools/bundle/budget.txt", lambda kind: not kind.startswith("code"))


def callgrind(_):
    with open(os.path.join(k_tests, "counts", "counts.json"), encoding="ascii") as file:
        recorded = json.load(file)
    rows = []
    for compiler, counts in recorded.items():
        for cell in dict.fromkeys(key.split("/")[0] for key in counts):
            rows.append([compiler, cell, *(f"{counts[f'{cell}/{which}/{shape}']:,}"
                                           for shape in ("64x64", "57x128")
                                           for which in ("scalar", "avx2"))])
    head = ["compiler", "step", "64x64, scalar", "AVX2", "57x128, scalar", "AVX2"]
    return step_tables.table_of(head, rows)


# Minutes of a part whose result does not say, roughly, on two cores.
k_minutes = {"training": 2, "steps": 5, "devices": 10, "int8": 30, "peers": 10,
             "training-peers": 10, "book-peers": 10, "timemachine-variations": 30}


def minutes_of(part, result):
    """Of training, all runs after each other."""
    if part == "names":
        runs = [run["seconds"] for kind in ("natural", "balanced") for run in result[kind]]
    else:
        figures = [run["figures"].get("seconds") for run in result.get("runs", [])]
        runs = [second for figure in figures if figure for second in figure["values"]]
    return str(max(1, round(sum(runs) / 60)) if runs else k_minutes.get(part, ""))


def made(find, parts):
    rows = []
    for part in parts:
        result = find(part)
        if result:
            machine = result["machine"]
            rows.append([f"`reproduce.sh {part}`", minutes_of(part, result),
                         f"{machine['cpu']}, {machine['cores']} cores", machine["compiler"],
                         machine["commit"]])
    return step_tables.table_of(
        ["command: `tools/`", "minutes", "made on", "compiler", "at commit"], rows)


k_tables = {f.__name__: f for f in (accuracy, speed, beside, training, instructions, code,
                                    memory, callgrind)}
