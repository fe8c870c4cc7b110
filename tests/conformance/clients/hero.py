"""PyPI `herosms` 0.1.1: for HeroSMS, the successor of sms-activate; over httpx, GET.

It knows errors by their HTTP status only, so that a word with HTTP 200 surfaces where the answer does not fit
its model, or not at all: what setStatus, finishActivation and cancelActivation answer it never looks at
(WIRE.md section 3).
"""

import asyncio

from herosms import HeroSMSClient

from clients import Number, Refused, worded


class Hero:
    """The package's client, called from ordinary code."""

    PRICE_CAP = True
    OPERATOR = True
    MUTE = True
    AFTER_WAIT = ""
    COUNTRY_FIELDS = ("id", "rus", "eng", "chn", "visible", "retry")

    def __init__(self, key, address):
        self.loop = asyncio.new_event_loop()
        self.api = HeroSMSClient(key, base_url=address, retry_attempts=1, poll_interval=0.2, cache_ttl=0)

    def stop(self):
        self._run(self.api.close())
        self.loop.close()

    def _run(self, call):
        return self.loop.run_until_complete(call)

    def balance(self):
        return self._run(self.api.get_balance()).amount

    def prices(self, service=None, country=None):
        listed = self._run(self.api.get_prices(service=service, country=country))
        return {
            number: {code: {"cost": offer.cost, "count": offer.count} for code, offer in services.items()}
            for number, services in listed.items()
        }

    def countries(self):
        listed = self._run(self.api.get_countries())
        return {str(country.id): country.model_dump(include=set(self.COUNTRY_FIELDS)) for country in listed}

    def services(self):
        return [service.model_dump() for service in self._run(self.api.get_services())]

    def operators(self, country):
        """It hands on the lists without the status, and an error as no lists."""
        return {"status": "success", "countryOperators": self._run(self.api.get_operators(country=country))}

    def top_countries(self, service):
        return self._run(self.api.get_top_countries(service=service))

    def top_countries_by_rank(self, service):
        return self._run(self.api.get_top_countries(service=service, by_rank=True))

    def order_v2(self, service, country, operator=None, max_price=None):
        """The answer as it came, which the package offers beside its model."""
        answer = self._run(self.api.activations.create(
            service=service, country=country, operator=operator, max_price=max_price,
            response_format="json"))
        if answer.get("type") == "text":
            raise Refused(answer["raw"].partition(":")[0])
        return Number(
            id=str(answer["activationId"]), phone=answer["phoneNumber"], cost=answer["activationCost"],
            country=answer["countryCode"], operator=answer["activationOperator"],
            time=answer["activationTime"],
        )

    def order_as_model(self, service, country):
        """What its readme shows: the answer as its model."""
        answer = self._run(self.api.activations.create(service=service, country=country))
        return Number(id=str(answer.id), phone=answer.phone_number, cost=str(answer.cost))

    def set_status(self, number_id, status):
        number = self.api.activations.attach(int(number_id))
        steps = {3: number.request_sms, 6: number.complete, 8: number.cancel}
        if status in steps:
            self._run(steps[status]())

    def finish(self, number_id):
        self._run(self.api.activations.finish(int(number_id)))

    def cancel(self, number_id):
        self._run(self.api.activations.cancel(int(number_id)))

    def status(self, number_id):
        return worded(self._run(self.api.get_status_v1(int(number_id))))

    def wait_for_code(self, number_id):
        """Its own loop: polls getStatusV2, which must be JSON while there is no code."""
        number = self.api.activations.attach(int(number_id))
        return self._run(number.wait_for_sms(timeout=20)).code

    def messages(self, number_id):
        """The codes of all messages, by getAllSms."""
        return [message.code for message in self._run(self.api.activations.get_sms(int(number_id)))]

    def active(self):
        return [entry.model_dump(by_alias=True) for entry in self._run(self.api.activations.list_active())]

    def history(self):
        entries = self._run(self.api.activations.get_history())
        return [entry.model_dump() for entry in entries]
