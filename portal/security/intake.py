"""Views and denials on their way to the audit log: gathered in memory, written in batches by the job runner.

Denials are counted per session (or address) and minute, so that nobody can grow the log without end.
"""

import threading
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.clock import SystemClock
from portal.models import AuditEvent
from portal.work import Actor, audit_event, open_work

MOST_WAITING = 20_000  # rows; beyond it views still count in, denials are only counted

_lock = threading.Lock()
_views: list[AuditEvent] = []
_denials: dict[tuple[str, str, datetime], AuditEvent] = {}


def viewed(
    actor: Actor,
    action: str,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    patient_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Note that the actor saw something, for example `"consent.viewed"`."""
    event = audit_event(actor, SystemClock().now(), action, patient_id=patient_id, detail=detail)
    event.subject_kind, event.subject_id = subject_kind, subject_id
    with _lock:
        _views.append(event)


def denied(actor: Actor, what: str, why: str) -> None:
    """Note that the actor was refused `what`."""
    now = SystemClock().now()
    who = str(actor.session_id or actor.address or "unknown")
    key = (who, f"{what}:{why}"[:200], now.replace(second=0, microsecond=0))
    with _lock:
        event = _denials.get(key)
        if event is not None:
            event.count += 1
        elif len(_denials) < MOST_WAITING:
            _denials[key] = audit_event(actor, now, "denied", detail={"what": what[:120], "why": why[:80]})


def flush(*, everything: bool = True) -> int:
    """Write what was gathered; returns the number of rows. With `everything=False`, denials of this minute wait."""
    minute = SystemClock().now().replace(second=0, microsecond=0)
    with _lock:
        ripe = [key for key in _denials if everything or key[2] < minute]
        rows = _views[:] + [_denials.pop(key) for key in ripe]
        _views.clear()
    if rows:
        try:
            with open_work() as work:
                work.db.add_all(rows)
        except Exception:
            with _lock:  # the database was away: keep them for the next turn
                _views[:0] = rows
            raise
    return len(rows)
