"""What the front desk does with visits: two at once, over time off, as it is on the screen; what the practice moves."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.access import ROLES, Privilege, Role
from portal.domain.scheduling import AppointmentStatus
from portal.errors import Conflict, Denied, Invalid
from portal.models import Appointment, TimeOff
from portal.queries import booking
from portal.queries.booking import Wish
from portal.queries.cancelling import cancel_terms
from portal.queries.client_visits import client_visits
from portal.queries.staff_visit import visit_sheet
from portal.queries.visits import version
from portal.services import appointments, schedule
from portal.services.visit_time import OutsideHours
from portal.work import SYSTEM, Actor, Work
from tests.services.test_booking_at_once import rush, trying
from tests.support.book import PACIFIC, Book, moment, open_book, visits
from tests.support.clinic import OpenAs

DESK = Actor(kind="staff", role="front_desk", label="Marisol Vega", privileges=ROLES[Role.FRONT_DESK])
LOOKING = replace(DESK, privileges=frozenset({Privilege.VISITS_VIEW, Privilege.CLIENTS_VIEW}))
AT = moment("2026-12-02", "10:30")


@pytest.fixture
def book(open_as: OpenAs, clock: FixedClock) -> Book:
    clock.at = moment("2026-12-01", "09:00")
    with open_as(SYSTEM) as work:
        made = open_book(work)
        made.clinic.template(work, per_visit=True)
        return made


def wish(book: Book, **more: str) -> Wish:
    return Wish(
        provider_id=str(book.clinic.provider_id),
        clinic_id=str(book.clinic.clinic_id),
        service_id=str(book.clinic.type_id),
        day="2026-12-02",
        clock="10:30",
        client_id=str(book.rosa.patient_id),
    ) if not more else replace(wish(book), **more)  # fmt: skip


def test_two_desks_book_one_time_and_one_is_told_what_is_in_the_way(book: Book, open_as: OpenAs) -> None:
    people = (book.amelia, book.rosa)
    outcomes = rush([trying(open_as, DESK, lambda work, who=who: book.visit(work, AT, who)) for who in people])
    assert Counter(type(one) for one in outcomes) == {UUID: 1, Conflict: 1}
    with open_as(DESK, write=False) as work:
        winner = visits(work)[0]
        name = "Amelia Hart" if winner.patient_id == book.amelia.patient_id else "Rosa Delgado"
        said = booking.in_the_way(work, wish(book))
    assert said == f"{name}, Botox, forehead and glabella, 10:30 AM to 11:15 AM, then 15 minutes kept free"


def test_a_buffer_is_in_the_way_too_and_what_was_cancelled_just_now(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = book.visit(work, AT)
        appointments.cancel(work, visit, "The cost")
    with open_as(DESK, write=False) as work:
        assert "cancelled just now, held for undo" in booking.in_the_way(work, wish(book, clock="11:20"))
        assert booking.in_the_way(work, wish(book, clock="11:30")) == ""


def test_time_off_entered_in_the_same_second_is_heeded_or_lists_the_visit(book: Book, open_as: OpenAs) -> None:
    """Whoever is first: never a visit within time off that nobody was told of."""
    provider = book.clinic.provider_id
    for day in range(2, 10):
        at = AT + timedelta(days=7 * day)

        def off(work: Work, at: Any = at) -> list[UUID]:
            return schedule.add_time_off(work, at, at + timedelta(hours=2), provider_id=provider).visits

        visit, added = rush(
            [trying(open_as, DESK, lambda work, at=at: book.visit(work, at)), trying(open_as, DESK, off)]
        )
        if isinstance(visit, UUID):
            assert added == [visit]
        else:
            assert isinstance(visit, OutsideHours)
            assert added == []
    with open_as(SYSTEM) as work:
        assert len(work.db.exec(select(TimeOff)).all()) == 8


def test_time_off_waits_for_who_is_booking_and_then_lists_the_visit(book: Book, open_as: OpenAs) -> None:
    looked = threading.Event()

    def add() -> list[UUID]:
        looked.wait(timeout=10)
        with open_as(DESK) as work:
            return schedule.add_time_off(work, AT, AT + timedelta(hours=1)).visits

    with ThreadPoolExecutor(1) as pool:
        with open_as(DESK) as work:
            visit = book.visit(work, AT)
            adding = pool.submit(add)
            looked.set()
            with pytest.raises(TimeoutError):
                adding.result(timeout=0.5)  # it waits: what is being booked is not to be seen yet
        assert adding.result(timeout=10) == [visit]


def test_outside_hours_asks_first_and_is_then_done(book: Book, open_as: OpenAs) -> None:
    for at in (moment("2026-12-02", "18:00"), moment("2026-12-01", "08:00"), moment("2026-12-06", "10:00")):
        with pytest.raises(OutsideHours), open_as(DESK) as work:
            book.visit(work, at)
        with open_as(DESK) as work:
            book.visit(work, at, outside_hours=True)


@pytest.mark.parametrize("act", ["confirm", "check_in", "reschedule", "cancel"])
def test_a_visit_that_was_changed_meanwhile_is_not_changed_again_unseen(
    book: Book, open_as: OpenAs, clock: FixedClock, act: str
) -> None:
    with open_as(DESK) as work:
        visit = book.visit(work, moment("2026-12-01", "15:00"))
        seen = visit_sheet(work, visit).version
        appointments.require_unchanged(work, visit, seen)
        getattr(appointments, act)(work, visit, *{"reschedule": (AT,), "cancel": ("The cost",)}.get(act, ()))
    with (
        pytest.raises(
            Conflict, match=r"has just been changed: it is now .*, on (Tue, Dec 1 at 3:00|Wed, Dec 2 at 10:30)"
        ),
        open_as(DESK) as work,
    ):
        appointments.require_unchanged(work, visit, seen)
    with open_as(DESK) as work:
        appointments.require_unchanged(work, visit, visit_sheet(work, visit).version)


def test_what_the_practice_moved_too_near_costs_nothing(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(DESK) as work:
        visit = book.visit(work, moment("2026-12-04", "10:30"))
        appointments.reschedule(work, visit, moment("2026-12-01", "15:00"))
    with open_as(book.amelia) as work:
        terms = cancel_terms(work, visit)
        assert (terms.fee_cents, terms.fee) == (0, "There is no fee.")
        assert appointments.cancel(work, visit, "The cost").fee_cents == 0


def test_what_the_practice_moved_in_time_costs_as_any_other(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(DESK) as work:
        visit = book.visit(work, moment("2026-12-01", "15:00"))
        appointments.reschedule(work, visit, moment("2026-12-04", "10:30"))
    with open_as(book.amelia) as work:
        assert cancel_terms(work, visit).fee_cents == 0
    clock.at = moment("2026-12-04", "09:00")
    with open_as(book.amelia) as work:
        assert cancel_terms(work, visit).fee_cents == 5000


def test_a_late_fee_is_waived_or_charged(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(DESK) as work:
        first, second = (book.visit(work, moment("2026-12-01", clock)) for clock in ("13:00", "15:00"))
        assert visit_sheet(work, first).fee == "$50.00"
        assert appointments.cancel(work, first, "The cost", charge=False).fee_cents == 0
        assert appointments.cancel(work, second, "The cost", charge=True).fee_cents == 5000
        assert "late fee $50.00" in visit_sheet(work, second).about
        assert "late fee" not in visit_sheet(work, first).about


def test_hours_run_to_midnight(book: Book, open_as: OpenAs) -> None:
    clinic = book.clinic
    with open_as(SYSTEM) as work:
        schedule.set_hours(work, clinic.provider_id, clinic.clinic_id, {2: [("20:00", "24:00")]})
    with open_as(DESK) as work:
        times = [at for at, _ in booking.free_times(work, wish(book))]
        assert (times[0], times[-1]) == ("20:00", "23:15")
        book.visit(work, moment("2026-12-02", "23:15"))
    with pytest.raises(OutsideHours), open_as(DESK) as work:
        book.visit(work, moment("2026-12-09", "23:20"))


def test_the_sheet_says_what_can_be_done_and_who_did_what(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(DESK) as work:
        visit = book.visit(work, AT)
        sheet = visit_sheet(work, visit)
    assert (sheet.client, sheet.day, sheet.time) == (
        "Amelia Hart",
        "Wednesday, December 2, 2026",
        "10:30 AM to 11:15 AM",
    )
    assert (sheet.lasts, sheet.provider, sheet.clinic) == (
        "45 minutes, then 15 kept free",
        "Naomi Reyes, NP",
        "Pearl District",
    )
    assert [(form.name, form.status) for form in sheet.forms] == [("Neurotoxin Treatment Consent", "Not Signed")]
    assert (sheet.confirm, sheet.check_in, sheet.complete, sheet.no_show, sheet.move, sheet.cancel) == (
        True, False, False, False, True, True,
    )  # fmt: skip
    with open_as(book.amelia) as work:
        appointments.confirm(work, visit)
    with open_as(DESK) as work:
        appointments.reschedule(work, visit, moment("2026-12-01", "13:00"))
    clock.at = moment("2026-12-01", "13:05")
    with open_as(DESK) as work:
        sheet = visit_sheet(work, visit)
        assert (sheet.check_in, sheet.complete, sheet.no_show) == (True, True, True)
        appointments.check_in(work, visit)
        sheet = visit_sheet(work, visit)
    assert (sheet.status, sheet.confirm, sheet.move, sheet.no_show, sheet.complete) == (
        "Checked in", False, False, False, True,
    )  # fmt: skip
    assert [(deed.words, deed.who) for deed in sheet.history] == [
        ("Checked in", "Marisol Vega"),
        ("Moved from Wed, Dec 2 at 10:30 AM", "Marisol Vega"),
        ("Confirmed", "Amelia Hart"),
        ("Booked", "Marisol Vega"),
    ]


def test_free_times_heed_everything_and_the_visit_that_moves_is_in_nobodys_way(book: Book, open_as: OpenAs) -> None:
    with open_as(DESK) as work:
        visit = book.visit(work, AT)
        times = [at for at, _ in booking.free_times(work, wish(book))]
        assert "10:30" not in times
        assert "09:45" not in times
        assert {"09:00", "09:30", "11:15"} - {"11:15"} <= set(times)
        mine = booking.free_times(work, wish(book, visit_id=str(visit), service_id=""))
        assert ("10:15", "10:15 AM") in mine
        assert ("10:30", "10:30 AM") not in mine
        assert booking.also_then(work, wish(book, client_id=str(book.amelia.patient_id), clock="11:00")) != ""
        assert booking.also_then(work, wish(book, clock="11:00")) == ""


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "2031-01-01", "2026-02-30", "2026-12-02T10"])
def test_days_that_are_none(book: Book, open_as: OpenAs, day: str) -> None:
    with open_as(DESK) as work:
        assert booking.free_times(work, wish(book, day=day)) == []
        with pytest.raises(Invalid) as refusal:
            booking.starts_at(work, wish(book, day=day))
        assert "day" in refusal.value.fields


@pytest.mark.parametrize("clock_words", ["", "x", "25:00", "10:30:00.5", "-1:00"])
def test_times_that_are_none(book: Book, open_as: OpenAs, clock_words: str) -> None:
    with open_as(DESK) as work, pytest.raises(Invalid) as refusal:
        booking.starts_at(work, wish(book, clock=clock_words))
    assert "clock" in refusal.value.fields


def test_the_hour_that_the_clock_skips_and_the_one_it_shows_twice(
    book: Book, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(DESK) as work, pytest.raises(Invalid, match="marked"):
        booking.starts_at(work, wish(book, day="2027-03-14", clock="02:30"))
    clock.at = moment("2026-10-20", "09:00")
    with open_as(DESK) as work:
        assert booking.starts_at(work, wish(book, day="2026-11-01", clock="01:30")) == moment("2026-11-01", "01:30")
        at = booking.starts_at(work, wish(book, day="2026-11-02", clock="09:00"))
        assert at.astimezone(PACIFIC).hour == 9


@pytest.mark.parametrize(
    "ids", [{"provider_id": "x"}, {"clinic_id": ""}, {"service_id": "1"}, {"clinic_id": str(UUID(int=5))}]
)
def test_what_is_not_known_yet_has_no_free_times(book: Book, open_as: OpenAs, ids: dict[str, str]) -> None:
    with open_as(DESK) as work:
        assert booking.free_times(work, wish(book, **ids)) == []
        assert booking.in_the_way(work, wish(book, **ids)) == ""


def test_a_clients_visits(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(DESK) as work:
        later, sooner = book.visit(work, moment("2026-12-09", "10:30")), book.visit(work, AT)
        gone = book.visit(work, moment("2026-12-03", "10:30"))
        appointments.cancel(work, gone, "The cost")
        book.visit(work, moment("2026-12-03", "13:00"), book.rosa)
    assert book.amelia.patient_id
    clock.at += timedelta(minutes=1)
    with open_as(DESK) as work:
        shown = client_visits(work, book.amelia.patient_id)
    assert [one.id for one in shown.coming] == [str(sooner), str(gone), str(later)]
    assert (shown.coming[0].day, shown.coming[0].time, shown.coming[0].forms) == ("Wed, Dec 2", "10:30 AM", 1)
    clock.at = moment("2026-12-04", "10:00")
    with open_as(SYSTEM) as work:
        appointments.settle(work, gone)
    with open_as(DESK) as work:
        shown = client_visits(work, book.amelia.patient_id, most=1)
    assert ([one.id for one in shown.coming], [one.id for one in shown.past], shown.more) == (
        [str(later)],
        [str(gone)],
        True,
    )


def test_who_may_look_may_not_touch_and_who_may_not_sees_nothing(book: Book, open_as: OpenAs) -> None:
    with open_as(DESK) as work:
        visit = book.visit(work, AT)
    assert book.amelia.patient_id
    with open_as(LOOKING) as work:
        assert visit_sheet(work, visit).client == "Amelia Hart"
        assert client_visits(work, book.amelia.patient_id).coming
    acts: list[Any] = [
        lambda work: book.visit(work, moment("2026-12-03", "10:30")),
        lambda work: appointments.confirm(work, visit),
        lambda work: appointments.reschedule(work, visit, moment("2026-12-03", "10:30")),
        lambda work: appointments.cancel(work, visit, "The cost"),
        lambda work: appointments.check_in(work, visit),
        lambda work: appointments.complete(work, visit),
        lambda work: appointments.no_show(work, visit),
        lambda work: schedule.add_time_off(work, AT, AT + timedelta(hours=1)),
        booking.choices,
        lambda work: booking.free_times(work, wish(book)),
        lambda work: booking.moving(work, visit),
    ]
    looks: list[Any] = [
        lambda work: visit_sheet(work, visit),
        lambda work: client_visits(work, book.amelia.patient_id),  # type: ignore[arg-type]
        lambda work: booking.in_the_way(work, wish(book)),
        lambda work: booking.also_then(work, wish(book)),
    ]
    for actor, denied in (
        (LOOKING, acts),
        (replace(LOOKING, privileges=frozenset()), acts + looks),
        (book.rosa, looks),
    ):
        for act in denied:
            with pytest.raises(Denied), open_as(actor) as work:
                act(work)
    with open_as(SYSTEM) as work:
        row = work.get(Appointment, visit)
        assert (row.status, row.starts_at, version(row)) == (AppointmentStatus.BOOKED, AT, "0:booked")
