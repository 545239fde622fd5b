"""Rows that many tests start from, made as plainly as possible."""

from datetime import date
from typing import Any

from portal.models import Channel, Clinic, Contact, Guardian, Patient, Practice
from portal.work import Actor, Work


def practice(work: Work, **values: Any) -> Practice:
    """A practice in Portland."""
    given: dict[str, Any] = {
        "name": "Lumière Aesthetics",
        "wordmark": "Lumière",
        "phone": "+15035550142",
        "email": "desk@lumiere.example",
    }
    return work.add(Practice(**given | values))


def clinic(work: Work, of: Practice, **values: Any) -> Clinic:
    """A clinic of the practice, open on weekdays."""
    given: dict[str, Any] = {
        "name": "Pearl District",
        "street": "41 Marlow Street",
        "city": "Portland",
        "state": "OR",
        "postal_code": "97209",
        "phone": "+15035550142",
        "time_zone": "America/Los_Angeles",
        "hours": {str(day): ["09:00", "17:00"] for day in range(5)},
    }
    return work.add(Clinic(practice_id=of.id, **given | values))


def patient(work: Work, of: Practice, phone: str = "", email: str = "", **values: Any) -> Patient:
    """An adult patient, reached by the given contacts."""
    given: dict[str, Any] = {
        "first_name": "Amelia",
        "last_name": "Hart",
        "date_of_birth": date(1988, 3, 14),
        "created_at": work.now(),
    }
    made = work.add(Patient(practice_id=of.id, **given | values))
    for channel, value in ((Channel.PHONE, phone), (Channel.EMAIL, email)):
        if value:
            contact(work, made, channel, value)
    return made


def contact(work: Work, of: Patient, channel: Channel, value: str, guardian: Guardian | None = None) -> Contact:
    """One way to reach a patient, or the patient's guardian."""
    return work.add(
        Contact(
            patient_id=of.id,
            guardian_id=guardian.id if guardian else None,
            channel=channel,
            value=value,
            created_at=work.now(),
        )
    )


def acting(of: Patient, **values: Any) -> Actor:
    """The actor of a signed-in adult patient."""
    given: dict[str, Any] = {
        "kind": "patient",
        "patient_id": of.id,
        "label": f"{of.first_name} {of.last_name}",
        "address": "192.0.2.7",
    }
    return Actor(**given | values)
