"""Counts what came of the cases and prints a line for each. Knows no case."""

PASSED, FAILED, SKIPPED = "PASS", "FAIL", "SKIP"


class Report:
    """The outcome so far."""

    def __init__(self):
        self.counts = {PASSED: 0, FAILED: 0, SKIPPED: 0}

    def line(self, outcome, client, upstream, case, why=""):
        """Notes and prints one case."""
        self.counts[outcome] += 1
        text = f"{outcome}  {client:<14} {upstream:<18} {case}"
        print(f"{text}: {why}" if why else text, flush=True)

    def close(self):
        """Prints the closing line; whether something passed and nothing failed."""
        counts = self.counts
        print(f"{counts[PASSED]} passed, {counts[FAILED]} failed, {counts[SKIPPED]} skipped", flush=True)
        return counts[FAILED] == 0 and counts[PASSED] > 0
