# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the rondo authors
"""What every checker of this room ends with: the broken promises, each with its place, and how much
was inspected. A checker that inspected nothing has not kept its promise either."""
import sys


class Report:
    def __init__(self, name, promise):
        self.name = name
        self.promise = promise
        self.problems = []
        self.inspected = 0

    def fail(self, place, problem):
        self.problems.append(f"{place}: {problem}")

    def finish(self, what):
        """Prints the outcome, `what` naming the things inspected; returns the exit status."""
        if self.inspected == 0:
            self.problems.append(f"{self.name}: inspected nothing: there are no {what}")
        for problem in self.problems:
            print(problem, file=sys.stderr)
        if self.problems:
            print(f"{self.name}: {len(self.problems)} broken: {self.promise}", file=sys.stderr)
            return 1
        print(f"{self.name}: {self.inspected} {what} kept it: {self.promise}")
        return 0
