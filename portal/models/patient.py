"""Patients, who speaks for them, how they are reached."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlmodel import Field

from portal.models.types import Row, instant, to, word


class PatientStatus(StrEnum):
    """Inactive people cannot log in and get no messages; their record is kept."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class Channel(StrEnum):
    """How a message travels."""

    PHONE = "phone"
    EMAIL = "email"


class Patient(Row, table=True):
    """A person treated by the practice. `version` counts edits, for two editors of one record."""

    __tablename__ = "patient"
    practice_id: UUID = to("practice")
    primary_clinic_id: UUID | None = to("clinic", default=None)
    external_id: str | None = Field(default=None, unique=True)  # the id in the system it was imported from
    first_name: str
    last_name: str
    preferred_name: str = ""
    prefix: str = ""
    date_of_birth: date = Field(index=True)
    sex: str = ""
    pronouns: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = "US"
    language: str = "en"
    status: PatientStatus = word(PatientStatus, default=PatientStatus.ACTIVE)
    deceased_at: datetime | None = instant(default=None)
    emergency_name: str = ""
    emergency_phone: str = ""
    emergency_relationship: str = ""
    carrier_name: str = ""
    carrier_member_id: str = ""
    pharmacy_name: str = ""
    pharmacy_phone: str = ""
    referral_source: str = ""
    referral_detail: str = ""
    appearance: str = "system"  # light, dark, system
    wants_sms: bool = False
    wants_email: bool = False
    do_not_sms: bool = False
    do_not_email: bool = False
    source: str = "staff"  # staff, sign-up, import, demo
    created_at: datetime = instant()
    portal_accepted_at: datetime | None = instant(default=None)
    version: int = 1
    referral_source_id: UUID | None = to("referral_source", default=None)  # the subcategory where there is one
    merged_into_id: UUID | None = to("patient", default=None)  # this record went into another one
    booking_client_id: str | None = Field(default=None, unique=True)  # in the online booking system
    # The name as lists are sorted by it, byte by byte. Kept with the words of the search (`services/search.py`): empty
    # until they are.
    sort_name: str = Field(default="", sa_type=String().with_variant(String(collation="C"), "postgresql"))
    no_allergies_at: datetime | None = instant(default=None)  # "No known allergies" is an answer, not an absence
    no_allergies_by: UUID | None = to("staff", default=None)

    __table_args__ = (
        Index("ix_patient_name", "last_name", "first_name"),
        Index("ix_patient_sort", "sort_name", "id"),
        Index("ix_patient_created", "created_at", "id"),
        Index("ix_patient_status", "status", "deceased_at", "merged_into_id"),
    )


class Guardian(Row, table=True):
    """Who logs in and signs for a patient under 18."""

    __tablename__ = "guardian"
    patient_id: UUID = to("patient")
    name: str
    relationship: str


class Contact(Row, table=True):
    """A telephone number (E.164) or email address (as normalised) that reaches a patient or the patient's guardian.

    The same value may belong to several patients: a household. `verified_at` is set when a code sent there was entered.
    A retired contact is kept for the record and reaches nobody.
    """

    __tablename__ = "contact"
    patient_id: UUID = to("patient")
    guardian_id: UUID | None = to("guardian", default=None)
    channel: Channel = word(Channel)
    value: str
    verified_at: datetime | None = instant(default=None)
    blocked_at: datetime | None = instant(default=None)  # the carrier said STOP
    created_at: datetime = instant()
    retired_at: datetime | None = instant(default=None)

    __table_args__ = (
        Index("ix_contact_reach", "channel", "value"),
        # One current contact of each kind for each person that is reached.
        Index(
            "uq_contact_current",
            "patient_id",
            "channel",
            unique=True,
            sqlite_where=text("retired_at IS NULL AND guardian_id IS NULL"),
            postgresql_where=text("retired_at IS NULL AND guardian_id IS NULL"),
        ),
    )


class CommunicationConsent(Row, table=True):
    """Proof of a yes or no to texts or emails: the exact wording, when and from where. Never changed, only added to."""

    __tablename__ = "communication_consent"
    patient_id: UUID = to("patient")
    channel: Channel = word(Channel)
    granted: bool
    wording: str
    source: str  # sign-up, profile, staff, booking, carrier, unsubscribe link
    by_whom: str = ""  # the name of who said so here; empty where that is a system
    address: str = ""  # network address it came from
    at: datetime = instant()
