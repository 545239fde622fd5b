"""Who works at the practice."""

from dataclasses import dataclass

from sqlmodel import col, select

from portal.domain.access import ROLE_NAMES, Privilege
from portal.models import Staff
from portal.work import Work


@dataclass(frozen=True, slots=True)
class StaffPerson:
    """One who works here. `adjusted` says what was given (+) or taken (-) beside the role."""

    email: str
    name: str
    role: str
    adjusted: str
    note: str


def staff_people(work: Work) -> list[StaffPerson]:
    """Everybody, those who left last."""
    work.require(Privilege.STAFF_MANAGE)
    people = work.db.exec(select(Staff).order_by(col(Staff.active).desc(), col(Staff.last_name))).all()
    return [
        StaffPerson(
            email=person.email,
            name=person.display_name,
            role=ROLE_NAMES[person.role],
            adjusted=" ".join([*(f"+{word}" for word in person.given), *(f"-{word}" for word in person.taken)]),
            note="left" if not person.active else "" if person.totp_enrolled_at else "has not logged in yet",
        )
        for person in people
    ]
