"""PyPI `sms-hub-api` 0.1.5: for SMSHub; asynchronous, over aiohttp, GET.

It knows three errors, each as a whole answer, and reads JSON whatever the content type (WIRE.md section 3).
"""

import asyncio

from sms_hub_api import SmsHub, exceptions

from clients import Number, Refused, worded

WORDS = {
    exceptions.InvalidToken: "BAD_KEY",
    exceptions.NoNumbers: "NO_NUMBERS",
    exceptions.NoActivation: "NO_ACTIVATION",
}


class Hub:
    """The package's client, called from ordinary code."""

    OPERATOR = True

    def __init__(self, key, address):
        self.loop = asyncio.new_event_loop()
        self.api = SmsHub(key)
        self.api.API_URL = address

    def stop(self):
        """It opens a connection for each call and keeps none."""
        self.loop.close()

    def _run(self, call):
        try:
            return self.loop.run_until_complete(call)
        except tuple(WORDS) as error:
            raise Refused(WORDS[type(error)]) from error

    def balance(self):
        return self._run(self.api.get_balance())

    def prices(self, service=None, country=None):
        return self._run(self.api.get_prices(service=service, country=country))

    def numbers_status(self, country, operator):
        return self._run(self.api.get_numbers_status(country=country, operator=operator))

    def order(self, service, country, operator=None):
        answer = self._run(self.api.get_number(service, operator=operator, country=country))
        return Number(id=str(answer.activation_id), phone=str(answer.number))

    def set_status(self, number_id, status):
        return worded(self._run(self.api.set_status(number_id, status)))

    def status(self, number_id):
        return worded(self._run(self.api.get_status(number_id)))
