"""Paperwork before a visit: reminding of what is still open, asking anew for what does not count that long any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, func, or_, select

from portal import dates
from portal.domain import reminders
from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.domain.reminders import Hours
from portal.domain.scheduling import OPEN
from portal.errors import NotFound
from portal.mails import Forms
from portal.models import (
    Appointment,
    AppointmentExtra,
    AppointmentType,
    AssignedForm,
    Clinic,
    FormTemplate,
    Notification,
    Patient,
    PatientStatus,
    Practice,
    ServiceForm,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries.expiring import Expiring, expiring, horizon
from portal.services import notify, paperwork
from portal.work import Work

#: Hours before the visit: time enough to sit down with a form, and between the visit's own reminders.
BEFORE = 48


@dataclass(frozen=True, slots=True)
class Due:
    """A visit whose open forms should be reminded of by now. `key` is the reminder's name for ever."""

    visit_id: UUID
    starts_at: datetime
    sending: Hours

    @property
    def key(self) -> str:
        """Another time of the visit is another reminder."""
        return f"forms-due:{self.visit_id}:{self.starts_at:%Y%m%dT%H%M}"


def due_now(work: Work) -> list[Due]:
    """The visits to remind of, the nearest first; none where the practice sends no reminders. Three statements.

    Whoever was asked for a form later than the reminder was due was told then, and is not reminded.
    """
    try:
        practice, now = work.practice(), work.now()
    except NotFound:
        return []  # a fresh installation
    if not practice.reminder_hours:
        return []
    found = []
    for row in work.rows(_OPEN, now=now, until=now + reminders.horizon([BEFORE])):
        sending = Hours.of(practice.sending_from, practice.sending_until, row.zone)
        if reminders.due(row.starts_at, row.asked_at, [BEFORE], sending, now) is not None:
            found.append(Due(row.id, row.starts_at, sending))
    done = _told(work, [one.key for one in found])
    return [one for one in found if one.key not in done]


def remind(work: Work, batch: Iterable[Due]) -> int:
    """Remind of these; returns how many. Left out: what was told, changed, or completed meanwhile."""
    work.hold("form-reminders")
    batch = list(batch)
    done, sent = _told(work, [one.key for one in batch]), 0
    for one in batch:
        visit = work.db.exec(
            select(Appointment)
            .where(Appointment.id == one.visit_id, col(Appointment.status).in_(OPEN))
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if visit is None or visit.starts_at != one.starts_at or one.key in done:
            continue
        count = sum(row.forms for row in work.rows(_OPEN_OF, visit=visit.id))
        if count:
            notify.forms_due(work, visit, Forms(count), one.key, str(one.sending))
            sent += 1
    return sent


def expired_before(work: Work) -> list[tuple[UUID, UUID]]:
    """Visits ahead, within the time in which a form counts as expiring, and the forms (templates) that they need and
    that were signed, but will not count any more on that day."""
    return [(row.id, row.template_id) for row in work.rows(_RUN_OUT, now=work.now(), until=horizon(work))]


def renew(work: Work, visit_id: UUID, template_id: UUID) -> UUID | None:
    """Ask anew for a form that will not count any more on the day of the visit; None when that is so no longer."""
    visit = work.db.exec(select(Appointment).where(Appointment.id == visit_id).with_for_update(key_share=True)).first()
    if visit is None or visit.status not in OPEN or paperwork.still_counts(work, visit, template_id):
        return None
    return paperwork.assign(work, visit.patient_id, template_id, visit.id)


def to_tell_of(work: Work) -> list[Expiring]:
    """Documents that expire soon, have no successor yet, and have not been told of."""
    soon = [one for one in expiring(work) if not one.waiting and one.until > work.now()]
    done = _told(work, [_expiry_key(one) for one in soon])
    return [one for one in soon if _expiry_key(one) not in done]


def tell_expiring(work: Work, one: Expiring) -> bool:
    """Put it into the patient's feed, once."""
    work.hold("form-reminders")
    if _told(work, [_expiry_key(one)]):
        return False
    practice = work.practice()
    until = dates.full_date(dates.local_day(one.until, ZoneInfo(practice.time_zone)), practice.locale)
    notify.form_expiring(work, work.get(AssignedForm, one.form_id), one.name, until, _expiry_key(one))
    return True


def _expiry_key(one: Expiring) -> str:
    return f"form-expiring:{one.form_id}"


def _told(work: Work, keys: list[str]) -> set[str | None]:
    if not keys:
        return set()
    return set(work.db.exec(select(Notification.key).where(col(Notification.key).in_(keys))).all())


# The tables by what they are here; typed loosely, as their columns are SQL and no values.
_form: Any = AssignedForm
_visit: Any = Appointment
_version: Any = TemplateVersion
_wanted: Any = ServiceForm
_its_type: Any = aliased(AppointmentType)
_extra: Any = aliased(AppointmentExtra)

# What the patient has still to do for a visit: its own forms, and those for no visit that are due by then.
_MINE = (_form.patient_id == _visit.patient_id) & or_(
    _form.appointment_id == _visit.id,
    _form.appointment_id.is_(None) & (_form.due_at <= _visit.starts_at),
)

_OPEN: Any = (
    columns(
        _visit.id,
        _visit.starts_at,
        func.coalesce(Clinic.time_zone, Practice.time_zone).label("zone"),
        func.max(_form.assigned_at).label("asked_at"),
    )
    .select_from(_visit)
    .join(_form, _MINE)
    .join(Patient, col(Patient.id) == _visit.patient_id)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == _visit.clinic_id)
    .where(
        _visit.starts_at > bindparam("now"),
        _visit.starts_at < bindparam("until"),
        _visit.status.in_(OPEN),
        _form.status == FormStatus.OPEN,
        Patient.status == PatientStatus.ACTIVE,
        col(Patient.deceased_at).is_(None),
    )
    .group_by(_visit.id, _visit.starts_at, Clinic.time_zone, Practice.time_zone)
    .order_by(_visit.starts_at, _visit.id)
)

_OPEN_OF = (
    columns(func.count().label("forms"))
    .select_from(_visit)
    .join(_form, _MINE)
    .where(_visit.id == bindparam("visit"), _form.status == FormStatus.OPEN)
)


def _form_of(*conditions: Any) -> Any:
    """Whether the patient has a form of the wanted template that is as the conditions say."""
    return exists().where(
        _form.patient_id == _visit.patient_id,
        _version.id == _form.version_id,
        _version.template_id == _wanted.template_id,
        *conditions,
    )


_COUNTED = _form.status == FormStatus.DONE
_RUN_OUT = (
    columns(_visit.id, _wanted.template_id)
    .select_from(_visit)
    .join(Patient, col(Patient.id) == _visit.patient_id)
    .join(
        _its_type,
        or_(
            _its_type.id == _visit.appointment_type_id,
            exists().where(_extra.appointment_id == _visit.id, _extra.appointment_type_id == _its_type.id),
        ),
    )
    .join(_wanted, _wanted.service_id == _its_type.service_id)
    .join(FormTemplate, col(FormTemplate.id) == _wanted.template_id)
    .where(
        _visit.starts_at > bindparam("now"),
        _visit.starts_at <= bindparam("until"),
        _visit.status.in_(OPEN),
        Patient.status == PatientStatus.ACTIVE,
        col(FormTemplate.active),
        _form_of(_COUNTED, _form.valid_until < _visit.starts_at),
        ~_form_of(_COUNTED, or_(_form.valid_until.is_(None), _form.valid_until >= _visit.starts_at)),
        ~_form_of(_form.status.in_(INCOMPLETE)),
    )
    .distinct()
)
