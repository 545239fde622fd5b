"""Does a large practice make anything slow? The same patient's Dashboard and the same search for another time, in a
practice with ten visits and in one with ten thousand; and how many reminders go out in a second."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage
from tests.support.portal_server import ROOT

FEW, MANY = 10, 10_000
READ = {
    "dashboard": "Dashboard's queries",
    "month": "search for free days of a month",
    "sheet": "whole reschedule sheet",
}


def measure(_stage: Stage) -> list[Result]:
    """Both practices in turns; the ratio is ten thousand to ten."""
    found = _practices()
    lines: list[Result] = []
    for key, name in READ.items():
        (few, many), (asked_few, asked_many) = found[key]["ms"], found[key]["statements"]
        lines += [
            result(f"{name}, {MANY:,} visits to {FEW}", [many], "ms", [few], Limit(most_times=2)),
            result(f"{name}, statements", [asked_many], "", [asked_few], Limit(most_times=1)),
        ]
    sent = found["reminders"]
    if not sent["visits"]:
        raise AssertionError("no reminder was due")
    return [
        *lines,
        result("reminders decided on a second", [sent["visits"] / sent["decided"]], "/s"),
        result("texts and emails of reminders sent a second, twins", [sent["messages"] / sent["delivered"]], "/s"),
        result("reminders a second in all", [sent["visits"] / (sent["decided"] + sent["delivered"])], "/s"),
    ]


def _practices() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as var:
        command = [sys.executable, "-m", "tests.bench.practice", str(FEW), str(MANY)]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PORTAL_VAR": var}, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
