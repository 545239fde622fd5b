"""Two records side by side, before one goes into the other: what differs, and what comes along."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from portal import dates
from portal.domain.access import Privilege
from portal.domain.contacts import show, show_phone
from portal.domain.merging import CHOICES, differs, is_empty, values_of
from portal.domain.profile import LANGUAGES
from portal.domain.registration import SEXES
from portal.errors import Conflict, NotFound
from portal.models import (
    Allergy,
    Appointment,
    AssignedForm,
    Channel,
    Clinic,
    Contact,
    Invoice,
    Note,
    Patient,
    Practice,
    ReferralSource,
    StoredDocument,
)
from portal.queries.duplicates import Duplicate, duplicates_of
from portal.work import Work

#: What is counted on both sides, in words for one and for many.
COUNTED: tuple[tuple[Any, str, str], ...] = (
    (Appointment, "visit", "visits"),
    (AssignedForm, "form", "forms"),
    (StoredDocument, "document", "documents"),
    (Invoice, "invoice", "invoices"),
    (Allergy, "allergy", "allergies"),
    (Note, "note", "notes"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One datum of both records, in words. `open` says that there is something to choose."""

    name: str
    label: str
    kept: str
    gone: str
    open: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records. `has` is what hangs on it: "3 visits, 1 invoice"."""

    id: str
    name: str
    born: str
    since: str
    portal: str
    has: str
    version: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both records; `choices` are those data of which at least one of them says something."""

    kept: Side
    gone: Side
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The client whose record stays, by name, and who may be the same person."""

    name: str
    alike: list[Duplicate]


def candidates(work: Work, client_id: UUID) -> Candidates:
    """With whom a client may be merged. `NotFound`, and `Denied` for who may not merge."""
    work.require(Privilege.CLIENTS_MERGE)
    patient = _standing(work, client_id)
    return Candidates(f"{patient.first_name} {patient.last_name}", duplicates_of(work, client_id))


def compare(work: Work, kept_id: UUID, gone_id: UUID) -> Comparison:
    """Both records as they are now. `NotFound` for what is no client, `Conflict` for a record that is merged already or
    the same one, `Denied` for who may not merge."""
    work.require(Privilege.CLIENTS_MERGE)
    if kept_id == gone_id:
        raise Conflict("That is the same record. Choose another client.")
    kept, gone, practice = _standing(work, kept_id), _standing(work, gone_id), work.practice()
    words = _Words(work, practice)
    reached = {one.id: _contacts(work, practice, one.id) for one in (kept, gone)}
    choices = []
    for name, (label, columns) in CHOICES.items():
        if columns:
            ours, theirs = values_of(kept, name), values_of(gone, name)
            said = (words.of(name, ours), words.of(name, theirs))
            choosing = differs(ours, theirs)
        else:
            said = (reached[kept.id].get(name, ""), reached[gone.id].get(name, ""))
            choosing = all(said) and said[0] != said[1]
        if any(said):
            choices.append(Choice(name, label, *said, open=choosing))
    return Comparison(_side(work, practice, kept), _side(work, practice, gone), choices)


def _standing(work: Work, client_id: UUID) -> Patient:
    patient = work.db.get(Patient, client_id)
    if patient is None:
        raise NotFound("There is no client at this address.")
    if patient.merged_into_id is not None:
        raise Conflict(f"The record of {patient.first_name} {patient.last_name} went into another one already.")
    return patient


class _Words:
    """The data of a record as people read them."""

    def __init__(self, work: Work, practice: Practice) -> None:
        self._practice = practice
        self._clinics = dict(work.db.exec(select(Clinic.id, Clinic.name)).all())
        self._sources = dict(work.db.exec(select(ReferralSource.id, ReferralSource.name)).all())

    def of(self, name: str, values: dict[str, Any]) -> str:
        if is_empty(values):
            return ""
        return (" " if name == "name" else ", ").join(
            word for column, value in values.items() if (word := self._one(column, value))
        )

    def _one(self, column: str, value: Any) -> str:
        if not value or column == "country":
            return ""
        if column == "date_of_birth":
            return dates.full_date(value, self._practice.locale)
        if column.endswith("_phone"):
            return show_phone(value, self._practice.country)
        known: dict[str, Any] = {
            "primary_clinic_id": self._clinics,
            "referral_source_id": self._sources,
            "sex": SEXES,
            "language": LANGUAGES,
        }
        return str(known[column].get(value, value)) if column in known else str(value)


def _contacts(work: Work, practice: Practice, patient_id: UUID) -> dict[str, str]:
    """The person's own current phone and email."""
    rows = work.db.exec(
        select(Contact.channel, Contact.value).where(
            Contact.patient_id == patient_id, col(Contact.retired_at).is_(None), col(Contact.guardian_id).is_(None)
        )
    ).all()
    return {Channel(channel).value: show(Channel(channel).value, value, practice.country) for channel, value in rows}


def _side(work: Work, practice: Practice, patient: Patient) -> Side:
    zone = ZoneInfo(practice.time_zone)
    parts = []
    for table, one, many in COUNTED:
        number = work.db.exec(select(func.count()).select_from(table).where(table.patient_id == patient.id)).one()
        if number:
            parts.append(f"{number} {one if number == 1 else many}")
    return Side(
        id=str(patient.id),
        name=f"{patient.first_name} {patient.last_name}",
        born=dates.numeric_date(patient.date_of_birth, practice.locale),
        since=dates.medium_date(dates.local_day(patient.created_at, zone), practice.locale),
        portal="Accepted" if patient.portal_accepted_at else "Not accepted",
        has=", ".join(parts) or "nothing yet",
        version=patient.version,
    )
