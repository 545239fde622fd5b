"""Who is signed in, for the page's frame."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import col

from portal.errors import NotFound
from portal.models import Guardian, Patient, Practice
from portal.models.db import columns
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Identity:
    """The signed-in person as the frame shows them. For a guardian `acting_for` is the child's first name."""

    display_name: str
    initials: str
    acting_for: str
    appearance: str
    idle_minutes: int


def identity(work: Work) -> Identity:
    """The signed-in patient or guardian. `NotFound` for anybody else."""
    row = work.rows(_IDENTITY, patient=work.patient_id, guardian=work.actor.guardian_id).first()
    if row is None:
        raise NotFound
    first = row.preferred_name or row.first_name
    name = row.guardian or f"{first} {row.last_name}"
    return Identity(
        display_name=name,
        initials="".join(part[0] for part in name.split()[:2]).upper(),
        acting_for=first if row.guardian else "",
        appearance=row.appearance,
        idle_minutes=row.idle_minutes,
    )


_IDENTITY = (
    columns(
        Patient.first_name,
        Patient.preferred_name,
        Patient.last_name,
        Patient.appearance,
        Practice.idle_minutes,
        col(Guardian.name).label("guardian"),
    )
    .join(Practice, col(Patient.practice_id) == Practice.id)
    .outerjoin(Guardian, col(Guardian.id) == bindparam("guardian"))
    .where(Patient.id == bindparam("patient"))
)
