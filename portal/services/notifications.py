"""Marking notifications as read: the patient's own alone, and as often as one likes."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, update

from portal.models import Notification
from portal.work import Work


def mark_read(work: Work, notification_id: UUID) -> None:
    """One notification of the signed-in patient was seen. `NotFound` for a stranger's."""
    line = work.own(Notification, notification_id)
    if line.read_at is None:
        line.read_at = work.now()
        work.db.add(line)
        work.changed(line.patient_id, "notifications")


def mark_read_at(work: Work, href: str) -> None:
    """The signed-in patient is at `href`: what leads there was seen."""
    _mark(work, col(Notification.href) == href)


def mark_all_read(work: Work) -> int:
    """All that the signed-in patient has not seen counts as seen; returns how many lines that were."""
    return _mark(work)


def _mark(work: Work, *which: ColumnElement[bool]) -> int:
    unseen = update(Notification).where(
        col(Notification.patient_id) == work.patient_id, col(Notification.read_at).is_(None), *which
    )
    done: Any = work.db.exec(unseen.values(read_at=work.now()))
    if done.rowcount:
        work.changed(work.patient_id, "notifications")
    return done.rowcount
