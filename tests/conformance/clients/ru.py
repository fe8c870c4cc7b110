"""PyPI `smsactivateru` 1.2.6: synchronous, over requests, GET; of 2019, when a cancellation was -1.

It looks for the words of errors anywhere in an answer and raises an exception of a class that it makes for the
word (WIRE.md section 3). Of getNumbersStatus it needs 39 services by name.
"""

from smsactivateru import (
    GetBalance, GetFreeSlots, GetNumber, GetStatus, SetStatus, Sms, SmsActivation, SmsService, SmsTypes,
)
from smsactivateru.models import ErrorsModel
from smsactivateru.services import ServiceStorage

from clients import Number, Refused


class Ru:
    """The package's client."""

    OPERATOR = True
    OWN_SERVICES = True
    CANCEL = int(SmsTypes.Status.Cancel)
    AFTER_WAIT = "finish"

    def __init__(self, key, address):
        self.api = Sms(key)
        self.api.url = address

    def stop(self):
        """It keeps no connection."""

    def _run(self, action):
        try:
            return action.request(self.api)
        except ErrorsModel as error:
            raise Refused(error.code) from error

    def balance(self):
        return self._run(GetBalance())

    def numbers_status(self, country, operator):
        """Its counts are numbers already."""
        slots = self._run(GetFreeSlots(country=str(country), operator=operator))
        return {key: str(getattr(slots, name).count) for name, key in ServiceStorage.names.items()}

    def order(self, service, country, operator=None):
        names = [name for name, key in ServiceStorage.names.items() if key == f"{service}_0"]
        meant = getattr(SmsService(), names[0])
        answer = self._run(GetNumber(service=meant, country=str(country), operator=operator))
        return Number(id=answer.id, phone=answer.phone_number)

    def set_status(self, number_id, status):
        return self._run(SetStatus(id=number_id, status=str(status)))["status"]

    def status(self, number_id):
        try:
            answer = self._run(GetStatus(id=number_id))
        except Refused as refusal:
            # The package counts this state among its errors.
            if refusal.code == "STATUS_CANCEL":
                return refusal.code
            raise
        return answer["status"] if answer["code"] is None else f"{answer['status']}:{answer['code']}"

    def wait_for_code(self, number_id):
        """Its own loop: polls once a second, and finishes once a code has come."""
        return SmsActivation(number_id, "", self.api).wait_code(timeout=20)
