"""Within namespaces of its own: switches the redirection on, runs software with no change at all, switches it off, and
holds every file against what it was. Prints a JSON object for each case. Started by `outside`."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from harness import processes, report, web  # noqa: E402, found by the line above
from redirected import machine  # noqa: E402

KEY = "c0ffee00c0ffee00c0ffee00c0ffee00"
CONFIG = f"""\
[server]
listen = ["127.0.0.1:80", "[::1]:80"]
listen_tls = ["127.0.0.1:443", "[::1]:443"]
drain = "1s"

[clients]
mode = "listed"

[clients.key.conformance]
api_key = "{KEY}"

[provider.main]
kind = "sandbox"
sms_delay = "1s"
"""

CLIENTS = {
    "PyPI smsactivate 1.5": [sys.executable, str(HERE / "journey.py"), "smsactivate", KEY],
    "PyPI async-sms-activate 0.1.2": [sys.executable, str(HERE / "journey.py"), "async-sms-activate", KEY],
    "npm sms-activate 1.0.1": ["node", str(HERE / "journey.js"), KEY],
}
# Of the 1000 at the start each client before has spent a little.
BALANCE_AND_CODE = re.compile(r"^(1000|9[0-9]{2})(\.[0-9]+)? [0-9]{4,8}$")
WITHIN = 60


class Stage:
    """The machine, the server on it, and what is known of them."""

    def __init__(self, binary, ground):
        self.binary = binary
        self.home = ground / "home"
        self.folder = ground / "server"
        self.home.mkdir()
        self.folder.mkdir()
        (self.folder / "proxy.toml").write_text(CONFIG)
        self.environment = dict(processes.plain_environment(), HOME=str(self.home))
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "SUDO_USER"):
            self.environment.pop(name, None)
        self.before = self.state()
        self.server = self._start()

    def _start(self):
        log = self.folder / "serve.log"
        with open(log, "wb") as out:
            server = subprocess.Popen(
                [self.binary, "serve"], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        until = time.monotonic() + processes.READY_WITHIN
        while time.monotonic() < until:
            try:
                if web.get("http://127.0.0.1/healthz")[0] == 200:
                    return server
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server does not answer: {log.read_text()}")

    def state(self):
        """Everything that a redirection may leave behind, but for what the server itself keeps."""
        of_server = ("serve.log", "smsbridge.db")
        found = machine.state_of(self.home, self.folder)
        return {path: about for path, about in found.items() if not Path(path).name.startswith(of_server)}

    def smsbridge(self, *arguments):
        """Runs a subcommand to its end; its standard output."""
        ended = self.run([self.binary, *arguments])
        assert ended.returncode == 0, f"{arguments} ended with {ended.returncode}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def run(self, command, more=None):
        """Runs a program to its end."""
        environment = {**self.environment, **(more or {})}
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=WITHIN, check=False)

    def buys(self, command, more=None):
        """Whether a client gets a balance and a code; what it said."""
        ended = self.run(command, more)
        said = ended.stdout.strip()
        return bool(ended.returncode == 0 and BALANCE_AND_CODE.match(said)), f"{said} {ended.stderr}"[-600:]


def nothing_works_before(stage):
    """So that what comes afterwards says something."""
    for name, command in CLIENTS.items():
        works, said = stage.buys(command)
        assert not works, f"{name}: {said}"


def switched_on(stage):
    said = stage.smsbridge("redirect", "on")
    assert "https://api.sms-activate.org" in said and "smsbridge answers" in said, said


def switched_on_again(stage):
    before = stage.state()
    stage.smsbridge("redirect", "on")
    after = stage.state()
    assert before == after, f"changed: {machine.differences(before, after)}"


def told_by_status(stage):
    said = stage.smsbridge("redirect", "status")
    assert "smsbridge answers" in said, said


def by(name, command):
    """The case of one client, with the environment that `ca env` prints."""
    def client(stage):
        works, said = stage.buys(command, told_environment(stage))
        assert works, said
    client.__name__ = name
    return client


def told_environment(stage):
    """What `ca env` tells software with a store of its own."""
    lines = stage.smsbridge("ca", "env", "--shell", "sh").splitlines()
    pairs = [shlex.split(line)[1].split("=", 1) for line in lines if line.startswith("export ")]
    assert pairs, lines
    return dict(pairs)


def trusted_for_nothing_else(stage):
    """Software that goes elsewhere sees no difference: the name is not led here, and no leaf is made for it."""
    shown = stage.run(["openssl", "s_client", "-connect", "127.0.0.1:443", "-servername", "example.com"])
    assert "BEGIN CERTIFICATE" not in shown.stdout, shown.stdout


def switched_off(stage):
    stage.smsbridge("redirect", "off")
    after = stage.state()
    assert stage.before == after, f"changed: {machine.differences(stage.before, after)}"


def switched_off_again(stage):
    stage.smsbridge("redirect", "off")
    after = stage.state()
    assert stage.before == after, f"changed: {machine.differences(stage.before, after)}"
    ended = stage.run([stage.binary, "redirect", "status"])
    assert ended.returncode != 0, ended.stdout


def a_mounted_hosts_file(stage):
    """As containers have it: it cannot be replaced, and is changed in its place."""
    hosts = Path("/etc/hosts")
    undo = machine.alone_in_its_place(hosts)
    try:
        content = hosts.read_bytes()
        stage.smsbridge("hosts", "install")
        assert b"api.sms-activate.org" in hosts.read_bytes()
        stage.smsbridge("hosts", "remove")
        assert hosts.read_bytes() == content
    finally:
        undo()


CASES = {
    "unchanged software reaches nobody before": nothing_works_before,
    "redirect on": switched_on,
    "redirect on once more changes nothing": switched_on_again,
    "redirect status": told_by_status,
    **{f"{name} buys a number and gets its code": by(name, command) for name, command in CLIENTS.items()},
    "no certificate for other names": trusted_for_nothing_else,
    "redirect off leaves every file as it was": switched_off,
    "redirect off once more": switched_off_again,
    "a hosts file that is mounted": a_mounted_hosts_file,
}


def tell(outcome, case, why="", remark=""):
    """A case's outcome, for `outside`."""
    print(json.dumps({"outcome": outcome, "case": case, "why": why, "remark": remark}), flush=True)


def main():
    """Runs every case, in this order, since each builds on those before."""
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="smsbridge-redirected-") as folder:
        ground = Path(folder)
        machine.loopback_up()
        machine.own_copies(ground)
        stage = Stage(binary, ground)
        try:
            for name, case in CASES.items():
                run_case(stage, name, case)
        finally:
            stage.server.terminate()
            stage.server.wait(10)
            machine.give_back()


def run_case(stage, name, case):
    try:
        case(stage)
    except Exception as error:  # whatever goes wrong is an outcome
        text = " ".join(f"{type(error).__name__}: {error}".split())
        tail = (stage.folder / "serve.log").read_text()[-1500:]
        tell(report.FAILED, name, text, f"      the last words of smsbridge serve:\n{tail}")
    else:
        tell(report.PASSED, name)


if __name__ == "__main__":
    # Nobody's cached names, nobody's proxy.
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    main()
