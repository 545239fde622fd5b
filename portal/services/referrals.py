"""Referral sources and their subcategories: where clients hear of the practice.

One that ends is offered through its last day, by the practice's calendar, and stays on the clients who have it. None is
ever deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from portal.domain import entry
from portal.domain.access import Privilege
from portal.domain.entry import Entries, Unclear
from portal.domain.referrals import OTHER
from portal.errors import Conflict, Invalid
from portal.models import ReferralSource
from portal.work import Work

TAKEN = "There is one of that name already."


def add(work: Work, typed: Mapping[str, Any], parent_id: UUID | None = None) -> UUID:
    """Add a source, or with `parent_id` a subcategory, as the last of its list. `Invalid` beside the fields."""
    _begin(work)
    practice = work.practice()
    parent = work.get(ReferralSource, parent_id) if parent_id else None
    if parent is not None and parent.parent_id is not None:
        raise Conflict("A subcategory has no subcategories of its own.")
    name, asks, ends_on = _read(typed)
    _free(work, name, parent_id)
    last = work.db.exec(select(func.max(ReferralSource.position)).where(_siblings(parent_id))).one()
    row = work.add(
        ReferralSource(
            practice_id=practice.id,
            parent_id=parent_id,
            name=name,
            asks_name=asks,
            ends_on=ends_on,
            position=(last or 0) + 1,
        )
    )
    return _done(work, "referral.added", row)


def add_all(work: Work, sources: Mapping[str, Sequence[str]], ends: Mapping[str, str] | None = None) -> dict[str, UUID]:
    """Add sources with their subcategories, and "Other" as the last; `ends` are last days (ISO 8601) by name. Returns
    the ids by name."""
    ids: dict[str, UUID] = {}
    for source, subs in sources.items():
        ids[source] = add(work, {"name": source})
        for sub in subs:
            ids[sub] = add(work, {"name": sub, "ends_on": (ends or {}).get(sub, "")}, ids[source])
    ids[OTHER] = add(work, {"name": OTHER, "asks_name": True})
    return ids


def change(work: Work, source_id: UUID, typed: Mapping[str, Any]) -> UUID:
    """Rename it, give it a last day or take that away, let a name go with it. Clients who have it keep it."""
    _begin(work)
    row = work.get(ReferralSource, source_id)
    name, asks, ends_on = _read(typed)
    if name.casefold() != row.name.casefold():
        _free(work, name, row.parent_id)
    row.name, row.asks_name, row.ends_on = name, asks, ends_on
    return _done(work, "referral.changed", row)


def move(work: Work, source_id: UUID, *, up: bool) -> UUID:
    """One place up or down in its list; at the end of it, nothing happens."""
    _begin(work)
    row = work.get(ReferralSource, source_id)
    order = list(
        work.db.exec(
            select(ReferralSource)
            .where(_siblings(row.parent_id))
            .order_by(col(ReferralSource.position), col(ReferralSource.name), col(ReferralSource.id))
        ).all()
    )
    at = order.index(row)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    for place, one in enumerate(order, start=1):
        if one.position != place:
            one.position = place
            work.db.add(one)
    return _done(work, "referral.moved", row)


def _begin(work: Work) -> None:
    """One change after the other: two who name or order at once see each other."""
    work.require(Privilege.REFERRALS_MANAGE)
    work.hold("referral-sources")


def _done(work: Work, action: str, row: ReferralSource) -> UUID:
    work.add(row)
    work.audit(action, row)
    work.changed(None, "practice")
    return row.id


def _read(typed: Mapping[str, Any]) -> tuple[str, bool, date | None]:
    form = Entries(typed)
    name = form.take("name", entry.required, "Give it a name.", entry.LONGEST_NAME)
    ends_on = form.take("ends_on", _day)
    form.check()
    return name or "", form.ticked("asks_name"), ends_on


def _day(typed: str) -> date | None:
    """A day as date fields send it, or none."""
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Unclear("Choose a day from the calendar.") from None


def _free(work: Work, name: str, parent_id: UUID | None) -> None:
    names = work.db.exec(select(ReferralSource.name).where(_siblings(parent_id))).all()
    if name.casefold() in {one.casefold() for one in names}:
        raise Invalid({"name": TAKEN})


def _siblings(parent_id: UUID | None) -> Any:
    column = col(ReferralSource.parent_id)
    return column.is_(None) if parent_id is None else column == parent_id
