"""What staff keep of a client beside the record: allergies, notes, loyalty programs, changes to review, merges."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from portal.models.types import Row, encrypted, instant, to, word


class Allergy(Row, table=True):
    """Something that a client must not be given or touched with. Ended ones are kept."""

    __tablename__ = "allergy"
    patient_id: UUID = to("patient")
    external_id: str | None = Field(default=None, unique=True)  # of the row it was imported from
    substance: str
    reaction: str = ""
    severity: str = ""  # mild, moderate, severe, or not known
    source: str = "staff"  # staff, import, patient
    recorded_by: UUID | None = to("staff", default=None)
    recorded_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    ended_by: UUID | None = to("staff", default=None)


class Note(Row, table=True):
    """A note about a client, for staff alone."""

    __tablename__ = "note"
    patient_id: UUID = to("patient")
    staff_id: UUID = to("staff")
    text: str = encrypted("note.text")
    created_at: datetime = instant()
    changed_at: datetime | None = instant(default=None)
    removed_at: datetime | None = instant(default=None)


class NoteDraft(Row, table=True):
    """A note that is being written: it outlives the page, the lock of the screen and the server. `about` is the id of
    the note that is changed, empty for a new one; `revision` counts what was kept."""

    __tablename__ = "note_draft"
    staff_id: UUID = to("staff")
    patient_id: UUID = to("patient")
    about: str = ""
    text: str = encrypted("note_draft.text")
    revision: int = 1
    kept_at: datetime = instant()

    __table_args__ = (UniqueConstraint("staff_id", "patient_id", "about"),)


class LoyaltyProgram(StrEnum):
    """The makers' programs. Evolus is a tick only."""

    ALLE = "alle"
    XPERIENCE = "xperience"
    ASPIRE = "aspire"
    EVOLUS = "evolus"


class LoyaltyAccount(Row, table=True):
    """A client's enrolment in a program, ticked by staff. A log-in is encrypted by field; with "Member number only"
    there is none."""

    __tablename__ = "loyalty_account"
    patient_id: UUID = to("patient")
    program: LoyaltyProgram = word(LoyaltyProgram)
    username: str | None = encrypted("loyalty_account.username", default=None)
    password: str | None = encrypted("loyalty_account.password", default=None)
    member_number: str | None = encrypted("loyalty_account.member_number", default=None)
    staff_id: UUID | None = to("staff", default=None)  # who ticked it last
    changed_at: datetime = instant()
    version: int = 1

    __table_args__ = (UniqueConstraint("patient_id", "program"),)


class ReferralSource(Row, table=True):
    """Where clients hear of the practice. `parent_id` makes a subcategory; it can end on a day. `asks_name` is "other":
    a name goes with it."""

    __tablename__ = "referral_source"
    practice_id: UUID = to("practice")
    parent_id: UUID | None = to("referral_source", default=None)
    name: str
    ends_on: date | None = None  # the last day on which it is offered
    asks_name: bool = False
    position: int = 0


class ClientChange(Row, table=True):
    """What a client changed by themself, for staff to review. `before` and `after` are JSON by field, encrypted."""

    __tablename__ = "client_change"
    patient_id: UUID = to("patient")
    area: str  # profile, emergency, carrier, contact, medical
    before: str = encrypted("client_change.before")
    after: str = encrypted("client_change.after")
    changed_at: datetime = instant()
    reviewed_at: datetime | None = instant(default=None)
    reviewed_by: UUID | None = to("staff", default=None)

    __table_args__ = (Index("ix_client_change_open", "reviewed_at", "changed_at"),)


class ClientDraft(Row, table=True):
    """What a member of staff typed into **Edit** of a client and did not save yet: it outlives the page, the lock of
    the screen and the server. `typed` is JSON by field of what differs from `base`, the record as it was read."""

    __tablename__ = "client_draft"
    staff_id: UUID = to("staff")
    patient_id: UUID = to("patient")
    base: str = encrypted("client_draft.base")
    typed: str = encrypted("client_draft.typed")
    kept_at: datetime = instant()

    __table_args__ = (UniqueConstraint("staff_id", "patient_id"),)


class Merge(Row, table=True):
    """Two records that were one person's. The one that went points to the one that stays; `moved` counts rows by table,
    `differed` is JSON of what the record that went said otherwise, encrypted."""

    __tablename__ = "merge"
    kept_id: UUID = to("patient")
    gone_id: UUID = to("patient")
    staff_id: UUID | None = to("staff", default=None)
    at: datetime = instant()
    moved: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    differed: str = encrypted("merge.differed")


class ToldApart(Row, table=True):
    """Two records that look alike and that somebody of the practice knows to be two people's. The smaller id first, so
    that a pair is there once."""

    __tablename__ = "told_apart"
    one_id: UUID = to("patient", index=False)
    other_id: UUID = to("patient")
    staff_id: UUID | None = to("staff", default=None)
    at: datetime = instant()

    __table_args__ = (UniqueConstraint("one_id", "other_id"),)


class SearchWord(SQLModel, table=True):
    """One word that a client is found by, as it is compared: without case and accents. Names, the digits of telephone
    numbers (whole, and national), email addresses. Kept by `services/search.py` alone."""

    __tablename__ = "search_word"
    # Words are looked up by their beginning: byte by byte, which PostgreSQL does with the collation "C" alone.
    word: str = Field(primary_key=True, sa_type=String().with_variant(String(collation="C"), "postgresql"))
    patient_id: UUID = to("patient", primary_key=True, index=False)

    __table_args__ = (Index("ix_search_word_patient", "patient_id", "word"), {"sqlite_with_rowid": False})


class InboundEvent(Row, table=True):
    """A message from another system that was taken in: the booking system's opt-out, Twilio's STOP. Taken once."""

    __tablename__ = "inbound_event"
    provider: str
    external_id: str
    kind: str
    received_at: datetime = instant()
    outcome: str = ""

    __table_args__ = (UniqueConstraint("provider", "external_id"),)
