"""Cases about what other services added to the dialect, and software written for them asks for."""

from decimal import Decimal

from journeys.world import COUNTRY, case, decimal, holds, refuses, same


@case("prices by price", needs="prices_v2", does="getPricesV2")
def prices_by_price(world):
    offer = world.offer
    prices = world.client.prices_v2(offer.service, offer.country)[str(offer.country)][offer.service]
    holds(offer.price in [Decimal(price) for price in prices], f"{offer.price} is not among {prices!r}")
    for price, count in prices.items():
        holds(type(count) is int, f"count at {price}: {count!r}")


@case("prices by provider", needs="prices_v3", does="getPricesV3")
def prices_by_provider(world):
    offer = world.offer
    providers = world.client.prices_v3(offer.service, offer.country)[str(offer.country)][offer.service]
    holds(providers, "no provider")
    for provider, entry in providers.items():
        holds(type(entry["count"]) is int, f"count of {provider}: {entry['count']!r}")
        holds(decimal(entry["price"]) > 0 or decimal(entry["price"][0]) > 0, f"price of {provider}: {entry!r}")


@case("prices with what is really there", needs="prices_extended", does="getPricesExtended")
def prices_extended(world):
    offer = world.offer
    entry = world.client.prices_extended(offer.service, offer.country)[str(offer.country)][offer.service]
    same(decimal(entry["cost"]), offer.price, "its cost")
    holds(type(entry["count"]) is int, f"count: {entry['count']!r}")
    holds(type(entry["physicalCount"]) is int, f"physicalCount: {entry['physicalCount']!r}")


@case("prices of calls", needs="prices_for_calls", does="getPricesVerification")
def prices_for_calls(world):
    listed = world.client.prices_for_calls(world.offer.service)
    holds(isinstance(listed, dict), f"getPricesVerification answered {listed!r}")
    for service, countries in listed.items():
        for country, entry in countries.items():
            holds(isinstance(entry["price"], str), f"price of {service} in {country}: {entry['price']!r}")


@case("top countries by rank", needs="top_countries_by_rank", does="getTopCountriesByServiceRank")
def top_countries_by_rank(world):
    ranking = world.client.top_countries_by_rank(world.offer.service)
    holds(isinstance(ranking, dict) and ranking, f"{ranking!r}")
    holds(COUNTRY in [entry["country"] for entry in ranking.values()], "country 0 is not ranked")


@case("countries with their operators", needs="countries_and_operators", does="getCountryAndOperators")
def countries_and_operators(world):
    listed = {entry["id"]: entry for entry in world.client.countries_and_operators()}
    holds(isinstance(listed[COUNTRY]["name"], str), f"name of country 0: {listed[COUNTRY]['name']!r}")
    holds(listed[COUNTRY]["operators"]["any"], "country 0 has no operator any")


@case("services with their costs", needs="services_and_cost", does="getServicesAndCost")
def services_and_cost(world):
    for entry in world.client.services_and_cost(COUNTRY):
        holds(isinstance(entry["name"], str), f"name of {entry['id']}: {entry['name']!r}")
        holds(type(entry["price"]) in (int, float), f"price of {entry['id']}: {entry['price']!r}")
        holds(isinstance(entry["quantity"], str), f"quantity of {entry['id']}: {entry['quantity']!r}")


@case("every message of a number", needs="messages", does="getAllSms")
def every_message(world):
    number = world.order_telling()
    codes = [world.hear(number)]
    world.tell(number, 3, "ACCESS_RETRY_GET")
    codes.append(world.hear(number))
    same(sorted(world.client.messages(number.id)), sorted(codes), "codes of getAllSms")
    world.finish(number)


@case("finished by an action of its own", needs="finish", does="finishActivation")
def finished(world):
    number = world.order_telling()
    code = world.hear(number)
    world.client.finish(number.id)
    world.shows(number, "STATUS_OK", code)
    refuses(lambda: world.vendor().set_status(number.id, 3), "BAD_STATUS")


@case("cancelled by an action of its own", needs="cancel", does="cancelActivation")
def cancelled(world):
    number = world.order_telling()
    world.upstream.pass_cancel_window()
    world.client.cancel(number.id)
    world.paid -= decimal(number.cost)
    world.shows(number, "STATUS_CANCEL")


CASES = (
    prices_by_price, prices_by_provider, prices_extended, prices_for_calls, top_countries_by_rank,
    countries_and_operators, services_and_cost, every_message, finished, cancelled,
)
