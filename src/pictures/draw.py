#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Draws the pictures of src/int8.md.

usage: draw.py FOLDER [--check]
--check: writes nothing; fails where a picture in the folder is not the one it would draw.
The curve of tanh is that of include/rondo/numeric.hpp, whose table it reads."""
import math
import os
import re
import sys

STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1a1a1a } .small { font-size: 11px }
.dim { fill: #5f6670 } .line { stroke: #5f6670; fill: none } .thick { stroke-width: 1.6 }
.box { fill: #eef2f8; stroke: #4a6fa5 } .int { fill: #dce9f9; stroke: #2b6cb0 }
.frac { fill: #fbe8d3; stroke: #b7641a } .sign { fill: #e4e4e7; stroke: #5f6670 }
.a { stroke: #2b6cb0; fill: none; stroke-width: 1.6 } .grid { stroke: #d5d8dd; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #e6e6e6 } .dim { fill: #a3abb5 } .line { stroke: #a3abb5 }
.box { fill: #232a35; stroke: #7fa3d6 } .int { fill: #1f3552; stroke: #63a4ff }
.frac { fill: #47331c; stroke: #f0a355 } .sign { fill: #3a3d42; stroke: #a3abb5 }
.a { stroke: #63a4ff } .grid { stroke: #3a3f47 } }
</style>"""


def svg(width, height, title, body):
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="{title}">\n')
    return head + STYLE + "\n" + "\n".join(body) + "\n</svg>\n"


def text(x, y, words, classes="", anchor="start"):
    return f'<text x="{x}" y="{y}" class="{classes}" text-anchor="{anchor}">{words}</text>'


def formats():
    """Each quantity as its bits: sign, whole part, fraction, all to one point."""
    rows = [("activation, 8 bits", 0, 7), ("activation, 16 bits; gate", 0, 15),
            ("argument of tanh", 3, 12), ("argument of a sigmoid", 4, 11),
            ("pre-activation t", 12, 19),
            ("cell c of an LSTM", 9, 22), ("state h of a GRU", 1, 30), ("score", 15, 16)]
    bit, point, left = 11, 395, 12
    body = [f'<line x1="{point}" y1="24" x2="{point}" y2="{34 + 30 * len(rows)}" class="line" '
            'stroke-dasharray="3 3"/>', text(point, 17, "binary point", "small dim", "middle")]
    for number, (name, whole, fraction) in enumerate(rows):
        y = 34 + 30 * number
        body.append(text(left, y + 15, name))
        body.append(text(point + bit * 30 + 16, y + 15, f"Q{whole}.{fraction}", "dim"))
        for k in range(whole + 1 + fraction):
            kind = "sign" if k == 0 else "int" if k <= whole else "frac"
            x = point + bit * (k - whole - 1)
            body.append(f'<rect x="{x}" y="{y}" width="{bit}" height="20" class="{kind}"/>')
    y = 48 + 30 * len(rows)
    for x, kind, words in ((left, "sign", "sign"), (90, "int", "before the point"),
                           (240, "frac", "behind it")):
        body.append(f'<rect x="{x}" y="{y}" width="{bit}" height="14" class="{kind}"/>')
        body.append(text(x + 18, y + 12, words, "small"))
    return svg(790, y + 26, "The bits of each number format", body)


def box(x, y, width, words, below=""):
    lines = [f'<rect x="{x}" y="{y}" width="{width}" height="{46 if below else 32}" rx="5" '
             'class="box"/>', text(x + width / 2, y + 20, words, "", "middle")]
    if below:
        lines.append(text(x + width / 2, y + 38, below, "small dim", "middle"))
    return lines


def arrow(points, words="", at=None):
    path = " ".join(f"{x},{y}" for x, y in points)
    lines = [f'<polyline points="{path}" class="line thick" marker-end="url(#tip)"/>']
    if words:
        lines.append(text(at[0], at[1], words, "small dim", "middle"))
    return lines


def step():
    """One LSTM step of one unit: where each format stands."""
    body = ['<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" class="dim"/></marker>'
            '</defs>']
    body += box(10, 20, 96, "x", "steps, int16") + box(10, 120, 96, "h", "Q0.7, int8")
    body += box(170, 20, 130, "W x", "int8 weights") + box(170, 120, 130, "U h", "int8 weights")
    body += arrow([(106, 43), (168, 43)]) + arrow([(106, 143), (168, 143)])
    body += box(370, 20, 150, "rdmulh(acc, mx)", "a multiplier a row")
    body += box(370, 120, 150, "rdmulh(acc, mh)", "another one")
    body += arrow([(300, 43), (368, 43)], "int32", (334, 37))
    body += arrow([(300, 143), (368, 143)], "int32", (334, 137))
    body += box(590, 70, 150, "t = sum + bias", "Q12.19, int32")
    body += arrow([(520, 43), (555, 43), (555, 86), (588, 86)])
    body += arrow([(520, 143), (555, 143), (555, 100), (588, 100)])
    body += box(590, 200, 150, "sigmoid i, f, o", "Q4.11 to Q0.15")
    body += box(370, 200, 150, "tanh g", "Q3.12 to Q0.15")
    body += arrow([(665, 116), (665, 198)], "rshr 8", (690, 160))
    body += arrow([(620, 116), (620, 178), (445, 178), (445, 198)], "rshr 7", (540, 174))
    body += box(370, 300, 150, "c = f c + i g", "Q9.22, int32")
    body += arrow([(445, 246), (445, 298)]) + arrow([(640, 246), (640, 323), (522, 323)])
    body += box(170, 300, 130, "tanh c", "Q3.12 to Q0.15")
    body += arrow([(370, 323), (302, 323)], "rshr 10", (336, 317))
    body += box(10, 300, 96, "h = o tanh c", "Q0.7, int8")
    body += arrow([(170, 323), (108, 323)], "rshr 23", (139, 317))
    body += arrow([(700, 246), (700, 375), (58, 375), (58, 348)], "o, Q0.15", (400, 369))
    body += arrow([(58, 300), (58, 168)], "next step", (90, 240))
    return svg(760, 390, "One step of a quantized LSTM", body)


def cubics(header):
    rows = re.search(r"k_tanh = \{(.*?)\}\};", header, re.DOTALL).group(1)
    rows = [[int(v) for v in re.findall(r"-?\d+", row)] for row in rows.split("}")]
    return [row for row in rows if row]


def tanh_q(table, raw):
    piece, u = raw >> 11, ((raw & 2047) - 1024) * 32
    mul = lambda a, b: (a * b + (1 << 14)) >> 15
    y = table[2][piece] + mul(table[3][piece], u)
    y = table[1][piece] + mul(y, u)
    return table[0][piece] + mul(y, u // 4)


def tanh(header):
    """Error of tanh_q in steps of 2^-15 over its arguments."""
    table = cubics(header)
    left, middle, scale, width = 60, 130, 26, 660
    body = []
    for steps in range(-4, 5, 2):
        y = middle - scale * steps
        body.append(f'<line x1="{left}" y1="{y}" x2="{left + width}" y2="{y}" class="grid"/>')
        body.append(text(left - 8, y + 4, f"{steps}", "small dim", "end"))
    for x in range(0, 9):
        place = left + width * x / 8
        body.append(text(place, middle + 4 * scale + 22, f"{x}", "small dim", "middle"))
    points, worst = [], 0.0
    for raw in range(0, 32768, 16):  # the worst of each 16 neighbors, so that no peak is lost
        errors = [tanh_q(table, r) - 32768 * math.tanh(r / 4096) for r in range(raw, raw + 16)]
        error = max(errors, key=abs)
        worst = max(worst, abs(error))
        points.append(f"{left + width * raw / 32768:.1f},{middle - scale * error:.1f}")
    body.append(f'<polyline points="{" ".join(points)}" class="a"/>')
    body.append(text(left, 14, f"tanh_q - tanh, in steps of 2^-15; at most {worst:.2f}", "small"))
    body.append(text(left + width, middle + 4 * scale + 40, "argument", "small dim", "end"))
    return svg(740, middle + 4 * scale + 50, "Error of the integer tanh", body)


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "../../include/rondo/numeric.hpp"), encoding="ascii") as file:
        header = file.read()
    pictures = {"formats.svg": formats(), "step.svg": step(), "tanh.svg": tanh(header)}
    for name, picture in pictures.items():
        path = os.path.join(folder, name)
        if "--check" not in sys.argv:
            with open(path, "w", encoding="ascii") as file:
                file.write(picture)
            continue
        with open(path, encoding="ascii") as file:
            if file.read() != picture:
                sys.exit(f"{path} is not what draw.py draws: run src/pictures/draw.py {folder}")
    print(f"{len(pictures)} pictures")


if __name__ == "__main__":
    main()
