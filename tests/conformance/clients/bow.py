"""PyPI `smsbower` 0.1.0: for SMSBower; over httpx, GET, with its own `ref` in every order.

It knows nine errors, and takes for empty what is not the object that it expects (WIRE.md section 3).
"""

from smsbower import SmsBowerClient, SmsBowerError

from clients import Number, Refused

HANDLER = "/stubs/handler_api.php"
# Its own findings, which are no words of the dialect.
OWN = ("INVALID_RESPONSE", "PARSE_ERROR", "NETWORK_ERROR")


class Bow:
    """The package's client."""

    PRICE_CAP = True
    COUNTRY_FIELDS = ("id", "rus", "eng", "chn")

    def __init__(self, key, address):
        self.api = SmsBowerClient(key, base_url=address.removesuffix(HANDLER))

    def stop(self):
        self.api.close()

    def _run(self, call, *arguments, **named):
        try:
            return call(*arguments, **named)
        except SmsBowerError as error:
            if error.code in OWN:
                raise
            raise Refused(error.code) from error

    def balance(self):
        return self._run(self.api.get_balance)

    def prices(self, service=None, country=None):
        return self._run(self.api.get_prices, service, country)

    def prices_v2(self, service, country):
        return self._run(self.api.get_prices_v2, service, country)

    def prices_v3(self, service, country):
        return self._run(self.api.get_prices_v3, service, country)

    def countries(self):
        listed = self._run(self.api.get_countries)
        return {
            number: {name: getattr(country, name) for name in self.COUNTRY_FIELDS}
            for number, country in listed.items()
        }

    def services(self):
        return [{"code": one.code, "name": one.name} for one in self._run(self.api.get_services_list)]

    def top_countries(self, service):
        return self._run(self.api.get_top_countries_by_service, service)

    def order(self, service, country, max_price=None):
        answer = self._run(self.api.get_number, service, country=country, max_price=max_price)
        return Number(id=answer.id, phone=answer.number)

    def order_v2(self, service, country, max_price=None):
        answer = self._run(self.api.get_number_v2, service, country=country, max_price=max_price)
        return Number(
            id=str(answer["activationId"]), phone=answer["phoneNumber"], cost=answer["activationCost"],
            country=answer["countryCode"], operator=answer["activationOperator"],
            time=answer["activationTime"],
        )

    def set_status(self, number_id, status):
        return self._run(self.api.set_status, number_id, status)

    def status(self, number_id):
        answer = self._run(self.api.get_status, number_id)
        return answer.status if answer.code is None else f"{answer.status}:{answer.code}"
