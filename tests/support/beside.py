"""A process that stands ready beside a server and runs a few lines of Python for it, again and again.

It has the server's own settings, database and keys. To start Python and load the portal takes a second or two; to run
what a test asks for takes some milliseconds.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

#: Reads a program and its words from each line, and answers with what it printed, or how it ended.
_LOOP = """
import contextlib, io, json, sys, traceback
import portal.models, portal.work
answers = sys.stdout
for line in sys.stdin:
    program, *sys.argv[1:] = json.loads(line)
    printed, wrong = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(program, "<beside>", "exec"), {"__name__": "__main__"})
    except (Exception, SystemExit):
        wrong = traceback.format_exc()
    print(json.dumps([printed.getvalue(), wrong]), file=answers, flush=True)
"""


class Beside:
    """One such process, for as long as the server has it."""

    def __init__(self, environment: Mapping[str, str], place: Path, log: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _LOOP],
                cwd=place,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def run(self, program: str, *words: str) -> str:
        """What the program prints. `AssertionError` with its traceback when it fails."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([program, *words]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process beside the server is gone: see beside.log"
        printed, wrong = json.loads(answer)
        if wrong:
            raise AssertionError(wrong)
        return printed

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.communicate()
