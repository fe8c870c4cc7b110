"""Cases that order a number and give it back."""

import re

from journeys.world import NO_OPERATORS, case, decimal, holds, same


@case("order and cancel")
def order_and_cancel(world):
    number = world.order()
    looks_like_a_number(number)
    world.shows(number, "STATUS_WAIT_CODE")
    world.cancel(number)
    world.shows(number, "STATUS_CANCEL")


@case("order with details and cancel", needs="order_v2")
def order_v2_and_cancel(world):
    number = world.order_v2()
    looks_like_a_number(number)
    same(decimal(number.cost), world.offer.price, "activationCost")
    same(number.country, str(world.offer.country), "countryCode")
    if not world.says("NO_OPERATOR"):
        holds(isinstance(number.operator, str) and number.operator, f"activationOperator {number.operator!r}")
    holds(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", number.time), f"activationTime {number.time!r}")
    world.cancel(number)
    world.shows(number, "STATUS_CANCEL")


@case("order from an operator and cancel", needs="OPERATOR", without=NO_OPERATORS)
def order_from_operator(world):
    number = world.order_telling(operator="mts")
    if number.operator is not None:
        same(number.operator, "mts", "activationOperator")
    world.cancel(number)


@case("order under a price cap and cancel", needs="PRICE_CAP")
def order_under_cap(world):
    cap = world.offer.price + 1
    number = world.order_telling(max_price=str(cap))
    holds(decimal(number.cost) <= cap, f"cost {number.cost}, at most {cap} was offered")
    world.cancel(number)


@case("order in whatever country is best and cancel", needs="order_in_any_country")
def order_in_any_country(world):
    number = world.book(world.client.order_in_any_country(world.offer.service))
    looks_like_a_number(number)
    world.cancel(number)


@case("order as its readme shows it and cancel", needs="order_as_model")
def order_as_model(world):
    try:
        number = world.client.order_as_model(world.offer.service, world.offer.country)
    except Exception:
        world.cancel_lost(1)
        raise
    world.cancel(world.book(number))


@case("two numbers at a time are two numbers")
def two_numbers(world):
    first, second = world.order(), world.order()
    holds(first.id != second.id, f"both have id {first.id}")
    holds(first.phone != second.phone, f"both are {first.phone}")
    world.cancel(first)
    world.shows(second, "STATUS_WAIT_CODE")
    world.give_back(second)


def looks_like_a_number(number):
    """Ids fit a signed 32-bit integer and phones are digits (WIRE.md section 1, item 8)."""
    holds(number.id.isdigit() and 0 < int(number.id) < 2**31, f"id {number.id!r}")
    holds(re.fullmatch(r"\d{8,15}", number.phone), f"phone {number.phone!r}")


CASES = (
    order_and_cancel, order_v2_and_cancel, order_from_operator, order_under_cap, order_in_any_country,
    order_as_model, two_numbers,
)
