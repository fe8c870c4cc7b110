"""The case about what smsbridge says that it cannot do with an upstream: it must be told by the word that the
matrix names, and cost nothing."""

from journeys.world import COUNTRY, Skip, case, refuses, same

UNKNOWN_ID = "123"

# Actions that the first packages can call, and how.
CALLS = (
    ("getMultiServiceNumber", "several", lambda client: client.several(["tg", "wa"], COUNTRY)),
    ("getExtraActivation", "extra", lambda client: client.extra(UNKNOWN_ID)),
    ("checkExtraActivation", "extra_offer", lambda client: client.extra_offer(UNKNOWN_ID)),
    ("getAdditionalService", "additional", lambda client: client.additional(UNKNOWN_ID, "av")),
    ("getIncomingCallStatus", "incoming_call", lambda client: client.incoming_call(UNKNOWN_ID)),
    ("createTaskForCall", "call_out", lambda client: client.call_out(UNKNOWN_ID)),
    ("buyPartnerProduct", "partner_product", lambda client: client.partner_product(UNKNOWN_ID)),
    ("getRentServicesAndCountries", "rent_offers", lambda client: client.rent_offers(4, COUNTRY)),
    ("getRentNumber", "rent", lambda client: client.rent("tg", 4, COUNTRY)),
    ("getRentStatus", "rent_messages", lambda client: client.rent_messages(UNKNOWN_ID)),
    ("getRentList", "rents", lambda client: client.rents()),
    ("continueRentNumber", "extend_rent", lambda client: client.extend_rent(UNKNOWN_ID, 4)),
    ("getContinueRentPriceNumber", "extension_price", lambda client: client.extension_price(UNKNOWN_ID)),
)


@case("what the upstream cannot do is refused")
def refused(world):
    before = world.balance()
    asked = 0
    for action, name, call in CALLS:
        word = world.matrix.word(action, world.upstream.kind)
        if word is not None and world.says(name):
            refuses(lambda call=call: call(world.client), word)
            asked += 1
    same(world.balance(), before, "the balance after the refusals")
    if not asked:
        raise Skip("nothing that the package can call is refused")


CASES = (refused,)
