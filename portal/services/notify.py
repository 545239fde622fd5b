"""The one place where a fact becomes notifications: to the patient, and to the practice."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import dates, routes
from portal.models import Appointment, Clinic, Invoice, Notification, Practice, PracticeNotice
from portal.work import Work


def visit_booked(work: Work, visit: Appointment) -> None:
    """A visit was booked for the patient."""
    _feed(work, visit, "appointment.booked", "New appointment booked")


def visit_moved(work: Work, visit: Appointment, before: datetime) -> None:
    """A visit has another time, by the patient or by the practice; it was at `before`."""
    _feed(work, visit, "appointment.changed", "Your appointment has a new time")
    _practice(work, visit, "appointment.changed", "Appointment moved")


def visit_confirmed(work: Work, visit: Appointment) -> None:
    """The patient confirmed a visit."""
    _practice(work, visit, "appointment.confirmed", "Appointment confirmed")


def visit_cancelled(work: Work, visit: Appointment) -> None:
    """A visit was cancelled, by the patient (who may still undo it) or by the practice."""
    _feed(work, visit, "appointment.cancelled", "Your appointment is cancelled")
    _practice(work, visit, "appointment.cancelled", "Appointment cancelled")


def cancel_undone(work: Work, visit: Appointment) -> None:
    """The patient took the cancellation back in time."""
    _practice(work, visit, "appointment.restored", "Cancellation taken back")


def cancel_settled(work: Work, visit: Appointment, invoice: Invoice | None) -> None:
    """The time for undo is over; `invoice` is the late fee where there is one."""


def _feed(work: Work, visit: Appointment, kind: str, title: str) -> None:
    work.add(
        Notification(
            patient_id=visit.patient_id,
            kind=kind,
            title=title,
            body=f"{visit.title} on {_when(work, visit)}",
            href=routes.appointment(str(visit.id)),
            created_at=work.now(),
            read_at=work.now() if work.actor.is_patient else None,
        )
    )
    work.changed(visit.patient_id, "notifications")


def _practice(work: Work, visit: Appointment, kind: str, title: str) -> None:
    body = f"{visit.title} on {_when(work, visit)}"
    work.add(
        PracticeNotice(
            kind=kind,
            title=title,
            body=body,
            patient_id=visit.patient_id,
            appointment_id=visit.id,
            created_at=work.now(),
        )
    )
    work.changed(None, "practice")


def _when(work: Work, visit: Appointment) -> str:
    zone = ZoneInfo(_zone(work, visit.clinic_id))
    return f"{dates.short_day(dates.local_day(visit.starts_at, zone))} at {dates.clock_time(visit.starts_at, zone)}"


def _zone(work: Work, clinic_id: UUID | None) -> str:
    clinic = work.db.get(Clinic, clinic_id) if clinic_id else None
    return clinic.time_zone if clinic else work.db.query(Practice).first().time_zone  # type: ignore[union-attr]
