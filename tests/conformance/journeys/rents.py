"""Cases about rents: a number for hours or days, and every message on it (`api/sms-activate.txt`, "API
АРЕНДЫ"). One rent serves most of them."""

import re
import time

from clients import Refused
from journeys.world import CANDIDATES, COUNTRY, MESSAGE_WITHIN, POLL_EVERY, Skip, case, decimal, holds, refuses, same

# The shortest first: the terms of the original, then those of an upstream with tariffs by the day.
HOURS = (4, 12, 24, 72, 168, 336, 720)
# What a whole number is called, for those that rent no other.
WHOLE = "full"
UNKNOWN_ID = "123"
# The matrix is of kinds, and these services of one rent nothing in the dialect.
LESS = {
    "hero-sms": "its document has no rents in this dialect",
    "vak-sms-compat": "its document has no rents in this dialect",
}
NO_CANCEL = {"smsak": "it takes no rent back", **LESS}
NO_PRICE = {"smsak": "four hours, which the packages mean, are the time of no tariff", **LESS}


@case("a rent: bought and read", needs=("rent", "rent_messages"), does=("getRentNumber", "getRentStatus"),
      without=LESS)
def bought_and_read(world):
    rent = bought(world)
    refuses(lambda: world.client.rent_messages(rent.id), "STATUS_WAIT_CODE")
    world.upstream.let_message_come()
    for message in messages(world, rent):
        for field in ("phoneFrom", "text", "service", "date"):
            holds(isinstance(message[field], str), f"{field} of a rent's message: {message[field]!r}")
        holds(message["text"], "a rent's message without a text")


@case("a rent: listed", needs="rents", does=("getRentNumber", "getRentList"), without=LESS)
def listed(world):
    rent = bought(world)
    phones = {str(entry["id"]): entry["phone"] for entry in world.client.rents()}
    same(phones.get(rent.id), rent.phone, "the rent's phone in getRentList")


@case("a rent: the price of more time", needs="extension_price",
      does=("getRentNumber", "getContinueRentPriceNumber"), without=NO_PRICE)
def price_of_more(world):
    rent = bought(world)
    holds(decimal(world.client.extension_price(rent.id)) > 0, "more time costs nothing")


@case("a rent: extended", needs="extend_rent", does=("getRentNumber", "continueRentNumber"), without=LESS)
def extended(world):
    rent = bought(world)
    before = world.balance()
    longer = world.client.extend_rent(rent.id, rent.hours)
    world.paid += before - world.balance()
    holds(before > world.balance(), "more time costs nothing")
    same(longer.id, rent.id, "id of the extended rent")
    same(longer.phone, rent.phone, "phone of the extended rent")
    holds(longer.ends > rent.ends, f"it ended at {rent.ends}, and now ends at {longer.ends}")


@case("a rent: finished", needs="set_rent_status", does=("getRentNumber", "setRentStatus"), without=LESS)
def finished(world):
    rent = bought(world)
    same(world.client.set_rent_status(rent.id, 1), "success", "setRentStatus 1")
    refuses(lambda: world.client.rent_messages(rent.id), "STATUS_FINISH")
    refuses(lambda: world.client.set_rent_status(rent.id, 1), "ALREADY_FINISH")


@case("a rent: cancelled", needs="set_rent_status", does=("getRentNumber", "setRentStatus"),
      without=NO_CANCEL)
def cancelled(world):
    before = world.balance()
    rent = buy(world)
    world.upstream.pass_cancel_window()
    same(world.client.set_rent_status(rent.id, 2), "success", "setRentStatus 2")
    world.paid -= rent.price
    same(world.balance(), before, "the balance after the cancellation")
    refuses(lambda: world.client.rent_messages(rent.id), "STATUS_CANCEL")
    refuses(lambda: world.client.set_rent_status(rent.id, 2), "ALREADY_CANCEL")


@case("a rent: an unknown one", needs="rent_messages", does="getRentStatus")
def unknown(world):
    refuses(lambda: world.client.rent_messages(UNKNOWN_ID), "INVALID_PHONE")


@case("a rent: what cannot be done with it is refused", needs="extend_rent", does="getRentNumber", without=LESS)
def cannot(world):
    calls = (
        ("continueRentNumber", lambda rent: world.client.extend_rent(rent.id, rent.hours)),
        ("getContinueRentPriceNumber", lambda rent: world.client.extension_price(rent.id)),
    )
    words = [(world.matrix.word(action, world.upstream.kind), call) for action, call in calls]
    if not any(word for word, _ in words):
        raise Skip("everything can be done with it")
    rent = bought(world)
    before = world.balance()
    for word, call in words:
        if word is not None:
            refuses(lambda call=call: call(rent), word)
    same(world.balance(), before, "the balance after the refusals")


def bought(world):
    """The one rent that most cases use, bought when the first of them comes."""
    if world.rent is None:
        world.rent = buy(world)
    return world.rent


def buy(world):
    """Rents a number for the shortest time to be had, and books it by what the balance falls."""
    service, hours, cost = cheapest(world)
    before = world.balance()
    rent = world.client.rent(service, hours, COUNTRY)
    rent.hours, rent.price = hours, before - world.balance()
    if cost:
        same(rent.price, cost, "what the balance fell by")
    world.paid += rent.price
    world.orders += 1
    holds(rent.id.isdigit() and 0 < int(rent.id) < 2**31, f"id {rent.id!r}")
    holds(re.fullmatch(r"\d{8,15}", rent.phone), f"phone {rent.phone!r}")
    holds(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", rent.ends), f"endDate {rent.ends!r}")
    return rent


def cheapest(world):
    """Service, hours and cost of the cheapest rent in stock for the shortest time."""
    for hours in HOURS:
        try:
            offers = world.client.rent_offers(hours, COUNTRY)
        except Refused:
            continue
        stocked = {
            service: decimal(offers[service]["cost"])
            for service in (*CANDIDATES, WHOLE) if service in offers and offers[service]["quant"] > 0
        }
        if stocked:
            service = min(stocked, key=stocked.get)
            return service, hours, stocked[service]
    raise AssertionError("no rent is in stock")


def messages(world, rent):
    """The messages of a rent, asked for until there are some."""
    deadline = time.monotonic() + MESSAGE_WITHIN
    while time.monotonic() < deadline:
        try:
            return world.client.rent_messages(rent.id)
        except Refused as refusal:
            same(refusal.code, "STATUS_WAIT_CODE", "getRentStatus before a message")
        time.sleep(POLL_EVERY)
    raise AssertionError(f"no message within {MESSAGE_WITHIN:.0f} s")


CASES = (bought_and_read, listed, price_of_more, extended, cannot, finished, cancelled, unknown)
