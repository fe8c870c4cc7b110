"""Buys a number, waits for its code and finishes it with one package, as its README shows it: its address is the one
it has compiled in. Usage: journey.py PACKAGE KEY. Prints the balance before, and the code."""

import asyncio
import sys
import time

WITHIN = 30


def smsactivate(key):
    """PyPI `smsactivate` 1.5, which asks https://api.sms-activate.org by requests."""
    from smsactivate.api import SMSActivateAPI
    api = SMSActivateAPI(key)
    balance = api.getBalance()["balance"]
    number = api.getNumber(service="tg", country=0)["activation_id"]
    api.setStatus(id=number, status=1)
    until = time.monotonic() + WITHIN
    while True:
        status = api.getStatus(id=number)
        if str(status).startswith("STATUS_OK"):
            break
        assert time.monotonic() < until, status
        time.sleep(0.5)
    finished = api.setStatus(id=number, status=6)
    assert finished == "ACCESS_ACTIVATION", finished
    return balance, status.split(":", 1)[1]


def async_sms_activate(key):
    """PyPI `async-sms-activate` 0.1.2, which asks https://api.sms-activate.org by aiohttp."""
    from async_sms_activate import SmsActivateClient

    async def journey():
        api = SmsActivateClient(key)
        try:
            balance = await api.get_balance()
            number = await api.buy_number_by_country("tg", 0)
            await api.update_activation_status(number.activation_id, 1)
            code = await number.wait_for_code(timeout=WITHIN)
            await api.update_activation_status(number.activation_id, 6)
            return balance, code
        finally:
            await api.close()

    return asyncio.run(journey())


PACKAGES = {"smsactivate": smsactivate, "async-sms-activate": async_sms_activate}

if __name__ == "__main__":
    told = PACKAGES[sys.argv[1]](sys.argv[2])
    print(*told)
