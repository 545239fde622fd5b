"""The practice itself: clinics, staff, what is offered, and the forms it asks for."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pyotp

from portal.models import AppointmentType, Clinic, Practice, Role, Service, Staff
from portal.services import templates
from portal.work import Work

NAME = "Lumière Aesthetics"
ZONE = "America/Los_Angeles"
TEXTS = Path(__file__).parent / "texts"
_WEEKDAYS = {str(day): ["09:00", "17:00"] for day in range(6)}

STAFF = (
    ("Elena", "Marsh", "", "Practice manager", Role.ADMIN),
    ("Adaeze", "Okonkwo", "MD", "Medical director", Role.MEDICAL_DIRECTOR),
    ("Naomi", "Reyes", "NP", "Nurse practitioner", Role.PROVIDER),
    ("Jonah", "Bell", "LE", "Esthetician", Role.PROVIDER),
    ("Priya", "Nand", "RN", "Laser nurse", Role.PROVIDER),
    ("Marisol", "Vega", "", "Front desk", Role.FRONT_DESK),
)
# Name, category, minutes, who gives it, where.
SERVICES = (
    ("First consultation", "Consultation", 30, "Naomi", "Pearl District"),
    ("Botox, forehead and glabella", "Neurotoxin", 45, "Naomi", "Pearl District"),
    ("Dermal filler, lips", "Filler", 60, "Naomi", "Pearl District"),
    ("HydraFacial Signature", "Facial", 45, "Jonah", "Pearl District"),
    ("HydraFacial Deluxe", "Facial", 60, "Jonah", "Pearl District"),
    ("Chemical peel", "Peel", 45, "Jonah", "Pearl District"),
    ("Laser hair removal", "Laser", 30, "Priya", "Lake Oswego"),
    ("Microneedling", "Skin", 60, "Priya", "Lake Oswego"),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A form of the practice: its text, and when it is asked for."""

    name: str
    text: str
    services: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    needs_witness: bool = False
    per_visit: bool = False
    valid_months: int = 0


NEUROTOXIN, FILLER = "Neurotoxin Treatment Consent", "Dermal Filler Consent"
HYDRAFACIAL, LASER = "HydraFacial Consent", "Laser Hair Removal Consent"
PEEL, NEEDLING = "Chemical Peel Consent", "Microneedling Consent"
MINOR, PHOTOS, POLICY = "Minor Procedure Consent", "Photo Release", "Financial and Cancellation Policy"

PAPERS = (
    Paper(NEUROTOXIN, "neurotoxin", ("Botox, forehead and glabella",), per_visit=True),
    Paper(FILLER, "filler", ("Dermal filler, lips",), initials=("Vascular occlusion",), per_visit=True),
    Paper(HYDRAFACIAL, "hydrafacial", ("HydraFacial Signature", "HydraFacial Deluxe"), valid_months=12),
    Paper(LASER, "laser-hair", ("Laser hair removal",), valid_months=12),
    Paper(PEEL, "peel", ("Chemical peel",), needs_witness=True, per_visit=True),
    Paper(NEEDLING, "microneedling", ("Microneedling",), valid_months=12),
    Paper(MINOR, "minor-procedure", needs_witness=True, per_visit=True),
    Paper(PHOTOS, "photo-release", initials=("How my photographs are used",), valid_months=24),
    Paper(POLICY, "financial-policy", ("First consultation",), initials=("Late cancellations",), valid_months=12),
)


@dataclass(frozen=True, slots=True)
class Places:
    """Ids by name, for those who build on."""

    practice: UUID
    clinics: dict[str, UUID]
    staff: dict[str, UUID]
    types: dict[str, UUID]
    templates: dict[str, UUID]


def build(work: Work) -> Places:
    """Open the practice. It has been there for some years by the clock of `work`."""
    practice = work.add(
        Practice(
            name=NAME,
            wordmark="Lumière",
            phone="+15035550142",
            email="hello@lumiere.example",
            website="https://lumiere.example",
            booking_url="https://book.lumiere.example",
            time_zone=ZONE,
            privacy_notice=_text("privacy"),
            privacy_version="2026-01",
            terms=_text("terms"),
            terms_version="2026-01",
        )
    )
    clinics = {clinic.name: work.add(clinic).id for clinic in _clinics(practice.id)}
    staff = {row[0]: work.add(_staff(practice.id, *row)).id for row in STAFF}
    types, services = {}, {}
    for name, category, minutes, _, _ in SERVICES:
        service = work.add(Service(practice_id=practice.id, name=name, category=category))
        services[name] = service.id
        kind = AppointmentType(service_id=service.id, name=name, minutes=minutes, buffer_minutes=15)
        types[name] = work.add(kind).id
    forms = {paper.name: _publish(work, practice.id, paper, services) for paper in PAPERS}
    return Places(practice.id, clinics, staff, types, forms)


def _publish(work: Work, practice_id: UUID, paper: Paper, services: dict[str, UUID]) -> UUID:
    template_id = templates.create(work, practice_id, paper.name)
    templates.publish(
        work,
        template_id,
        _text(paper.text),
        initials=paper.initials,
        needs_witness=paper.needs_witness,
        per_visit=paper.per_visit,
        valid_months=paper.valid_months,
    )
    for service in paper.services:
        templates.ask_for(work, services[service], template_id)
    return template_id


def _clinics(practice_id: UUID) -> tuple[Clinic, Clinic]:
    pearl = Clinic(
        practice_id=practice_id,
        name="Pearl District",
        street="41 Marlow Street, Suite 200",
        city="Portland",
        state="OR",
        postal_code="97209",
        phone="+15035550142",
        time_zone=ZONE,
        hours={**_WEEKDAYS, "6": ["10:00", "16:00"]},
    )
    lake = Clinic(
        practice_id=practice_id,
        name="Lake Oswego",
        street="290 Heron Avenue",
        city="Lake Oswego",
        state="OR",
        postal_code="97034",
        phone="+15035550145",
        time_zone=ZONE,
        hours=_WEEKDAYS,
    )
    return pearl, lake


def _staff(practice_id: UUID, first: str, last: str, credentials: str, title: str, role: Role) -> Staff:
    return Staff(
        practice_id=practice_id,
        first_name=first,
        last_name=last,
        credentials=credentials,
        title=title,
        email=f"{first}.{last}@lumiere.example".lower(),
        role=role,
        totp_secret=pyotp.random_base32(),
    )


def _text(name: str) -> str:
    return (TEXTS / f"{name}.md").read_text(encoding="utf-8")
