"""What every screen that shows a visit reads alike: the columns, the rules that hold, the words."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal.domain import scheduling
from portal.domain.scheduling import UPCOMING, Offers, Rules
from portal.models import Appointment, AppointmentType, Clinic, Patient, Practice, Staff
from portal.models.db import columns

#: What was booked, in the words of that day.
TITLE = func.coalesce(func.nullif(Appointment.title, ""), AppointmentType.name, "Visit").label("title")
#: The zone in which the visit takes place.
ZONE = func.coalesce(Clinic.time_zone, Practice.time_zone).label("zone")
#: What `rules_of` reads. All None for a visit whose kind is not known, as an older system leaves them.
RULES = (
    col(AppointmentType.patient_may_confirm),
    col(AppointmentType.patient_may_move),
    col(AppointmentType.patient_may_cancel),
    col(AppointmentType.confirm_until_minutes),
    col(AppointmentType.move_until_minutes),
    col(AppointmentType.cancel_until_minutes),
    col(AppointmentType.late_within_minutes),
    col(AppointmentType.late_fee_cents),
    col(AppointmentType.rule_note),
)
PROVIDER = (col(Staff.first_name), col(Staff.last_name), col(Staff.credentials))


def visits_with(*wanted: Any) -> Any:
    """A select of visits with these columns, of theirs, of the patient's, the practice's, and of the kind, provider and
    clinic, which an older system may have left open."""
    return (
        columns(*wanted)
        .select_from(Appointment)
        .join(Patient, col(Patient.id) == Appointment.patient_id)
        .join(Practice, col(Practice.id) == Patient.practice_id)
        .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
        .outerjoin(Staff, col(Staff.id) == Appointment.provider_id)
        .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
    )


def rules_of(kind: Any) -> Rules:
    """The rules of an `AppointmentType`, or of a row with `RULES`; where it is not known, the visit is the practice's
    alone to change."""
    if kind is None or kind.patient_may_confirm is None:
        return Rules(may_confirm=False, may_move=False, may_cancel=False)
    return Rules(
        may_confirm=kind.patient_may_confirm,
        may_move=kind.patient_may_move,
        may_cancel=kind.patient_may_cancel,
        confirm_until=timedelta(minutes=kind.confirm_until_minutes),
        move_until=timedelta(minutes=kind.move_until_minutes),
        cancel_until=timedelta(minutes=kind.cancel_until_minutes),
        late_within=timedelta(minutes=kind.late_within_minutes),
        late_fee_cents=kind.late_fee_cents,
        note=kind.rule_note,
    )


def offers_of(row: Any, now: datetime) -> Offers:
    """What the patient may do with the visit now."""
    return scheduling.offers(rules_of(row), row.status, row.starts_at, now)


def version(visit: Any) -> str:
    """What changes with everything that happens to a visit."""
    return f"{visit.sequence}:{visit.status.value}"


def provider_of(row: Any) -> str:
    """“Naomi Reyes, NP”; empty where nobody is named."""
    if row.first_name is None:
        return ""
    return f"{row.first_name} {row.last_name}" + (f", {row.credentials}" if row.credentials else "")


def zone_of(row: Any) -> ZoneInfo:
    """Where the visit takes place."""
    return ZoneInfo(row.zone)


def minutes_of(row: Any) -> int:
    """How long the visit is."""
    return int((row.ends_at - row.starts_at).total_seconds() // 60)


def upcoming(statement: Any) -> Any:
    """Of a select of visits, the signed-in patient's that are still to come or under way, the next one first."""
    return statement.where(
        Appointment.patient_id == bindparam("patient"),
        col(Appointment.status).in_(UPCOMING),
        Appointment.ends_at > bindparam("now"),
    ).order_by(col(Appointment.starts_at), col(Appointment.id))
