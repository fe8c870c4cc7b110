"""Cases that order otherwise than one number for one service."""

from clients import Refused
from journeys.world import COUNTRY, Skip, case, decimal, holds, same

# What a forwarded number can be had for, and what besides (`api/sms-activate.txt`, "Дополнительный сервис").
FORWARDED, ADDITIONAL = "av", "ya"
# The matrix is of kinds, and this service of one has less than others.
LESS = {"vak-sms-compat": "its document has nothing of the kind"}


@case("one number for two services", needs="several", does="getMultiServiceNumber", without=LESS)
def several_services(world):
    if len(world.offers) < 2:
        raise Skip("only one service is in stock")
    wanted = {offer.service: offer.price for offer in world.offers[:2]}
    try:
        numbers = world.client.several(list(wanted), COUNTRY)
    except Refused:
        raise
    except Exception:
        world.cancel_lost(len(wanted))
        raise
    same({number.service for number in numbers}, set(wanted), "services of the numbers")
    same(len({number.id for number in numbers}), len(wanted), "different ids")
    same(len({number.phone for number in numbers}), 1, "different phones")
    for number in numbers:
        world.book(number, wanted[number.service])
    first, second = numbers
    world.cancel(first)
    world.shows(second, "STATUS_WAIT_CODE")
    world.give_back(second)


@case("a number once more", needs="extra", does="getExtraActivation", without=LESS)
def once_more(world):
    parent = used(world)
    child = world.pay(lambda: world.client.extra(parent.id))
    same(child.phone, parent.phone, "phone of the extra activation")
    holds(child.id != parent.id, f"both have id {child.id}")
    holds(world.hear(child), "no code")
    world.finish(child)


@case("what a number costs once more", needs="extra_offer", does="checkExtraActivation", without=LESS)
def price_of_once_more(world):
    parent = used(world)
    answer = world.client.extra_offer(parent.id)
    same(answer["status"], "success", "status of checkExtraActivation")
    same(str(answer["phone"]), parent.phone, "phone of checkExtraActivation")
    same(answer["service"], world.offer.service, "service of checkExtraActivation")
    holds(decimal(answer["cost"]) > 0, f"cost of checkExtraActivation: {answer['cost']!r}")


@case("a further service on a forwarded number", needs="additional", does="getAdditionalService", without=LESS)
def further_service(world):
    parent = world.pay(lambda: world.client.order(FORWARDED, COUNTRY, forward=1))
    world.hear(parent)
    child = world.pay(lambda: world.client.additional(parent.id, ADDITIONAL))
    same(child.phone, parent.phone, "phone of the additional service")
    holds(child.id != parent.id, f"both have id {child.id}")
    world.finish(parent)
    world.cancel(child)


def used(world):
    """A number that has had its code, and whose time is over."""
    number = world.order()
    world.hear(number)
    world.finish(number)
    world.upstream.pass_lifetime()
    return number


@case("an incoming call", needs="incoming_call", does="getIncomingCallStatus")
def incoming_call(world):
    number = world.order()
    answer = world.client.incoming_call(number.id)
    holds({"status", "phone"} <= set(answer), f"getIncomingCallStatus answered {answer!r}")
    world.cancel(number)


@case("no outgoing calls", needs="outgoing_calls", does="getOutgoingCalls")
def no_outgoing_calls(world):
    same(world.client.outgoing_calls(), {}, "getOutgoingCalls")


CASES = (several_services, once_more, price_of_once_more, further_service, incoming_call, no_outgoing_calls)
