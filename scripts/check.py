"""`make check`: everything that needs no running portal, one line each. Ends with 1 when something failed.

A check that depends on a service out of reach says NOT RUN and why: that is no failure, and no pass either.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts import licences, lock, secret_scan

ROOT = Path(__file__).resolve().parent.parent


class NotRun(Exception):
    """The check could not be made here; the message says why."""


class Failed(Exception):
    """What is wrong, in the words of whoever found it."""


def command(*words: str, env: dict[str, str] | None = None) -> str:
    """Run a program of the virtual environment; `Failed` with its output when it objects."""
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True)
    if done.returncode:
        raise Failed((done.stdout + done.stderr).strip())
    return done.stdout


def style() -> None:
    """Rules and layout of the code."""
    command("ruff", "check", "--quiet", ".")
    command("ruff", "format", "--check", "--quiet", ".")


def types() -> None:
    """Pyright, which comes with its own files and the node of the virtual environment: no network."""
    command("pyright", "--warnings")


def rules() -> None:
    """Who imports whom, and what the repository may hold."""
    command(
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_architecture.py",
        "tests/test_repository.py",
    )


def migrations() -> None:
    """Up, no difference to the models, all the way down, up again, on an empty database."""
    with tempfile.TemporaryDirectory(prefix="portal-check-") as var:
        env = {"PORTAL_VAR": var, "PORTAL_ENV": "development", "PORTAL_DATABASE_URL": ""}
        for words in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"]):
            command("alembic", *words, env=env)


def locks() -> None:
    """Pins and hashes cover what is asked for; where the package index answers, compiling changes nothing."""
    problems = lock.problems()
    if problems:
        raise Failed("\n".join(problems))
    try:
        changed = lock.outdated()
    except lock.Unreachable as error:
        raise NotRun(f"pins and hashes are in order; compiling again was not tried: {error}") from error
    if changed:
        raise Failed(f"Not what `make lock` makes of the .in files: {', '.join(changed)}")


def licensing() -> None:
    """Every installed package has a licence on the list."""
    if problems := licences.problems():
        raise Failed("\n".join(problems))


def secrets() -> None:
    """No keys, tokens or passwords in the tree."""
    if found := secret_scan.findings(ROOT):
        raise Failed("\n".join(found))


def bandit() -> None:
    """Common security mistakes in our own code."""
    command("bandit", "-q", "-c", "pyproject.toml", "-r", "portal", "alembic")


def advisories() -> None:
    """Known vulnerabilities of what we pin. A package that could not be looked up is no pass."""
    done = subprocess.run(
        [
            "pip-audit",
            "--strict",
            "-f",
            "json",
            "--no-deps",
            "--disable-pip",
            "--progress-spinner",
            "off",
            "-r",
            "requirements.txt",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        raise NotRun(last.partition("ERROR:pip_audit._cli:")[2] or last) from None
    found = [
        f"{package['name']} {package['version']}: {vuln['id']}"
        for package in packages
        for vuln in package.get("vulns", [])
    ]
    if found:
        raise Failed("\n".join(found))
    if done.returncode:
        raise NotRun("some packages could not be looked up")


CHECKS: tuple[Callable[[], None], ...] = (
    style,
    types,
    rules,
    migrations,
    locks,
    licensing,
    secrets,
    bandit,
    advisories,
)


def main() -> int:
    """Run all, or those named on the command line; print one line each."""
    wanted = set(sys.argv[1:])
    failures = 0
    for check in CHECKS:
        if wanted and check.__name__ not in wanted:
            continue
        started, detail = time.monotonic(), ""
        try:
            check()
            outcome = "ok"
        except NotRun as reason:
            outcome, detail = "NOT RUN", str(reason)
        except Failed as problem:
            outcome, detail, failures = "FAILED", str(problem), failures + 1
        print(f"{check.__name__:<12}{outcome:<9}{time.monotonic() - started:5.1f} s", flush=True)
        if detail:
            print("    " + detail.replace("\n", "\n    "), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    if shutil.which("ruff") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    raise SystemExit(main())
