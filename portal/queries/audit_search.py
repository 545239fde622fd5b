"""The audit log, searched: who did or saw what, on which record, when, from where. Newest first, by page and key.

Each way of asking runs along an index: a page costs the same in a log of a thousand rows and of a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select as select_columns
from sqlalchemy import union_all
from sqlmodel import col, select

from portal import dates, routes
from portal.domain import audit
from portal.domain.access import Privilege
from portal.models import AuditEvent, Patient, Practice, Staff
from portal.queries import audit_chain
from portal.queries.activity import named
from portal.queries.client_list import page as client_page
from portal.queries.keys import Key, before, read_key, write_key
from portal.queries.merged import records_of
from portal.queries.staff_names import StaffName, staff_names
from portal.work import Work

PAGE = 50
MOST_FOUND = 6
WHO = {
    "patient": "Client",
    "guardian": "Guardian",
    "system": "The portal itself",
    "nobody": "Not logged in",
    "locked": "Locked screen",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; empty is not asked for. The days count where the practice is, both included."""

    client_id: UUID | None = None
    staff_id: UUID | None = None
    kind: audit.Kind | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the log. `times` is empty for an act that stands for itself; `altered` says that the row is not as it
    was sealed."""

    id: str
    when: str
    who: str
    role: str
    words: str
    detail: str
    action: str
    times: str
    client: str
    client_href: str
    origin: str
    sealed: bool
    altered: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page, and the key of the next one; empty at the end."""

    rows: list[AuditRow]
    next: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to search by."""

    id: str
    name: str
    more: str = ""


def page(work: Work, asked: Asked, after: str = "") -> AuditPage:
    """The rows that were asked for, from `after` on. `Denied` for who may not search the log."""
    work.require(Privilege.AUDIT_SEARCH)
    practice = work.practice()
    events = _events(work, asked, ZoneInfo(practice.time_zone), read_key(after))
    shown = events[:PAGE]
    return AuditPage(_rows(work, practice, shown), write_key(shown[-1].at, shown[-1].id) if len(events) > PAGE else "")


def state_of_chain(work: Work) -> tuple[str, int]:
    """How far the log is sealed, in words, and how many rows the chain has."""
    work.require(Privilege.AUDIT_SEARCH)
    practice, found = work.practice(), audit_chain.sealed(work)
    if found.until is None:
        return "Nothing is sealed yet.", 0
    until = dates.trail(found.until, ZoneInfo(practice.time_zone), practice.locale)
    waiting = f" {found.waiting:,} newer wait for their seal." if found.waiting else ""
    return f"Sealed up to {until}: {found.rows:,} rows in the chain.{waiting}", found.rows


def check_chain(work: Work, seq: int, hash_: str, most: int) -> audit_chain.Piece:
    """Check a piece of the chain, after the row with this number and hash; 0 is its beginning."""
    work.require(Privilege.AUDIT_SEARCH)
    return audit_chain.check(work, audit_chain.Mark(seq, hash_) if seq else audit_chain.Mark(), most)


def staff_choices(work: Work) -> list[Choice]:
    """Everybody who works or worked at the practice, by name."""
    work.require(Privilege.AUDIT_SEARCH)
    rows = work.db.exec(select(Staff).order_by(col(Staff.first_name), col(Staff.last_name))).all()
    return [Choice(str(row.id), row.display_name if row.active else f"{row.display_name} (inactive)") for row in rows]


def find_clients(work: Work, typed: str) -> list[Choice]:
    """The first clients that are meant by what was typed."""
    work.require(Privilege.AUDIT_SEARCH)
    lines = client_page(work, typed).lines[:MOST_FOUND] if typed.strip() else []
    return [Choice(line.id, line.name, line.born) for line in lines]


def client_name(work: Work, client_id: UUID) -> str:
    """Whom the search is about; empty for an id that is nobody's."""
    work.require(Privilege.AUDIT_SEARCH)
    return _clients(work, [client_id]).get(client_id, "")


def _events(work: Work, asked: Asked, zone: ZoneInfo, seen: Key | None) -> Sequence[AuditEvent]:
    wanted = [*_within(asked, zone), *before(col(AuditEvent.at), col(AuditEvent.id), seen)]
    if asked.staff_id is not None:
        wanted.append(AuditEvent.actor_id == asked.staff_id)
    newest = (col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
    query = select(AuditEvent).order_by(*newest).limit(PAGE + 1)
    actions = audit.actions_of(asked.kind) if asked.kind else []
    if asked.client_id is not None:
        wanted.append(col(AuditEvent.patient_id).in_(records_of(work, asked.client_id)))
        wanted += [col(AuditEvent.action).in_(actions)] if actions else []
    elif actions:
        # Each act by itself along its index, then the newest of all: a rare kind is found without reading the log.
        each = [
            select_columns(
                select_columns(col(AuditEvent.id))
                .where(col(AuditEvent.action) == action, *wanted)
                .order_by(*newest)
                .limit(PAGE + 1)
                .subquery()
            )
            for action in actions
        ]
        return work.db.exec(query.where(col(AuditEvent.id).in_(union_all(*each)))).all()
    return work.db.exec(query.where(*wanted)).all()


def _within(asked: Asked, zone: ZoneInfo) -> list[Any]:
    def begins(day: date) -> datetime:
        return datetime.combine(day, time(), zone)

    wanted: list[Any] = [] if asked.since is None else [AuditEvent.at >= begins(asked.since)]
    return wanted if asked.until is None else [*wanted, AuditEvent.at < begins(asked.until + timedelta(days=1))]


def _rows(work: Work, practice: Practice, events: Sequence[AuditEvent]) -> list[AuditRow]:
    zone, locale = ZoneInfo(practice.time_zone), practice.locale
    things, clients = named(work, events), _clients(work, [event.patient_id for event in events])
    people = staff_names(work, [event.actor_id for event in events])
    return [
        AuditRow(
            id=str(event.id),
            when=dates.trail(event.at, zone, locale),
            who=event.actor_label or WHO.get(event.actor_kind, "Not logged in"),
            role=_role(event, people.get(event.actor_id)),
            words=audit.words(event.action, things.get(event.subject_id, "")),
            detail=audit.detail_words(event.detail),
            action=event.action,
            times=f"{event.count:,} times" if event.count > 1 else "",
            client=clients.get(event.patient_id, ""),
            client_href=routes.staff_client(str(event.patient_id)) if event.patient_id in clients else "",
            origin=event.address,
            sealed=event.seq is not None,
            altered=not audit_chain.untouched(event),
        )
        for event in events
    ]


def _role(event: AuditEvent, person: StaffName | None) -> str:
    if person is not None:
        return person.role
    return WHO.get(event.actor_kind, "") if event.actor_label else ""


def _clients(work: Work, ids: Sequence[UUID | None]) -> dict[UUID | None, str]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = work.db.exec(
        select(Patient.id, Patient.first_name, Patient.last_name).where(col(Patient.id).in_(wanted))
    ).all()
    return {row_id: f"{first} {last}" for row_id, first, last in rows}
