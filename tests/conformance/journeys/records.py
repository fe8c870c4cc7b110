"""Cases that look at what is running and what was."""

from journeys.world import case, decimal, holds, refuses, same

# `api/sms-activate.txt`, "getActiveActivations": all of these are texts in its example.
FIELDS = (
    "activationId", "serviceCode", "phoneNumber", "activationCost", "activationStatus", "activationTime",
    "discount", "repeated", "countryCode", "countryName", "canGetAnotherSms",
)


@case("active activations", needs=("active", "order_v2"))
def active_activations(world):
    number = world.order_v2()
    try:
        shows_the_number(world, number, world.client.active())
    finally:
        world.cancel(number)
    refuses(world.client.active, "NO_ACTIVATIONS")


def shows_the_number(world, number, entries):
    """Fails unless `number` is the only one of the active activations, in the documented form."""
    same([entry["activationId"] for entry in entries], [number.id], "ids of the active activations")
    entry = entries[0]
    for field in FIELDS:
        holds(isinstance(entry[field], str), f"{field}: {entry[field]!r}")
    same(entry["phoneNumber"], number.phone, "phoneNumber")
    same(entry["serviceCode"], world.offer.service, "serviceCode")
    same(entry["countryCode"], str(world.offer.country), "countryCode")
    same(decimal(entry["activationCost"]), decimal(number.cost), "activationCost")


@case("history", needs="history")
def history(world):
    entries = world.client.history()
    holds(isinstance(entries, list) and entries, f"{entries!r}")
    holds({"id", "date", "phone", "sms", "cost", "status"} <= set(entries[0]), f"{entries[0]!r}")


CASES = (active_activations, history)
