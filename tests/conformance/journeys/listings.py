"""Cases that only ask: balance, prices, countries, services, operators, stock. They cost nothing."""

import re

from journeys.world import COUNTRY, NO_OPERATORS, RELAYED, case, decimal, holds, refuses, same


NAMES = ("rus", "eng", "chn")
FLAGS = ("visible", "retry", "rent", "multiService")


@case("balance")
def balance(world):
    amount = world.client.balance()
    holds(decimal(amount) > 0, f"a balance of {amount!r}")
    if isinstance(amount, str):
        holds(re.fullmatch(r"\d+\.\d\d", amount), f"{amount!r} has not two decimals")


@case("balance and cashback", needs="balance_and_cashback")
def balance_and_cashback(world):
    both, plain = world.client.balance_and_cashback(), world.client.balance()
    holds(decimal(both) >= decimal(plain), f"{both!r} with cashback, {plain!r} without")


@case("prices of a country", needs="prices")
def prices_of_a_country(world):
    prices = world.client.prices(country=COUNTRY)
    same(list(prices), [str(COUNTRY)], "countries of getPrices")
    services = prices[str(COUNTRY)]
    holds(len(services) > 1, f"only {len(services)} services")
    for service, offer in services.items():
        holds(re.fullmatch(r"[a-z0-9]+", service), f"service {service!r}")
        holds(type(offer["count"]) is int, f"count of {service}: {offer['count']!r}")
        holds(type(offer["cost"]) in (int, float), f"cost of {service}: {offer['cost']!r}")


@case("price of one service", needs="prices")
def price_of_one_service(world):
    offer = world.offer
    prices = world.client.prices(service=offer.service, country=offer.country)
    same(list(prices), [str(offer.country)], "countries of getPrices")
    same(list(prices[str(offer.country)]), [offer.service], "services of getPrices")
    same(decimal(prices[str(offer.country)][offer.service]["cost"]), world.as_price(offer.price), "its price")


@case("amounts in another currency", needs="RUBLES")
def another_currency(world):
    same(decimal(world.client.balance()), world.as_balance(world.balance()), "the balance")
    told = world.client.prices(country=COUNTRY)[str(COUNTRY)]
    for offer in world.offers:
        same(decimal(told[offer.service]["cost"]), world.as_price(offer.price), f"the price of {offer.service}")


@case("countries", needs="countries")
def countries(world):
    listed = {str(number): country for number, country in world.client.countries().items()}
    same(listed["0"]["eng"], "Russia", "country 0")
    fields = world.says("COUNTRY_FIELDS") or NAMES + FLAGS
    for number, country in listed.items():
        same(str(country["id"]), number, "id of a country")
        for name in (name for name in NAMES if name in fields):
            holds(isinstance(country[name], str), f"{name} of country {number}: {country[name]!r}")
        for flag in (flag for flag in FLAGS if flag in fields):
            holds(country[flag] in (0, 1), f"{flag} of country {number}: {country[flag]!r}")


@case("services", needs="services")
def services(world):
    listed = world.client.services()
    names = {service["code"]: service["name"] for service in listed}
    holds(names.get(world.offer.service), f"{world.offer.service} is not among {len(names)} services")


@case("stock of a country", needs="numbers_status")
def stock_of_a_country(world):
    stock = world.client.numbers_status(COUNTRY, "any")
    for key, count in stock.items():
        holds(re.fullmatch(r"[a-z0-9]+_[01]", key), f"key {key!r}")
        holds(isinstance(count, str) and count.isdigit(), f"count of {key}: {count!r}")
    holds(int(stock[f"{world.offer.service}_0"]) > 0, f"no {world.offer.service}, though it has a price")


@case("operators of a country", needs="operators", without=NO_OPERATORS)
def operators(world):
    listed = world.client.operators(COUNTRY)
    same(listed["status"], "success", "status of getOperators")
    names = listed["countryOperators"][str(COUNTRY)]
    holds("mts" in names, f"mts is not among {names}")


@case("operators where none are told apart", needs="operators", only=NO_OPERATORS)
def no_operators(world):
    refuses(lambda: world.client.operators(COUNTRY), "OPERATORS_NOT_FOUND")


@case("operators of no country", needs="operators", without=RELAYED)
def operators_of_no_country(world):
    refuses(lambda: world.client.operators(9999), "OPERATORS_NOT_FOUND")


@case("top countries of a service", needs="top_countries")
def top_countries(world):
    ranking = world.client.top_countries(world.offer.service)
    holds(isinstance(ranking, dict) and ranking, f"{ranking!r}")
    for place, entry in ranking.items():
        holds(place.isdigit(), f"place {place!r}")
        for key in ("country", "count"):
            holds(type(entry[key]) is int, f"{key} at place {place}: {entry[key]!r}")
        for key in ("price", "retail_price"):
            holds(type(entry[key]) in (int, float), f"{key} at place {place}: {entry[key]!r}")
    holds(COUNTRY in [entry["country"] for entry in ranking.values()], "country 0 is not ranked")


CASES = (
    balance, balance_and_cashback, prices_of_a_country, price_of_one_service, another_currency, countries,
    services, stock_of_a_country, operators, no_operators, operators_of_no_country, top_countries,
)
