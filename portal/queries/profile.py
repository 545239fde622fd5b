"""My Profile as its owner reads it: the record, the contacts, the devices."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal import dates
from portal.domain.contacts import calling_code, mask, show_phone
from portal.domain.devices import device_name, is_handheld
from portal.errors import NotFound
from portal.models import Channel, Clinic, Contact, Guardian, Patient, Practice, Session
from portal.work import Work


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """Everything on the page, ready to print. `version` goes back with **Save**."""

    name: str
    initials: str
    born: str
    since: str
    guardian: str  # "Dana Hart, Parent" where one acts for a minor
    preferred_name: str
    country_code: str
    phone: str
    phone_proved: bool
    phone_masked: str
    email: str
    email_proved: bool
    street: str
    city: str
    state: str
    postal_code: str
    clinic_id: str
    emergency_name: str
    emergency_phone: str
    emergency_relationship: str
    carrier_name: str
    carrier_member_id: str
    pharmacy_name: str
    pharmacy_phone: str
    wants_sms: bool
    wants_email: bool
    language: str
    appearance: str
    version: int


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A signed-in device."""

    id: str
    name: str
    handheld: bool
    here: bool
    last_used: str


def profile(work: Work) -> ProfileRow:
    """The signed-in person's own profile. `NotFound` for anybody else."""
    row = work.db.exec(
        select(Patient, Practice, Guardian)
        .join(Practice, col(Patient.practice_id) == Practice.id)
        .outerjoin(Guardian, col(Guardian.id) == work.actor.guardian_id)
        .where(Patient.id == work.patient_id)
    ).first()
    if row is None:
        raise NotFound
    patient, practice, guardian = row
    country, zone, locale = practice.country, practice.time_zone, practice.locale
    mine = work.actor.guardian_id
    contacts = {
        contact.channel: contact
        for contact in work.db.exec(
            select(Contact).where(
                Contact.patient_id == patient.id,
                col(Contact.retired_at).is_(None),
                col(Contact.guardian_id) == mine if mine else col(Contact.guardian_id).is_(None),
            )
        ).all()
    }
    phone, email = contacts.get(Channel.PHONE), contacts.get(Channel.EMAIL)
    first = patient.preferred_name or patient.first_name
    return ProfileRow(
        name=f"{patient.first_name} {patient.last_name}",
        initials=f"{first[:1]}{patient.last_name[:1]}".upper(),
        born=dates.full_date(patient.date_of_birth, locale),
        since=_month_year(patient.created_at, zone, locale),
        guardian=f"{guardian.name}, {guardian.relationship}" if guardian else "",
        preferred_name=patient.preferred_name,
        country_code=calling_code(country),
        phone=show_phone(phone.value, country) if phone else "",
        phone_proved=phone is None or phone.verified_at is not None,
        phone_masked=mask("phone", phone.value) if phone else "",
        email=email.value if email else "",
        email_proved=email is None or email.verified_at is not None,
        street=patient.street,
        city=patient.city,
        state=patient.state,
        postal_code=patient.postal_code,
        clinic_id=str(patient.primary_clinic_id or ""),
        emergency_name=patient.emergency_name,
        emergency_phone=show_phone(patient.emergency_phone, country),
        emergency_relationship=patient.emergency_relationship,
        carrier_name=patient.carrier_name,
        carrier_member_id=patient.carrier_member_id,
        pharmacy_name=patient.pharmacy_name,
        pharmacy_phone=show_phone(patient.pharmacy_phone, country),
        wants_sms=patient.wants_sms and not patient.do_not_sms,
        wants_email=patient.wants_email and not patient.do_not_email,
        language=patient.language,
        appearance=patient.appearance,
        version=patient.version,
    )


def clinic_choices(work: Work) -> list[tuple[str, str]]:
    """The practice's open clinics as (id, words): "Pearl District, Portland"."""
    rows = work.db.exec(
        select(Clinic.id, Clinic.name, Clinic.city).where(col(Clinic.active)).order_by(col(Clinic.id))
    ).all()
    return [
        (str(clinic_id), name if name.casefold() == city.casefold() else f"{name}, {city}")
        for clinic_id, name, city in rows
    ]


def devices(work: Work) -> list[DeviceRow]:
    """Where the person is signed in now, this device first, then the latest used."""
    now = work.now()
    idle = work.db.exec(select(Practice.idle_minutes)).one()
    mine = work.actor.guardian_id
    rows = work.db.exec(
        select(Session.id, Session.user_agent, Session.seen_at)
        .where(
            Session.patient_id == work.patient_id,
            col(Session.guardian_id) == mine if mine else col(Session.guardian_id).is_(None),
            col(Session.ended_at).is_(None),
            Session.expires_at > now,
            Session.seen_at > now - timedelta(minutes=idle),
        )
        .order_by(col(Session.seen_at).desc())
        .limit(20)
    ).all()
    found = [
        DeviceRow(
            id=str(session_id),
            name=device_name(agent),
            handheld=is_handheld(agent),
            here=session_id == work.actor.session_id,
            last_used="This device" if session_id == work.actor.session_id else f"Used {_ago(now - seen)}",
        )
        for session_id, agent, seen in rows
    ]
    return sorted(found, key=lambda row: not row.here)


def _ago(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return "just now" if minutes < 1 else "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"


def _month_year(at: datetime, zone: str, locale: str) -> str:
    day = at.astimezone(ZoneInfo(zone)).date()
    return f"{dates.month(day, locale)} {day.year}"


def today(work: Work) -> date:
    """The calendar day where the practice is."""
    zone = work.db.exec(select(Practice.time_zone)).first()
    return work.now().astimezone(ZoneInfo(zone or "UTC")).date()
