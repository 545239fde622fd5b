"""Paperwork looks after itself: reminded of once before a visit, asked for anew in time, told of before it expires."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.paperwork import FormStatus
from portal.jobs import forms
from portal.models import Appointment, AppointmentStatus, AssignedForm, Notification, Practice
from portal.models import db as database
from portal.queries.expiring import expiring, has_expiring
from portal.services import paperwork
from portal.work import SYSTEM
from tests.services.signed import sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.messages import feed, reachable, waiting

ZONE = ZoneInfo("America/Los_Angeles")
VISIT = datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)  # a Friday; the clock of the tests stands at 9:00 on Monday
DUE = VISIT - timedelta(days=2)
DAY = timedelta(days=1)


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        made = furnish(work)
        reachable(work, made.amelia)
        return made


def asked(open_as: OpenAs, clinic: TestClinic, at: datetime = VISIT, **rules: object) -> tuple[UUID, UUID]:
    """A visit and the form that it asks for."""
    with open_as(SYSTEM) as work:
        visit = clinic.visit(work, clinic.amelia, at)
        template = clinic.template(work, **rules)
        return visit, paperwork.assign(work, clinic.amelia.patient_id, template, visit)


def reminders(open_as: OpenAs) -> list[str]:
    with open_as(SYSTEM, write=False) as work:
        return [row.subject or "" for row in waiting(work, "email") if "still to complete" in (row.subject or "")]


def test_open_forms_are_reminded_of_once_two_days_before(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock
) -> None:
    asked(open_as, clinic)
    sent = []
    while clock.at < VISIT:
        if forms.care(clock):
            sent.append(clock.at.astimezone(ZONE))
        clock.advance(minutes=13)
    assert [f"{moment:%a %H}" for moment in sent] == ["Wed 10"]
    assert reminders(open_as) == ["1 form is still to complete before your visit on Friday"]
    with open_as(SYSTEM) as work:
        title, body, unread = feed(work, clinic.amelia.patient_id)[-1]
        assert (title, unread) == ("Forms to complete before your visit", True)
        assert body == "1 form is open for Fri, Nov 27 at 10:00 AM"
        message = next(row for row in waiting(work, "sms") if "still to complete" in (row.text or ""))
        assert message.expires_at == VISIT
        assert message.hours == "08:00-21:00 America/Los_Angeles"
        everything = " ".join(f"{row.subject} {row.text} {row.html}" for row in waiting(work))
        assert "Botox" not in everything
        assert "Neurotoxin" not in everything


@pytest.mark.parametrize("why", ["signed", "cancelled", "moved", "reminders off", "night", "asked late", "stale"])
def test_nobody_is_reminded_without_need(open_as: OpenAs, clinic: TestClinic, clock: FixedClock, why: str) -> None:
    if why == "asked late":
        clock.at = DUE + timedelta(minutes=5)
    visit_id, form_id = asked(open_as, clinic, VISIT.replace(hour=6) if why == "night" else VISIT)
    if why == "signed":
        sign_typed(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        visit = work.get(Appointment, visit_id)
        if why == "cancelled":
            visit.status = AppointmentStatus.CANCELLED
        if why == "moved":
            visit.starts_at += 7 * DAY
        if why == "reminders off":
            work.db.exec(select(Practice)).one().reminder_hours = []
    clock.at = DUE + timedelta(minutes=10)
    if why == "night":
        clock.at = DUE.replace(hour=6, minute=30)
    if why == "stale":
        clock.at = VISIT - timedelta(hours=20)
    assert forms.care(clock) == 0
    assert reminders(open_as) == []


def test_a_witness_who_is_missing_is_no_work_for_the_patient(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock
) -> None:
    _visit, form_id = asked(open_as, clinic, needs_witness=True)
    sign_typed(open_as, clinic.amelia, form_id)
    clock.at = DUE
    assert forms.care(clock) == 0


def test_what_runs_out_before_a_visit_is_asked_for_anew_and_once(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock
) -> None:
    """Booked while the form was still open for an earlier visit, so that nothing was asked for the later one."""
    _first, form_id = asked(open_as, clinic, valid_months=3)
    later = VISIT + 100 * DAY
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, later)
    sign_typed(open_as, clinic.amelia, form_id)
    clock.at = later - 40 * DAY
    assert forms.renew(clock) == 0, "there is time"
    clock.at = later - 20 * DAY
    assert forms.renew(clock) == 1
    assert forms.renew(clock) == 0
    with open_as(SYSTEM) as work:
        old, fresh = work.db.exec(select(AssignedForm).order_by(AssignedForm.id)).all()
        assert (old.status, fresh.status, fresh.due_at) == (FormStatus.DONE, FormStatus.OPEN, later)
        assert feed(work, clinic.amelia.patient_id)[-1][0] == "New form to complete"
    sign_typed(open_as, clinic.amelia, fresh.id)
    assert forms.renew(clock) == 0


def test_what_still_counts_on_the_day_is_not_asked_for_anew(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock
) -> None:
    _first, form_id = asked(open_as, clinic, valid_months=12)
    sign_typed(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, VISIT + 20 * DAY)
    assert forms.care(clock) == 0


def test_a_form_that_expires_soon_is_told_of_once(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    _visit, form_id = asked(open_as, clinic, valid_months=6)
    sign_typed(open_as, clinic.amelia, form_id)
    until = datetime(2027, 5, 23, 9, 0, tzinfo=ZONE)
    clock.at = until - 31 * DAY
    assert forms.tell_expiring(clock) == 0
    assert flagged(open_as, clinic) == set()
    clock.at = until - 29 * DAY
    assert forms.tell_expiring(clock) == 1
    assert forms.tell_expiring(clock) == 0
    assert flagged(open_as, clinic) == {clinic.amelia.patient_id}
    with open_as(SYSTEM) as work:
        assert feed(work, clinic.amelia.patient_id)[-1] == (
            "A form expires soon",
            "Neurotoxin Treatment Consent counts until May 23, 2027",
            True,
        )
    clock.at = until + DAY
    assert flagged(open_as, clinic) == {clinic.amelia.patient_id}, "expired counts as well"
    assert forms.tell_expiring(clock) == 0


def test_a_successor_takes_the_timer_away(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    _visit, form_id = asked(open_as, clinic, valid_months=6)
    sign_typed(open_as, clinic.amelia, form_id)
    clock.at = datetime(2027, 5, 10, 9, 0, tzinfo=ZONE)
    with open_as(SYSTEM) as work:
        template = templates_of(work, form_id)
        fresh = paperwork.assign(work, clinic.amelia.patient_id, template)
        assert expiring(work, clinic.amelia.patient_id)[0].waiting
    assert forms.tell_expiring(clock) == 0, "she is asked already"
    assert flagged(open_as, clinic) == {clinic.amelia.patient_id}
    sign_typed(open_as, clinic.amelia, fresh)
    assert flagged(open_as, clinic) == set()


def test_the_practice_says_what_soon_is(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    _visit, form_id = asked(open_as, clinic, valid_months=6)
    sign_typed(open_as, clinic.amelia, form_id)
    clock.at = datetime(2027, 3, 1, 9, 0, tzinfo=ZONE)
    assert flagged(open_as, clinic) == set()
    with open_as(SYSTEM) as work:
        work.db.exec(select(Practice)).one().expiring_days = 120
    assert flagged(open_as, clinic) == {clinic.amelia.patient_id}


@pytest.mark.parametrize("why", ["retired", "for each visit"])
def test_what_nobody_needs_any_more_has_no_timer(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, why: str
) -> None:
    _visit, form_id = asked(open_as, clinic, valid_months=6, per_visit=why == "for each visit")
    sign_typed(open_as, clinic.amelia, form_id)
    if why == "retired":
        from portal.models import FormTemplate

        with open_as(SYSTEM) as work:
            work.get(FormTemplate, templates_of(work, form_id)).active = False
    clock.at = datetime(2027, 5, 10, 9, 0, tzinfo=ZONE)
    assert flagged(open_as, clinic) == set()


def test_one_that_fails_stops_no_other(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("A", "B"):
        with open_as(SYSTEM) as work:
            form_id = paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work, name, valid_months=1))
        sign_typed(open_as, clinic.amelia, form_id)
    real = forms.forms_ahead.tell_expiring
    monkeypatch.setattr(
        forms.forms_ahead, "tell_expiring", lambda work, one: 1 / 0 if one.name == "A" else real(work, one)
    )
    clock.advance(days=20)
    assert forms.tell_expiring(clock) == 1
    with pytest.raises(ZeroDivisionError):
        forms.tell_expiring(clock)
    with open_as(SYSTEM) as work:
        keys = [key for key in work.db.exec(select(Notification.key)).all() if key]
        assert len(keys) == 1


def test_a_fresh_installation_is_quiet(
    engine: Engine, open_as: OpenAs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)
    assert forms.care(clock) == 0


def flagged(open_as: OpenAs, clinic: TestClinic) -> set[UUID]:
    with open_as(SYSTEM, write=False) as work:
        return has_expiring(work, [clinic.amelia.patient_id, clinic.rosa.patient_id])


def templates_of(work, form_id: UUID) -> UUID:
    from portal.models import TemplateVersion

    return work.get(TemplateVersion, work.get(AssignedForm, form_id).version_id).template_id
