"""The upstreams a client is driven against: the built-in sandbox, and stand-ins run as processes of their
own with a clock that the harness moves. Knows the admin routes, and nothing of the dialect."""

from dataclasses import dataclass
from decimal import Decimal

from harness import web
from harness.processes import Process

# The stand-in's message comes later than its cancellation window ends, so that a case can cancel a number
# without one and the clock alone decides which of both happens.
SMS_DELAY = 200
CANCEL_WINDOW = 130
# Longer than any of the services that the cases buy has a number for (VAK-SMS: 20 minutes).
LIFETIME = 1300

# What is ordered to meet a refusal; the sandbox refuses these whatever its seed is.
SANDBOX_SPECIALS = {
    "NO_NUMBERS": ("nn", 0),  # (service, country)
    "NO_BALANCE": ("nb", 0),
}


@dataclass(frozen=True)
class Part:
    """What a client is driven against, and what of it the cases have to know."""

    # What the report calls it, and expected differences go by.
    name: str
    # Which stand-in plays it; the sandbox has none.
    stand_in: str = ""
    # In what it differs from its document.
    quirks: tuple = ()
    # The preset by which it is configured, where its own stand-in has none.
    preset: str = ""


PARTS = (
    Part("sandbox"),
    Part("vak-sms", "vak-sms"),
    Part("smsak", "smsak"),
    Part("sms-service-online", "sms-service-online"),
    Part("sms-man", "sms-man"),
    Part("sms-man-v2", "sms-man-v2"),
    Part("sms-activate", "sms-activate"),
    Part("hero-sms", "sms-activate", ("modern-errors", "extra-fields"), preset="hero-sms"),
    Part("vak-sms-compat", "sms-activate", ("vague-errors",), preset="vak-sms-compat"),
)


class Sandbox:
    """The sandbox inside smsbridge itself, on real time."""

    name = "sandbox"
    kind = "sandbox"
    config = 'kind = "sandbox"\nsms_delay = "3s"\n'
    specials = SANDBOX_SPECIALS

    def let_message_come(self):
        """Nothing: it comes after three seconds, and cases poll."""

    def pass_cancel_window(self):
        """Nothing: the sandbox lets cancel at once."""

    def pass_lifetime(self):
        """Nothing: the sandbox sells a number once more at once."""

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

    def __init__(self, part, binary, folder):
        """Starts `smsbridge mock NAME` and configures a provider as it says itself."""
        self.name = part.name
        arguments = ["mock", part.stand_in, "--sms-delay", f"{SMS_DELAY}s"]
        for quirk in part.quirks:
            arguments += ["--quirk", quirk]
        self.process = Process(binary, arguments, folder, f"mock-{part.name}", "/_mock/violations")
        lines = printed_settings(self.process.text())
        if part.preset:
            # It has to do without what the stand-in says of its quirks: that is what it is for.
            lines = [line for line in lines if line.split(" = ")[0] in ("kind", "base_url", "api_key")]
            lines += [f'preset = "{part.preset}"', 'currency = "RUB"']
        lines += ['poll_interval = "200ms"', 'rate_limit = "off"']
        self.kind = next(line for line in lines if line.startswith("kind = ")).split('"')[1]
        self.config = "".join(f"{line}\n" for line in lines)

    def let_message_come(self):
        """Moves its clock to where the message that is due has come."""
        self._advance(SMS_DELAY + 1)

    def pass_cancel_window(self):
        """Moves its clock past the first two minutes, in which sms-activate refuses to cancel."""
        self._advance(CANCEL_WINDOW)

    def pass_lifetime(self):
        """Moves its clock to where the first time of the numbers is over that it sold."""
        self._advance(LIFETIME)

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


def printed_settings(text):
    """The lines of `[provider.main]` in what a stand-in prints when it starts."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.strip() == "[provider.main]":
            break
    settings = []
    for line in lines:
        if not line.startswith("    "):
            break
        settings.append(line.strip())
    return settings


def start(part, binary, folder):
    """The upstream that is meant, running."""
    return StandIn(part, binary, folder) if part.stand_in else Sandbox()
