"""Column types shared by all tables."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Dialect, LargeBinary, String, TypeDecorator
from sqlmodel import Field, SQLModel

from portal.ids import uuid7


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite forgets the zone, so it is put back on the way out; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """Text that is encrypted in the database; `place` is `table.column` and binds the value to it."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        from portal.security.keys import FieldCipher  # late: tables are read by tools that need no keys

        return None if value is None else FieldCipher(self.place).seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        from portal.security.keys import FieldCipher

        return None if value is None else FieldCipher(self.place).open(value)


class Row(SQLModel):
    """What every table has: a time-ordered id."""

    id: UUID = Field(default_factory=uuid7, primary_key=True)


class TextEnum(TypeDecorator[StrEnum]):
    """A StrEnum kept as its plain word, so that adding a word needs no change of the column."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


def word(kind: type[StrEnum], **extra: Any) -> Any:
    """A column that holds one word of an enumeration."""
    return Field(sa_type=TextEnum(kind), **extra)


def instant(**extra: Any) -> Any:
    """A UTC instant column."""
    return Field(sa_type=UtcDateTime, **extra)


def encrypted(place: str, **extra: Any) -> Any:
    """An encrypted text column."""
    return Field(sa_type=Encrypted(place), **extra)


def to(target: str, **extra: Any) -> Any:
    """An indexed foreign key; nothing that others point at is ever deleted under them."""
    extra.setdefault("index", True)
    return Field(foreign_key=f"{target}.id", ondelete="RESTRICT", **extra)
