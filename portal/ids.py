"""Identifiers: UUID version 7 (RFC 9562), so that rows sort by the time they were made."""

import os
import time
from threading import Lock
from uuid import UUID

_lock = Lock()
_last = 0


def uuid7() -> UUID:
    """A new time-ordered identifier: 48 bits of Unix milliseconds, 74 random bits; later ones of a process are greater.

    Of those made within one millisecond each adds a random step to the one before (RFC 9562, method 2).
    """
    global _last
    fresh = _fresh()
    with _lock:
        _last = fresh if fresh >> 80 > _last >> 80 else _last + 1 + int.from_bytes(os.urandom(4), "big")
        return UUID(int=_last)


def earliest(seconds: float) -> UUID:
    """The smallest identifier that can have been made at this Unix time: for asking what is newer."""
    return UUID(int=max(0, int(seconds * 1000)) << 80)


def _fresh() -> int:
    random = int.from_bytes(os.urandom(10), "big")
    value = (time.time_ns() // 1_000_000) << 80
    value |= 0x7 << 76
    value |= (random >> 64 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return value
