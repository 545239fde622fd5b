"""Visits."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from portal.models.types import Row, instant, to, word


class AppointmentStatus(StrEnum):
    """The life of a visit. Booked reads "Not confirmed" on the screen."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Appointment(Row, table=True):
    """A visit of one patient to one provider at one clinic."""

    __tablename__ = "appointment"
    patient_id: UUID = to("patient", index=False)
    provider_id: UUID = to("staff")
    clinic_id: UUID = to("clinic")
    appointment_type_id: UUID = to("appointment_type")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    status: AppointmentStatus = word(AppointmentStatus, default=AppointmentStatus.BOOKED)
    external_id: str | None = Field(default=None, unique=True)

    __table_args__ = (Index("ix_appointment_patient", "patient_id", "starts_at"),)
