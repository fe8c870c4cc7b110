"""The client software under one interface, so that a journey is written once.

Each module wraps one package, unmodified but for the address. A wrapper turns what the package returns or
raises into the values below and changes nothing else: where the package cannot read an answer, its own
exception comes through. What a package cannot do, its wrapper has no method for.

What a wrapper says of its package, where it is not as most are:

- `PRICE_CAP`, `OPERATOR`: its orders can name a price cap, an operator.
- `SEVERAL_ADDRESSES`: it takes a list of addresses.
- `OWN_SERVICES`: it orders only services of a list of its own.
- `WHOLE_BALANCE`: it cuts the balance to a whole number.
- `RUBLES`, `SCOUT`: its amounts are in another currency, of which one is so many rubles; a wrapper that is
  told rubles.
- `COUNTRY_FIELDS`: those fields of a country that it hands on.
- `NO_OPERATOR`: it does not hand on which operator a number is from.
- `CANCEL`: the status by which it cancels, if not 8.
- `NO_READY`, `NO_RETRY`, `BAD_STATUS`: its flavour has no status 1 and no STATUS_WAIT_RETRY, and says an
  impossible status in another word.
- `MUTE`: `set_status` returns None, whatever was answered.
- `FORGETS_CODE`: `status` has no code but that of STATUS_OK.
- `AFTER_WAIT`: beside a waiting loop of its own: "again" if that asks for another code, "finish" if it ends
  the activation, "" if it does neither.
"""

from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Optional


class Refused(Exception):
    """The package reported an error of the dialect, by its word."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Unavailable(Exception):
    """The package cannot be used here."""


@dataclass
class Number:
    """A number that was ordered, as far as the package tells."""

    id: str
    phone: str
    cost: Optional[str] = None
    country: Optional[str] = None
    operator: Optional[str] = None
    time: Optional[str] = None
    service: Optional[str] = None


@dataclass
class Rent:
    """A number that was rented; for how long and how much is noted by who did it."""

    id: str
    phone: str
    ends: str
    hours: Optional[int] = None
    price: Optional[Decimal] = None


@dataclass(frozen=True)
class Package:
    """A client, and what it is driven against."""

    # What the report calls it, and expected failures go by.
    name: str
    # Its wrapper: the module here, and the class in it.
    module: str
    wrapper: str
    # The upstreams it is driven against, by their names; None means all.
    upstreams: Optional[tuple] = None
    # The oldest Python that has what it needs.
    python: str = "3.9"
    # The flavour of the dialect that it speaks, if not sms-activate's.
    flavour: Optional[str] = None


PACKAGES = (
    Package("smsactivate", "sa", "Sa"),
    Package("aiosmsactivate", "aio", "Aio", python="3.10"),
    Package("async-sms-activate", "asa", "Asa", ("sandbox", "smsak"), python="3.11"),
    Package("smsactivateru", "ru", "Ru", ("sandbox", "vak-sms")),
    Package("sms-activate (npm)", "npm", "Npm", ("sandbox", "vak-sms")),
    Package("herosms", "hero", "Hero", ("sandbox", "hero-sms"), python="3.10"),
    Package("grizzly-sms-client", "grc", "Grc", ("sandbox", "sms-activate"), python="3.10"),
    Package("smsbower", "bow", "Bow", ("sandbox", "vak-sms-compat"), python="3.10"),
    Package("sms-hub-api", "hub", "Hub", ("sandbox", "sms-service-online")),
    Package("pysmshub", "psh", "Psh", ("sandbox", "sms-man")),
    Package("pysmshub (async)", "psh", "PshAsync", ("sandbox", "smsak")),
    Package("Simple-SMSHub-API", "ssh", "Ssh", ("sandbox", "sms-man-v2"), python="3.10"),
    Package("SmsServiceOnline", "sso", "Sso", ("sandbox", "sms-service-online"),
            flavour="sms-service-online"),
    Package("SmsServiceOnline (English)", "sso", "SsoEnglish", ("sandbox", "sms-service-online"),
            flavour="sms-service-online"),
)


def connect(package, key, address):
    """A client of `package` that uses `key` at `address`, or at each of a list of them."""
    try:
        module = import_module(f"clients.{package.module}")
    except ImportError as error:
        raise Unavailable(f"it needs Python {package.python} or newer ({error})") from error
    return getattr(module, package.wrapper)(key, address)


def worded(answer):
    """What a package hands on as it was answered, unless that is an error of the dialect."""
    if answer.startswith(("ACCESS_", "STATUS_")):
        return answer
    raise Refused(answer.partition(":")[0])


def rented(answer):
    """What a package hands on of a rent, unless that is the dialect's form of an error there."""
    if isinstance(answer, dict) and answer.get("status") == "error":
        raise Refused(answer["message"])
    return answer


def rent_of(answer):
    """The number in an answer to getRentNumber or continueRentNumber."""
    phone = rented(answer)["phone"]
    return Rent(id=str(phone["id"]), phone=phone["number"], ends=phone["endDate"])


def in_order(values):
    """The values of an object that is keyed by places."""
    return [values[str(place)] for place in range(len(values))]
