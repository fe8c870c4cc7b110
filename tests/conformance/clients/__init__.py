"""The client software under one interface, so that a journey is written once.

Each module wraps one package, unmodified but for the address. A wrapper turns what the package returns or
raises into the values below and changes nothing else: where the package cannot read an answer, its own
exception comes through. What a package cannot do, its wrapper has no method for.
"""

from dataclasses import dataclass
from typing import Optional


class Refused(Exception):
    """The package reported an error of the dialect, by its word."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Unavailable(Exception):
    """The package cannot be used on this machine."""


@dataclass
class Number:
    """A number that was ordered, as far as the package tells."""

    id: str
    phone: str
    cost: Optional[str] = None
    country: Optional[str] = None
    operator: Optional[str] = None
    time: Optional[str] = None


NAMES = ("smsactivate", "aiosmsactivate")


def connect(name, key, address):
    """A client of the package `name` that uses `key` at `address`, or at each of a list of them."""
    if name == "smsactivate":
        from clients.sa import Sa
        return Sa(key, address)
    try:
        from clients.aio import Aio
    except ImportError as error:
        raise Unavailable(f"aiosmsactivate needs Python 3.10 or newer ({error})") from error
    return Aio(key, address)
