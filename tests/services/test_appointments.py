"""Visits: what happens to their time, their forms, their fee, and who may do it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.scheduling import AppointmentStatus
from portal.errors import Conflict, Denied, Invalid, NotFound, PortalError
from portal.ids import uuid7
from portal.models import (
    Appointment,
    AppointmentTick,
    AppointmentType,
    AssignedForm,
    AuditEvent,
    Clinic,
    FormStatus,
    Invoice,
    InvoiceLine,
    LiveChange,
    Patient,
    PatientStatus,
    Role,
    Staff,
)
from portal.queries import appointments as pages
from portal.queries.cancelling import cancel_terms
from portal.services import appointments, paperwork, schedule, templates
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.services.signed import sign_typed
from tests.support.book import Book, forms, held, moment, open_book, visits
from tests.support.clinic import OpenAs

DAY = "2026-12-02"  # a Wednesday; the clock stands at nine in the morning of November 23
AT = moment(DAY, "10:30")
LATER = moment(DAY, "14:00")
TAKEN = "That time has just been taken"


@pytest.fixture
def book(open_as: OpenAs) -> Book:
    """A practice with a book."""
    with open_as(SYSTEM) as work:
        return open_book(work)


@pytest.fixture
def visit(book: Book, open_as: OpenAs) -> UUID:
    """Amelia's visit."""
    with open_as(SYSTEM) as work:
        return book.visit(work, AT)


def status(work: Work, visit_id: UUID) -> AppointmentStatus:
    return work.get(Appointment, visit_id).status


# Booking


def test_a_visit_holds_its_time_and_its_buffer(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit_id = book.visit(work, AT)
        visit = work.get(Appointment, visit_id)
        assert (visit.title, visit.status, visit.booked_at) == (
            "Botox, forehead and glabella", AppointmentStatus.BOOKED, work.now(),
        )  # fmt: skip
        assert visit.ends_at - visit.starts_at == timedelta(minutes=45)
        assert held(work, visit_id) == [AT + timedelta(minutes=5 * number) for number in range(12)]
        assert (
            work.db.exec(select(AuditEvent).where(AuditEvent.action == "appointment.booked")).one().subject_id
            == visit_id
        )
    with open_as(SYSTEM) as work:
        topics = work.db.exec(select(LiveChange.topics).where(LiveChange.patient_id == book.amelia.patient_id)).all()
        assert any("visits" in words for words in topics)


@pytest.mark.parametrize(
    ("minutes", "free"), [(-60, True), (-55, False), (0, False), (45, False), (55, False), (60, True)]
)
def test_nothing_overlaps_not_even_a_buffer(book: Book, open_as: OpenAs, visit: UUID, minutes: int, free: bool) -> None:
    at = AT + timedelta(minutes=minutes)
    with open_as(SYSTEM) as work:
        if free:
            assert book.visit(work, at, book.rosa, outside_hours=True)
            return
        with pytest.raises(Conflict, match=TAKEN):
            book.visit(work, at, book.rosa, outside_hours=True)
        assert [row.id for row in visits(work)] == [visit]  # a caller may go on: nothing is left behind
    with open_as(SYSTEM) as work:
        assert len(work.db.exec(select(AppointmentTick)).all()) == 12


def test_extras_make_it_longer_and_ask_for_their_forms(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        filler, peel = book.further(work, "Filler", 60, 30), book.further(work, "Peel", 20)
        both = templates.create(work, book.clinic.practice_id, "Filler Consent")
        templates.publish(work, both, "## Text\n\n{{ patient }}")
        templates.ask_for(work, work.get(AppointmentType, filler).service_id, both)
        visit_id = book.visit(work, moment(DAY, "13:00"), extra_type_ids=(filler, peel))
        visit = work.get(Appointment, visit_id)
        assert visit.title == "Botox, forehead and glabella, Filler and Peel"
        assert (visit.ends_at - visit.starts_at, visit.buffer_minutes) == (timedelta(minutes=125), 30)
        assert len(held(work, visit_id)) == 31
        assert forms(work, visit_id) == [FormStatus.OPEN]
        with pytest.raises(Conflict, match="each once"):
            book.visit(work, AT, extra_type_ids=(filler, filler))


def test_booking_keeps_to_the_hours_unless_it_is_meant(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        schedule.add_time_off(work, moment(DAY, "15:00"), moment(DAY, "16:00"), provider_id=book.clinic.provider_id)
        for clock in ("08:45", "11:30", "16:30"):
            with pytest.raises(Conflict, match="outside the provider's hours"):
                book.visit(work, moment(DAY, clock))
        with pytest.raises(Conflict, match="outside"):
            book.visit(work, moment("2026-12-05", "10:00"))
        with pytest.raises(Conflict, match="time off"):
            book.visit(work, moment(DAY, "14:15"))
        with pytest.raises(Conflict, match="has passed"):
            book.visit(work, moment("2026-11-20", "10:00"))
        with pytest.raises(Conflict, match="full five minutes"):
            book.visit(work, AT + timedelta(minutes=1))
        assert book.visit(work, moment("2026-12-05", "10:00"), outside_hours=True)
        assert book.visit(work, moment(DAY, "14:00"))


def test_only_what_is_in_use_is_booked(book: Book, open_as: OpenAs) -> None:
    amelia, naomi, kind = book.amelia.patient_id, book.clinic.provider_id, book.clinic.type_id
    for table, row_id, column, value, words in (
        (Patient, amelia, "status", PatientStatus.INACTIVE, "inactive"),
        (Patient, amelia, "deceased_at", AT, "inactive"),
        (Staff, naomi, "active", False, "work here"),
        (AppointmentType, kind, "active", False, "not offered"),
    ):
        with open_as(SYSTEM) as work:
            row = work.get(table, row_id)
            before = getattr(row, column)
            setattr(row, column, value)
            work.db.flush()
            with pytest.raises(Conflict, match=words):
                book.visit(work, AT)
            setattr(row, column, before)
    with open_as(SYSTEM) as work, pytest.raises(NotFound):
        book.visit(work, AT, Actor(kind="patient", patient_id=uuid7()))


# Who may


@pytest.mark.parametrize(
    "act",
    [
        appointments.confirm,
        lambda work, visit: appointments.reschedule(work, visit, LATER),
        lambda work, visit: appointments.cancel(work, visit, "The cost"),
        appointments.undo_cancel,
        appointments.settle,
        appointments.check_in,
        appointments.complete,
        appointments.no_show,
    ],
)
def test_a_strangers_visit_does_not_exist(
    act: Callable[[Work, UUID], object], book: Book, open_as: OpenAs, visit: UUID
) -> None:
    refusals = set()
    for actor, visit_id in ((book.rosa, visit), (book.rosa, uuid7()), (NOBODY, visit), (NOBODY, uuid7())):
        with pytest.raises(PortalError) as refusal, open_as(actor) as work:
            act(work, visit_id)
        assert isinstance(refusal.value, NotFound | Denied)
        refusals.add((actor.kind, refusal.value.sentence))
    assert len(refusals) == 2  # a stranger's is told from a missing one nowhere
    with open_as(SYSTEM) as work:
        row = work.get(Appointment, visit)
        assert (row.status, row.sequence, row.starts_at) == (AppointmentStatus.BOOKED, 0, AT)
        with pytest.raises(NotFound):
            act(work, uuid7())


@pytest.mark.parametrize(
    "act", [appointments.check_in, appointments.complete, appointments.no_show, appointments.settle]
)
def test_what_staff_do_is_denied_to_patients(
    act: Callable[[Work, UUID], object], book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock
) -> None:
    clock.at = AT
    with pytest.raises(Denied), open_as(book.amelia) as work:
        act(work, visit)
    with pytest.raises(Denied), open_as(book.amelia) as work:
        book.visit(work, LATER)


def test_a_guardian_acts_for_the_child(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit_id = book.visit(work, AT, book.clinic.guardian)
    with open_as(book.clinic.guardian) as work:
        appointments.confirm(work, visit_id)
        assert status(work, visit_id) is AppointmentStatus.CONFIRMED


# Confirming


def test_confirming_twice_is_confirming_once(book: Book, open_as: OpenAs, visit: UUID) -> None:
    for _ in range(2):
        with open_as(book.amelia) as work:
            appointments.confirm(work, visit)
    with open_as(SYSTEM) as work:
        assert work.get(Appointment, visit).confirmed_at == work.now()
        assert len(work.db.exec(select(AuditEvent).where(AuditEvent.action == "appointment.confirmed")).all()) == 1


def test_confirming_has_its_rules_for_patients_alone(
    book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, confirm_until_minutes=24 * 60)
    clock.at = AT - timedelta(hours=24) + timedelta(seconds=1)
    with pytest.raises(Conflict, match="too close"), open_as(book.amelia) as work:
        appointments.confirm(work, visit)
    clock.at = AT - timedelta(hours=24)
    with open_as(SYSTEM) as work:
        book.change(work, patient_may_confirm=False, rule_note="We call you.")
    with pytest.raises(Conflict, match="We call you"), open_as(book.amelia) as work:
        appointments.confirm(work, visit)
    with open_as(SYSTEM) as work:
        appointments.confirm(work, visit)


# Moving


def test_a_moved_visit_waits_to_be_confirmed_and_frees_its_time(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(book.amelia) as work:
        appointments.confirm(work, visit)
        appointments.reschedule(work, visit, LATER)
    with open_as(SYSTEM) as work:
        row = work.get(Appointment, visit)
        assert (row.status, row.confirmed_at, row.sequence) == (AppointmentStatus.BOOKED, None, 1)
        assert (row.starts_at, row.ends_at) == (LATER, LATER + timedelta(minutes=45))
        assert held(work, visit) == [LATER + timedelta(minutes=5 * number) for number in range(12)]
        assert book.visit(work, AT, book.rosa)


def test_a_visit_may_overlap_where_it_was(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(book.amelia) as work:
        appointments.reschedule(work, visit, AT + timedelta(minutes=15))
    with open_as(SYSTEM) as work:
        assert held(work, visit)[0] == AT + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (moment(DAY, "09:45"), TAKEN),  # runs into Rosa's visit
        (moment(DAY, "10:31"), "five minutes"),
        (moment(DAY, "10:35"), TAKEN),  # none of the steps
        (moment(DAY, "12:00"), TAKEN),  # lunch
        (moment("2026-12-05", "10:30"), TAKEN),  # Saturday
        (moment("2026-11-23", "10:00"), TAKEN),  # within the notice
        (moment("2026-11-20", "10:00"), TAKEN),  # over
        (moment("2027-12-01", "10:00"), TAKEN),  # beyond the horizon
        (AT, "the time of your visit now"),
    ],
)
def test_a_patient_has_the_free_times_alone(book: Book, open_as: OpenAs, visit: UUID, at, words: str) -> None:
    with open_as(SYSTEM) as work:
        book.visit(work, moment(DAY, "09:00"), book.rosa)
    with open_as(book.amelia) as work, pytest.raises(Conflict, match=words):
        appointments.reschedule(work, visit, at)
    with open_as(SYSTEM) as work:
        assert (work.get(Appointment, visit).starts_at, held(work, visit)[0]) == (AT, AT)


def test_staff_move_within_hours_and_outside_when_they_mean_it(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, patient_may_move=False)
        appointments.reschedule(work, visit, moment(DAY, "10:35"))
        with pytest.raises(Conflict, match="outside"):
            appointments.reschedule(work, visit, moment(DAY, "18:00"))
        appointments.reschedule(work, visit, moment(DAY, "18:00"), outside_hours=True)
        assert held(work, visit)[0] == moment(DAY, "18:00")
        other = book.visit(work, LATER, book.rosa)
        with pytest.raises(Conflict, match=TAKEN):
            appointments.reschedule(work, visit, LATER - timedelta(minutes=30))
        row = work.get(Appointment, visit)
        assert (row.starts_at, held(work, visit)[0]) == (moment(DAY, "18:00"), moment(DAY, "18:00"))
        assert len(held(work, other)) == 12


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_moving_ends_at_its_second(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock, seconds: int) -> None:
    clock.at = AT - timedelta(hours=24) + timedelta(seconds=seconds)
    with open_as(book.amelia) as work:
        if seconds <= 0:
            appointments.reschedule(work, visit, LATER)
            return
        with pytest.raises(Conflict, match="too close to your visit to move it"):
            appointments.reschedule(work, visit, LATER)


def test_forms_follow_the_visit(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        book.clinic.template(work, valid_months=1)
        early = book.visit(work, moment("2026-11-25", "10:30"))
        due_later = paperwork.assign(
            work, book.amelia.patient_id, book.clinic.template(work, "Photo Release", per_visit=True), early,
            moment("2026-11-24", "12:00"),
        )  # fmt: skip
    with open_as(SYSTEM) as work:
        [form_id] = [form.id for form in work.db.exec(select(AssignedForm)) if form.id != due_later]
    with open_as(book.amelia) as work:
        appointments.reschedule(work, early, AT)
    with open_as(SYSTEM) as work:
        assert work.get(AssignedForm, form_id).due_at == AT
        assert work.get(AssignedForm, due_later).due_at == moment("2026-11-24", "12:00")
    sign_typed(open_as, book.amelia, form_id)
    with open_as(SYSTEM) as work:
        appointments.reschedule(work, early, moment("2027-01-27", "10:30"))
        assert list(forms(work, early)).count(FormStatus.OPEN) == 2  # what was signed does not count that long


# Cancelling


def test_a_cancelled_visit_holds_its_time_for_five_minutes_and_can_be_taken_back(
    book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock
) -> None:
    with open_as(book.amelia) as work:
        appointments.confirm(work, visit)
        done = appointments.cancel(work, visit, "Something came up", " A meeting ")
        assert (done.fee_cents, done.undo_until) == (0, work.now() + timedelta(minutes=5))
        row = work.get(Appointment, visit)
        assert (row.cancelled_by, row.cancel_reason, row.cancel_note) == ("patient", "Something came up", "A meeting")
    with open_as(SYSTEM) as work:
        assert not appointments.settle(work, visit)
        with pytest.raises(Conflict, match=TAKEN):
            book.visit(work, AT, book.rosa)
    clock.advance(minutes=5)
    with open_as(book.amelia) as work:
        appointments.undo_cancel(work, visit)
        row = work.get(Appointment, visit)
        assert (row.status, row.sequence, row.cancelled_at, row.cancel_reason) == (
            AppointmentStatus.CONFIRMED,
            2,
            None,
            "",
        )
        assert len(held(work, visit)) == 12
        with pytest.raises(Conflict, match="not cancelled"):
            appointments.undo_cancel(work, visit)


def test_after_five_minutes_the_time_is_free_and_nothing_is_taken_back(
    book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock
) -> None:
    with open_as(book.amelia) as work:
        appointments.cancel(work, visit, "The cost")
    clock.advance(minutes=5, seconds=1)
    with pytest.raises(Conflict, match="5 minutes"), open_as(book.amelia) as work:
        appointments.undo_cancel(work, visit)
    with open_as(SYSTEM) as work:
        assert appointments.settle(work, visit)
        assert not appointments.settle(work, visit)
        assert held(work, visit) == []
        assert work.db.exec(select(Invoice)).all() == []
        assert book.visit(work, AT, book.rosa)
    with pytest.raises(Conflict), open_as(book.amelia) as work:
        appointments.undo_cancel(work, visit)


@pytest.mark.parametrize(("seconds", "fee"), [(0, 0), (1, 5000)])
def test_a_late_cancellation_costs_once_it_is_settled(
    book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock, seconds: int, fee: int
) -> None:
    clock.at = AT - timedelta(hours=24) + timedelta(seconds=seconds)
    with open_as(book.amelia) as work:
        assert appointments.cancel(work, visit, "The cost").fee_cents == fee
        assert work.db.exec(select(Invoice)).all() == []
    with open_as(SYSTEM) as work:
        book.change(work, late_fee_cents=9900)  # the fee stays what was said
    clock.advance(minutes=6)
    with open_as(SYSTEM) as work:
        assert appointments.settle(work, visit)
        invoices = work.db.exec(select(Invoice)).all()
        assert [(one.total_cents, one.appointment_id, one.patient_id) for one in invoices] == (
            [(5000, visit, book.amelia.patient_id)] if fee else []
        )
        assert sum(line.unit_cents * line.quantity for line in work.db.exec(select(InvoiceLine))) == fee


def test_an_undone_late_cancellation_costs_nothing(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    clock.at = AT - timedelta(hours=2)
    with open_as(book.amelia) as work:
        assert appointments.cancel(work, visit, "The cost").fee_cents == 5000
        appointments.undo_cancel(work, visit)
    clock.advance(minutes=6)
    with open_as(SYSTEM) as work:
        assert not appointments.settle(work, visit)
        assert work.get(Appointment, visit).late_fee_cents == 0
        assert work.db.exec(select(Invoice)).all() == []


def test_cancelling_twice_is_cancelling_once(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    with open_as(book.amelia) as work:
        first = appointments.cancel(work, visit, "The cost")
    clock.advance(minutes=1)
    with open_as(book.amelia) as work:
        assert appointments.cancel(work, visit, "The cost") == first
        assert work.get(Appointment, visit).sequence == 1
    clock.advance(minutes=5)
    with pytest.raises(Conflict, match="is cancelled"), open_as(book.amelia) as work:
        appointments.cancel(work, visit, "The cost")


def test_a_reason_is_one_of_the_practices(book: Book, open_as: OpenAs, visit: UUID) -> None:
    for reason, note, field in (("Because", "", "reason"), ("", "", "reason"), ("The cost", "x" * 501, "note")):
        with open_as(book.amelia) as work:
            with pytest.raises(Invalid) as refusal:
                appointments.cancel(work, visit, reason, note)
            assert set(refusal.value.fields) == {field}  # and whoever goes on finds nothing half-written
    with open_as(book.amelia) as work:
        assert status(work, visit) is AppointmentStatus.BOOKED
        appointments.cancel(work, visit, "The cost", "x" * 500)


def test_staff_charge_only_when_they_ask(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    clock.at = AT - timedelta(hours=1)
    with open_as(SYSTEM) as work:
        assert appointments.cancel(work, visit, "The cost").fee_cents == 0
    with pytest.raises(Conflict, match="The practice has cancelled"), open_as(book.amelia) as work:
        appointments.undo_cancel(work, visit)
    with open_as(SYSTEM) as work:
        appointments.undo_cancel(work, visit)
        assert appointments.cancel(work, visit, "The cost", charge=True).fee_cents == 5000


def test_a_kind_that_cannot_be_cancelled_says_why(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, patient_may_cancel=False, patient_may_move=False, rule_note="Sessions follow an interval.")
    with open_as(book.amelia) as work:
        with pytest.raises(Conflict, match="Sessions follow an interval"):
            appointments.cancel(work, visit, "The cost")
        with pytest.raises(Conflict, match="Sessions follow an interval"):
            appointments.reschedule(work, visit, LATER)


def test_unsigned_forms_go_with_the_visit_and_signed_ones_stay(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        for name, rules in (
            ("A", {"per_visit": True}),
            ("B", {"per_visit": True}),
            ("C", {}),
            ("D", {"needs_witness": True}),
        ):
            book.clinic.template(work, name, **rules)
        first, second = book.visit(work, AT), book.visit(work, LATER)
        by_name = dict(zip("ABCD", work.db.exec(
            select(AssignedForm.id).where(AssignedForm.appointment_id == first).order_by(AssignedForm.id)
        ).all(), strict=True))  # fmt: skip
        assert len(forms(work, second)) == 2  # its own A and B; C and D wait already
    sign_typed(open_as, book.amelia, by_name["A"])
    sign_typed(open_as, book.amelia, by_name["D"])
    with open_as(book.amelia) as work:
        appointments.cancel(work, first, "The cost")
    clock.advance(minutes=6)
    with open_as(SYSTEM) as work:
        appointments.settle(work, first)
    with open_as(SYSTEM) as work:
        stand = {name: work.get(AssignedForm, form_id) for name, form_id in by_name.items()}
        assert {name: form.status for name, form in stand.items()} == {
            "A": FormStatus.DONE, "B": FormStatus.VOID, "C": FormStatus.OPEN, "D": FormStatus.WITNESS,
        }  # fmt: skip
        assert stand["B"].void_reason == "The visit was cancelled"
        assert (stand["C"].appointment_id, stand["C"].due_at) == (second, LATER)  # the other visit wants it too


# At the practice


def test_a_visit_is_seen_through(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        with pytest.raises(Conflict, match="on the day"):
            appointments.check_in(work, visit)
        for early in (appointments.complete, appointments.no_show):
            with pytest.raises(Conflict, match="not come yet"):
                early(work, visit)
    clock.at = moment(DAY, "00:10")
    with open_as(SYSTEM) as work:
        appointments.check_in(work, visit)
        with pytest.raises(Conflict, match="checked in already"):
            appointments.no_show(work, visit)
    with open_as(book.amelia) as work:
        for act in (
            lambda: appointments.cancel(work, visit, "The cost"),
            lambda: appointments.reschedule(work, visit, LATER),
        ):
            with pytest.raises(Conflict, match="You are checked in"):
                act()
    clock.at = AT
    with open_as(SYSTEM) as work:
        appointments.complete(work, visit)
        for act in (appointments.complete, appointments.no_show, appointments.check_in, appointments.confirm):
            with pytest.raises(Conflict, match=r"completed|on the day"):
                act(work, visit)


def test_a_no_show_can_turn_out_to_be_wrong(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    clock.at = AT
    with open_as(SYSTEM) as work:
        appointments.no_show(work, visit)
        appointments.complete(work, visit)
        assert status(work, visit) is AppointmentStatus.COMPLETED


def test_a_visit_of_an_older_system_is_left_alone(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        row = work.add(
            Appointment(patient_id=book.amelia.patient_id, title="Peel", starts_at=AT, ends_at=AT + timedelta(hours=1))
        )
        with pytest.raises(Conflict, match="older system"):
            appointments.reschedule(work, row.id, LATER)
    for act in (
        appointments.confirm,
        lambda work, visit: appointments.reschedule(work, visit, LATER),
        lambda work, visit: appointments.cancel(work, visit, "The cost"),
    ):
        with pytest.raises(Conflict, match="This kind of visit"), open_as(book.amelia) as work:
            act(work, row.id)


# What patients may not do without end


def test_an_undo_is_possible_three_times_and_staff_are_not_bound(book: Book, open_as: OpenAs, visit: UUID) -> None:
    for _ in range(3):
        with open_as(book.amelia) as work:
            assert appointments.cancel(work, visit, "The cost").undo_until
            appointments.undo_cancel(work, visit)
    with open_as(book.amelia) as work:
        assert cancel_terms(work, visit).final
        assert appointments.cancel(work, visit, "The cost").undo_until is None
        assert pages.coming(work) == [], "no button that does nothing"
        with pytest.raises(Conflict, match="undone this 3 times"):
            appointments.undo_cancel(work, visit)
    with open_as(SYSTEM) as work:
        appointments.undo_cancel(work, visit)
        assert status(work, visit) is AppointmentStatus.BOOKED


def test_a_visit_is_not_moved_to_and_fro_without_end(book: Book, open_as: OpenAs, visit: UUID) -> None:
    for number in range(20):
        with open_as(book.amelia) as work:
            appointments.reschedule(work, visit, AT if number % 2 else LATER)
    with pytest.raises(Conflict, match="changed many times"), open_as(book.amelia) as work:
        appointments.reschedule(work, visit, LATER)
    with open_as(SYSTEM) as work:
        appointments.reschedule(work, visit, LATER)


def test_a_move_is_no_way_around_the_late_fee(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, move_until_minutes=60)
    clock.at = AT - timedelta(hours=5)
    far = AT + timedelta(days=7)
    with open_as(book.amelia) as work:
        appointments.reschedule(work, visit, far)
    with open_as(book.amelia) as work:
        appointments.reschedule(work, visit, far + timedelta(days=1))
    with open_as(book.amelia) as work:
        terms = cancel_terms(work, visit)
        assert (terms.fee_cents, terms.fee) == (
            5000,
            "Cancelling costs $50.00: you moved this visit less than 24 hours before it was to begin.",
        )
        assert appointments.cancel(work, visit, "The cost").fee_cents == 5000


def test_a_move_by_the_practice_or_in_time_keeps_no_fee(
    book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, move_until_minutes=60)
    far = AT + timedelta(days=7)
    clock.at = AT - timedelta(hours=24)
    with open_as(book.amelia) as work:
        appointments.reschedule(work, visit, AT + timedelta(hours=4))
        assert work.get(Appointment, visit).kept_fee_cents == 0
    clock.advance(hours=10)
    with open_as(book.amelia) as work:
        appointments.reschedule(work, visit, far)
        assert work.get(Appointment, visit).kept_fee_cents == 5000
    with open_as(SYSTEM) as work:
        appointments.reschedule(work, visit, far + timedelta(days=1))
    with open_as(book.amelia) as work:
        assert appointments.cancel(work, visit, "The cost").fee_cents == 0


def test_nobody_is_in_two_rooms_at_once_after_an_undo(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        other = work.add(
            Staff(
                practice_id=book.clinic.practice_id, first_name="Ivy", last_name="Chen", email="ivy@lumiere.example",
                role=Role.PROVIDER,
            )
        ).id  # fmt: skip
        schedule.set_hours(work, other, book.clinic.clinic_id, {day: [("09:00", "17:00")] for day in range(5)})
        second = appointments.book(
            work, patient_id=book.amelia.patient_id or uuid7(), provider_id=other, clinic_id=book.clinic.clinic_id,
            appointment_type_id=book.clinic.type_id, starts_at=LATER,
        )  # fmt: skip
    with open_as(book.amelia) as work:
        appointments.cancel(work, visit, "The cost")
        appointments.reschedule(work, second, AT)
    with pytest.raises(Conflict, match="another visit at that time"), open_as(book.amelia) as work:
        appointments.undo_cancel(work, visit)


def test_nobody_is_moved_to_a_provider_who_left_or_a_clinic_that_closed(
    book: Book, open_as: OpenAs, visit: UUID
) -> None:
    for table, row_id in ((Staff, book.clinic.provider_id), (Clinic, book.clinic.clinic_id)):
        with open_as(SYSTEM) as work:
            work.get(table, row_id).active = False
        with pytest.raises(Conflict, match="cannot be moved online"), open_as(book.amelia) as work:
            appointments.reschedule(work, visit, LATER)
        with open_as(SYSTEM) as work:
            work.get(table, row_id).active = True
