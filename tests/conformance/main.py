"""Drives real client software, unmodified but for its address, against a running smsbridge: every client
with every upstream, each pair with processes and a ledger of its own. Started by `run`, which prepares the
ground."""

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import clients
import expected_failures
import journeys
from harness import proxy, report, upstreams
from journeys.world import Skip, World

CASE_WITHIN = 60


class TooLong(Exception):
    """A case did not end; the clients themselves know no time limit."""


def main():
    """Runs what the command line asks for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="run only the pairs 'CLIENT UPSTREAM' that contain TEXT")
    only = parser.parse_args().only
    binary = Path(os.environ["SMSBRIDGE_BIN"])
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGALRM, too_long)
    outcome = report.Report()
    for client in clients.NAMES:
        for part in upstreams.PARTS:
            if only in f"{client} {part.name}":
                run_pair(binary, client, part, outcome)
    return 0 if outcome.close() else 1


def run_pair(binary, client, part, outcome):
    """Runs every case of one client with one upstream, and leaves nothing running."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="smsbridge-conformance-")))
        try:
            server, world = set_up(binary, folder, client, part, stack)
        except clients.Unavailable as reason:
            outcome.line(report.SKIPPED, client, part.name, "every case", str(reason))
            return
        except Exception as error:  # whatever prevents a start is an outcome
            outcome.line(report.FAILED, client, part.name, "start", describe(error))
            return
        mine = [case for case in journeys.cases() if case.only is None or part.name in case.only]
        failed = [run_case(world, case, outcome) for case in mine]
        ended = report.PASSED if server.stop() else report.FAILED
        outcome.line(ended, client, part.name, "smsbridge ends when it is told to")
        if any(failed):
            print(f"      the last words of smsbridge serve:\n{server.tail()}", flush=True)


def set_up(binary, folder, client, part, stack):
    """Starts one upstream and one smsbridge before it, with a client; `stack` ends them."""
    upstream = upstreams.start(part, binary, folder)
    stack.callback(upstream.stop)
    server = proxy.start(binary, folder, upstream)
    stack.callback(server.stop)
    world = World(client, server, upstream)
    stack.callback(world.stop)
    return server, world


def run_case(world, case, outcome):
    """Runs one case and reports it; whether it failed."""
    error = None
    signal.alarm(CASE_WITHIN)
    try:
        if case.needs and not hasattr(world.client, case.needs):
            raise Skip(f"the package has no such call ({case.needs})")
        if world.upstream.name in case.without:
            raise Skip(case.without[world.upstream.name])
        case(world)
    except Exception as raised:  # whatever a package throws is an outcome
        error = raised
    finally:
        signal.alarm(0)
    result, why = judge(error, expected_failures.find(world.name, case.name))
    outcome.line(result, world.name, world.upstream.name, case.name, why)
    return result == report.FAILED


def judge(error, expected):
    """What came of a case, and why."""
    if isinstance(error, Skip):
        return report.SKIPPED, str(error)
    if expected is None:
        return (report.PASSED, "") if error is None else (report.FAILED, describe(error))
    if error is None:
        return report.FAILED, f"passed, though it was expected to fail: {expected.reason}"
    kinds = [kind.__name__ for kind in type(error).__mro__]
    if expected.error in kinds and expected.says in str(error):
        return report.SKIPPED, f"expected failure, the client {expected.reason}"
    return report.FAILED, f"{describe(error)}; expected {expected.error} with {expected.says!r}"


def describe(error):
    """An exception in one line."""
    text = " ".join(str(error).split())
    return text if type(error) is AssertionError else f"{type(error).__name__}: {text}"


def too_long(_signal, _frame):
    """Ends a case that waits for ever."""
    raise TooLong(f"not done within {CASE_WITHIN} s")


if __name__ == "__main__":
    sys.exit(main())
