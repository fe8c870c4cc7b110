"""Starts smsbridge as a process on a free loopback port and stops it. Knows no dialect."""

import os
import socket
import subprocess
import time
import urllib.error
from contextlib import contextmanager

from harness import web

READY_WITHIN = 20.0
STOP_WITHIN = 10.0


class NotStarted(Exception):
    """The process ended, or did not answer in time; the text holds its last words."""


class Process:
    """One running smsbridge, as a server or as a stand-in."""

    def __init__(self, binary, arguments, folder, name, ready_path):
        """Runs `binary arguments --listen ADDR` in `folder` and waits until `ready_path` answers 200."""
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"{name}.log"
        command = [str(binary), *arguments, "--listen", f"127.0.0.1:{self.port}"]
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                command, cwd=folder, env=plain_environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready(ready_path)
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self, path):
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                raise NotStarted(f"ended with {self.child.returncode}: {self.tail()}")
            try:
                if web.get(self.base + path)[0] == 200:
                    return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.05)
        raise NotStarted(f"{path} did not answer 200 within {READY_WITHIN:.0f} s: {self.tail()}")

    def text(self):
        """All that the process printed so far."""
        return self.log.read_text(errors="replace")

    def tail(self, lines=15):
        """The last lines that the process printed."""
        text = self.text().splitlines()
        return "\n".join(text[-lines:]) or "(it printed nothing)"

    def stop(self):
        """Ends the process, politely first; returns whether it ended by itself."""
        if self.child.poll() is None:
            self.child.terminate()
        try:
            self.child.wait(STOP_WITHIN)
            return True
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            return False


def free_port():
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def refusing_port():
    """A loopback port that refuses connections, held so that nobody else comes to listen on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def plain_environment():
    """This environment without settings that would change smsbridge's configuration or send its
    calls to the stand-in through somebody's HTTP proxy."""
    outside = ("http_proxy", "https_proxy", "all_proxy")
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith("SMSBRIDGE_") and name.lower() not in outside
    }
