"""Signed forms that count for few days more, or no longer.

What a newer signature of the same form replaced is left out, and so is what each visit asks for anew.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.models import AssignedForm, FormTemplate, Patient, Practice, TemplateVersion
from portal.models.db import columns
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Expiring:
    """A form that counts until `until`; `waiting` says that a fresh one is asked for already."""

    form_id: UUID
    patient_id: UUID
    name: str
    until: datetime
    waiting: bool


def has_expiring(work: Work, patient_ids: Collection[UUID]) -> set[UUID]:
    """Those of the patients who have a document that is expired or expires soon: the red timer. Two statements."""
    ids = list(patient_ids)
    if not ids:
        return set()
    return set(work.rows(_WHOSE, until=horizon(work), patients=ids).scalars())


def expiring(work: Work, patient_id: UUID | None = None) -> list[Expiring]:
    """Every such document, of one patient or of all who are active, the oldest first. Two statements."""
    rows = work.rows(_ALL, until=horizon(work))
    found = [Expiring(*row) for row in rows]
    return [one for one in found if patient_id is None or one.patient_id == patient_id]


def horizon(work: Work) -> datetime:
    """Until when a form has to count that does not expire soon; now on a fresh installation."""
    days = work.db.exec(select(Practice.expiring_days)).first()
    return work.now() + timedelta(days=days or 0)


# Typed loosely: their columns are SQL and no values.
_form: Any = AssignedForm
_version: Any = TemplateVersion
_later: Any = aliased(AssignedForm)
_its_version: Any = aliased(TemplateVersion)


def _another(*conditions: Any) -> Any:
    """Whether the patient has another form of the same template that is as the conditions say."""
    return exists().where(
        _later.patient_id == _form.patient_id,
        _later.id != _form.id,
        _its_version.id == _later.version_id,
        _its_version.template_id == _version.template_id,
        *conditions,
    )


_REPLACED = _another(
    _later.status == FormStatus.DONE,
    or_(_later.valid_until.is_(None), _later.valid_until > _form.valid_until),
)
_WAITING = _another(_later.status.in_(INCOMPLETE))

_EXPIRING = (
    _form.status == FormStatus.DONE,
    _form.valid_until <= bindparam("until"),
    col(FormTemplate.active),
    ~_version.per_visit,
    ~_REPLACED,
)


def expiring_forms(work: Work) -> Any:
    """The ids of all such documents, as a select for a larger one. One statement."""
    return _EVERYBODYS.with_only_columns(_form.id).params(until=horizon(work))


def has_expiring_form(patient_id: Any, until: datetime) -> Any:
    """Whether the patient of a row (its column) has such a document, as a condition; `until` is the `horizon`."""
    return _EVERYBODYS.where(_form.patient_id == patient_id).params(until=until).exists()


def may_expire(until: datetime) -> Any:
    """The ids of patients with any form that ran out by then, replaced or not: no fewer, found at once."""
    return columns(_form.patient_id).where(_form.status == FormStatus.DONE, _form.valid_until <= until)


_EVERYBODYS = (
    columns(_form.patient_id)
    .select_from(_form)
    .join(_version, _version.id == _form.version_id)
    .join(FormTemplate, col(FormTemplate.id) == _version.template_id)
    .where(*_EXPIRING)
)

_WHOSE = (
    columns(_form.patient_id)
    .select_from(_form)
    .join(_version, _version.id == _form.version_id)
    .join(FormTemplate, col(FormTemplate.id) == _version.template_id)
    .where(_form.patient_id.in_(bindparam("patients", expanding=True)), *_EXPIRING)
    .distinct()
)

_ALL = (
    columns(_form.id, _form.patient_id, FormTemplate.name, _form.valid_until, _WAITING)
    .select_from(_form)
    .join(_version, _version.id == _form.version_id)
    .join(FormTemplate, col(FormTemplate.id) == _version.template_id)
    .join(Patient, col(Patient.id) == _form.patient_id)
    .where(Patient.status == "active", col(Patient.deceased_at).is_(None), *_EXPIRING)
    .order_by(_form.valid_until, _form.id)
)
