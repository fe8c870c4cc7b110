"""PyPI `aiosmsactivate` 1.5.1: asynchronous, over aiohttp, POST with everything in the query and no body.

It raises SmsActivateException with the dialect's word as `code`, and reads answers into pydantic models that
refuse a field of another type (WIRE.md section 3).
"""

import asyncio

from aiosmsactivate import ActivationStatus, SmsActivate, SmsActivateException

from clients import Number, Refused, in_order, rent_of, rented

WORDS = {
    ActivationStatus.WAIT: "STATUS_WAIT_CODE",
    ActivationStatus.RETRY: "STATUS_WAIT_RETRY",
    ActivationStatus.RESEND: "STATUS_WAIT_RESEND",
    ActivationStatus.CANCEL: "STATUS_CANCEL",
    ActivationStatus.OK: "STATUS_OK",
}


# One for all clients: the package keeps caches per class, and they belong to the loop that first used them.
LOOP = asyncio.new_event_loop()


class Aio:
    """The package's client, called from ordinary code."""

    SEVERAL_ADDRESSES = True
    PRICE_CAP = True
    OPERATOR = True
    AFTER_WAIT = "again"

    def __init__(self, key, address):
        self.api = SmsActivate(key, base_url=address)

    def stop(self):
        """It opens a connection for each call and keeps none."""

    def _run(self, call):
        try:
            return LOOP.run_until_complete(call)
        except SmsActivateException as error:
            raise Refused(error.code) from error

    def balance(self):
        return self._run(self.api.get_balance())

    def balance_and_cashback(self):
        return self._run(self.api.get_balance_and_cashback())

    def prices(self, service=None, country=None):
        return self._run(self.api.get_prices(service=service, country=country))

    def countries(self):
        return self._run(self.api.get_countries())

    def services(self):
        return self._run(self.api.get_service_list())["services"]

    def numbers_status(self, country, operator):
        return self._run(self.api.get_count_numbers(country=str(country), operator=operator))

    def operators(self, country):
        return self._run(self.api.get_operators(country=str(country)))

    def top_countries(self, service):
        return self._run(self.api.get_available_countries(service))

    def prices_extended(self, service, country):
        return self._run(self.api.get_rank_prices(service=service, country=country))

    def prices_for_calls(self, service):
        return self._run(self.api.get_prices_verification(service=service))

    def top_countries_by_rank(self, service):
        return self._run(self.api.get_available_countries_by_rank(service))

    def order(self, service, country, operator=None, max_price=None, forward=None):
        answer = self._run(self.api.get_number(
            service, country=country, operator=operator, maxPrice=max_price, forward=forward))
        word, number_id, phone = answer.split(":")
        if word != "ACCESS_NUMBER":
            raise ValueError(f"no number: {answer}")
        return Number(id=number_id, phone=phone)

    def order_v2(self, service, country, operator=None, max_price=None):
        answer = self._run(self.api.purchase(
            service, country=country, operator=operator, maxPrice=max_price))
        return Number(
            id=str(answer.activation_id), phone=answer.phone_number, cost=str(answer.activation_cost),
            country=answer.country_code, operator=answer.operator, time=answer.activation_time,
        )

    def set_status(self, number_id, status):
        return self._run(self.api.set_activation_status(number_id, status)).value

    def status(self, number_id):
        state, code = self._run(self.api.get_activation_status_v1(number_id))
        return WORDS[state] if code is None else f"{WORDS[state]}:{code}"

    def status_v2(self, number_id):
        """The text and the code of the last message; None and None while there is none."""
        answer = self._run(self.api.get_activation_status(number_id))
        if isinstance(answer, str):
            return answer, None
        return (answer.sms.text, answer.sms.code) if answer.sms else (None, None)

    def wait_for_code(self, number_id):
        """Its own loop: sends status 1, polls, and sends 3 once a code has come."""
        return self._run(self.api.wait_sms_code(number_id, timeout=20, per_attempt=1))

    def active(self):
        return self._run(self.api.get_active_activations())["activeActivations"]

    def history(self):
        return self._run(self.api.get_history())

    def several(self, services, country):
        """One number for several services; it sends the country with a blank after the name."""
        answer = self._run(self.api.get_multi_service_number(",".join(services), country=str(country)))
        return [
            Number(id=str(entry["activation"]), phone=entry["phone"], service=entry["service"])
            for entry in answer
        ]

    def extra(self, number_id):
        """A number once more; it sends the activation as `id`."""
        answer = self._run(self.api.get_extra_activation(number_id))
        return Number(id=answer[0], phone=answer[1])

    def extra_offer(self, number_id):
        return self._run(self.api.check_extra_activation(number_id))

    def additional(self, number_id, service):
        answer = self._run(self.api.get_additional_service(service=service, id=number_id))
        return Number(id=answer[0], phone=answer[1])

    def incoming_call(self, number_id):
        return self._run(self.api.get_incoming_call_status(number_id))

    def partner_product(self, product_id):
        return self._run(self.api.buy_partner_product(product_id))

    def rent_offers(self, hours, country):
        """It sends each name with a blank after it, as in the calls below."""
        answer = self._run(self.api.get_rent_services_and_countries(time=hours, country=str(country)))
        return rented(answer)["services"]

    def rent(self, service, hours, country):
        return rent_of(self._run(self.api.get_rent_number(service, time=hours, country=str(country))))

    def rent_messages(self, rent_id):
        return in_order(rented(self._run(self.api.get_rent_status(rent_id)))["values"])

    def set_rent_status(self, rent_id, status):
        return rented(self._run(self.api.set_rent_status(rent_id, status)))["status"]

    def rents(self):
        """It must be given an id, which the action has not."""
        return in_order(rented(self._run(self.api.get_rent_list("", None, None)))["values"])

    def extend_rent(self, rent_id, hours):
        return rent_of(self._run(self.api.continue_rent_number(rent_id, hours)))

    def extension_price(self, rent_id):
        return rented(self._run(self.api.get_continue_rent_price_number(rent_id)))["price"]
