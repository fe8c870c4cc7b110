"""PyPI `Simple-SMSHub-API` 1.1.0: for SMSHub; over mtrequests, GET, with `max_price` for a price cap.

It knows thirteen errors, each as a whole answer, and takes a number apart into exactly two fields (WIRE.md
section 3).
"""

from SMSHubAPI import SMSHubAPI, exceptions

from clients import Number, Refused, worded

WORDS = {
    exceptions.ApiKeyNotValidException: "API_KEY_NOT_VALID",
    exceptions.NoActionException: "NO_ACTION",
    exceptions.BadActionException: "BAD_ACTION",
    exceptions.BadApiKeyException: "BAD_KEY",
    exceptions.BadServiceException: "BAD_SERVICE",
    exceptions.SqlErrorException: "ERROR_SQL",
    exceptions.NoNumbersException: "NO_NUMBERS",
    exceptions.NoBalanceException: "NO_BALANCE",
    exceptions.WrongServiceException: "WRONG_SERVICE",
    exceptions.NoActivationException: "NO_ACTIVATION",
    exceptions.ServerException: "SERVER_ERROR",
}


class Ssh:
    """The package's client, which holds one number at a time."""

    PRICE_CAP = True
    OPERATOR = True
    AFTER_WAIT = ""

    def __init__(self, key, address):
        self.api = SMSHubAPI(key, raise_for_status=True)
        self.api.API_URL = address

    def stop(self):
        """It closes no connection by itself."""

    def _run(self, call, *arguments, **named):
        try:
            return call(*arguments, **named)
        except tuple(WORDS) as error:
            raise Refused(WORDS[type(error)]) from error

    def balance(self):
        return self._run(self.api.get_balance)

    def prices(self, service=None, country=None):
        return self._run(self.api.get_prices, service=service, country=country)

    def numbers_status(self, country, operator):
        return self._run(self.api.get_numbers_status, country=country, operator=operator)

    def order(self, service, country, operator=None, max_price=None):
        phone = self._run(
            self.api.get_number, service, operator=operator, country=country, max_price=max_price)
        return Number(id=self.api.activation_id, phone=phone)

    def set_status(self, number_id, status):
        self.api.activation_id = number_id
        return worded(self._run(self.api.set_status, status))

    def status(self, number_id):
        self.api.activation_id = number_id
        word, code = self._run(self.api.get_status)
        return worded(word) if code is None else f"{word}:{code}"

    def wait_for_code(self, number_id):
        """Its own loop, which does nothing after the code."""
        self.api.activation_id = number_id
        return self._run(self.api.wait_for_sms, interval=1, timeout=20)
