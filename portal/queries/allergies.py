"""A client's allergies, ready to print: those that count, and those that were ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain.access import Privilege
from portal.domain.allergies import NONE_KNOWN, SEVERITIES
from portal.errors import NotFound
from portal.models import Allergy, Patient, Practice
from portal.models.db import columns
from portal.queries.staff_names import StaffName, staff_names
from portal.work import Work

SOURCES = {"import": "Taken over from another system", "patient": "Told by the client"}


@dataclass(frozen=True, slots=True)
class AllergyRow:
    """One allergy. `severity` is a word of `SEVERITIES`; `noted` and `ended` say when and by whom."""

    id: str
    substance: str
    reaction: str
    severity: str
    noted: str
    ended: str


@dataclass(frozen=True, slots=True)
class Allergies:
    """The section of the Medical History. `none_known` says when and by whom it was recorded, or is empty."""

    current: list[AllergyRow]
    earlier: list[AllergyRow]
    none_known: str


def allergies(work: Work, client_id: UUID) -> Allergies:
    """The client's allergies, the latest first; three statements. `Denied` for who may not see medical data."""
    work.require(Privilege.MEDICAL_VIEW)
    client = work.rows(_CLIENT, client=client_id).first()
    if client is None:
        raise NotFound("There is no client at this address.")
    rows = work.rows(_ALLERGIES, client=client_id).all()
    names = staff_names(
        work, [client.no_allergies_by, *(who for row in rows for who in (row.recorded_by, row.ended_by))]
    )
    zone = ZoneInfo(client.time_zone)

    def said(verb: str, at: datetime | None, who: UUID | None) -> str:
        return _said(verb, at, names.get(who), zone, client.locale)

    shown = [
        AllergyRow(
            id=str(row.id),
            substance=row.substance,
            reaction=row.reaction,
            severity=SEVERITIES.get(row.severity, SEVERITIES[""]),
            noted=said(SOURCES.get(row.source, "Recorded"), row.recorded_at, row.recorded_by),
            ended=said("Ended", row.ended_at, row.ended_by),
        )
        for row in rows
    ]
    return Allergies(
        current=[row for row in shown if not row.ended],
        earlier=[row for row in shown if row.ended],
        none_known=said(f"{NONE_KNOWN}, recorded", client.no_allergies_at, client.no_allergies_by),
    )


def _said(verb: str, at: datetime | None, who: StaffName | None, zone: ZoneInfo, locale: str) -> str:
    if at is None:
        return ""
    day = dates.full_date(dates.local_day(at, zone), locale)
    return f"{verb} {day} by {who.name}" if who else f"{verb} {day}"


_CLIENT = (
    columns(Patient.no_allergies_at, Patient.no_allergies_by, Practice.time_zone, Practice.locale)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .where(Patient.id == bindparam("client"), col(Patient.merged_into_id).is_(None))
)
_ALLERGIES = (
    columns(
        Allergy.id,
        Allergy.substance,
        Allergy.reaction,
        Allergy.severity,
        Allergy.source,
        Allergy.recorded_by,
        Allergy.recorded_at,
        Allergy.ended_at,
        Allergy.ended_by,
    )
    .where(Allergy.patient_id == bindparam("client"))
    .order_by(col(Allergy.recorded_at).desc(), col(Allergy.id).desc())
)
