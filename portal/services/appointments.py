"""Visits: booked, confirmed, moved, cancelled, kept or missed.

Patients do this with their own visits, as the rules of the appointment type allow; staff and the system with any visit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import select

from portal import dates
from portal.domain import scheduling
from portal.domain.access import Privilege
from portal.domain.free_time import Visit
from portal.domain.scheduling import AppointmentStatus, Rules
from portal.errors import Conflict, Invalid, NotFound
from portal.models import (
    Appointment,
    AppointmentExtra,
    AppointmentType,
    Clinic,
    Patient,
    PatientStatus,
    Practice,
    Staff,
)
from portal.queries import visits
from portal.services import invoices, notify, paperwork, visit_forms, visit_time
from portal.work import Work

TAKEN = visit_time.TAKEN
LONGEST_NOTE = 500
MOST_EXTRAS = 5


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The time of the visit, what its cancellation costs, in cents, and until when (UTC) whoever made it can take it
    back; None for not at all."""

    starts_at: datetime
    fee_cents: int
    undo_until: datetime | None


def book(
    work: Work,
    *,
    patient_id: UUID,
    provider_id: UUID,
    clinic_id: UUID,
    appointment_type_id: UUID,
    starts_at: datetime,
    extra_type_ids: Sequence[UUID] = (),
    outside_hours: bool = False,
    title: str = "",
) -> UUID:
    """Book a visit for a patient and ask for the forms of what is booked; for staff.

    The visit is as long as its type and the extras together; `title` is what it is called unless by their names.
    `Conflict` for a time that is taken, for one that has passed, is outside the provider's hours or in time off (unless
    `outside_hours`), and where patient, provider, clinic or type are not in use.
    """
    work.require(Privilege.VISITS_MANAGE)
    visit_time.open_book(work)
    patient, provider, clinic = work.get(Patient, patient_id), work.get(Staff, provider_id), work.get(Clinic, clinic_id)
    kinds = [work.get(AppointmentType, type_id) for type_id in (appointment_type_id, *extra_type_ids)]
    _require_in_use(patient, provider, clinic, kinds)
    fits = Visit(sum(kind.minutes for kind in kinds), max(kind.buffer_minutes for kind in kinds))
    visit_time.require_aligned(starts_at)
    if not outside_hours:
        visit_time.require_hours(work, provider.id, clinic, fits, starts_at)
    visit = Appointment(
        patient_id=patient.id,
        provider_id=provider.id,
        clinic_id=clinic.id,
        appointment_type_id=kinds[0].id,
        title=title or _joined([kind.name for kind in kinds]),
        starts_at=starts_at,
        ends_at=fits.ends(starts_at),
        buffer_minutes=fits.buffer_minutes,
        booked_at=work.now(),
    )
    with work.db.begin_nested():
        work.add(visit)
        for kind in kinds[1:]:
            work.add(AppointmentExtra(appointment_id=visit.id, appointment_type_id=kind.id))
        visit_time.take(work, visit, starts_at)
    work.audit("appointment.booked", visit)
    paperwork.assign_for_appointment(work, visit.id)
    notify.visit_booked(work, visit)
    work.changed(visit.patient_id, "visits", "forms")
    work.changed(None, "schedule")
    return visit.id


def require_unchanged(work: Work, visit_id: UUID, seen: str) -> None:
    """`Conflict` unless the visit is still as somebody saw it (`queries.visits.version`): for staff, who act on what is
    on their screen. Nobody changes it until the end of this transaction."""
    if visits.version(visit := _visit(work, visit_id)) == seen:
        return
    words = scheduling.LABELS[visit.status].lower()
    at, zone = visit.starts_at, _zone(work, visit)
    locale = work.practice().locale
    when = f"{dates.short_day(dates.local_day(at, zone), locale)} at {dates.clock_time(at, zone, locale)}"
    raise Conflict(f"This visit has just been changed: it is now {words}, on {when}. Please look again.")


def confirm(work: Work, visit_id: UUID) -> None:
    """Say that the patient will come. Once it is confirmed, asking again changes nothing. `Conflict` says why not."""
    visit = _visit(work, visit_id)
    if visit.status is AppointmentStatus.CONFIRMED:
        return
    if work.actor.is_patient:
        rules = _rules(work, visit)
        asked = (rules, visit.status, visit.starts_at, work.now())
        if not scheduling.offers(*asked).confirm:
            raise Conflict(scheduling.why_not_confirm(*asked))
    visit.status = scheduling.become(visit.status, AppointmentStatus.CONFIRMED)
    visit.confirmed_at = work.now()
    _done(work, visit, "appointment.confirmed")
    notify.visit_confirmed(work, visit)


def reschedule(work: Work, visit_id: UUID, starts_at: datetime, *, outside_hours: bool = False) -> None:
    """Give a visit another time, of the same length, with the same provider, at the same clinic; it then waits to be
    confirmed again. For a patient it must be one of the free times (`queries.slots`).

    `Conflict` when the time is taken or the visit cannot be moved; it says why.
    """
    visit_time.open_book(work)
    visit = _visit(work, visit_id)
    before, by_patient = visit.starts_at, work.actor.is_patient
    if by_patient:
        offers = scheduling.offers(_rules(work, visit), visit.status, visit.starts_at, work.now())
        if not offers.move and offers.why_not:
            raise Conflict(offers.why_not)
        if visit.sequence >= scheduling.MOST_CHANGES:
            raise Conflict("This visit was changed many times already. Please call us, and we will move it.")
        work.hold(f"visits:{visit.patient_id}")  # two visits of one patient are not moved to the same time at once
    moved = scheduling.become(visit.status, AppointmentStatus.BOOKED)
    if starts_at == before:
        raise Conflict("That is the time of your visit now." if by_patient else "That is the time of the visit now.")
    visit_time.require_aligned(starts_at)
    if by_patient:
        visit_time.require_free(work, visit, starts_at)
    elif visit.provider_id is None or visit.clinic_id is None:
        raise Conflict("This visit comes from an older system and has no provider: it cannot be moved.")
    elif not outside_hours:
        visit_time.require_hours(
            work, visit.provider_id, work.get(Clinic, visit.clinic_id), visit_time.fits(visit), starts_at
        )
    visit_time.take(work, visit, starts_at)
    rules, now = _rules(work, visit), work.now()
    kept = scheduling.late_fee(rules, before, now, visit.kept_fee_cents, free=visit.free_to_cancel)
    visit.kept_fee_cents = kept if by_patient else 0
    visit.free_to_cancel = not by_patient and scheduling.too_near(rules, starts_at, now)
    visit.ends_at = starts_at + (visit.ends_at - before)
    visit.starts_at = starts_at
    visit.status, visit.confirmed_at, visit.booked_at = moved, None, now
    visit.sequence += 1
    _done(work, visit, "appointment.moved", was=before.isoformat())
    visit_forms.follow(work, visit, before)
    notify.visit_moved(work, visit, before)


def cancel(work: Work, visit_id: UUID, reason: str, note: str = "", *, charge: bool = False) -> Cancelled:
    """Cancel a visit. For five minutes it can be taken back and its time stays held; then `settle` ends it.

    A patient pays the type's late fee when it applies; with `charge`, so does a cancellation by staff. Asking again
    within the five minutes changes nothing. `Invalid` for a reason that the practice does not list; `Conflict` when it
    cannot be cancelled, saying why.
    """
    visit = _visit(work, visit_id)
    now = work.now()
    if visit.status is AppointmentStatus.CANCELLED and scheduling.can_undo(visit.cancelled_at, visit.settled_at, now):
        return _cancelled(work, visit, visit.cancelled_at or now)
    rules, by_patient = _rules(work, visit), work.actor.is_patient
    if by_patient:
        offers = scheduling.offers(rules, visit.status, visit.starts_at, now)
        if not offers.cancel and offers.why_not:
            raise Conflict(offers.why_not)
    cancelled = scheduling.become(visit.status, AppointmentStatus.CANCELLED)
    reason, note = _reason(work, reason), _note(note)
    former, visit.status = visit.status, cancelled
    visit.cancel_reason, visit.cancel_note = reason, note
    visit.cancelled_from, visit.cancelled_at = former.value, now
    visit.cancelled_by = "patient" if by_patient else "practice"
    fee = scheduling.late_fee(rules, visit.starts_at, now, visit.kept_fee_cents, free=visit.free_to_cancel)
    visit.late_fee_cents = fee if by_patient or charge else 0
    visit.sequence += 1
    _done(work, visit, "appointment.cancelled", fee=visit.late_fee_cents)
    notify.visit_cancelled(work, visit)
    return _cancelled(work, visit, now)


def undo_cancel(work: Work, visit_id: UUID) -> None:
    """Take a cancellation back: the visit is as it was. `Conflict` once the five minutes are over, and for a patient
    when it was the practice that cancelled, when it has been done often, or when another visit has been moved there."""
    visit, by_patient = _visit(work, visit_id), work.actor.is_patient
    if visit.status is not AppointmentStatus.CANCELLED:
        raise Conflict("This visit is not cancelled.")
    if by_patient and visit.cancelled_by != "patient":
        raise Conflict("The practice has cancelled this visit. Please call us for another time.")
    if not scheduling.can_undo(visit.cancelled_at, visit.settled_at, work.now()):
        raise Conflict("The 5 minutes to undo this are over. Please call us, and we will help.")
    if by_patient:
        if visit.undone >= scheduling.MOST_UNDOS:
            raise Conflict(f"You have undone this {scheduling.MOST_UNDOS} times. Please call us, and we will help.")
        work.hold(f"visits:{visit.patient_id}")
        if visit_time.meets_another(work, visit):
            raise Conflict("You have another visit at that time now. Please call us, and we will help.")
        visit.undone += 1
    visit.status = AppointmentStatus(visit.cancelled_from)
    visit.cancelled_from = visit.cancelled_by = visit.cancel_reason = visit.cancel_note = ""
    visit.cancelled_at, visit.late_fee_cents = None, 0
    visit.sequence += 1
    _done(work, visit, "appointment.restored")
    notify.cancel_undone(work, visit)


def settle(work: Work, visit_id: UUID) -> bool:
    """End a cancellation that can no longer be taken back: its time is free again, its fee becomes an invoice, its
    unsigned forms are void. False when there is nothing to end; safe to ask twice."""
    visit = _by_staff(work, visit_id)
    now = work.now()
    if visit.status is not AppointmentStatus.CANCELLED or visit.cancelled_at is None or visit.settled_at is not None:
        return False
    if scheduling.can_undo(visit.cancelled_at, visit.settled_at, now):
        return False
    visit.settled_at = now
    visit_time.give_back(work, visit)
    invoice = None
    if visit.late_fee_cents:
        line = invoices.Line(f"Late cancellation, {visit.title}", visit.late_fee_cents)
        invoice = invoices.issue(work, visit.patient_id, "Late cancellation", [line], visit.id)
    visit_forms.let_go(work, visit, "The visit was cancelled")
    _done(work, visit, "appointment.settled", fee=visit.late_fee_cents)
    notify.cancel_settled(work, visit, invoice)
    return True


def check_in(work: Work, visit_id: UUID) -> None:
    """The patient is here. `Conflict` on another day than the visit's."""
    visit = _by_staff(work, visit_id)
    zone = _zone(work, visit)
    if dates.local_day(work.now(), zone) != dates.local_day(visit.starts_at, zone):
        raise Conflict("Patients are checked in on the day of their visit.")
    visit.status = scheduling.become(visit.status, AppointmentStatus.CHECKED_IN)
    _done(work, visit, "appointment.checked_in")


def complete(work: Work, visit_id: UUID) -> None:
    """The visit took place; also the correction of a no-show. `Conflict` before its time, and for a cancelled visit."""
    _after_its_start(work, visit_id, AppointmentStatus.COMPLETED, "appointment.completed")


def no_show(work: Work, visit_id: UUID) -> None:
    """The patient did not come. `Conflict` before the visit's time, and once it was checked in."""
    _after_its_start(work, visit_id, AppointmentStatus.NO_SHOW, "appointment.no_show")


def _after_its_start(work: Work, visit_id: UUID, status: AppointmentStatus, action: str) -> None:
    visit = _by_staff(work, visit_id)
    wanted = scheduling.become(visit.status, status)
    if work.now() < visit.starts_at:
        raise Conflict("The time of this visit has not come yet.")
    visit.status = wanted
    _done(work, visit, action)


def _visit(work: Work, visit_id: UUID) -> Appointment:
    """The visit, locked: the patient's own, any for staff."""
    if work.actor.is_patient:
        return work.own(Appointment, visit_id)
    work.require(Privilege.VISITS_MANAGE)
    query = select(Appointment).where(Appointment.id == visit_id).with_for_update(key_share=True)
    visit = work.db.exec(query.execution_options(populate_existing=True)).first()
    if visit is None:
        raise NotFound
    return visit


def _by_staff(work: Work, visit_id: UUID) -> Appointment:
    work.require(Privilege.VISITS_MANAGE)
    return _visit(work, visit_id)


def _rules(work: Work, visit: Appointment) -> Rules:
    kind = work.db.get(AppointmentType, visit.appointment_type_id) if visit.appointment_type_id else None
    return visits.rules_of(kind)


def _require_in_use(patient: Patient, provider: Staff, clinic: Clinic, kinds: Sequence[AppointmentType]) -> None:
    if patient.status is not PatientStatus.ACTIVE or patient.deceased_at is not None:
        raise Conflict(f"{patient.first_name} {patient.last_name} is inactive: no visit can be booked.")
    if not provider.active:
        raise Conflict(f"{provider.display_name} does not work here any more.")
    if not clinic.active:
        raise Conflict(f"{clinic.name} is closed.")
    if len(kinds) > 1 + MOST_EXTRAS or len({kind.id for kind in kinds}) < len(kinds):
        raise Conflict(f"A visit has at most {MOST_EXTRAS} further services, each once.")
    for kind in kinds:
        if not kind.active:
            raise Conflict(f"“{kind.name}” is not offered any more.")


def _zone(work: Work, visit: Appointment) -> ZoneInfo:
    if visit.clinic_id is not None:
        return ZoneInfo(work.get(Clinic, visit.clinic_id).time_zone)
    return ZoneInfo(_practice(work, visit).time_zone)


def _practice(work: Work, visit: Appointment) -> Practice:
    return work.get(Practice, work.get(Patient, visit.patient_id).practice_id)


def _reason(work: Work, reason: str) -> str:
    practice = work.practice()
    if reason not in practice.cancel_reasons:
        raise Invalid({"reason": "Choose one of the reasons."})
    return reason


def _note(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": f"Keep the note to {LONGEST_NOTE} characters."})
    return note


def _cancelled(work: Work, visit: Appointment, at: datetime) -> Cancelled:
    final = work.actor.is_patient and (visit.undone >= scheduling.MOST_UNDOS or visit.cancelled_by != "patient")
    return Cancelled(visit.starts_at, visit.late_fee_cents, None if final else at + scheduling.UNDO)


def _done(work: Work, visit: Appointment, action: str, **detail: Any) -> None:
    work.db.flush()
    work.audit(action, visit, **detail)
    work.changed(visit.patient_id, "visits")
    work.changed(None, "schedule")


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
