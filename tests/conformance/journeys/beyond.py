"""Cases about what smsbridge says that it cannot do with an upstream: it must be told by the word that the
matrix names, and cost nothing."""

from journeys.world import COUNTRY, Skip, case, refuses, same

UNKNOWN_ID = "123"

# Actions that the first packages can call, and how: about an activation that is theirs, or about nothing.
ABOUT_A_NUMBER = (
    ("getExtraActivation", "extra", lambda client, number: client.extra(number.id)),
    ("checkExtraActivation", "extra_offer", lambda client, number: client.extra_offer(number.id)),
    ("getAdditionalService", "additional", lambda client, number: client.additional(number.id, "av")),
    ("getIncomingCallStatus", "incoming_call", lambda client, number: client.incoming_call(number.id)),
    ("createTaskForCall", "call_out", lambda client, number: client.call_out(number.id)),
)
ABOUT_NOTHING = (
    ("getMultiServiceNumber", "several", lambda client: client.several(["tg", "wa"], COUNTRY)),
    ("buyPartnerProduct", "partner_product", lambda client: client.partner_product(UNKNOWN_ID)),
    ("getRentServicesAndCountries", "rent_offers", lambda client: client.rent_offers(4, COUNTRY)),
    ("getRentNumber", "rent", lambda client: client.rent("tg", 4, COUNTRY)),
    ("getRentStatus", "rent_messages", lambda client: client.rent_messages(UNKNOWN_ID)),
    ("getRentList", "rents", lambda client: client.rents()),
)


@case("what the upstream cannot do is refused")
def refused(world):
    before = world.balance()
    calls = refused_among(world, ABOUT_NOTHING)
    for word, call in calls:
        refuses(lambda call=call: call(world.client), word)
    same(world.balance(), before, "the balance after the refusals")
    if not calls:
        raise Skip("nothing that the package can call is refused")


@case("what the upstream cannot do with a number is refused")
def refused_of_a_number(world):
    calls = refused_among(world, ABOUT_A_NUMBER)
    if not calls:
        raise Skip("nothing that the package can call is refused")
    number = world.order()
    before = world.balance()
    try:
        for word, call in calls:
            refuses(lambda call=call: call(world.client, number), word)
        same(world.balance(), before, "the balance after the refusals")
    finally:
        world.cancel(number)


def refused_among(world, calls):
    """Word and call of those that the package has and the matrix calls refused."""
    words = ((world.matrix.word(action, world.upstream.kind), name, call) for action, name, call in calls)
    return [(word, call) for word, name, call in words if word is not None and world.says(name)]


CASES = (refused, refused_of_a_number)
