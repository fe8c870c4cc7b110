"""Cases that fail because of the client, not of smsbridge, and why.

An entry holds only while the case fails in the way described: if it passes, or fails otherwise, the run
fails, so that no entry outlives its reason.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """How a case fails, and the reason."""

    error: str
    says: str
    reason: str


TABLE = {
    ("smsactivate", "a price cap below the price"): Expected(
        error="ValueError",
        says="invalid literal for int()",
        reason="knows errors only as whole answers, so WRONG_MAX_PRICE:5 is read as a number and a phone",
    ),
    ("aiosmsactivate", "history"): Expected(
        error="AttributeError",
        says="'list' object has no attribute 'get'",
        reason="takes every JSON answer for an object, and getHistory is documented as a list",
    ),
    ("aiosmsactivate", "a list of addresses, the first dead"): Expected(
        error="AssertionError",
        says="more was answered than asked for",
        reason="loses the call's parameters when it goes on to the next address",
    ),
}


def find(client, case):
    """How this client fails in this case; None when it must pass."""
    return TABLE.get((client, case))
