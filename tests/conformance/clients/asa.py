"""PyPI `async-sms-activate` 0.1.2: asynchronous, over aiohttp, GET with `json=1` in every query.

It orders by getNumberV2 only, and knows two errors, NO_BALANCE and NO_NUMBERS; any other is read as JSON, or
as a number, and fails there (WIRE.md section 3).
"""

import asyncio

from async_sms_activate import SmsActivateClient, errors

from clients import Number, Refused, worded

WORDS = {errors.NoBalance: "NO_BALANCE", errors.NoNumbers: "NO_NUMBERS"}


class Asa:
    """The package's client, called from ordinary code."""

    AFTER_WAIT = ""

    def __init__(self, key, address):
        self.loop = asyncio.new_event_loop()
        self.api = self._run(self._made(key, address))
        # The countries that it once read are kept in the class, for all clients.
        self.api.all_countries = []

    @staticmethod
    async def _made(key, address):
        """It opens its session when it is made, which must be within a loop."""
        api = SmsActivateClient(key)
        api.api_url = address
        return api

    def stop(self):
        self._run(self.api.close())
        self.loop.close()

    def _run(self, call):
        try:
            return self.loop.run_until_complete(call)
        except tuple(WORDS) as error:
            raise Refused(WORDS[type(error)]) from error

    def balance(self):
        return self._run(self.api.get_balance())

    def countries(self):
        return {country.id: country.data for country in self._run(self.api.get_countries_list())}

    def top_countries(self, service):
        """Its prices are cut to whole numbers."""
        ranked = self._run(self.api.top_countries_by_service(service))
        return {
            str(place): {
                "country": int(entry.country_id), "count": entry.numbers_count,
                "price": entry.price, "retail_price": entry.retail_price,
            }
            for place, entry in enumerate(ranked)
        }

    def order_v2(self, service, country):
        return self._number(self._run(self.api.buy_number_by_country(service, country)))

    def order_in_any_country(self, service):
        """It picks one of those that getTopCountriesByService has in stock."""
        return self._number(self._run(self.api.buy_number_any_country(service)))

    @staticmethod
    def _number(answer):
        return Number(
            id=str(answer.activation_id), phone=answer.phone_number, cost=answer.activation_cost,
            country=answer.country_code, operator=answer.activation_operator, time=answer.activation_time,
        )

    def set_status(self, number_id, status):
        return worded(self._run(self.api.update_activation_status(number_id, status)))

    def status(self, number_id):
        return worded(self._run(self.api.get_activation_status(number_id)))

    def wait_for_code(self, number_id):
        """Its own loop: polls once a second. It belongs to a number, and any has the same."""
        from async_sms_activate.activation import Activation
        number = Activation(self.api, {"activationId": number_id, "phoneNumber": ""})
        return self._run(number.wait_for_code(timeout=20))
