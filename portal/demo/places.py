"""The practice itself: clinics, staff and their hours, what is offered, and the forms it asks for."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.domain.paperwork import FormCategory, FormKind
from portal.models import AppointmentType, Clinic, Practice, Role, Service, Staff
from portal.services import schedule, templates
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
# How each is booked, where it is not as usual.
_NO_BLOOD_THINNERS = "No alcohol, ibuprofen or aspirin for 24 hours before your visit."
_BARE_SKIN = "Come with clean skin, without make-up."
RULES: dict[str, dict[str, Any]] = {
    "First consultation": {"cancel_until_minutes": 48 * 60, "bring": "Bring a photo ID and a list of your medicines."},
    "Botox, forehead and glabella": {
        "late_fee_cents": 5000,
        "prepare": f"{_NO_BLOOD_THINNERS}\nCome with clean skin, without make-up on your forehead.",
    },
    "Dermal filler, lips": {
        "late_fee_cents": 5000,
        "prepare": f"{_NO_BLOOD_THINNERS}\nNo dental work for two weeks before and after.",
    },
    "HydraFacial Signature": {"prepare": _BARE_SKIN},
    "HydraFacial Deluxe": {"prepare": _BARE_SKIN},
    "Chemical peel": {"late_fee_cents": 3000, "prepare": "Stop retinoids five days before.\nKeep out of the sun."},
    "Laser hair removal": {
        "patient_may_move": False,
        "patient_may_cancel": False,
        "rule_note": "Laser sessions follow a set interval.",
        "prepare": "Shave the area the day before. Do not wax or pluck for four weeks.",
    },
    "Microneedling": {"late_within_minutes": 48 * 60, "late_fee_cents": 5000, "prepare": _BARE_SKIN},
}
_TUESDAY, _SUNDAY = 1, 6
# Who works where, from which weekday to which; the gap is lunch.
HOURS = (
    ("Naomi", "Pearl District", range(_TUESDAY, _SUNDAY), (("09:00", "12:30"), ("13:00", "17:00"))),
    ("Jonah", "Pearl District", range(6), (("09:00", "12:15"), ("13:00", "17:15"))),
    ("Priya", "Lake Oswego", range(_SUNDAY), (("09:00", "12:30"), ("13:00", "17:00"))),
)
FIRST_INVOICE = 1047


@dataclass(frozen=True, slots=True)
class Paper:
    """A form of the practice: its text (of a questionnaire, its questions), and when it is asked for."""

    name: str
    text: str
    services: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()  # id and words: the signer chooses one
    category: FormCategory | None = None
    needs_witness: bool = False
    per_visit: bool = False
    valid_months: int = 0


NEUROTOXIN, FILLER = "Neurotoxin Treatment Consent", "Dermal Filler Consent"
HYDRAFACIAL, LASER = "HydraFacial Consent", "Laser Hair Removal Consent"
PEEL, NEEDLING = "Chemical Peel Consent", "Microneedling Consent"
MINOR, PHOTOS, POLICY = "Minor Procedure Consent", "Photo Release", "Financial and Cancellation Policy"

_SCOPES = (
    ("chart", "In my record only"),
    ("training", "In my record and to train the staff"),
    ("marketing", "In my record, to train the staff, and in public without my name"),
)
PAPERS = (
    Paper(NEUROTOXIN, "neurotoxin", ("Botox, forehead and glabella",), per_visit=True),
    Paper(FILLER, "filler", ("Dermal filler, lips",), initials=("Vascular occlusion",), per_visit=True),
    Paper(HYDRAFACIAL, "hydrafacial", ("HydraFacial Signature", "HydraFacial Deluxe"), valid_months=12),
    Paper(LASER, "laser-hair", ("Laser hair removal",), valid_months=12),
    Paper(PEEL, "peel", ("Chemical peel",), needs_witness=True, per_visit=True),
    Paper(NEEDLING, "microneedling", ("Microneedling",), valid_months=12),
    Paper(MINOR, "minor-procedure", needs_witness=True, per_visit=True),
    Paper(
        PHOTOS,
        "photo-release",
        initials=("How my photographs are used",),
        options=_SCOPES,
        category=FormCategory.PHOTO_RELEASE,
        valid_months=24,
    ),
    Paper(
        POLICY,
        "financial-policy",
        ("First consultation",),
        initials=("Late cancellations",),
        category=FormCategory.AGREEMENT,
        valid_months=12,
    ),
)


_TREATMENTS = tuple(name for name, category, *_ in SERVICES if category != "Consultation")
_MEDICAL = ("First consultation", "Botox, forehead and glabella", "Dermal filler, lips", "Microneedling")

INTAKE, MEDICAL, SKIN = "New Client Intake", "Aesthetic Medical Questionnaire", "Skin Type and Sun Exposure"
HEALTH, SATISFACTION = "Pre-Treatment Health Questionnaire", "How Was Your Treatment?"

QUESTIONNAIRES = (
    Paper(INTAKE, "new-client-intake", ("First consultation",)),
    Paper(MEDICAL, "medical-history", _MEDICAL, valid_months=12),
    Paper(SKIN, "skin-type", ("Laser hair removal", "Chemical peel"), valid_months=12),
    Paper(HEALTH, "health-check", _TREATMENTS, per_visit=True),
    Paper(SATISFACTION, "satisfaction", per_visit=True),
)


@dataclass(frozen=True, slots=True)
class Places:
    """Ids by name, for those who build on."""

    practice: UUID
    clinics: dict[str, UUID]
    staff: dict[str, UUID]
    types: dict[str, UUID]
    services: dict[str, UUID]
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
            important_reminders="Call us if you feel unwell or have a rash or a cold sore: we will find another time.",
            first_invoice=FIRST_INVOICE,
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
        kind = AppointmentType(
            service_id=service.id, name=name, minutes=minutes, buffer_minutes=15, bring="Bring a photo ID."
        )
        types[name] = work.add(kind).id
        schedule.change_type(work, kind.id, **RULES[name])
    for provider, clinic, days, spans in HOURS:
        schedule.set_hours(work, staff[provider], clinics[clinic], dict.fromkeys(days, spans))
    forms = {paper.name: _publish(work, practice.id, paper) for paper in PAPERS}
    forms |= {paper.name: _publish_questions(work, practice.id, paper) for paper in QUESTIONNAIRES}
    return Places(practice.id, clinics, staff, types, services, forms)


def ask(work: Work, places: Places, papers: Iterable[Paper] = PAPERS) -> None:
    """From now on, booking asks for the forms of what is booked; until then they were on paper."""
    for paper in papers:
        for service in paper.services:
            templates.ask_for(work, places.services[service], places.templates[paper.name])


def _publish(work: Work, practice_id: UUID, paper: Paper) -> UUID:
    template_id = templates.create(work, practice_id, paper.name, category=paper.category)
    templates.publish(
        work,
        template_id,
        _text(paper.text),
        initials=paper.initials,
        options=[{"id": option_id, "label": label} for option_id, label in paper.options],
        needs_witness=paper.needs_witness,
        per_visit=paper.per_visit,
        valid_months=paper.valid_months,
    )
    return template_id


def _publish_questions(work: Work, practice_id: UUID, paper: Paper) -> UUID:
    template_id = templates.create(work, practice_id, paper.name, FormKind.QUESTIONNAIRE)
    questions = json.loads((TEXTS / f"{paper.text}.json").read_text(encoding="utf-8"))
    templates.publish(
        work, template_id, "", questions=questions, per_visit=paper.per_visit, valid_months=paper.valid_months
    )
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
        hours=_WEEKDAYS,
        parking="Park free in the garage on Hoyt Street. Bring your ticket in and we will validate it.",
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
        parking="Park free behind the building. The entrance is on Heron Avenue.",
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
    )


def _text(name: str) -> str:
    return (TEXTS / f"{name}.md").read_text(encoding="utf-8")
