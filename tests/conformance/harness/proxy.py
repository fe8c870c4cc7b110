"""One smsbridge with a ledger of its own in front of one upstream. Knows the configuration file."""

import subprocess

from harness.processes import Process, plain_environment

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

FLAVOUR = """
[dialect]
flavour = "{flavour}"
"""


class NoSuchFlavour(Exception):
    """This smsbridge does not speak that flavour of the dialect."""


def start(binary, folder, upstream, flavour=None):
    """Starts `smsbridge serve` before `upstream`, ready to be asked."""
    config = folder / "proxy.toml"
    ledger = folder / "smsbridge.db"
    text = CONFIG.format(key=KEY, provider=upstream.config, ledger=ledger)
    if flavour is not None:
        text += FLAVOUR.format(flavour=flavour)
    config.write_text(text)
    if flavour is not None:
        speaks(binary, config, flavour)
    return Process(binary, ["serve", "--config", str(config)], folder, "serve", "/healthz")


def speaks(binary, config, flavour):
    """Raises unless the configuration is accepted with the flavour in it."""
    checked = subprocess.run(
        [str(binary), "check", "--config", str(config)], check=False, capture_output=True, text=True,
        env=plain_environment())
    said = checked.stdout + checked.stderr
    if checked.returncode and ("dialect" in said or "flavour" in said):
        raise NoSuchFlavour(f"this smsbridge knows no flavour {flavour}")


def dialect_url(process):
    """Where client software is pointed to."""
    return process.base + "/stubs/handler_api.php"
