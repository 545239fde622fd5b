"""Who opened a patient's record, for the patient: who of the practice, when, and what kind of thing; by day.

What the patient looked at is left out; what a guardian opened is in it. A record that was merged into this one counts.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from portal import dates
from portal.domain import audit
from portal.models import AuditEvent
from portal.models.db import columns
from portal.queries.merged import records_of
from portal.queries.reader import Reader, reader
from portal.queries.staff_names import StaffName, staff_names
from portal.work import Work

PAGE = 400  # rows of the log
MOST = 8_000
_OPENED = tuple(audit.OPENINGS)
_LOOKED = tuple(action for action in audit.OPENINGS if audit.act(action).kind is audit.Kind.OPENED)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """One person on one day. `what` are kinds of things, `times` the first and the last moment."""

    id: str
    who: str
    role: str
    what: str
    times: str


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """A day and everybody who opened the record on it, the latest first."""

    day: str
    rows: list[OpenedRow]


@dataclass(frozen=True, slots=True)
class Opened:
    """The days, the newest first; `more` says that there are earlier ones."""

    days: list[OpenedDay]
    more: bool


@dataclass
class _Seen:
    """What one person opened on one day."""

    who: Any
    first: datetime
    last: datetime
    what: set[str] = field(default_factory=set[str])


def opened(work: Work, most: int = PAGE) -> Opened:
    """Who opened the signed-in patient's record, in the latest `most` rows of the log. `NotFound` for anybody else."""
    reading, most = reader(work), max(PAGE, min(most, MOST))
    rows = work.rows(_query(work, records_of(work, work.patient_id), most + 1)).all()
    people = staff_names(work, [row.actor_id for row in rows if row.actor_kind == "staff"])
    by_day: dict[date, dict[tuple[Any, str], _Seen]] = {}
    for row in rows[:most]:
        day = by_day.setdefault(dates.local_day(row.at, reading.zone), {})
        seen = day.setdefault((row.actor_id, row.actor_label), _Seen(row, row.at, row.at))
        seen.first = row.at
        seen.what.add(audit.OPENINGS[row.action])
    days = [
        OpenedDay(dates.full_day(day, reading.locale), [_row(seen, people, reading, day) for seen in of_day.values()])
        for day, of_day in by_day.items()
    ]
    return Opened(days, more=len(rows) > most and most < MOST)


def _query(work: Work, ids: list[UUID], most: int) -> Any:
    """Staff and guardians by all that they saw; the operator by what was looked at, not by what ran by itself."""
    by_people = col(AuditEvent.actor_kind).in_(("staff", "guardian")) & col(AuditEvent.action).in_(_OPENED)
    by_operator = (col(AuditEvent.actor_kind) == "system") & col(AuditEvent.action).in_(_LOOKED)
    mine = work.actor.id
    return (
        columns(AuditEvent.at, AuditEvent.actor_kind, AuditEvent.actor_id, AuditEvent.actor_label, AuditEvent.action)
        .where(
            col(AuditEvent.patient_id).in_(ids),
            by_people | by_operator,
            col(AuditEvent.actor_id).is_(None) | (col(AuditEvent.actor_id) != mine),
        )
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
        .limit(most)
    )


def _row(seen: _Seen, people: dict[UUID | None, StaffName], reading: Reader, day: date) -> OpenedRow:
    first, last = (dates.clock_time(at, reading.zone, reading.locale) for at in (seen.first, seen.last))
    person = people.get(seen.who.actor_id)
    if person is not None:
        who, role = person.name, person.role
    elif seen.who.actor_kind == "guardian":
        who, role = seen.who.actor_label or "Guardian", "Guardian"
    else:
        who, role = (
            seen.who.actor_label or "The practice",
            "Operator of the portal" if seen.who.actor_kind == "system" else "",
        )
    return OpenedRow(
        id=f"{day}-{seen.who.actor_id or seen.who.actor_label}",
        who=who,
        role=role,
        what=", ".join(part for part in audit.PARTS if part in seen.what),
        times=last if first == last else f"{first} to {last}",
    )
