"""PyPI `SmsServiceOnline` 1.0.2: for SMS-Service-Online; over requests, GET, `lang` in every query.

It speaks that service's flavour: a bare balance, a path without `.php`, six actions, and amounts in the
language's currency. It knows no errors (WIRE.md section 3).
"""

import sys

import SmsServiceOnline

from clients import Number, Refused, worded
from harness.proxy import RUBLES_FOR_A_DOLLAR

# The package's class hides its module of the same name.
MODULE = sys.modules["SmsServiceOnline.Api"]


class Sso:
    """The package's client, in Russian."""

    LANGUAGE = "ru"
    OPERATOR = True
    NO_READY = True
    NO_RETRY = True
    # That service's document has no BAD_STATUS (`api/sms-service-online.txt`, setStatus).
    BAD_STATUS = "BAD_ACTION"

    def __init__(self, key, address):
        MODULE.API_URL = address.removesuffix(".php")
        self.api = SmsServiceOnline.Api(api_key=key, lang=self.LANGUAGE, welcome_message=False)

    def stop(self):
        self.api.session.close()

    def balance(self):
        answer = self.api.get_balance()["balance"]
        if answer.isupper():
            raise Refused(answer)
        return answer

    def countries_and_operators(self):
        return self.api.get_country_and_operators()

    def services_and_cost(self, country):
        return self.api.get_services_and_cost(country, "any")

    def prices(self, service=None, country=None):
        """From getServicesAndCost, which names no service."""
        listed = {
            entry["id"]: {"cost": entry["price"], "count": int(entry["quantity"])}
            for entry in self.services_and_cost(country)
            if service in (None, entry["id"])
        }
        return {str(country): listed}

    def order(self, service, country, operator="any"):
        answer = self.api.get_number(country, operator, service)
        return Number(id=answer["id"], phone=answer["number"])

    def set_status(self, number_id, status):
        return worded(self.api.set_status(number_id, status)["status"])

    def status(self, number_id):
        """It hands on the code without the word."""
        answer = self.api.get_status(number_id)
        return f"STATUS_OK:{answer['code']}" if "code" in answer else worded(answer["status"])


class SsoEnglish(Sso):
    """The same in English: every amount is in dollars."""

    LANGUAGE = "en"
    RUBLES = RUBLES_FOR_A_DOLLAR
    SCOUT = Sso
