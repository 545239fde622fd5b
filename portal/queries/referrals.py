"""Referral sources: those that are offered, and all of them as they are managed, with how many clients have each."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from portal import dates
from portal.domain.access import Privilege
from portal.domain.referrals import Source
from portal.models import Patient, ReferralSource
from portal.models.db import columns
from portal.work import Work


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, or a subcategory (`parent` is its source's id). `ends` says until when it is offered, `ended` that it
    is not any more; `ends_on` is the day as a date field takes it."""

    id: str
    parent: str
    name: str
    asks_name: bool
    ends: str
    ends_on: str
    ended: bool
    clients: str
    first: bool
    last: bool
    shown_as: str  # as it is named to assistive technology: "Instagram, of Social media"


def sources(work: Work) -> list[SourceRow]:
    """Every source with its subcategories under it, in the practice's order. Three statements."""
    work.require(Privilege.REFERRALS_MANAGE)
    practice = work.practice()
    today, locale = dates.local_day(work.now(), ZoneInfo(practice.time_zone)), practice.locale
    counted: dict[UUID, int] = {row.source: row.clients for row in work.rows(_COUNTED)}
    below: dict[UUID | None, list[Any]] = {}
    for row in work.rows(_SOURCES):
        below.setdefault(row.parent_id, []).append(row)
    found: list[SourceRow] = []
    for top in below.get(None, []):
        found.append(_row(top, below[None], counted, today, locale, ""))
        subs = below.get(top.id, [])
        found += [_row(sub, subs, counted, today, locale, top.name) for sub in subs]
    return found


def offered(work: Work, today: date, kept: UUID | None = None) -> list[ReferralSource]:
    """Those that are offered on a day at the practice, in their order, and the one that a client has (`kept`) with its
    source. A subcategory of what has ended is not offered."""
    own = work.db.get(ReferralSource, kept) if kept else None
    theirs = {own.id, own.parent_id} if own is not None else set()
    rows = work.db.exec(
        select(ReferralSource).order_by(col(ReferralSource.position), col(ReferralSource.name), col(ReferralSource.id))
    ).all()
    still = {row.id for row in rows if row.ends_on is None or row.ends_on >= today}
    return [row for row in rows if row.id in theirs or (row.id in still and (row.parent_id or row.id) in still)]


def choices(work: Work) -> list[Source]:
    """What a registration can choose from today. Two statements."""
    rows = offered(work, dates.local_day(work.now(), ZoneInfo(work.practice().time_zone)))
    return [Source(str(row.id), row.name, str(row.parent_id or ""), row.asks_name) for row in rows]


def _row(row: Any, siblings: list[Any], counted: dict[UUID, int], today: date, locale: str, source: str) -> SourceRow:
    ended = row.ends_on is not None and row.ends_on < today
    until = dates.medium_date(row.ends_on, locale) if row.ends_on else ""
    clients = counted.get(row.id, 0)
    return SourceRow(
        id=str(row.id),
        parent=str(row.parent_id or ""),
        name=row.name,
        asks_name=row.asks_name,
        ends=f"ended {until}" if ended else f"until {until}" if until else "",
        ends_on=row.ends_on.isoformat() if row.ends_on else "",
        ended=ended,
        clients="1 client" if clients == 1 else f"{clients:,} clients",
        first=row is siblings[0],
        last=row is siblings[-1],
        shown_as=f"{row.name}, of {source}" if source else row.name,
    )


_SOURCES = columns(
    ReferralSource.id,
    ReferralSource.parent_id,
    ReferralSource.name,
    ReferralSource.asks_name,
    ReferralSource.ends_on,
).order_by(col(ReferralSource.position), col(ReferralSource.name), col(ReferralSource.id))
_COUNTED = (
    columns(col(Patient.referral_source_id).label("source"), func.count().label("clients"))
    .where(col(Patient.referral_source_id).is_not(None))
    .group_by(col(Patient.referral_source_id))
)
