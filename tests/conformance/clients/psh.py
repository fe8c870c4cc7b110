"""PyPI `pysmshub` 0.1.3: for SMSHub; synchronous over requests, or asynchronous over aiohttp, GET.

It finds the words of errors anywhere in an answer, and a balance only if it has a decimal point (WIRE.md
section 1, item 9).
"""

import asyncio

from pysmshub import AsyncSmsHubApi, Status, SyncSmsHubApi
from pysmshub.exceptions import SmsHubApiException

from clients import Number, Refused, worded

WORDS = {
    Status.WAIT: "STATUS_WAIT_CODE",
    Status.REPEAT: "STATUS_WAIT_RETRY",
    Status.CANCEL: "STATUS_CANCEL",
    Status.SENT: "STATUS_OK",
}


class Psh:
    """The package's synchronous client."""

    PRICE_CAP = True
    OPERATOR = True

    def __init__(self, key, address):
        self.api = self._made(key)
        self.api.base_url = address

    @staticmethod
    def _made(key):
        return SyncSmsHubApi(key)

    def stop(self):
        """It keeps no connection."""

    def _run(self, call, *arguments, **named):
        try:
            return self._wait(call(*arguments, **named))
        except SmsHubApiException as error:
            # What it found in the answer; its own findings are sentences.
            if error.response.isupper():
                raise Refused(error.response) from error
            raise

    @staticmethod
    def _wait(answer):
        return answer

    def balance(self):
        return self._run(self.api.get_balance)

    def prices(self, service=None, country=None):
        return self._run(self.api.get_prices, service=service, country=country)

    def numbers_status(self, country, operator):
        return self._run(self.api.get_numbers_status, country=country, operator=operator)

    def order(self, service, country, **wishes):
        number_id, phone = self._run(self.api.get_number, service, country=country, **wishes)
        return Number(id=number_id, phone=phone)

    def set_status(self, number_id, status):
        return worded(self._run(self.api.set_status, number_id, status))

    def status(self, number_id):
        state, code = self._run(self.api.get_status, number_id)
        return WORDS[state] if code is None else f"{WORDS[state]}:{code}"


class PshAsync(Psh):
    """The package's asynchronous client, called from ordinary code. Its orders have no price cap."""

    PRICE_CAP = False

    def __init__(self, key, address):
        self.loop = asyncio.new_event_loop()
        super().__init__(key, address)

    @staticmethod
    def _made(key):
        return AsyncSmsHubApi(key)

    def stop(self):
        """It opens a connection for each call and keeps none."""
        self.loop.close()

    def _wait(self, answer):
        return self.loop.run_until_complete(answer)
