# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""The tables of bench/experiments.md, from what rondo sweep measured. Used by figures.py, which
adds the machine."""

import json
import os

import step_tables

k_presets = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "presets")


def plans():
    return sorted(name[:-5] for name in os.listdir(k_presets) if name.endswith(".json"))


def columns_of(plan):
    """In the plan's order, which the result does not keep."""
    with open(os.path.join(k_presets, plan + ".json"), encoding="utf-8") as file:
        return json.load(file)["columns"]


def number(value, share):
    if share:
        return f"{100 * value:.2f}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def cell(values, share):
    if not values:
        return ""
    text = number(sum(values) / len(values), share)
    if len(values) > 1:
        text += f" ({number(min(values), share)} - {number(max(values), share)})"
    return text


def sweep(plan, result):
    columns = columns_of(plan)
    shares = {title: figure.endswith("accuracy") for title, figure in columns.items()}
    reported = [t for t in columns if any(run["figures"][t]["reported"] for run in result["runs"])]
    head = ["run"]
    for title in columns:
        head.append(title + (", %" if shares[title] else ""))
        if title in reported:
            head.append(title + ", reported")
    rows = []
    for run in result["runs"]:
        row = [run["title"]]
        for title in columns:
            row.append(cell(run["figures"][title]["values"], shares[title]))
            if title in reported:
                row.append(run["figures"][title]["reported"])
        rows.append(row)
    return step_tables.table_of(head, rows)
