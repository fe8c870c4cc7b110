"""Drives real client software, unmodified but for its address, against a running smsbridge: every client
with its upstreams, each pair with processes and a ledger of its own, a few pairs at a time. Started by `run`,
which prepares the ground."""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import clients
import expected_failures
import journeys
from harness import proxy, report, upstreams
from harness.matrix import Matrix
from journeys.world import Skip, World
from redirected import outside

CASE_WITHIN = 60
# More than every case of a pair, one after the other, has ever needed.
PAIR_WITHIN = 600
# A pair spends most of its time waiting.
JOBS = 2 * (os.cpu_count() or 1)


class TooLong(Exception):
    """A case did not end; the clients themselves know no time limit."""


def main():
    """Runs what the command line asks for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="run only the pairs 'CLIENT UPSTREAM' that contain TEXT; 'redirected' has no upstream")
    parser.add_argument("--jobs", type=int, default=JOBS, metavar="NUMBER",
                        help="how many pairs run at a time")
    asked = parser.parse_args()
    binary = Path(os.environ["SMSBRIDGE_BIN"])
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGALRM, too_long)
    outcome = report.Report()
    # Each worker runs one pair and ends: some packages keep what they know in their modules.
    with multiprocessing.Pool(max(1, asked.jobs), maxtasksperchild=1) as pool:
        asked_for = pairs(asked.only)
        results = pool.imap(partial(run_pair, binary, Matrix(binary)), asked_for)
        for package, part in asked_for:
            outcome.add(result_of(results, package, part))
    if asked.only in outside.NAME:
        outcome.add(outside.run(binary))
    return 0 if outcome.close() else 1


def result_of(results, package, part):
    """What came of the pair whose turn it is."""
    try:
        return results.next(PAIR_WITHIN)
    except multiprocessing.TimeoutError:
        notes = report.Notes(package.name, part.name)
        notes.case(report.FAILED, "every case", f"not done within {PAIR_WITHIN} s")
        return notes


def pairs(only):
    """Every client with each of its upstreams, as far as the command line asks for it."""
    return [
        (package, part) for package in clients.PACKAGES for part in upstreams.PARTS
        if package.upstreams is None or part.name in package.upstreams
        if only in f"{package.name} {part.name}"
    ]


def run_pair(binary, matrix, pair):
    """Runs every case of one client with one upstream, and leaves nothing running; what came of it."""
    package, part = pair
    notes = report.Notes(package.name, part.name)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="smsbridge-conformance-")))
        signal.alarm(CASE_WITHIN)
        try:
            server, world = set_up(binary, matrix, folder, package, part, stack)
        except clients.Unavailable as reason:
            notes.case(report.SKIPPED, "every case", str(reason))
            return notes
        except Exception as error:  # whatever prevents a start is an outcome
            notes.case(report.FAILED, "start", describe(error))
            return notes
        finally:
            signal.alarm(0)
        mine, beyond = of_pair(world)
        if beyond:
            notes.case(report.SKIPPED, "what the package has no calls for", ", ".join(beyond))
        failed = [run_case(world, case, notes) for case in mine]
        ended = report.PASSED if server.stop() else report.FAILED
        notes.case(ended, "smsbridge ends when it is told to")
        if any(failed):
            notes.remark(f"      the last words of smsbridge serve:\n{server.tail()}")
    return notes


def set_up(binary, matrix, folder, package, part, stack):
    """Starts one upstream and one smsbridge before it, with a client; `stack` ends them."""
    upstream = upstreams.start(part, binary, folder)
    stack.callback(upstream.stop)
    server = proxy.start(binary, folder, upstream, package.flavour)
    stack.callback(server.stop)
    world = World(package, server, upstream, matrix)
    stack.callback(world.stop)
    return server, world


def of_pair(world):
    """The cases of this client with this upstream, and the names of those that the client has no calls for."""
    here = [case for case in journeys.cases() if case.only is None or world.upstream.name in case.only]
    mine = [case for case in here if all(world.says(need) for need in case.needs)]
    return mine, [case.name for case in here if case not in mine]


def run_case(world, case, notes):
    """Runs one case and notes it; whether it failed."""
    error = None
    signal.alarm(CASE_WITHIN)
    try:
        is_for(world, case)
        case(world)
    except Exception as raised:  # whatever a package throws is an outcome
        error = raised
    finally:
        signal.alarm(0)
    result, why = judge(error, expected_failures.find(world.name, case.name, world.upstream.name))
    notes.case(result, case.name, why)
    return result == report.FAILED


def is_for(world, case):
    """Raises Skip unless the upstream has what the case is about."""
    if world.upstream.name in case.without:
        raise Skip(case.without[world.upstream.name])
    for action in case.does:
        lack = world.matrix.lacks(action, world.upstream.kind)
        if lack is not None:
            raise Skip(lack)


def judge(error, expected):
    """What came of a case, and why."""
    if isinstance(error, Skip):
        return report.SKIPPED, str(error)
    if expected is None:
        return (report.PASSED, "") if error is None else (report.FAILED, describe(error))
    if error is None:
        return report.FAILED, f"passed, though it was expected to fail: {expected.reason}"
    kinds = [kind.__name__ for kind in type(error).__mro__]
    if expected.error in kinds and expected.says in describe(error):
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
