"""Members of staff as they act, with the privileges of their roles; rows of their own where a test needs them."""

from uuid import UUID

from portal.domain.access import ROLES, Role
from portal.models import Staff
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic


def acting(role: Role, staff_id: UUID | None = None, label: str = "") -> Actor:
    """Somebody of that role."""
    return Actor(
        kind="staff", staff_id=staff_id, role=role.value, label=label or role.value, device="Front desk",
        privileges=ROLES[role],
    )  # fmt: skip


def hired(open_as: OpenAs, clinic: TestClinic, role: Role, first: str, last: str) -> Actor:
    """A new member of staff of that role."""
    with open_as(SYSTEM) as work:
        email = f"{first}.{last}@lumiere.example".lower()
        person = work.add(
            Staff(practice_id=clinic.practice_id, first_name=first, last_name=last, email=email, role=role)
        )
        return acting(role, person.id, f"{first} {last}")
