"""The upstreams a client is driven against: the built-in sandbox, and stand-ins run as processes of their
own with a clock that the harness moves. Knows the admin routes, and nothing of the dialect."""

from decimal import Decimal

from harness import web
from harness.processes import Process

# The stand-in's message comes later than its cancellation window ends, so that a case can cancel a number
# without one and the clock alone decides which of both happens.
SMS_DELAY = 200
CANCEL_WINDOW = 130

# What is ordered to meet a refusal; the sandbox refuses these whatever its seed is.
SANDBOX_SPECIALS = {
    "NO_NUMBERS": ("nn", 0),  # (service, country)
    "NO_BALANCE": ("nb", 0),
}


class Sandbox:
    """The sandbox inside smsbridge itself, on real time."""

    kind = "sandbox"
    config = 'kind = "sandbox"\nsms_delay = "3s"\n'
    specials = SANDBOX_SPECIALS

    def let_message_come(self):
        """Nothing: it comes after three seconds, and cases poll."""

    def pass_cancel_window(self):
        """Nothing: the sandbox lets cancel at once."""

    def totals(self):
        """Nobody else keeps the sandbox's books."""
        return None

    def violations(self):
        """Nobody watches how the sandbox is used."""
        return []

    def stop(self):
        """Nothing runs."""


class StandIn:
    """A strict stand-in of a real provider, as a process."""

    specials = {}

    def __init__(self, kind, binary, folder):
        """Starts `smsbridge mock KIND`."""
        self.kind = kind
        arguments = ["mock", kind, "--sms-delay", f"{SMS_DELAY}s"]
        self.process = Process(binary, arguments, folder, f"mock-{kind}", "/_mock/violations")
        self.config = (
            f'kind = "{kind}"\nbase_url = "{self.process.base}"\n'
            'api_key = "mock-key"\npoll_interval = "200ms"\nrate_limit = "off"\n'
        )

    def let_message_come(self):
        """Moves its clock to where the message that is due has come."""
        self._advance(SMS_DELAY + 1)

    def pass_cancel_window(self):
        """Moves its clock past the first two minutes, in which sms-activate refuses to cancel."""
        self._advance(CANCEL_WINDOW)

    def totals(self):
        """Its books: how many numbers it sold, and what it kept of the money."""
        books = web.get_json(self.process.base + "/_mock/totals")
        return int(books["purchases"]), Decimal(str(books["charged"]))

    def violations(self):
        """What smsbridge sent that the provider's document does not allow."""
        return web.get_json(self.process.base + "/_mock/violations")

    def stop(self):
        """Ends the process."""
        self.process.stop()

    def _advance(self, seconds):
        web.post(f"{self.process.base}/_mock/clock?advance={seconds}s")


def start(kind, binary, folder):
    """The upstream of a kind, running."""
    return Sandbox() if kind == Sandbox.kind else StandIn(kind, binary, folder)


KINDS = (Sandbox.kind, "vak-sms", "sms-activate")
