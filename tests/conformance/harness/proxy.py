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


def start(binary, folder, upstream):
    """Starts `smsbridge serve` before `upstream`, ready to be asked."""
    config = folder / "proxy.toml"
    ledger = folder / "smsbridge.db"
    config.write_text(CONFIG.format(key=KEY, provider=upstream.config, ledger=ledger))
    return Process(binary, ["serve", "--config", str(config)], folder, "serve", "/healthz")


def dialect_url(process):
    """Where client software is pointed to."""
    return process.base + "/stubs/handler_api.php"
