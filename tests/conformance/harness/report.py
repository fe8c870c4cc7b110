"""Counts what came of the cases and prints a line for each. Knows no case."""

PASSED, FAILED, SKIPPED = "PASS", "FAIL", "SKIP"


class Notes:
    """What came of the cases of one pair, in their order."""

    def __init__(self, client, upstream):
        self.pair = f"{client:<26} {upstream:<18}"
        self.outcomes = []
        self.lines = []

    def case(self, outcome, case, why=""):
        """Notes one case."""
        text = f"{outcome}  {self.pair} {case}"
        self.outcomes.append(outcome)
        self.lines.append(f"{text}: {why}" if why else text)

    def remark(self, text):
        """Notes what is no case."""
        self.lines.append(text)


class Report:
    """The outcome so far."""

    def __init__(self):
        self.counts = {PASSED: 0, FAILED: 0, SKIPPED: 0}

    def add(self, notes):
        """Counts and prints what was noted of one pair."""
        for outcome in notes.outcomes:
            self.counts[outcome] += 1
        print("\n".join(notes.lines), flush=True)

    def close(self):
        """Prints the closing line; whether something passed and nothing failed."""
        counts = self.counts
        print(f"{counts[PASSED]} passed, {counts[FAILED]} failed, {counts[SKIPPED]} skipped", flush=True)
        return counts[FAILED] == 0 and counts[PASSED] > 0
