"""Cases that fail because of the client, not of smsbridge, and why.

An entry holds only while the case fails in the way described: if it passes, or fails otherwise, the run
fails, so that no entry outlives its reason.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """How a case fails, and the reason."""

    error: str
    says: str
    reason: str


WORDS_AS_NUMBERS = Expected(
    error="ValueError",
    says="could not convert string to float: 'BAD_KEY'",
    reason="knows only two errors, and reads any other where it expects a number",
)
WORDS_AS_JSON = Expected(
    error="JSONDecodeError",
    says="Expecting value: line 1 column 1 (char 0)",
    reason="knows few errors, and reads any other as JSON where it expects that",
)
WORDS_AS_FIELDS = Expected(
    error="IndexError",
    says="list index out of range",
    reason="knows few errors, and looks for an id and a phone in any other",
)
NO_JSON = Expected(
    error="SmsHubApiException",
    says="JSON Decode Error",
    reason="looks for no error in what getPrices answers",
)
BARE_LIST_ONLY = Expected(
    error="GrizzlySmsError",
    says="UNEXPECTED_RESPONSE",
    reason="takes nothing but a bare list of active activations, and an object is documented",
)
LIST_AS_OBJECT = Expected(
    error="AttributeError",
    says="'list' object has no attribute 'get'",
    reason="takes every JSON answer for an object, and this one is documented as a list",
)
OTHER_LIST = "looks for the active activations under another name than the documented one"

# By client and case, and by upstream where it is so with one only.
TABLE = {
    ("smsactivate", "a price cap below the price"): Expected(
        error="ValueError",
        says="invalid literal for int()",
        reason="knows errors only as whole answers, so WRONG_MAX_PRICE:5 is read as a number and a phone",
    ),
    ("aiosmsactivate", "history"): LIST_AS_OBJECT,
    ("aiosmsactivate", "a list of addresses, the first dead"): Expected(
        error="AssertionError",
        says="more was answered than asked for",
        reason="loses the call's parameters when it goes on to the next address",
    ),
    ("aiosmsactivate", "one number for two services"): LIST_AS_OBJECT,
    ("aiosmsactivate", "a rent: finished"): Expected(
        error="AssertionError",
        says="instead of STATUS_FINISH",
        reason="asks getRentStatus where it means setRentStatus",
    ),
    ("aiosmsactivate", "a rent: cancelled"): Expected(
        error="Refused",
        says="STATUS_WAIT_CODE",
        reason="asks getRentStatus where it means setRentStatus",
    ),
    ("async-sms-activate", "a wrong key, and the balance"): WORDS_AS_NUMBERS,
    ("async-sms-activate", "a wrong key, and an order with details"): WORDS_AS_JSON,
    ("async-sms-activate", "an unknown service"): WORDS_AS_JSON,
    ("herosms", "a wrong key, and the balance"): Expected(
        error="ResponseFormatError",
        says="Unsupported get_balance payload: 'BAD_KEY'",
        reason="knows errors by their HTTP status only, and the dialect has HTTP 200 for all",
    ),
    ("herosms", "a wrong key, and prices"): Expected(
        error="AssertionError",
        says="{} instead of BAD_KEY",
        reason="knows errors by their HTTP status only, and the dialect has HTTP 200 for all",
    ),
    ("herosms", "operators of no country"): Expected(
        error="AssertionError",
        says="'countryOperators': {}} instead of OPERATORS_NOT_FOUND",
        reason="takes an error of getOperators for no operators",
    ),
    ("herosms", "no active activations"): Expected(
        error="AssertionError", says="[] instead of NO_ACTIVATIONS", reason=OTHER_LIST,
    ),
    ("herosms", "active activations"): Expected(
        error="AssertionError", says="ids of the active activations: [] instead", reason=OTHER_LIST,
    ),
    ("herosms", "services"): Expected(
        error="ValidationError",
        says="input_value='success'",
        reason="takes every value of getServicesList's object for a service, its status too",
    ),
    ("herosms", "history"): Expected(
        error="ValidationError",
        says="Input should be a valid string",
        reason="wants ids of the history as texts, and they are documented as numbers",
    ),
    # HeroSMS itself tells the currency, and that is passed on.
    ("herosms", "order as its readme shows it and cancel", "sandbox"): Expected(
        error="ValidationError",
        says="currency Field required",
        reason="wants the currency in getNumberV2, which sms-activate's document does not have",
    ),
    ("grizzly-sms-client", "no active activations"): BARE_LIST_ONLY,
    ("grizzly-sms-client", "active activations"): BARE_LIST_ONLY,
    ("smsbower", "a price cap below the price"): Expected(
        error="SmsBowerError",
        says="Unexpected getNumber response: WRONG_MAX_PRICE:",
        reason="does not know WRONG_MAX_PRICE",
    ),
    ("sms-hub-api", "a wrong key, and prices"): WORDS_AS_JSON,
    ("sms-hub-api", "an unknown service"): WORDS_AS_FIELDS,
    ("sms-hub-api", "not enough money"): WORDS_AS_FIELDS,
    ("pysmshub", "a wrong key, and prices"): NO_JSON,
    ("pysmshub", "a price cap below the price"): Expected(
        error="SmsHubApiException",
        says="Unexpected response format when obtaining number",
        reason="does not know WRONG_MAX_PRICE",
    ),
    ("pysmshub (async)", "a wrong key, and prices"): NO_JSON,
    ("SmsServiceOnline", "a wrong key, and prices"): WORDS_AS_JSON,
    ("SmsServiceOnline", "a wrong key, and an order"): WORDS_AS_FIELDS,
    ("SmsServiceOnline", "an unknown service"): WORDS_AS_FIELDS,
    ("SmsServiceOnline", "no numbers in stock"): WORDS_AS_FIELDS,
    ("SmsServiceOnline", "not enough money"): WORDS_AS_FIELDS,
    ("SmsServiceOnline (English)", "a wrong key, and prices"): WORDS_AS_JSON,
    ("SmsServiceOnline (English)", "a wrong key, and an order"): WORDS_AS_FIELDS,
    ("SmsServiceOnline (English)", "an unknown service"): WORDS_AS_FIELDS,
    ("SmsServiceOnline (English)", "no numbers in stock"): WORDS_AS_FIELDS,
    ("SmsServiceOnline (English)", "not enough money"): WORDS_AS_FIELDS,
    ("Simple-SMSHub-API", "a price cap below the price"): Expected(
        error="ValueError",
        says="not enough values to unpack",
        reason="knows errors only as whole answers, so WRONG_MAX_PRICE:5 is read as a number and a phone",
    ),
}


def find(client, case, upstream):
    """How this client fails in this case; None when it must pass."""
    return TABLE.get((client, case, upstream), TABLE.get((client, case)))
