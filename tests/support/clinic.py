"""A small practice in a database: what tests of use cases stand on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.models import (
    Appointment,
    AppointmentType,
    Channel,
    Clinic,
    Contact,
    Guardian,
    Patient,
    Practice,
    Role,
    Service,
    Session,
    Staff,
)
from portal.services import templates
from portal.work import Actor, Work

TEXT = """## 1. Your treatment

{{ provider }} treats {{ patient }} with {{ service }} at {{ clinic }} on {{ date }}.

## 2. Risks

- Redness for a few hours
- Bruising for up to 10 days

## 3. Your statements

I have read this consent. I ask {{ practice }} to give this treatment.
"""

# A stroke across the pad: what a finger leaves.
STROKES = [{"points": [{"x": 20.0 + 3 * n, "y": 90.0 - (n % 12) * 4, "time": n, "pressure": 0.5} for n in range(60)]}]
PAD = (340.0, 200.0)

OpenAs = Callable[..., AbstractContextManager[Work]]


@dataclass
class TestClinic:
    """Rows by name. All people are made up."""

    __test__ = False

    practice_id: UUID
    clinic_id: UUID
    provider_id: UUID
    service_id: UUID
    type_id: UUID
    amelia: Actor
    rosa: Actor
    child: Actor
    guardian: Actor

    def visit(self, work: Work, who: Actor, at: datetime | None = None) -> UUID:
        """Book a visit, three days ahead unless said otherwise."""
        assert who.patient_id is not None
        starts = at or work.now() + timedelta(days=3)
        return work.add(
            Appointment(
                patient_id=who.patient_id,
                provider_id=self.provider_id,
                clinic_id=self.clinic_id,
                appointment_type_id=self.type_id,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=45),
            )
        ).id

    def template(self, work: Work, name: str = "Neurotoxin Treatment Consent", text: str = TEXT, **rules: Any) -> UUID:
        """A published consent that the service asks for."""
        template_id = templates.create(work, self.practice_id, name)
        templates.publish(work, template_id, text, **rules)
        templates.ask_for(work, self.service_id, template_id)
        return template_id


def furnish(work: Work) -> TestClinic:
    """Put the practice, its people and their open sessions into an empty database."""
    practice = work.add(
        Practice(
            name="Lumière Aesthetics", wordmark="Lumière", phone="+15035550142", email="hello@lumiere.example",
            website="lumiere.example",
        )
    )  # fmt: skip
    clinic = work.add(
        Clinic(
            practice_id=practice.id, name="Pearl District", street="41 Marlow Street, Suite 200", city="Portland",
            state="OR", postal_code="97209", phone="+15035550142", time_zone="America/Los_Angeles",
        )
    )  # fmt: skip
    naomi = work.add(
        Staff(
            practice_id=practice.id, first_name="Naomi", last_name="Reyes", credentials="NP",
            email="naomi.reyes@lumiere.example", role=Role.PROVIDER,
        )
    )  # fmt: skip
    service = work.add(Service(practice_id=practice.id, name="Botox"))
    kind = work.add(AppointmentType(service_id=service.id, name="Botox, forehead and glabella", minutes=45))
    people = {
        "amelia": _person(work, practice.id, clinic.id, "Amelia", "Hart", date(1988, 3, 14), "+15035550187"),
        "rosa": _person(work, practice.id, clinic.id, "Rosa", "Delgado", date(1979, 7, 2), "+15035550143"),
        "child": _person(work, practice.id, clinic.id, "Mateo", "Delgado", date(2012, 1, 20), "+15035550144"),
    }
    child_id = people["child"].patient_id
    assert child_id is not None
    guardian = work.add(Guardian(patient_id=child_id, name="Rosa Delgado", relationship="mother"))
    acting = Actor(
        kind="guardian",
        patient_id=people["child"].patient_id,
        guardian_id=guardian.id,
        session_id=people["child"].session_id,
        contact_id=people["child"].contact_id,
        label="Rosa Delgado",
        address="203.0.113.58",
        device=IPHONE,
    )
    return TestClinic(practice.id, clinic.id, naomi.id, service.id, kind.id, **people, guardian=acting)


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"


def _person(work: Work, practice_id: UUID, clinic_id: UUID, first: str, last: str, born: date, phone: str) -> Actor:
    now = work.now()
    patient = work.add(
        Patient(
            practice_id=practice_id, primary_clinic_id=clinic_id, first_name=first, last_name=last,
            date_of_birth=born, created_at=now,
        )
    )  # fmt: skip
    contact = work.add(
        Contact(patient_id=patient.id, channel=Channel.PHONE, value=phone, verified_at=now, created_at=now)
    )
    session = work.add(
        Session(
            token_hash=f"{first:.>64}", patient_id=patient.id, contact_id=contact.id, address="203.0.113.58",
            user_agent=IPHONE, created_at=now, seen_at=now, expires_at=now + timedelta(hours=12),
        )
    )  # fmt: skip
    return Actor(
        kind="patient",
        patient_id=patient.id,
        session_id=session.id,
        contact_id=contact.id,
        label=f"{first} {last}",
        address="203.0.113.58",
        device=IPHONE,
    )
