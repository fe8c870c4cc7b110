"""PyPI `smsactivate` 1.5, the vendor's own: synchronous, over requests, GET with everything in the query.

It reports an error of the dialect as `{"error": code, "message": text}`, and only if the whole answer is one
of the words it knows (WIRE.md section 3); an answer it does not understand raises ValueError.
"""

from smsactivate.api import SMSActivateAPI

from clients import Number, Refused, in_order, rent_of, rented


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

    def order(self, service, country, operator=None, max_price=None, forward=None):
        answer = checked(self.api.getNumber(
            service=service, country=country, operator=operator, maxPrice=max_price, forward=forward))
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

    def several(self, services, country):
        """One number for several services."""
        answer = checked(self.api.getMultiServiceNumber(service=",".join(services), country=country))
        return [
            Number(id=str(entry["activation"]), phone=entry["phone"], service=entry["service"])
            for entry in answer
        ]

    def additional(self, number_id, service):
        answer = checked(self.api.getAdditionalService(id=number_id, service=service))
        return Number(id=str(answer["id"]), phone=str(answer["phone"]))

    def incoming_call(self, number_id):
        return checked(self.api.getIncomingCallStatus(id=number_id))

    def call_out(self, number_id):
        """It leaves out whom to call."""
        return rented(checked(self.api.createTaskForCall(activationId=number_id)))

    def outgoing_calls(self):
        return checked(self.api.getOutgoingCalls())

    def rent_offers(self, hours, country):
        answer = checked(self.api.getRentServicesAndCountries(time=hours, country=country))
        return rented(answer)["services"]

    def rent(self, service, hours, country):
        return rent_of(checked(self.api.getRentNumber(service=service, time=hours, country=country)))

    def rent_messages(self, rent_id):
        return in_order(rented(checked(self.api.getRentStatus(id=rent_id)))["values"])

    def set_rent_status(self, rent_id, status):
        return rented(checked(self.api.setRentStatus(id=rent_id, status=status)))["status"]

    def rents(self):
        return in_order(rented(checked(self.api.getRentList()))["values"])

    def extend_rent(self, rent_id, hours):
        return rent_of(checked(self.api.continueRentNumber(id=rent_id, time=hours)))

    def extension_price(self, rent_id):
        """It names no time, so that the default is meant."""
        return rented(checked(self.api.getContinueRentPriceNumber(id=rent_id)))["price"]
