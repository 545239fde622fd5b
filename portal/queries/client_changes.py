"""What clients changed by themselves and nobody at the practice has seen yet."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates, routes
from portal.domain.access import Privilege
from portal.domain.client_record import AREAS, LABELS
from portal.models import ClientChange, Patient
from portal.models.db import columns
from portal.work import Work

MOST = 200


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field; "Nothing" stands where it was or became empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change to review, ready to print. `area` is what it concerns, `href` the client's profile."""

    id: str
    client_id: str
    client: str
    href: str
    area: str
    when: str
    fields: list[ChangedField]


def to_review(work: Work, client_id: UUID | None = None) -> list[ChangeRow]:
    """The changes that wait, the oldest first, of one client or of all; at most `MOST`. One statement and the practice.

    `Denied` for who may not review changes.
    """
    work.require(Privilege.CHANGES_REVIEW)
    practice, now = work.practice(), work.now()
    zone = ZoneInfo(practice.time_zone)
    found = work.rows(_OF_ONE, client=client_id) if client_id else work.rows(_ALL)
    return [
        ChangeRow(
            id=str(row.id),
            client_id=str(row.patient_id),
            client=f"{row.first_name} {row.last_name}",
            href=routes.staff_client(str(row.patient_id)),
            area=AREAS[str(row.area)],
            when=dates.when(row.changed_at, now, zone, practice.locale),
            fields=_fields(row),
        )
        for row in found
    ]


def _fields(row: Any) -> list[ChangedField]:
    before, after = json.loads(row.before), json.loads(row.after)
    return [
        ChangedField(LABELS.get(str(name), str(name)), before.get(name) or "Nothing", words or "Nothing")
        for name, words in after.items()
    ]


_ALL = (
    columns(
        ClientChange.id,
        ClientChange.patient_id,
        ClientChange.area,
        ClientChange.before,
        ClientChange.after,
        ClientChange.changed_at,
        Patient.first_name,
        Patient.last_name,
    )
    .join(Patient, col(Patient.id) == ClientChange.patient_id)
    .where(col(ClientChange.reviewed_at).is_(None))
    .order_by(ClientChange.changed_at, ClientChange.id)
    .limit(MOST)
)
_OF_ONE = _ALL.where(ClientChange.patient_id == bindparam("client"))
