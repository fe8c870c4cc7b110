"""Cases in which the right answer is no, and in which nothing may be bought."""

from harness import proxy
from harness.processes import refusing_port
from journeys.world import COUNTRY, NO_OPERATORS, RELAYED, Skip, case, holds, refuses, same

UNKNOWN_SERVICE = "zzzz9"
UNKNOWN_ID = "123"


@case("no active activations", needs="active")
def no_active_activations(world):
    refuses(world.client.active, "NO_ACTIVATIONS")


@case("a wrong key, and the balance")
def wrong_key(world):
    stranger(world, lambda client: client.balance())


@case("a wrong key, and prices", needs="prices")
def wrong_key_for_prices(world):
    stranger(world, lambda client: client.prices(country=COUNTRY))


@case("a wrong key, and an order", needs="order")
def wrong_key_for_an_order(world):
    stranger(world, lambda client: client.order(world.offer.service, COUNTRY))


@case("a wrong key, and an order with details", needs="order_v2")
def wrong_key_for_an_order_with_details(world):
    stranger(world, lambda client: client.order_v2(world.offer.service, COUNTRY))


def stranger(world, call):
    """Fails unless a client with a key that nobody has is told so."""
    client = world.other_client(key=proxy.OTHER_KEY)
    try:
        refuses(lambda: call(client), "BAD_KEY")
    finally:
        client.stop()


@case("an unknown id")
def unknown_id(world):
    refuses(lambda: world.client.status(UNKNOWN_ID), "NO_ACTIVATION")


@case("the status of an unknown id set")
def unknown_id_set(world):
    if world.says("MUTE"):
        raise Skip("the package does not tell what setStatus answered")
    for status in (3, 6, 8) if world.says("NO_READY") else (1, 3, 6, 8):
        refuses(lambda status=status: world.client.set_status(UNKNOWN_ID, status), "NO_ACTIVATION")


@case("the message of an unknown id", needs="full_sms")
def message_of_unknown_id(world):
    refuses(lambda: world.client.full_sms(UNKNOWN_ID), "NO_ACTIVATION")


@case("the details of an unknown id", needs="status_v2")
def details_of_unknown_id(world):
    refuses(lambda: world.client.status_v2(UNKNOWN_ID), "NO_ACTIVATION")


@case("an unknown service", without=RELAYED)
def unknown_service(world):
    order_is_refused(world, (UNKNOWN_SERVICE, COUNTRY), "BAD_SERVICE")


@case("a price cap below the price", needs="PRICE_CAP")
def cap_below_price(world):
    before = world.balance()
    try:
        refuses(lambda: world.order(max_price=0.01), "WRONG_MAX_PRICE")
    finally:
        same(world.balance(), before, "the balance after the refusal")


@case("an operator where none are told apart", needs="OPERATOR", only=NO_OPERATORS)
def unknown_operator(world):
    before = world.balance()
    for order in orders(world):
        refuses(lambda order=order: order(world.offer.service, COUNTRY, operator="mts"), "NO_NUMBERS")
    same(world.balance(), before, "the balance after the refusals")


def orders(world):
    """The ways in which the package orders."""
    ways = (getattr(world.client, way, None) for way in ("order", "order_v2"))
    return [way for way in ways if way is not None]


@case("no numbers in stock", only=("sandbox",))
def no_numbers(world):
    special_is_refused(world, "NO_NUMBERS")


@case("not enough money", only=("sandbox",))
def no_balance(world):
    special_is_refused(world, "NO_BALANCE")


def special_is_refused(world, code):
    """Orders what the sandbox always refuses with `code`."""
    special = world.upstream.specials.get(code)
    if special is None:
        raise Skip(f"the upstream has nothing that always answers {code}")
    order_is_refused(world, special, code)


def order_is_refused(world, what, code):
    """Orders a service and a country in each way that the package has."""
    if world.says("OWN_SERVICES"):
        raise Skip("the package orders from a list of its own")
    for order in orders(world):
        refuses(lambda order=order: order(*what), code)


@case("a list of addresses, the first dead", needs="SEVERAL_ADDRESSES", without=NO_OPERATORS)
def dead_address_first(world):
    with refusing_port() as port:
        dead = f"http://127.0.0.1:{port}/stubs/handler_api.php"
        roamer = world.other_client(address=[dead, world.url])
        try:
            # Not prices: those of all countries are twelve megabytes.
            listed = roamer.operators(COUNTRY)["countryOperators"]
            holds(list(listed) == [str(COUNTRY)], "more was answered than asked for")
        finally:
            roamer.stop()


CASES = (
    no_active_activations, wrong_key, wrong_key_for_prices, wrong_key_for_an_order,
    wrong_key_for_an_order_with_details, unknown_id, unknown_id_set, message_of_unknown_id, details_of_unknown_id,
    unknown_service, cap_below_price, unknown_operator, no_numbers, no_balance, dead_address_first,
)
