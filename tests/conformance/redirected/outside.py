"""Makes the ground on which `inside` may turn a machine's hosts file and trust upside down: namespaces of its own for
mounts and network. Knows no client."""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness import report

INSIDE = Path(__file__).with_name("inside.py")
STORE = Path("/usr/local/share/ca-certificates")
WITHIN = 300
NAME = "redirected by hosts file and CA"


def run(binary):
    """Runs every case; what came of them."""
    notes = report.Notes("redirected", "by hosts file and CA")
    lack = what_lacks()
    if lack is not None:
        print(f"\n*** the redirection was NOT tested: {lack} ***\n", file=sys.stderr, flush=True)
        notes.case(report.SKIPPED, "every case", lack)
        return notes
    command = [*namespaces(), sys.executable, str(INSIDE), str(binary)]
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=WITHIN, check=False)
    except subprocess.TimeoutExpired:
        notes.case(report.FAILED, "every case", f"not done within {WITHIN} s")
        return notes
    for line in ended.stdout.splitlines():
        told = json.loads(line)
        notes.case(told["outcome"], told["case"], told["why"])
        if told["remark"]:
            notes.remark(told["remark"])
    if ended.returncode != 0:
        notes.case(report.FAILED, "every case", f"the cases ended with {ended.returncode}")
    return notes


def namespaces():
    """The command that runs another in namespaces of its own. Who is not root becomes it there, where that is allowed."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *as_root, "--mount", "--net", "--propagation", "private"]


def what_lacks():
    """Why it cannot be tested here; None if it can."""
    try:
        tried = subprocess.run([*namespaces(), "true"], capture_output=True, text=True, check=False)
    except OSError:
        return "there is no unshare (package util-linux) on this system"
    if tried.returncode != 0:
        return f"namespaces cannot be made here ({tried.stderr.strip()})"
    if not os.access("/usr/sbin/update-ca-certificates", os.X_OK) or not STORE.is_dir():
        return "the system's trust store is not Debian's (package ca-certificates)"
    return None
