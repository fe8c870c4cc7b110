"""npm `sms-activate` 1.0.1: over axios, POST with everything in the query and an empty body.

It looks for the words of eight errors anywhere in an answer, and cuts balances, ids and phones to whole numbers
(WIRE.md section 3). It runs in a process of its own, `npm/driver.js`.
"""

import json
import subprocess
from pathlib import Path

from clients import Number, Refused, worded

DRIVER = Path(__file__).resolve().parent.parent / "npm" / "driver.js"

WORDS = {
    "InvalidAPIKey": "BAD_KEY",
    "SQLError": "ERROR_SQL",
    "NoBalance": "NO_BALANCE",
    "NoFreeNumbers": "NO_NUMBERS",
    "BadStatus": "BAD_STATUS",
    "BadService": "BAD_SERVICE",
    "InvalidActivation": "NO_ACTIVATION",
    "BannedUser": "BANNED",
}


class NpmError(Exception):
    """The package threw what is none of its own errors."""


class Npm:
    """The package's client, behind pipes."""

    WHOLE_BALANCE = True
    FORGETS_CODE = True

    def __init__(self, key, address):
        self.driver = subprocess.Popen(
            ["node", str(DRIVER), key, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def stop(self):
        self.driver.stdin.close()
        self.driver.stdout.close()
        try:
            self.driver.wait(5)
        except subprocess.TimeoutExpired:
            self.driver.kill()
            self.driver.wait()

    def _run(self, method, *arguments):
        self.driver.stdin.write(json.dumps({"method": method, "arguments": arguments}) + "\n")
        self.driver.stdin.flush()
        line = self.driver.stdout.readline()
        if not line:
            raise NpmError("the driver ended")
        answer = json.loads(line)
        if "error" not in answer:
            return answer.get("value")
        error = answer["error"]
        if error["name"] in WORDS:
            raise Refused(WORDS[error["name"]])
        raise NpmError(f"{error['name']}: {error['message']}")

    def balance(self):
        return self._run("getBalance")

    def balance_and_cashback(self):
        return self._run("getBalance", True)

    def order(self, service, country):
        answer = self._run("getNumber", service, country)
        return Number(id=str(answer["id"]), phone=str(answer["number"]))

    def set_status(self, number_id, status):
        return worded(self._run("setStatus", int(number_id), status))

    def status(self, number_id):
        """Two calls of it: one tells the word, the other the code."""
        word = worded(self._run("getStatus", int(number_id)))
        code = self._run("getCode", int(number_id)) if word == "STATUS_OK" else None
        return word if code is None else f"{word}:{code}"
