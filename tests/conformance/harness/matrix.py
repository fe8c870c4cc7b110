"""What smsbridge says that it can do with which kind of provider: `smsbridge actions --json`. Knows no case."""

import json
import subprocess


class Matrix:
    """The cells, by action and kind."""

    def __init__(self, binary):
        printed = subprocess.run(
            [str(binary), "actions", "--json"], check=True, capture_output=True, text=True).stdout
        self.cells = {
            (row["action"], cell["provider"]): cell
            for row in json.loads(printed) for cell in row["providers"]
        }

    def word(self, action, kind):
        """The word by which `action` is refused with `kind`; None if it is done, or unknown."""
        return self.cells.get((action, kind), {}).get("word")

    def lacks(self, action, kind):
        """Why `action` is not done with `kind`; None if it is."""
        cell = self.cells.get((action, kind))
        if cell is None:
            return f"this smsbridge knows no {action}"
        if cell["support"] == "refused":
            return f"{action} is refused here ({cell.get('word')})"
        return None
