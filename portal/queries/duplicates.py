"""Clients who may be in the records twice. For staff alone: a patient learns nothing of others."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_
from sqlmodel import col

from portal import dates
from portal.domain.access import Privilege
from portal.domain.alike import Who, turned, why_alike
from portal.domain.contacts import show_phone
from portal.domain.people import age_on
from portal.models import Channel, Contact, Patient, ToldApart
from portal.models.db import columns
from portal.work import Work

MOST = 200  # records that are compared: some systems give everybody they know nothing of the same birthday


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A client who may be the same person, ready to print; `why` says what the two share."""

    id: str
    name: str
    born: str
    age: int
    phone: str
    email: str
    inactive: bool
    why: str


def duplicates_of(work: Work, patient_id: UUID) -> list[Duplicate]:
    """Who else may be this client; nobody whom the practice has told apart from them. Four statements at most.

    `Denied` for who may not see clients.
    """
    work.require(Privilege.CLIENTS_VIEW)
    row = work.rows(_PEOPLE, ids=[patient_id]).first()
    if row is None or row.merged_into_id is not None:
        return []
    found = alike(work, _who(row, _contacts(work, [patient_id]).get(patient_id, {})), but=patient_id)
    apart = {one for pair in work.rows(_APART, id=patient_id) for one in pair} if found else set[UUID]()
    return _shown(work, {one: why for one, why in found.items() if one not in apart})


def duplicates_of_new(work: Work, who: Who) -> list[Duplicate]:
    """Who may be the person that is about to be registered. `Denied` for who may not see clients."""
    work.require(Privilege.CLIENTS_VIEW)
    return _shown(work, alike(work, who))


def alike(work: Work, who: Who, but: UUID | None = None) -> dict[UUID, str]:
    """The ids of those who may be this person, with what they share. Nothing of it is for a patient's eyes."""
    days = [day for day in (who.born, turned(who.born)) if day is not None]
    found = set(work.rows(_NEAR, days=days, values=list(who.reached)).scalars()) - {but}
    reached = _contacts(work, found)
    rows = work.rows(_PEOPLE, ids=list(found)).all() if found else []
    reasons = {row.id: why_alike(who, _who(row, reached.get(row.id, {}))) for row in rows}
    return {one: why for one, why in reasons.items() if why}


_NEAR = (
    columns(Patient.id)
    .where(
        col(Patient.merged_into_id).is_(None),
        or_(
            col(Patient.date_of_birth).in_(bindparam("days", expanding=True)),
            col(Patient.id).in_(
                columns(Contact.patient_id).where(
                    col(Contact.value).in_(bindparam("values", expanding=True)), col(Contact.channel).in_(list(Channel))
                )
            ),
        ),
    )
    .limit(MOST)
)
_PEOPLE = columns(
    Patient.id,
    Patient.first_name,
    Patient.last_name,
    Patient.preferred_name,
    Patient.date_of_birth,
    Patient.status,
    Patient.merged_into_id,
).where(col(Patient.id).in_(bindparam("ids", expanding=True)))
_REACHED = columns(Contact.patient_id, Contact.channel, Contact.value).where(
    col(Contact.patient_id).in_(bindparam("ids", expanding=True)), col(Contact.retired_at).is_(None)
)
_APART = columns(ToldApart.one_id, ToldApart.other_id).where(
    or_(col(ToldApart.one_id) == bindparam("id"), col(ToldApart.other_id) == bindparam("id"))
)


def _contacts(work: Work, ids: Iterable[UUID]) -> dict[UUID, dict[Channel, str]]:
    found: dict[UUID, dict[Channel, str]] = {}
    if wanted := list(ids):
        for patient_id, channel, value in work.rows(_REACHED, ids=wanted):
            found.setdefault(patient_id, {})[channel] = value
    return found


def _who(row, reached: dict[Channel, str]) -> Who:  # a row of `_PEOPLE`
    return Who(row.first_name, row.last_name, row.date_of_birth, row.preferred_name, frozenset(reached.values()))


def _shown(work: Work, reasons: dict[UUID, str]) -> list[Duplicate]:
    if not reasons:
        return []
    practice = work.practice()
    today = dates.local_day(work.now(), ZoneInfo(practice.time_zone))
    reached = _contacts(work, reasons)
    return [
        Duplicate(
            id=str(row.id),
            name=f"{row.first_name} {row.last_name}",
            born=dates.numeric_date(row.date_of_birth, practice.locale),
            age=age_on(today, row.date_of_birth),
            phone=show_phone(reached.get(row.id, {}).get(Channel.PHONE, ""), practice.country),
            email=reached.get(row.id, {}).get(Channel.EMAIL, ""),
            inactive=row.status != "active",
            why=reasons[row.id],
        )
        for row in sorted(work.rows(_PEOPLE, ids=list(reasons)), key=lambda row: (row.last_name, row.first_name))
    ]
