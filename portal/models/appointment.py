"""Visits, the time they hold, when providers work, and the patient's calendar feed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from portal.domain.scheduling import AppointmentStatus
from portal.models.types import Row, instant, to, word


class Appointment(Row, table=True):
    """A visit of one patient to one provider at one clinic.

    `title` is what was booked, in the words of that day. Visits taken over from an older system may have no provider,
    clinic or type. `buffer_minutes` is as it was when the visit was booked or moved. `sequence` counts the changes that
    a calendar must hear of (RFC 5545, 3.8.7.4).
    """

    __tablename__ = "appointment"
    patient_id: UUID = to("patient", index=False)
    provider_id: UUID | None = to("staff", default=None)
    clinic_id: UUID | None = to("clinic", default=None)
    appointment_type_id: UUID | None = to("appointment_type", default=None)
    title: str = ""
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    buffer_minutes: int = 0
    status: AppointmentStatus = word(AppointmentStatus, default=AppointmentStatus.BOOKED)
    booked_at: datetime | None = instant(default=None)  # when its present time was agreed on
    confirmed_at: datetime | None = instant(default=None)
    cancelled_at: datetime | None = instant(default=None)
    cancelled_from: str = ""  # the status it had: what an undo goes back to
    cancelled_by: str = ""  # patient, practice
    cancel_reason: str = ""
    cancel_note: str = ""
    late_fee_cents: int = 0  # what the cancellation costs, fixed when it was made
    kept_fee_cents: int = 0  # what a cancellation would have cost when the patient moved it: moving does not undo that
    free_to_cancel: bool = False  # the practice moved it to a time too near for a cancellation in time
    undone: int = 0  # how often the patient took a cancellation back
    settled_at: datetime | None = instant(default=None)  # the time for undo is over: slot given back, fee invoiced
    sequence: int = 0
    external_id: str | None = Field(default=None, unique=True)

    __table_args__ = (
        Index("ix_appointment_patient", "patient_id", "starts_at"),
        Index("ix_appointment_day", "starts_at"),
        Index("ix_appointment_unsettled", "settled_at", "cancelled_at"),
    )


class AppointmentExtra(SQLModel, table=True):
    """A further service within the same visit."""

    __tablename__ = "appointment_extra"
    appointment_id: UUID = to("appointment", primary_key=True, index=False)
    appointment_type_id: UUID = to("appointment_type", primary_key=True, index=False)


class AppointmentTick(SQLModel, table=True):
    """Five minutes of a provider, taken by one visit (its buffer included): the key is what forbids an overlap.

    `tick` counts five-minute steps since 1970, UTC.
    """

    __tablename__ = "appointment_tick"
    provider_id: UUID = to("staff", primary_key=True, index=False)
    tick: int = Field(primary_key=True)
    appointment_id: UUID = to("appointment")


class ProviderHours(Row, table=True):
    """When a provider works at a clinic: wall-clock times there, such as "09:00", on a weekday (0 is Monday).

    A day may have several rows (a lunch break is the gap). `first_day` and `last_day` bound a season; None is open.
    """

    __tablename__ = "provider_hours"
    provider_id: UUID = to("staff")
    clinic_id: UUID = to("clinic")
    weekday: int
    opens: str
    closes: str
    first_day: date | None = None
    last_day: date | None = None


class TimeOff(Row, table=True):
    """When nobody can be booked: with one provider, at one clinic, or (both None) in the whole practice."""

    __tablename__ = "time_off"
    provider_id: UUID | None = to("staff", default=None)
    clinic_id: UUID | None = to("clinic", default=None)
    starts_at: datetime = instant(index=True)
    ends_at: datetime = instant()
    reason: str = ""


class CalendarFeed(Row, table=True):
    """A private address from which a calendar program reads a patient's visits. Only the hash of its token is kept."""

    __tablename__ = "calendar_feed"
    patient_id: UUID = to("patient")
    guardian_id: UUID | None = to("guardian", default=None)
    token_hash: str = Field(unique=True)
    created_at: datetime = instant()
    fetched_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)


__all__ = [
    "Appointment",
    "AppointmentExtra",
    "AppointmentStatus",
    "AppointmentTick",
    "CalendarFeed",
    "ProviderHours",
    "TimeOff",
]
