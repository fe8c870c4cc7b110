"""What a case has at hand: the client, the upstream's levers, what can be bought, and what was paid."""

import time
from dataclasses import dataclass
from decimal import Decimal

import clients
from harness import proxy

# Services whose code is the same in every vocabulary involved (`service_crosswalk.tsv`, "exact").
CANDIDATES = ("tg", "wa", "vi", "fb", "tw", "ub", "av")
COUNTRY = 0
# Those that are asked about codes that the catalog does not know: a stand-in takes that for a violation.
SPEAKERS = ("sms-activate", "hero-sms", "vak-sms-compat")
RELAYED = dict.fromkeys(SPEAKERS, "it speaks the dialect, so it is asked itself, and its document forbids that")
# Those that have no operators in their documents, so that none can be ordered from.
NO_OPERATORS = dict.fromkeys(("smsak", "sms-man", "sms-man-v2"), "it does not tell operators apart")
MESSAGE_WITHIN = 20.0
POLL_EVERY = 0.1


@dataclass(frozen=True)
class Offer:
    """What the cases buy."""

    service: str
    country: int
    price: Decimal


class World:
    """One client before one smsbridge with one upstream."""

    def __init__(self, name, server, upstream):
        self.name = name
        self.upstream = upstream
        self.url = proxy.dialect_url(server)
        self.client = clients.connect(name, proxy.KEY, self.url)
        self.paid = Decimal(0)
        self.orders = 0
        self._offer = None
        self.balance_at_start = decimal(self.client.balance())

    def stop(self):
        """Lets the client go."""
        self.client.stop()

    def other_client(self, key=proxy.KEY, address=None):
        """A second client of the same package."""
        return clients.connect(self.name, key, address or self.url)

    @property
    def offer(self):
        """The cheapest in stock of a few services that every upstream sells under the same code."""
        if self._offer is None:
            listed = self.client.prices(country=COUNTRY)[str(COUNTRY)]
            stocked = [
                Offer(code, COUNTRY, decimal(listed[code]["cost"]))
                for code in CANDIDATES if code in listed and listed[code]["count"] > 0
            ]
            if not stocked:
                raise AssertionError(f"none of {CANDIDATES} is in stock")
            self._offer = min(stocked, key=lambda offer: offer.price)
        return self._offer

    def order(self, **wishes):
        """Orders the offer with getNumber and books it at its listed price."""
        return self._book(self.client.order(self.offer.service, self.offer.country, **wishes))

    def order_v2(self, **wishes):
        """Orders the offer with getNumberV2 and books it at the cost that the answer states."""
        return self._book(self.client.order_v2(self.offer.service, self.offer.country, **wishes))

    def _book(self, number):
        if number.cost is None:
            number.cost = str(self.offer.price)
        self.paid += decimal(number.cost)
        self.orders += 1
        return number

    def cancel(self, number):
        """Cancels a number without a message, after the time in which that is refused."""
        self.upstream.pass_cancel_window()
        self.give_back(number)

    def give_back(self, number):
        """Cancels a number that may be cancelled by now."""
        same(self.client.set_status(number.id, 8), "ACCESS_CANCEL", "setStatus 8")
        self.paid -= decimal(number.cost)

    def finish(self, number):
        """Ends an activation that has had its message."""
        same(self.client.set_status(number.id, 6), "ACCESS_ACTIVATION", "setStatus 6")

    def hear(self, number):
        """Lets the message come and polls as clients do; the code."""
        self.upstream.let_message_come()
        return self.poll(number)

    def poll(self, number):
        """The code, asked for until it is there."""
        deadline = time.monotonic() + MESSAGE_WITHIN
        while time.monotonic() < deadline:
            answer = self.client.status(number.id)
            word, _, code = answer.partition(":")
            if word == "STATUS_OK":
                holds(code, "STATUS_OK without a code")
                return code
            holds(word in ("STATUS_WAIT_CODE", "STATUS_WAIT_RETRY"), f"getStatus answered {answer!r}")
            time.sleep(POLL_EVERY)
        raise AssertionError(f"no code within {MESSAGE_WITHIN:.0f} s")


class Skip(Exception):
    """A case cannot be run; the text says why."""


def case(name, only=None, without=None, needs=None):
    """Marks a function as a case. `only` names the upstreams whose own it is, where it is not for all; `without`
    has those that cannot have it, each with the reason; `needs` is what a client must have for it."""
    def mark(function):
        function.name = name
        function.only = only
        function.without = without or {}
        function.needs = needs
        return function
    return mark


def decimal(amount):
    """An amount as it was written: a package may have made it a float."""
    return Decimal(str(amount))


def same(actual, wanted, what):
    """Fails unless both are equal."""
    if actual != wanted:
        raise AssertionError(f"{what}: {actual!r} instead of {wanted!r}")


def holds(condition, otherwise):
    """Fails unless the condition holds."""
    if not condition:
        raise AssertionError(otherwise)


def refuses(call, *codes):
    """Fails unless the client reports one of the words; any other exception of its passes through."""
    try:
        answer = call()
    except clients.Refused as refusal:
        holds(refusal.code in codes, f"{refusal.code} instead of {' or '.join(codes)}")
        return
    raise AssertionError(f"{answer!r} instead of {' or '.join(codes)}")
