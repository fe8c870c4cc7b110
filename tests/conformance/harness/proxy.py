"""One smsbridge with a ledger of its own in front of one upstream. Knows the configuration file."""

from harness.processes import Process

# Clients of the dialect check that a key has 32 characters.
KEY = "c0ffee00c0ffee00c0ffee00c0ffee00"
OTHER_KEY = "badc0de0badc0de0badc0de0badc0de0"

CONFIG = """\
[clients]
mode = "listed"

[clients.key.conformance]
api_key = "{key}"

[provider.main]
{provider}
[ledger]
url = "sqlite:{ledger}"
"""

# A flavour may tell amounts in either currency.
FLAVOUR = """
[dialect]
flavour = "{flavour}"

[dialect.rates]
USD = "{rubles_for_a_dollar}"
"""
RUBLES_FOR_A_DOLLAR = "92.50"


def start(binary, folder, upstream, flavour=None):
    """Starts `smsbridge serve` before `upstream`, ready to be asked."""
    config = folder / "proxy.toml"
    ledger = folder / "smsbridge.db"
    text = CONFIG.format(key=KEY, provider=upstream.config, ledger=ledger)
    if flavour is not None:
        text += FLAVOUR.format(flavour=flavour, rubles_for_a_dollar=RUBLES_FOR_A_DOLLAR)
    config.write_text(text)
    return Process(binary, ["serve", "--config", str(config)], folder, "serve", "/healthz")


def dialect_url(process):
    """Where client software is pointed to."""
    return process.base + "/stubs/handler_api.php"
