"""People who work at the practice, and how they prove who they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, LargeBinary, String
from sqlmodel import Field

from portal.domain.access import Role
from portal.models.types import Row, encrypted, instant, to, word


class Staff(Row, table=True):
    """A member of staff. `credentials` follow the name: "NP", "MD".

    `given` and `taken` are single privileges beside the role's (`domain/access.py`). `totp_step` is the time step of
    the last authenticator code that was accepted: neither it nor an earlier one counts again. `preferences` are the
    person's own view of lists (columns, sort).
    """

    __tablename__ = "staff"
    practice_id: UUID = to("practice")
    first_name: str
    last_name: str
    credentials: str = ""
    title: str = ""
    email: str = Field(unique=True)
    role: Role = word(Role)
    given: list[str] = Field(default_factory=list, sa_type=JSON)
    taken: list[str] = Field(default_factory=list, sa_type=JSON)
    totp_secret: str | None = encrypted("staff.totp_secret", default=None)
    totp_enrolled_at: datetime | None = instant(default=None)
    totp_step: int = 0
    preferences: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    notices_seen_at: datetime | None = instant(default=None)  # when the practice's feed was last looked at
    active: bool = True

    @property
    def display_name(self) -> str:
        """Name as patients see it: "Naomi Reyes, NP"."""
        name = f"{self.first_name} {self.last_name}"
        return f"{name}, {self.credentials}" if self.credentials else name


class RecoveryCode(Row, table=True):
    """One of the ten codes for the day on which the authenticator is lost; each works once. Only its hash is kept."""

    __tablename__ = "recovery_code"
    staff_id: UUID = to("staff")
    code_hash: str = Field(sa_type=String(64), unique=True)
    created_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class Passkey(Row, table=True):
    """A WebAuthn credential. `sign_count` as the device last told it; `name` as its owner calls the device."""

    __tablename__ = "passkey"
    staff_id: UUID = to("staff")
    credential_id: bytes = Field(sa_type=LargeBinary, unique=True)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = 0
    name: str = ""
    created_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    removed_at: datetime | None = instant(default=None)
