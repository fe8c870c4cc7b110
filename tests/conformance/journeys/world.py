"""What a case has at hand: the client, the upstream's levers, what can be bought, and what was paid."""

import time
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

import clients
from harness import proxy

# Asks where a package has no prices or cuts the balance.
SCOUT = clients.PACKAGES[0]

# Services whose code is the same in every vocabulary involved (`service_crosswalk.tsv`, "exact").
CANDIDATES = ("tg", "wa", "vi", "fb", "tw", "ub", "av")
COUNTRY = 0
# Those that are asked about codes that the catalog does not know: a stand-in takes that for a violation.
SPEAKERS = ("sms-activate", "hero-sms", "vak-sms-compat")
CENT = Decimal("0.01")
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

    def __init__(self, package, server, upstream, matrix):
        self.package = package
        self.name = package.name
        self.upstream = upstream
        self.matrix = matrix
        self.url = proxy.dialect_url(server)
        self.client = clients.connect(package, proxy.KEY, self.url)
        self.scout = self.find_scout()
        self.paid = Decimal(0)
        self.orders = 0
        self.rent = None
        self._offers = None
        self.balance_at_start = self.balance()

    def stop(self):
        """Lets the client go."""
        self.client.stop()
        if self.scout is not self.client:
            self.scout.stop()

    def find_scout(self):
        """Who is asked about money: the client itself, if it is told all of it, in rubles."""
        if self.says("SCOUT"):
            return self.says("SCOUT")(proxy.KEY, self.url)
        return self.client if tells_money(self.client) else self.vendor()

    def as_price(self, rubles):
        """A price as the client is told it: in another currency, rounded up."""
        return in_currency(rubles, self.says("RUBLES"), ROUND_UP)

    def as_balance(self, rubles):
        """A balance as the client is told it: in another currency, rounded down."""
        return in_currency(rubles, self.says("RUBLES"), ROUND_DOWN)

    def other_client(self, key=proxy.KEY, address=None):
        """A second client of the same package."""
        return clients.connect(self.package, key, address or self.url)

    def vendor(self):
        """A client of the vendor's own package, for what no other can do."""
        return clients.connect(SCOUT, proxy.KEY, self.url)

    def says(self, what):
        """What the wrapper says of its package by the name `what`, if anything."""
        return getattr(self.client, what, None)

    def balance(self):
        """What is left, to the kopeck."""
        return decimal(self.scout.balance())

    @property
    def offers(self):
        """Of a few services that every upstream sells under the same code, those in stock, cheapest first."""
        if self._offers is None:
            listed = self.scout.prices(country=COUNTRY)[str(COUNTRY)]
            stocked = [
                Offer(code, COUNTRY, decimal(listed[code]["cost"]))
                for code in CANDIDATES if code in listed and listed[code]["count"] > 0
            ]
            if not stocked:
                raise AssertionError(f"none of {CANDIDATES} is in stock")
            self._offers = sorted(stocked, key=lambda offer: offer.price)
        return self._offers

    @property
    def offer(self):
        """The cheapest of them, which most cases buy."""
        return self.offers[0]

    def order(self, **wishes):
        """Orders the offer with getNumber and books it at its listed price; with getNumberV2 where the
        package has nothing else."""
        if not hasattr(self.client, "order"):
            return self.order_v2(**wishes)
        return self.book(self.client.order(self.offer.service, self.offer.country, **wishes))

    def order_v2(self, **wishes):
        """Orders the offer with getNumberV2 and books it at the cost that the answer states."""
        return self.book(self.client.order_v2(self.offer.service, self.offer.country, **wishes))

    def order_telling(self, **wishes):
        """Orders the offer by the call of the package that tells most."""
        return self.order_v2(**wishes) if hasattr(self.client, "order_v2") else self.order(**wishes)

    def book(self, number, price=None):
        """Notes what a number cost: as it says itself, else `price`, else as the offer was listed."""
        if number.cost is None:
            number.cost = str(self.offer.price if price is None else price)
        self.paid += decimal(number.cost)
        self.orders += 1
        return number

    def pay(self, call):
        """What a purchase of no listed price answers, booked by what the balance falls."""
        before = self.balance()
        number = call()
        price = before - self.balance()
        holds(price >= 0, f"the balance rose by {-price}")
        return self.book(number, price)

    def cancel_lost(self, sold):
        """Cancels what was sold in an answer that the package could not read: the only active ones."""
        self.upstream.pass_cancel_window()
        self.orders += sold
        vendor = self.vendor()
        entries = vendor.active()
        same(len(entries), sold, "active activations after an answer that the package could not read")
        for entry in entries:
            same(vendor.set_status(entry["activationId"], 8), "ACCESS_CANCEL", "setStatus 8")

    def cancel(self, number):
        """Cancels a number without a message, after the time in which that is refused."""
        self.upstream.pass_cancel_window()
        self.give_back(number)

    def give_back(self, number):
        """Cancels a number that may be cancelled by now."""
        self.tell(number, self.says("CANCEL") or 8, "ACCESS_CANCEL")
        self.paid -= decimal(number.cost)

    def finish(self, number):
        """Ends an activation that has had its message."""
        self.tell(number, 6, "ACCESS_ACTIVATION")

    def tell(self, number, status, wanted):
        """Sets a status, and fails unless the answer is the one wanted, as far as the package tells it."""
        answer = self.client.set_status(number.id, status)
        if not self.says("MUTE"):
            same(answer, wanted, f"setStatus {status}")

    def shows(self, number, word, code=None):
        """Fails unless getStatus answers `word`, with `code` as far as the package tells it."""
        if word == "STATUS_WAIT_RETRY" and self.says("NO_RETRY"):
            word, code = "STATUS_WAIT_CODE", None
        told = code is not None and (word == "STATUS_OK" or not self.says("FORGETS_CODE"))
        same(self.client.status(number.id), f"{word}:{code}" if told else word, "getStatus")

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


def case(name, only=None, without=None, needs=(), does=()):
    """Marks a function as a case. `only` names the upstreams whose own it is, where it is not for all; `without`
    has those that cannot have it, each with the reason; `needs` are what a client must have for it, and
    `does` the actions that smsbridge must do with the upstream."""
    def mark(function):
        function.name = name
        function.only = only
        function.without = without or {}
        function.needs = (needs,) if isinstance(needs, str) else needs
        function.does = (does,) if isinstance(does, str) else does
        return function
    return mark


def tells_money(client):
    """Whether a client has all that the books are kept by."""
    return hasattr(client, "prices") and not getattr(client, "WHOLE_BALANCE", False)


def in_currency(rubles, rate, rounding):
    """An amount in a currency of which one is `rate` rubles; as it is without a rate."""
    return rubles if rate is None else (rubles / Decimal(rate)).quantize(CENT, rounding)


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
