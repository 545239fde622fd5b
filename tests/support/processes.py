"""Start, await and end processes of our own: always by process group, never by name."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


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
    """End the whole group: politely, then, when it does not listen, at once."""
    for attempt in (sign, signal.SIGKILL):
        try:
            os.killpg(process.pid, attempt)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        break
    process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """What a power cut does: the whole group ends now."""
    stop(process, signal.SIGKILL)
