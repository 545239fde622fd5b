"""Start, await and end processes of our own: always by process group, never by name."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready: Callable[[], bool], seconds: float, what: str, alive: Callable[[], bool] = lambda: True) -> None:
    """Ask until it is ready; TimeoutError after so many seconds, RuntimeError as soon as it is no longer alive."""
    end = time.monotonic() + seconds
    while not ready():
        if not alive():
            raise RuntimeError(f"{what} ended while it was awaited")
        if time.monotonic() > end:
            raise TimeoutError(f"{what} was not ready within {seconds:g} s")
        time.sleep(0.03)


def answers(address: str) -> bool:
    """Whether a server answers 200 there."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def start(command: list[str], log: Path, env: dict[str, str] | None = None, **how: object) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, its output in `log`."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            **how,  # type: ignore[arg-type]
        )


def stop(process: subprocess.Popen[bytes], sign: int = signal.SIGTERM, seconds: float = 15) -> None:
    """End the whole group: politely, then, when it does not listen, at once. Nobody of it runs any more afterwards."""
    group = _family(process.pid)
    for attempt in (sign, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, attempt)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not any(_runs(member) for member in group), 10, "the end of a process group")


def kill(process: subprocess.Popen[bytes]) -> None:
    """What a power cut does: the whole group ends now."""
    stop(process, signal.SIGKILL)


def _family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
