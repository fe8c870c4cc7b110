"""Cases in which the right answer is no, and in which nothing may be bought."""

from harness import proxy
from harness.processes import refusing_port
from journeys.world import COUNTRY, NO_OPERATORS, RELAYED, Skip, case, decimal, holds, refuses, same

UNKNOWN_SERVICE = "zzzz9"
UNKNOWN_ID = "123"


@case("no active activations")
def no_active_activations(world):
    refuses(world.client.active, "NO_ACTIVATIONS")


@case("a wrong key")
def wrong_key(world):
    stranger = world.other_client(key=proxy.OTHER_KEY)
    try:
        refuses(stranger.balance, "BAD_KEY")
        refuses(lambda: stranger.prices(country=COUNTRY), "BAD_KEY")
        refuses(lambda: stranger.order(world.offer.service, COUNTRY), "BAD_KEY")
    finally:
        stranger.stop()


@case("an unknown id")
def unknown_id(world):
    refuses(lambda: world.client.status(UNKNOWN_ID), "NO_ACTIVATION")
    for status in (1, 3, 6, 8):
        refuses(lambda status=status: world.client.set_status(UNKNOWN_ID, status), "NO_ACTIVATION")


@case("the message of an unknown id", needs="full_sms")
def message_of_unknown_id(world):
    refuses(lambda: world.client.full_sms(UNKNOWN_ID), "NO_ACTIVATION")


@case("the details of an unknown id", needs="status_v2")
def details_of_unknown_id(world):
    refuses(lambda: world.client.status_v2(UNKNOWN_ID), "NO_ACTIVATION")


@case("an unknown service", without=RELAYED)
def unknown_service(world):
    refuses(lambda: world.client.order(UNKNOWN_SERVICE, COUNTRY), "BAD_SERVICE")
    refuses(lambda: world.client.order_v2(UNKNOWN_SERVICE, COUNTRY), "BAD_SERVICE")


@case("a price cap below the price")
def cap_below_price(world):
    before = decimal(world.client.balance())
    try:
        refuses(lambda: world.order(max_price=0.01), "WRONG_MAX_PRICE")
    finally:
        same(decimal(world.client.balance()), before, "the balance after the refusal")


@case("an operator where none are told apart", only=NO_OPERATORS)
def unknown_operator(world):
    before = decimal(world.client.balance())
    refuses(lambda: world.order(operator="mts"), "NO_NUMBERS")
    refuses(lambda: world.order_v2(operator="mts"), "NO_NUMBERS")
    same(decimal(world.client.balance()), before, "the balance after the refusals")


@case("no numbers in stock", only=("sandbox",))
def no_numbers(world):
    special_is_refused(world, "NO_NUMBERS")


@case("not enough money", only=("sandbox",))
def no_balance(world):
    special_is_refused(world, "NO_BALANCE")


def special_is_refused(world, code):
    """Orders what the sandbox always refuses with `code`, both ways."""
    special = world.upstream.specials.get(code)
    if special is None:
        raise Skip(f"the upstream has nothing that always answers {code}")
    refuses(lambda: world.client.order(*special), code)
    refuses(lambda: world.client.order_v2(*special), code)


@case("a list of addresses, the first dead", needs="several_addresses")
def dead_address_first(world):
    with refusing_port() as port:
        dead = f"http://127.0.0.1:{port}/stubs/handler_api.php"
        roamer = world.other_client(address=[dead, world.url])
        try:
            prices = roamer.prices(service=world.offer.service, country=COUNTRY)
            holds(list(prices[str(COUNTRY)]) == [world.offer.service], "more was answered than asked for")
        finally:
            roamer.stop()


CASES = (
    no_active_activations, wrong_key, unknown_id, message_of_unknown_id, details_of_unknown_id,
    unknown_service, cap_below_price, unknown_operator, no_numbers, no_balance, dead_address_first,
)
