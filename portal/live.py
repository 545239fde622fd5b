"""Live pages: who must hear that something changed.

A service says so with `Work.changed`. The change is a row of the same transaction, so that what commits is heard of by
every process that serves pages; this process's own listeners are told at once (`portal.state.live`).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

log = logging.getLogger("portal.live")

# "schedule" is the book of the practice's visits, whoever's; "record" is what is kept of a client: profile, contacts,
# allergies, notes, consents.
Topic = Literal["visits", "forms", "notifications", "invoices", "record", "session", "practice", "schedule"]
Topics = dict[UUID | None, set[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction changed for one patient; `patient_id` None is the practice's own feed."""

    id: UUID
    patient_id: UUID | None
    topics: frozenset[str]


Listener = Callable[[Sequence[Change]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener` after every commit of this process that changed something; it must not wait."""
    _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    """Call it no more."""
    _listeners.remove(listener)


def committed(changes: Sequence[Change]) -> None:
    """Pass on what a commit changed."""
    for listener in _listeners:
        try:
            listener(changes)
        except Exception:
            log.exception("a change could not be passed on at once")
