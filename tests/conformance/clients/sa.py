"""PyPI `smsactivate` 1.5, the vendor's own: synchronous, over requests, GET with everything in the query.

It reports an error of the dialect as `{"error": code, "message": text}`, and only if the whole answer is one
of the words it knows (WIRE.md section 3); an answer it does not understand raises ValueError.
"""

from smsactivate.api import SMSActivateAPI

from clients import Number, Refused


def checked(answer):
    """What the package returned, unless it is its form of an error."""
    if isinstance(answer, dict) and "error" in answer:
        raise Refused(answer["error"])
    return answer


class Sa:
    """The package's client."""

    PRICE_CAP = True
    OPERATOR = True

    def __init__(self, key, address):
        self.api = SMSActivateAPI(key)
        # The address is a private attribute of the object; there is no other way to set it.
        self.api._SMSActivateAPI__api_url = address

    def stop(self):
        """It keeps no connection."""

    def balance(self):
        return checked(self.api.getBalance())["balance"]

    def balance_and_cashback(self):
        return checked(self.api.getBalanceAndCashBack())["balance"]

    def prices(self, service=None, country=None):
        return checked(self.api.getPrices(service=service, country=country))

    def countries(self):
        return checked(self.api.getCountries())

    def numbers_status(self, country, operator):
        return checked(self.api.getNumbersStatus(country=country, operator=operator))

    def operators(self, country):
        return checked(self.api.getOperators(country=country))

    def top_countries(self, service):
        return checked(self.api.getTopCountriesByService(service=service))

    def order(self, service, country, operator=None, max_price=None):
        answer = checked(self.api.getNumber(
            service=service, country=country, operator=operator, maxPrice=max_price))
        return Number(id=str(answer["activation_id"]), phone=str(answer["phone"]))

    def order_v2(self, service, country, operator=None, max_price=None):
        answer = checked(self.api.getNumberV2(
            service=service, country=country, operator=operator, maxPrice=max_price))
        return Number(
            id=str(answer["activationId"]), phone=answer["phoneNumber"], cost=str(answer["activationCost"]),
            country=answer["countryCode"], operator=answer["activationOperator"],
            time=answer["activationTime"],
        )

    def set_status(self, number_id, status):
        return checked(self.api.setStatus(id=number_id, status=status))

    def status(self, number_id):
        answer = self.api.getStatus(id=number_id)
        # The package counts this state among its errors.
        if isinstance(answer, dict) and answer.get("error") == "STATUS_CANCEL":
            return answer["error"]
        return checked(answer)

    def full_sms(self, number_id):
        return checked(self.api.getFullSms(id=number_id))

    def active(self):
        return checked(self.api.getActiveActivations())["activeActivations"]
