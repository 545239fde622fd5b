"""The panel beside every page of a client's profile: who it is, how to reach them, what staff must know at a glance.

Ten statements at most, whatever the number of rows.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, func

from portal import dates
from portal.domain.access import Privilege
from portal.domain.client_record import LABELS
from portal.domain.contacts import show_phone
from portal.domain.people import age_on, is_adult
from portal.domain.scheduling import AppointmentStatus
from portal.errors import NotFound
from portal.models import Allergy, Appointment, Channel, Clinic, Contact, Guardian, Patient, Practice, ReferralSource
from portal.models.db import columns
from portal.queries.client_form import draft
from portal.queries.expiring import expiring
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.queries.visits import ZONE
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Panel:
    """Ready to print; what is not known is empty. `contact_of` names the guardian whose phone and email these are."""

    id: str
    name: str
    first_name: str
    initials: str
    preferred_name: str
    pronouns: str
    born: str
    age: int
    inactive: str
    guardian: str
    allergies: list[str]
    no_allergies: str
    symbols: Symbols
    street: str
    place: str
    phone: str
    email: str
    contact_of: str
    clinic: str
    clinic_id: str
    last_visit: str
    expiring: str
    emergency_name: str
    emergency_phone: str
    emergency_relationship: str
    referral: str
    carrier: str
    carrier_number: str
    pharmacy: str
    pharmacy_phone: str
    draft: str  # the fields that this member of staff typed into and did not save, and when


def panel(work: Work, client_id: UUID) -> Panel:
    """The client's panel. `NotFound` for an id that is nobody's, `Denied` for who may not see clients."""
    work.require(Privilege.CLIENTS_VIEW)
    row = work.rows(_CLIENT, client=client_id).first()
    if row is None:
        raise NotFound("There is no client at this address.")
    zone, today = ZoneInfo(row.time_zone), dates.local_day(work.now(), ZoneInfo(row.time_zone))
    guardian, reached = _reached(work, client_id, adult=is_adult(row.date_of_birth, today))
    phone = reached.get(Channel.PHONE, "")
    place = " ".join(part for part in (row.state, row.postal_code) if part)
    return Panel(
        id=str(client_id),
        name=f"{row.first_name} {row.last_name}",
        first_name=row.first_name,
        initials=f"{row.first_name[:1]}{row.last_name[:1]}".upper(),
        preferred_name=row.preferred_name if row.preferred_name != row.first_name else "",
        pronouns=row.pronouns,
        born=f"{row.date_of_birth:%m/%d/%Y}",
        age=age_on(today, row.date_of_birth),
        inactive="Deceased" if row.deceased_at else "" if row.status == "active" else "Inactive",
        guardian=guardian,
        allergies=list(work.rows(_ALLERGIES, client=client_id).scalars()),
        no_allergies="No known allergies" if row.no_allergies_at else "None on file",
        symbols=symbols_of(work, [client_id]).get(client_id, NONE),
        street=row.street,
        place=", ".join(part for part in (row.city, place) if part),
        phone=show_phone(phone, row.country) if phone else "",
        email=reached.get(Channel.EMAIL, ""),
        contact_of=guardian,
        clinic=row.clinic or "",
        clinic_id=str(row.primary_clinic_id or ""),
        last_visit=_last_visit(work, client_id, row.locale),
        expiring=_documents(work, client_id, zone),
        emergency_name=row.emergency_name,
        emergency_phone=show_phone(row.emergency_phone, row.country),
        emergency_relationship=row.emergency_relationship,
        referral=referral_words(row),
        carrier=row.carrier_name,
        carrier_number=row.carrier_member_id,
        pharmacy=row.pharmacy_name,
        pharmacy_phone=show_phone(row.pharmacy_phone, row.country),
        draft=_draft(work, client_id),
    )


def kept_id(work: Work, client_id: UUID) -> UUID | None:
    """Where the record of this client went when it was found to be somebody's second one; None where it stands."""
    work.require(Privilege.CLIENTS_VIEW)
    into = work.rows(_INTO, client=client_id).scalar()
    for _ in range(10):  # a record that was merged into may be merged itself
        further = work.rows(_INTO, client=into).scalar() if into else None
        if further is None:
            return into
        into = further
    return into


def referral_words(row: Any) -> str:
    """ "Social media: Instagram, Nora Kowalski": the source, its subcategory, and the name that goes with it."""
    source = ": ".join(part for part in (row.source_parent, row.source_name) if part) or row.referral_source
    return ", ".join(part for part in (source, row.referral_detail) if part)


def _reached(work: Work, client_id: UUID, *, adult: bool) -> tuple[str, dict[Channel, str]]:
    """The contacts that log in: an adult's own, a minor's guardian's; and who that guardian is."""
    rows = work.rows(_CONTACTS, client=client_id).all()
    mine = [row for row in rows if adult == (row.guardian is None)]
    guardian = next((f"{row.guardian}, {row.relationship.lower()}" for row in mine if row.guardian), "")
    return guardian, {row.channel: row.value for row in reversed(mine)}


def _last_visit(work: Work, client_id: UUID, locale: str) -> str:
    row = work.rows(_LAST_VISIT, client=client_id).first()
    return "" if row is None else dates.medium_date(dates.local_day(row.starts_at, ZoneInfo(row.zone)), locale)


def _draft(work: Work, client_id: UUID) -> str:
    kept = draft(work, client_id) if work.actor.may(Privilege.CLIENTS_EDIT) else None
    return f"{', '.join(LABELS[name] for name in kept.typed)} ({kept.when})" if kept else ""


def _documents(work: Work, client_id: UUID, zone: ZoneInfo) -> str:
    """ "1 expired, 2 expiring soon"."""
    now = work.now()
    found = [one.until <= now for one in expiring(work, client_id)]
    over, soon = sum(found), len(found) - sum(found)
    return ", ".join(
        words for words in (f"{over} expired" if over else "", f"{soon} expiring soon" if soon else "") if words
    )


_PARENT: Any = aliased(ReferralSource)
_CLIENT = (
    columns(
        Patient.first_name,
        Patient.last_name,
        Patient.preferred_name,
        Patient.pronouns,
        Patient.date_of_birth,
        Patient.status,
        Patient.deceased_at,
        Patient.street,
        Patient.city,
        Patient.state,
        Patient.postal_code,
        Patient.primary_clinic_id,
        Patient.emergency_name,
        Patient.emergency_phone,
        Patient.emergency_relationship,
        Patient.carrier_name,
        Patient.carrier_member_id,
        Patient.pharmacy_name,
        Patient.pharmacy_phone,
        Patient.referral_source,
        Patient.referral_detail,
        Patient.no_allergies_at,
        col(ReferralSource.name).label("source_name"),
        _PARENT.name.label("source_parent"),
        col(Clinic.name).label("clinic"),
        Practice.country,
        Practice.locale,
        func.coalesce(Clinic.time_zone, Practice.time_zone).label("time_zone"),
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)
    .outerjoin(ReferralSource, col(ReferralSource.id) == Patient.referral_source_id)
    .outerjoin(_PARENT, _PARENT.id == ReferralSource.parent_id)
    .where(Patient.id == bindparam("client"))
)
_INTO = columns(Patient.merged_into_id).where(Patient.id == bindparam("client"))
_CONTACTS = (
    columns(Contact.channel, Contact.value, col(Guardian.name).label("guardian"), Guardian.relationship)
    .outerjoin(Guardian, col(Guardian.id) == Contact.guardian_id)
    .where(Contact.patient_id == bindparam("client"), col(Contact.retired_at).is_(None))
    .order_by(Contact.guardian_id, Contact.id)
)
_ALLERGIES = (
    columns(Allergy.substance)
    .where(Allergy.patient_id == bindparam("client"), col(Allergy.ended_at).is_(None))
    .order_by(Allergy.recorded_at, Allergy.id)
)
_LAST_VISIT = (
    columns(Appointment.starts_at, ZONE)
    .join(Patient, col(Patient.id) == Appointment.patient_id)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
    .where(Appointment.patient_id == bindparam("client"), Appointment.status == AppointmentStatus.COMPLETED)
    .order_by(col(Appointment.starts_at).desc())
    .limit(1)
)
