# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The tables of bench/steps.md, from what bench_steps and bench/peers measured, and that of
tests/devices/measure.py. Used by figures.py, which adds the machine."""


def keyed(rows, *keys):
    """The values of rows, in their order, as a nested dictionary by the given keys."""
    if not keys:
        return rows[0]
    groups = {}
    for row in rows:
        groups.setdefault(row[keys[0]], []).append(row)
    return {value: keyed(group, *keys[1:]) for value, group in groups.items()}


def table_of(head, rows):
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def steps(result):
    sets = result["sets"]
    rows = []
    for size, cases in keyed(result["rows"], "size", "name", "set").items():
        for name, by_set in cases.items():
            if "-" in by_set:
                continue
            cells = [""] * len(sets)
            for number, which in enumerate(sets):
                if which in by_set:
                    row = by_set[which]
                    cells[number] = f"{row['ns']:,.0f} ({row['ns'] / row['limit_ns']:.2f})"
            limit = next(iter(by_set.values()))["limit_ns"]
            rows.append([size, name, *cells, f"{limit:,.0f}"])
    made = f"{result['flags']}; limit: {result['limit']}."
    return table_of(["I x H", "step", *sets, "limit"], rows) + ["", made]


def naive(result):
    rows = []
    for size, cases in keyed(result["rows"], "size", "name").items():
        best = {name: min(row["ns"] for row in result["rows"]
                          if row["size"] == size and row["name"] == name) for name in cases}
        slow = best["naive_rows"]
        cells = [f"{best[name]:,.0f}" for name in ("naive_rows", "naive_columns")]
        cells += [f"{slow / best[name]:.1f}" for name in ("lstm_f32", "lstm_s8", "lstm_s8_a16")]
        rows.append([size, *cells])
    head = ["I x H", "rows, ns", "columns, ns", "f32", "int8", "int8, a16"]
    return table_of(head, rows)


def peers(result):
    hows = ["f32 step", "f32 sequence", "int8 step", "int8 sequence"]
    rows = []
    for size, by_who in keyed(result["rows"], "size", "who", "how").items():
        for who, by_how in by_who.items():
            cells = [f"{by_how[how]['ns']:,.0f}" if how in by_how else "" for how in hows]
            rows.append([size, who, *cells])
    return table_of(["I x H", "who", *hows], rows)


def devices(result):
    rows = []
    for row in result["rows"]:
        names, text = row["names"], row["text"]
        draw = text.get("instructions_of_draw")
        rows.append([row["title"], f"{names['instructions']:,}", f"{names['stack']:,}",
                     f"{names['arena']:,}", f"{names['crc']:08x}", f"{text['instructions']:,}",
                     f"{draw:,}" if draw else "", f"{text['stack']:,}", f"{text['arena']:,}",
                     f"{text['crc']:08x}"])
    head = ["core", "names: step", "stack", "arena", "CRC-32 of all scores", "text: step", "draw",
            "stack", "arena", "CRC-32 of the text"]
    return table_of(head, rows)
