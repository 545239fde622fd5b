"""The practice's own feed: what clients and jobs did that staff should know, newest first, a page at a time by key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func, or_, select

from portal import dates, routes
from portal.domain.access import Privilege
from portal.domain.notifications import PRACTICE_TITLES
from portal.errors import NotFound
from portal.models import Patient, PracticeNotice, Staff
from portal.models.db import columns
from portal.queries.keys import before, read_key, write_key
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.work import Work

PAGE = 30
MOST_COUNTED = 100  # the bell says "99+" from here on


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of the feed, ready to print. `new` since this person last looked; `href` opens what it is about."""

    id: str
    kind: str
    title: str
    body: str
    client: str
    client_href: str
    symbols: Symbols
    when: str
    href: str
    new: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page, and the key of the next one; empty at the end."""

    rows: list[NoticeRow]
    next: str


def kinds() -> list[tuple[str, str]]:
    """What the feed can be filtered by, each with its words."""
    return [(kind.value, words) for kind, words in PRACTICE_TITLES.items()]


def seen_at(work: Work) -> datetime | None:
    """When the member of staff who acts last looked at the feed; None for never. `Denied` for who may not."""
    work.require(Privilege.NOTICES_VIEW)
    row = work.rows(_SEEN, staff=work.actor.staff_id).first()
    if row is None:
        raise NotFound
    return row.notices_seen_at


def page(work: Work, kind: str = "", after: str = "", since: datetime | None = None, most: int = PAGE) -> NoticePage:
    """The next `most` lines from `after` on, of one kind or of all; what is later than `since` is new. Five statements.

    A key that is none counts as not given. `Denied` for who may not see the feed.
    """
    work.require(Privilege.NOTICES_VIEW)
    practice, now = work.practice(), work.now()
    query = _FEED.where(_notice.kind == kind) if kind else _FEED
    query = query.where(*before(_notice.created_at, _notice.id, read_key(after)))
    found = work.db.execute(query.limit(most + 1)).all()
    shown = found[:most]
    symbols = symbols_of(work, {row.patient_id for row in shown if row.patient_id})
    zone = ZoneInfo(practice.time_zone)
    return NoticePage(
        [_row(row, symbols.get(row.patient_id, NONE), now, zone, practice.locale, since) for row in shown],
        write_key(shown[-1].created_at, shown[-1].id) if len(found) > most else "",
    )


def _row(row: Any, symbols: Symbols, now: datetime, zone: ZoneInfo, locale: str, since: datetime | None) -> NoticeRow:
    client = routes.staff_client(str(row.patient_id)) if row.patient_id else ""
    tab = "appointments" if row.appointment_id else ""
    return NoticeRow(
        id=str(row.id),
        kind=row.kind,
        title=row.title,
        body=row.body,
        client=f"{row.first_name} {row.last_name}" if row.patient_id else "",
        client_href=client,
        symbols=symbols,
        when=dates.moment(row.created_at, now, zone, locale),
        href=routes.staff_client(str(row.patient_id), tab) if row.patient_id else "",
        new=since is None or row.created_at > since,
    )


_notice: Any = PracticeNotice
_SEEN = columns(Staff.notices_seen_at).where(Staff.id == bindparam("staff"))
_FEED = (
    columns(
        _notice.id,
        _notice.kind,
        _notice.title,
        _notice.body,
        _notice.patient_id,
        _notice.appointment_id,
        _notice.created_at,
        Patient.first_name,
        Patient.last_name,
    )
    .outerjoin(Patient, col(Patient.id) == _notice.patient_id)
    .order_by(_notice.created_at.desc(), _notice.id.desc())
)

#: How many notices are new to a member of staff, counted no further than the bell can say; within a select of `Staff`.
NEW = (
    select(func.count())
    .select_from(
        select(_notice.id)
        .where(or_(col(Staff.notices_seen_at).is_(None), _notice.created_at > col(Staff.notices_seen_at)))
        .correlate(Staff)
        .limit(MOST_COUNTED)
        .subquery()
    )
    .scalar_subquery()
)
