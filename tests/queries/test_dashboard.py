"""The Dashboard: what it says, in what order, to whom; and the one step that every page names."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.billing import InvoiceStatus
from portal.models import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Banner,
    Clinic,
    Invoice,
    Notification,
    Practice,
)
from portal.queries import dashboard
from portal.queries.dashboard import Overview
from portal.services import announcements
from portal.work import SYSTEM, Actor, Work
from tests.queries.counting import counted
from tests.services.signed import asked, sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish

TUESDAY = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # half past ten in Portland


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice; it is Monday, November 23, 2026, nine in the morning there."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def look(open_as: OpenAs, who: Actor) -> Overview:
    """The Dashboard of somebody; the badges alone must say the same."""
    with open_as(who, write=False) as work:
        board = dashboard.overview(work)
        assert dashboard.badges(work) == board.badges
    return board


def owe(
    work: Work, who: Actor, number: int, cents: int, paid: int = 0, status: InvoiceStatus = InvoiceStatus.UNPAID
) -> UUID:
    """An invoice of October 22 and the days after."""
    assert who.patient_id is not None
    issued = datetime(2026, 10, 22, 20, 0, tzinfo=UTC) + timedelta(days=number - 1047)
    return work.add(
        Invoice(
            patient_id=who.patient_id,
            number=number,
            title="HydraFacial Deluxe",
            total_cents=cents,
            paid_cents=paid,
            status=status,
            issued_at=issued,
        )
    ).id


def test_the_next_visit_is_the_next_that_will_take_place(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, work.now() - timedelta(days=2))
        cancelled = clinic.visit(work, clinic.amelia, work.now() + timedelta(days=1))
        work.get(Appointment, cancelled).status = AppointmentStatus.CANCELLED
        clinic.visit(work, clinic.amelia, TUESDAY)
        later = [clinic.visit(work, clinic.amelia, work.now() + timedelta(days=9 + n)) for n in range(6)]
    board = look(open_as, clinic.amelia)
    visit = board.visit
    assert visit is not None
    assert (visit.away, visit.day, visit.weekday, visit.month) == ("Tomorrow", "24", "Tuesday", "November")
    assert (visit.time, visit.status, visit.provider) == ("10:30 AM", "Not confirmed", "Naomi Reyes, NP")
    assert [row.id for row in board.visits] == [str(visit_id) for visit_id in later[:4]]


def test_a_visit_stays_while_it_takes_place(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, TUESDAY)
    clock.at = TUESDAY + timedelta(minutes=44)
    assert look(open_as, clinic.amelia).visit is not None
    clock.advance(minutes=1)
    assert look(open_as, clinic.amelia).visit is None


def test_a_visit_of_an_older_system_needs_no_provider_clinic_or_type(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = work.get(Appointment, clinic.visit(work, clinic.amelia, TUESDAY))
        visit.provider_id = visit.clinic_id = visit.appointment_type_id = None
        visit.title = "Facial"
    board = look(open_as, clinic.amelia)
    assert board.visit is not None
    assert (board.visit.title, board.visit.provider, board.visit.time) == ("Facial", "", "10:30 AM")
    assert (board.visit.confirm, board.visit.move, board.visit.cancel) == (False, False, False)
    assert board.steps[-1].title == "Arrive at 10:30 AM"


def steps(board: Overview) -> list[tuple[str, str]]:
    return [(step.title, step.state) for step in board.steps]


def test_the_steps_stand_in_the_order_of_need_and_the_first_open_one_is_next(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia, TUESDAY)
    forms = [asked(open_as, clinic, name=f"Form {number}") for number in range(2)]
    with open_as(SYSTEM) as work:
        work.get(AppointmentType, clinic.type_id).arrive_minutes = 10
        for other in work.db.exec(select(Appointment).where(Appointment.id != visit_id)):
            other.status = AppointmentStatus.COMPLETED
        invoice_id = owe(work, clinic.amelia, 1047, 18500)
    board = look(open_as, clinic.amelia)
    assert steps(board) == [
        ("Confirm your visit", "now"),
        ("Complete 2 forms", "later"),
        ("Pay invoice 1047", "later"),
        ("Arrive at 10:20 AM", "later"),
    ]
    assert [step.meta for step in board.steps] == [
        "Holds your time with Naomi",
        "About 2 minutes",
        "$185.00 from October 22",
        "41 Marlow Street, Suite 200",
    ]
    assert board.badges.next.words == "confirm your visit on Tue, Nov 24"
    assert board.badges.next.href == "/dashboard"

    with open_as(SYSTEM) as work:
        work.get(Appointment, visit_id).status = AppointmentStatus.CONFIRMED
    board = look(open_as, clinic.amelia)
    assert steps(board)[:2] == [("Visit confirmed", "done"), ("Complete 2 forms", "now")]
    assert (board.badges.next.words, board.badges.next.href) == ("complete 2 forms", "/task-management")

    for form_id in forms:
        sign_typed(open_as, clinic.amelia, form_id)
    board = look(open_as, clinic.amelia)
    assert steps(board)[1:3] == [("Forms complete", "done"), ("Pay invoice 1047", "now")]
    assert board.badges.next.words == "pay invoice 1047, $185.00"
    assert board.badges.next.href == "/dashboard#invoices"

    with open_as(SYSTEM) as work:
        work.get(Invoice, invoice_id).status = InvoiceStatus.PAID
    board = look(open_as, clinic.amelia)
    assert steps(board) == [
        ("Visit confirmed", "done"),
        ("Forms complete", "done"),
        ("Arrive at 10:20 AM", "now"),
    ]
    assert board.badges.next.words == "arrive on Tue, Nov 24 at 10:20 AM"
    assert board.badges.next.href == f"/appointments/{visit_id}"

    with open_as(SYSTEM) as work:
        work.get(Appointment, visit_id).status = AppointmentStatus.COMPLETED
    board = look(open_as, clinic.amelia)
    assert (board.visit, board.steps, board.badges.next.words, board.reminders) == (None, [], "", [])


def test_what_only_a_witness_can_do_is_not_next(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, needs_witness=True)
    sign_typed(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        for visit in work.db.exec(select(Appointment)):
            visit.status = AppointmentStatus.CONFIRMED
    board = look(open_as, clinic.amelia)
    assert ("Forms signed", "done") in steps(board)
    assert board.badges.open_forms == 1
    assert board.badges.next.words.startswith("arrive")


def test_a_visit_that_cannot_be_confirmed_here_does_not_ask_for_it(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, TUESDAY)
        work.get(AppointmentType, clinic.type_id).patient_may_confirm = False
    board = look(open_as, clinic.amelia)
    assert "Confirm your visit" not in [step.title for step in board.steps]
    assert not board.badges.next.words.startswith("confirm")


def test_while_a_cancellation_can_be_undone_the_card_offers_it(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        visit = work.get(Appointment, clinic.visit(work, clinic.amelia, TUESDAY))
        visit.status, visit.cancelled_at, visit.cancelled_by = AppointmentStatus.CANCELLED, work.now(), "patient"
        other = clinic.visit(work, clinic.amelia, TUESDAY + timedelta(days=1))
    clock.advance(minutes=4)
    board = look(open_as, clinic.amelia)
    assert board.visit is not None
    assert (board.visit.status, board.visit.undo_seconds) == ("Cancelled", 60)
    assert board.steps == []
    assert board.badges.next.words == "confirm your visit on Wed, Nov 25"
    clock.advance(minutes=2)
    board = look(open_as, clinic.amelia)
    assert board.visit is not None
    assert board.visit.id == str(other)


def test_unpaid_invoices_say_what_is_left(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        owe(work, clinic.amelia, 1047, 18500)
    board = look(open_as, clinic.amelia)
    assert [(line.number, line.amount, line.date, line.status) for line in board.invoices] == [
        ("Invoice 1047", "$185.00", "October 22, 2026", "Unpaid")
    ]
    with open_as(SYSTEM) as work:
        owe(work, clinic.amelia, 1048, 10000, paid=2500, status=InvoiceStatus.PARTLY_PAID)
        for number, status in enumerate((InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED), 1049):
            owe(work, clinic.amelia, number, 99900, status=status)
        owe(work, clinic.rosa, 1060, 77700)
    board = look(open_as, clinic.amelia)
    assert [(line.number, line.amount, line.status) for line in board.invoices] == [
        ("Invoice 1047", "$185.00", "Unpaid"),
        ("Invoice 1048", "$75.00", "Partly paid"),
    ]
    assert (board.total, board.badges.unpaid) == ("$260.00", 2)
    assert board.badges.next.words == "pay 2 invoices"


def test_important_reminders_are_the_visits_own_and_the_practices(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, TUESDAY)
        work.get(Clinic, clinic.clinic_id).parking = "Park free in the garage on Hoyt Street."
        kind = work.get(AppointmentType, clinic.type_id)
        kind.bring, kind.prepare, kind.arrive_minutes = "Bring a photo ID.", "No alcohol for 24 hours.\nClean skin.", 10
        announcements.set_important_reminders(work, "Call us if you feel unwell.")
    words = [line.words.replace("\u00a0", " ") for line in look(open_as, clinic.amelia).reminders]
    assert words == [
        "Arrive 10 minutes early, at 10:20 AM.",
        "Park free in the garage on Hoyt Street.",
        "Bring a photo ID.",
        "No alcohol for 24 hours.",
        "Clean skin.",
        "Call us if you feel unwell.",
    ]


def test_a_banner_is_shown_in_its_time_alone(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    start = clock.now() + timedelta(hours=1)
    with open_as(SYSTEM) as work:
        shown = announcements.put_up_banner(work, "Gift cards", start, start + timedelta(days=1))
        off = announcements.put_up_banner(work, "Off", start, start + timedelta(days=1))
        announcements.switch_banner(work, off, on=False)

    def banner() -> str:
        found = look(open_as, clinic.amelia).banner
        return found.id if found else ""

    assert banner() == ""
    clock.advance(hours=1)
    assert banner() == str(shown)
    clock.advance(hours=23, minutes=59, seconds=59)
    assert banner() == str(shown)
    clock.advance(seconds=1)
    assert banner() == ""


@pytest.mark.parametrize(
    ("hour", "words"),
    [(3, "Good evening"), (4, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
def test_the_greeting_follows_the_clinics_clock(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock, hour: int, words: str
) -> None:
    clock.at = datetime(2026, 11, 23, 8, 30, tzinfo=UTC) + timedelta(hours=hour)
    assert look(open_as, clinic.amelia).greeting == f"{words}, Amelia"


def test_words_are_those_of_the_practices_locale(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, TUESDAY)
        practice = work.get(Practice, clinic.practice_id)
        practice.locale, practice.currency = "en_GB", "GBP"
        invoice = work.get(Invoice, owe(work, clinic.amelia, 1047, 18500))
        invoice.currency = "GBP"
    board = look(open_as, clinic.amelia)
    assert board.visit is not None
    assert (board.visit.time, board.today, board.total) == ("10:30", "Monday, 23 November", "£185.00")
    assert board.badges.next.words == "confirm your visit on Tue 24 Nov"


def test_it_costs_six_statements_at_most_however_much_there_is(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    def fill(times: int) -> None:
        for number in range(times):
            asked(open_as, clinic, name=f"Form {times}-{number}")
        with open_as(SYSTEM) as work:
            for number in range(times):
                owe(work, clinic.amelia, 1000 * times + number, 5000)
                work.add(
                    Banner(
                        practice_id=clinic.practice_id,
                        text="Offer",
                        starts_at=work.now(),
                        ends_at=work.now() + timedelta(days=1),
                    )
                )
                assert clinic.amelia.patient_id is not None
                work.add(
                    Notification(
                        patient_id=clinic.amelia.patient_id, kind="form.assigned", title="New", created_at=work.now()
                    )
                )

    def cost() -> int:
        with open_as(clinic.amelia, write=False) as work, counted(engine) as seen:
            dashboard.overview(work)
        return len(seen)

    fill(1)
    once = cost()
    fill(12)
    assert cost() == once <= 6
