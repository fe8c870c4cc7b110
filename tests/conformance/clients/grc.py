"""PyPI `grizzly-sms-client` 0.1.1: for Grizzly SMS; over httpx, GET, with `ref_id` in every query.

It reads JSON only where the content type names it, and asks for it in `Accept` (WIRE.md section 1, item 5).
"""

from grizzly_sms import GrizzlySms
from grizzly_sms.errors import GrizzlySmsError

from clients import Number, Refused

HANDLER = "/stubs/handler_api.php"
# Its own findings, which are no words of the dialect.
OWN = ("UNEXPECTED_RESPONSE", "EMPTY_RESPONSE", "TIMEOUT", "NETWORK", "SERVICE_PROHIBITED")


class Grc:
    """The package's client."""

    PRICE_CAP = True
    NO_OPERATOR = True
    AFTER_WAIT = ""
    COUNTRY_FIELDS = ("id", "rus", "eng", "chn")

    def __init__(self, key, address):
        self.api = GrizzlySms(key, base_url=address.removesuffix(HANDLER))

    def stop(self):
        self.api.close()

    def _run(self, call, *arguments, **named):
        try:
            return call(*arguments, **named)
        except GrizzlySmsError as error:
            if error.code in OWN:
                raise
            raise Refused(error.code) from error

    def balance(self):
        return self._run(self.api.get_balance)

    def prices(self, service=None, country=None):
        return self._run(self.api.get_prices, service=service, country=country)

    def prices_v2(self, service, country):
        return self._run(self.api.get_prices_v2, service=service, country=country)

    def prices_v3(self, service, country):
        return self._run(self.api.get_prices_v3, service=service, country=country)

    def countries(self):
        return {
            str(country.id): {name: getattr(country, name) for name in self.COUNTRY_FIELDS}
            for country in self._run(self.api.get_countries)
        }

    def services(self):
        return [{"code": one.code, "name": one.name} for one in self._run(self.api.get_services)]

    def order(self, service, country, max_price=None):
        answer = self._run(self.api.get_number, service, country=country, max_price=max_price)
        return Number(id=answer.activation_id, phone=answer.phone_number)

    def order_v2(self, service, country, max_price=None):
        """It hands on no operator."""
        answer = self._run(self.api.get_number_v2, service, country=country, max_price=max_price)
        return Number(
            id=answer.activation_id, phone=answer.phone_number, cost=str(answer.activation_cost),
            country=answer.country_code, time=answer.activation_time,
        )

    def set_status(self, number_id, status):
        return self._run(self.api.set_status, number_id, status)

    def status(self, number_id):
        answer = self._run(self.api.get_status, number_id)
        return answer.status if answer.code is None else f"{answer.status}:{answer.code}"

    def status_v2(self, number_id):
        """The text and the code of the last message; None and None while there is none."""
        message = self._run(self.api.get_status_v2, number_id)["sms"]
        return (message["text"], message["code"]) if message else (None, None)

    def wait_for_code(self, number_id):
        """Its own loop, which does nothing after the code."""
        return self._run(self.api.wait_for_code, number_id, interval_ms=200, timeout_ms=20_000).code

    def active(self):
        entries = self._run(self.api.get_active_activations)
        return [{"activationId": entry.activation_id} for entry in entries]
