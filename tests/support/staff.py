"""Members of staff as the guard resolves them, for tests of use cases."""

from portal.domain.access import Role, privileges
from portal.models import Staff
from portal.work import Actor, Work

DESK = "198.51.100.24"


def member(work: Work, role: Role = Role.MEDICAL_DIRECTOR, first: str = "Adaeze", last: str = "Okonkwo") -> Actor:
    """A member of staff of that role, signed in."""
    person = work.add(
        Staff(
            practice_id=work.practice().id,
            first_name=first,
            last_name=last,
            email=f"{first}.{last}@lumiere.example".lower(),
            role=role,
        )
    )
    return Actor(
        kind="staff",
        staff_id=person.id,
        role=role,
        label=f"{first} {last}",
        address=DESK,
        privileges=privileges(role),
    )
