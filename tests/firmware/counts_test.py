# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""Proves counts.py on counts written by hand."""
import unittest

import counts

k_text = "# head\nm4 gcc-1 lstm 1x20 1000\nm4 gcc-1 gru 1x20 500\nm0 gcc-1 lstm 1x20 9\n"
k_recorded = {("lstm", "1x20"): 1000, ("gru", "1x20"): 500}


class CountsTest(unittest.TestCase):
    def test_the_file_is_read_and_written_the_same(self):
        records = counts.records_of(k_text)
        self.assertEqual(records["m4", "gcc-1"], k_recorded)
        self.assertEqual(counts.records_of(counts.text_of(records, k_text)), records)
        self.assertTrue(counts.text_of(records, k_text).startswith("# head\nm0 "))

    def test_what_an_image_prints_is_understood(self):
        key, found = counts.counted_in("compiler gcc-1\nm4 lstm 1x20 1000 77\nm4 gru 1x20 500 66\n")
        self.assertEqual(key, ("m4", "gcc-1"))
        self.assertEqual(found, k_recorded)

    def test_two_percent_more_is_allowed_and_less_is_fine(self):
        self.assertEqual(counts.problems_of({**k_recorded, ("lstm", "1x20"): 1020}, k_recorded), [])
        self.assertEqual(counts.problems_of({**k_recorded, ("lstm", "1x20"): 10}, k_recorded), [])

    def test_more_than_that_is_told(self):
        found = counts.problems_of({**k_recorded, ("lstm", "1x20"): 1021}, k_recorded)
        self.assertEqual(found, ["lstm 1x20: 1021 instructions, recorded 1000: +2.1%"])

    def test_a_layer_without_record_and_a_record_without_layer_are_told(self):
        found = counts.problems_of({("lstm", "1x20"): 1000, ("rnn", "1x20"): 5}, k_recorded)
        self.assertEqual(found, ["gru 1x20: recorded, but not counted",
                                 "rnn 1x20: 5 instructions, none recorded"])


if __name__ == "__main__":
    unittest.main()
