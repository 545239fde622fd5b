"""Work that happens by itself: deliveries, reminders, seals, sweeps. `wake` says that a commit may have left something
to do."""

import threading

_bell = threading.Condition()
_rung = 0


def wake() -> None:
    """Ask the runner of this process to look now rather than at its next turn."""
    global _rung
    with _bell:
        _rung += 1
        _bell.notify_all()


def sleep(seconds: float, heard: int = -1) -> int:
    """Wait until the time is over or somebody has woken us since `heard`; returns what to say next time."""
    with _bell:
        _bell.wait_for(lambda: _rung != heard, seconds)
        return _rung
