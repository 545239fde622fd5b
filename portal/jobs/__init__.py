"""Work that happens by itself: deliveries, seals, sweeps. `wake` says that a commit may have left something to do."""

import threading

_awake = threading.Event()


def wake() -> None:
    """Ask the runner of this process to look now rather than at its next turn."""
    _awake.set()


def sleep(seconds: float) -> None:
    """Wait until woken or the time is over (called by the runner's own thread)."""
    _awake.wait(seconds)
    _awake.clear()
