"""Does a hundred thousand clients make the list of clients slow? Each search, filter and order, beside a thousand."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage
from tests.support.portal_server import ROOT

FEW, MANY = 1000, 100_000


def measure(_stage: Stage) -> list[Result]:
    """95 of 100 within so many milliseconds, on both engines; the ratio is a hundred thousand to a thousand."""
    lines: list[Result] = []
    for engine, of in _crowds().items():
        for name, found in of["found"].items():
            (few, many), (asked_few, asked_many) = found["ms"], found["statements"]
            lines += [
                result(f"clients, {engine}, {name}", [many], "ms", [few], Limit(most=100)),
                result(f"clients, {engine}, {name}, statements", [asked_many], "", [asked_few], Limit(most=12)),
            ]
    return lines


def _crowds() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as var:
        command = [sys.executable, "-m", "tests.bench.crowd", str(FEW), str(MANY)]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PORTAL_VAR": var}, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
