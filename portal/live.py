"""Live pages: who must hear that something changed.

A service says so with `Work.changed`. The change is a row of the same transaction; after the commit it is passed on at
once to the listeners of this process.
"""

import logging
from collections.abc import Callable
from typing import Literal
from uuid import UUID

log = logging.getLogger("portal.live")

Topic = Literal["visits", "forms", "notifications", "invoices", "practice"]
Changes = dict[UUID | None, set[str]]

_listeners: list[Callable[[Changes], None]] = []


def listen(listener: Callable[[Changes], None]) -> None:
    """Call `listener` after every commit of this process that changed something; it must not wait."""
    _listeners.append(listener)


def committed(changes: Changes) -> None:
    """Pass on what a commit changed."""
    for listener in _listeners:
        try:
            listener(changes)
        except Exception:
            log.exception("a change could not be passed on at once")
