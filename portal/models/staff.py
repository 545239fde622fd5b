"""People who work at the practice."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from portal.models.types import Row, encrypted, to, word


class Role(StrEnum):
    """What a member of staff may do starts here; single privileges adjust it (`domain/access.py`)."""

    ADMIN = "admin"
    MEDICAL_DIRECTOR = "medical_director"
    PROVIDER = "provider"
    FRONT_DESK = "front_desk"


class Staff(Row, table=True):
    """A member of staff. `credentials` follow the name: "NP", "MD"."""

    __tablename__ = "staff"
    practice_id: UUID = to("practice")
    first_name: str
    last_name: str
    credentials: str = ""
    title: str = ""
    email: str = Field(unique=True)
    role: Role = word(Role)
    totp_secret: str | None = encrypted("staff.totp_secret", default=None)
    active: bool = True

    @property
    def display_name(self) -> str:
        """Name as patients see it: "Naomi Reyes, NP"."""
        name = f"{self.first_name} {self.last_name}"
        return f"{name}, {self.credentials}" if self.credentials else name
