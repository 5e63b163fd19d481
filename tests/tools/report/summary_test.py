# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves tools/report/summary_tables.py with results whose figures are easy to see.

usage: summary_test.py SOURCE_ROOT"""
import os
import sys
import tempfile
import unittest

k_root = sys.argv.pop(1)
sys.path.insert(0, os.path.join(k_root, "tools", "report"))

import summary_tables  # noqa: E402


def step(name, which, ns):
    return {"size": "4x8", "name": name, "set": which, "ns": ns, "limit_ns": 10}


class SummaryTest(unittest.TestCase):
    def test_speed_is_how_many_times_as_long_the_slower_one_takes(self):
        rows = [step("naive_rows", "-", 800)]
        rows += [step("lstm_f32", which, ns) for which, ns in
                 (("scalar", 400), ("avx2", 90), ("avx512_vnni", 80))]
        rows += [step("lstm_s8", which, ns) for which, ns in
                 (("scalar", 240), ("avx2", 60), ("avx_vnni", 48), ("avx512_vnni", 40))]
        line = summary_tables.speed(lambda part: {"steps": {"rows": rows}}[part])[-1]
        self.assertEqual(line, "| 4x8 | 80 | 40 | 2.0 | 1.5 | 4.0 | 5.0 | 6.0 | 10, 20 | 4.0 |")

    def test_beside_others_less_than_1_is_faster(self):
        def row(size, who, ns):
            return {"size": size, "who": who, "how": "f32 sequence", "ns": ns}
        peers = [row("1x2", "rondo avx512_vnni", 50), row("1x2", "PyTorch 9", 100),
                 row("1x4", "rondo avx512_vnni", 30), row("1x4", "PyTorch 9", 40)]
        training = {"peer": "PyTorch 9", "rounds": [
            {"rondo": {"text/2": 20, "names adam/1": 50},
             "peer_speeds": {"text/1": 5, "text/2": 10, "names adam/1": 10, "names adam/2": 5}}]}
        found = {"peers": {"rows": peers}, "training-peers": training}
        lines = summary_tables.beside(found.get)
        self.assertIn("| PyTorch 9, training: text, LSTM 256 | 0.50 | "
                      "`reproduce.sh training-peers` |", lines)
        self.assertIn("| PyTorch 9, training: names, batch 1, Adam | 0.20 | "
                      "`reproduce.sh training-peers` |", lines)
        self.assertIn("| PyTorch, LSTM, f32 sequence | 0.50 - 0.75 | `reproduce.sh peers` |", lines)
        self.assertFalse([line for line in lines if "ONNX" in line])

    def test_records_have_a_column_for_whatever_they_name(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "record.txt")  # absolute, so that it is taken as it is
            with open(path, "w", encoding="ascii") as file:
                file.write("# head\nm4 gcc-12 code 1000\nm4 gcc-12 ram 5\n"
                           "m4 clang-14 code_gru 7\n")
            lines = summary_tables.by_core(path, lambda kind: kind.startswith("code"))
        self.assertEqual(lines, ["| core | compiler | code | code gru |",
                                 "| --- | --- | --- | --- |",
                                 "| m4 | clang-14 |  | 7 |", "| m4 | gcc-12 | 1,000 |  |"])

    def test_minutes_are_those_of_the_runs_where_the_result_has_them(self):
        result = {"runs": [{"figures": {"seconds": {"values": [100, 50]}}},
                           {"figures": {"seconds": {"values": [30]}}}]}
        self.assertEqual(summary_tables.minutes_of("a-plan", result), "3")
        self.assertEqual(summary_tables.minutes_of("int8", {}), "30")


if __name__ == "__main__":
    unittest.main()
