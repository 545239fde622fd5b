"""What the documents of all forms share: letterhead, number, trail. Rows in, words out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from portal import dates, routes
from portal.documents.paper import Letterhead, PaperSize, TrailEvent, size_for
from portal.domain.devices import device_name
from portal.domain.paperwork import FormKind, SignerRole, capacity
from portal.models import Clinic, FormEvent, Patient, Practice, Session, TemplateVersion
from portal.models.db import columns
from portal.queries.forms import Form
from portal.queries.practice import national
from portal.settings import settings
from portal.work import Work

_LETTERS = {FormKind.CONSENT: "C", FormKind.QUESTIONNAIRE: "Q"}
_BY_PRACTICE = {"assigned", "voided"}


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    what: str
    person: str
    place: str


def document_number(kind: FormKind, form_id: UUID) -> str:
    """The form's number as it is printed, "C-3F2A-99B0-71CD": short, and enough to find it by.

    The last 48 bits of an id are random: nobody guesses a number.
    """
    tail = form_id.hex[-12:].upper()
    return f"{_LETTERS[kind]}-{tail[:4]}-{tail[4:8]}-{tail[8:]}"


def check_at(form: Form) -> str:
    """Where anybody checks the form's document."""
    return f"{settings().public_url.rstrip('/')}{routes.verify(document_number(form.kind, form.id))}"


def acting_as(name: str, role: SignerRole, relationship: str, patient: str) -> str:
    """Who it was: "Amelia Hart, patient", "Esther Hart, parent or guardian, mother for Theo Hart"."""
    as_what = capacity(role, relationship)
    for_whom = f" for {patient}" if role is SignerRole.GUARDIAN else ""
    return f"{name}, {as_what[:1].lower()}{as_what[1:]}{for_whom}"


def facts(form: Form) -> tuple[tuple[str, str], ...]:
    """Which visit it is for: label and value, as far as they are known."""
    visit = ""
    if form.visit_at:
        day = dates.full_date(dates.local_day(form.visit_at, form.zone), form.locale)
        visit = f"{day}, {dates.clock_time(form.visit_at, form.zone, form.locale)}"
    pairs = (("Treatment", form.service or ""), ("Visit", visit), ("Provider", form.provider), ("Clinic", form.clinic))
    return tuple(pair for pair in pairs if pair[1])


def trail(
    work: Work,
    form: Form,
    events: Mapping[str, str],
    *,
    actor: str,
    witness: str = "",
    session_id: UUID | None = None,
    contact: str = "",
    sealed_at: datetime | None = None,
) -> tuple[TrailEvent, ...]:
    """What happened, in order: assigned, signed in, opened, signed or submitted, sealed.

    `events` are the words for each kind of event that is told; `actor` is who signed or answered, in the session
    `session_id` that began with a code to `contact`.
    """
    who = {**dict.fromkeys(_BY_PRACTICE, form.practice), "witnessed": witness}
    moments = [
        _Moment(
            event.at,
            f"{events[event.what]}, version {form.number}" if event.what == "assigned" else events[event.what],
            who.get(event.what, actor),
            "" if event.what in _BY_PRACTICE else place(event.device, event.address),
        )
        for event in work.db.exec(
            select(FormEvent)
            .where(FormEvent.form_id == form.id, col(FormEvent.what).in_(events))
            .order_by(col(FormEvent.at), col(FormEvent.id))
        )
    ]
    session = work.db.get(Session, session_id) if session_id else None
    if session is not None:
        what = f"Signed in with a one-time code, {contact}" if contact else "Signed in"
        moments.append(_Moment(session.created_at, what, actor, place(session.user_agent, session.address)))
    moments.sort(key=lambda moment: moment.at)
    if sealed_at is not None:
        what = "Sealed. No change is possible after this line"
        moments.append(_Moment(sealed_at, what, "System", f"Record {document_number(form.kind, form.id)}"))
    return tuple(
        TrailEvent(dates.trail(moment.at, form.zone, form.locale), moment.what, moment.person, moment.place)
        for moment in moments
    )


def place(device: str, address: str) -> str:
    """Where something was done: "Safari on iPhone, 203.0.113.58"."""
    return ", ".join(part for part in (device_name(device) if device else "", address) if part)


def letterhead(work: Work, form: Form) -> tuple[Letterhead, PaperSize]:
    """The practice with the address of the clinic concerned, and the paper of its country."""
    practice = work.db.execute(
        columns(Practice.name, Practice.phone, Practice.website, Practice.brand_hex, Practice.country)
        .join(Patient, col(Patient.practice_id) == Practice.id)
        .where(Patient.id == form.patient_id)
    ).one()
    clinic = work.db.get(Clinic, form.clinic_id) if form.clinic_id else None
    address = (f"{clinic.street}, {clinic.city}, {clinic.state} {clinic.postal_code}",) if clinic else ()
    name, phone, website, brand, country = practice
    return Letterhead(name, address, national(phone), website, brand), size_for(country)


def published(work: Work, form: Form) -> str:
    """The day the form's version was published."""
    published_at = work.db.exec(select(TemplateVersion.published_at).where(TemplateVersion.id == form.version_id)).one()
    return dates.full_date(dates.local_day(published_at, form.zone), form.locale)
