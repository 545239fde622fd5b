"""A practice with a book of visits: hours, rules, and people to book for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal.models import Appointment, AppointmentTick, AppointmentType, AssignedForm, Service
from portal.services import appointments, schedule
from portal.work import Actor, Work
from tests.support.clinic import TestClinic, furnish

PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass
class Book:
    """The small clinic, with a provider who works from nine to twelve and from one to five on weekdays.

    Its Botox visits take 45 minutes and a buffer of 15; cancelling within a day costs 50 dollars.
    """

    clinic: TestClinic

    @property
    def amelia(self) -> Actor:
        """The patient whose visits these are."""
        return self.clinic.amelia

    @property
    def rosa(self) -> Actor:
        """Another patient."""
        return self.clinic.rosa

    def visit(self, work: Work, at: datetime, who: Actor | None = None, **more: Any) -> UUID:
        """Book a visit."""
        patient_id = (who or self.amelia).patient_id
        assert patient_id is not None
        return appointments.book(
            work,
            patient_id=patient_id,
            provider_id=self.clinic.provider_id,
            clinic_id=self.clinic.clinic_id,
            appointment_type_id=self.clinic.type_id,
            starts_at=at,
            **more,
        )

    def change(self, work: Work, **rules: Any) -> None:
        """Change how the type is booked."""
        schedule.change_type(work, self.clinic.type_id, **rules)

    def further(self, work: Work, name: str, minutes: int, buffer_minutes: int = 0) -> UUID:
        """A further appointment type, with a service of its own."""
        service = work.add(Service(practice_id=self.clinic.practice_id, name=name))
        kind = AppointmentType(service_id=service.id, name=name, minutes=minutes, buffer_minutes=buffer_minutes)
        return work.add(kind).id


def open_book(work: Work) -> Book:
    """Furnish an empty database."""
    book = Book(furnish(work))
    spans = [("09:00", "12:00"), ("13:00", "17:00")]
    schedule.set_hours(work, book.clinic.provider_id, book.clinic.clinic_id, dict.fromkeys(range(5), spans))
    book.change(work, buffer_minutes=15, late_fee_cents=5000)
    return book


def moment(day: str, clock: str) -> datetime:
    """An instant by the clinic's clock."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PACIFIC).astimezone(UTC)


def held(work: Work, visit_id: UUID) -> list[datetime]:
    """The five-minute steps that a visit holds, as instants."""
    rows = work.db.exec(
        select(AppointmentTick.tick)
        .where(AppointmentTick.appointment_id == visit_id)
        .order_by(col(AppointmentTick.tick))
    ).all()
    return [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * tick) for tick in rows]


def forms(work: Work, visit_id: UUID) -> Sequence[str]:
    """How the forms of a visit stand."""
    query = select(AssignedForm.status).where(AssignedForm.appointment_id == visit_id)
    return work.db.exec(query.order_by(col(AssignedForm.id))).all()


def visits(work: Work) -> Sequence[Appointment]:
    """All visits, by time."""
    return work.db.exec(select(Appointment).order_by(col(Appointment.starts_at))).all()
