"""The Appointments pages: what they say of a visit in each moment of its life, to whom, with how many statements."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.errors import Conflict, NotFound
from portal.models import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Clinic,
    Invoice,
    Practice,
    ProviderHours,
    TimeOff,
)
from portal.queries import appointments as pages
from portal.queries.cancelling import cancel_terms
from portal.queries.rescheduling import choices
from portal.services import appointments
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.queries.counting import counted
from tests.services.signed import asked, sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish

TUESDAY = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 10:30 AM in Portland
DAY = timedelta(days=1)


@pytest.fixture
def clinic(open_as: OpenAs, clock: FixedClock) -> TestClinic:
    """A small practice whose provider works on weekdays from 9 to 12 and from 1 to 5, Friday November 20, 8 AM."""
    clock.at = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    with open_as(SYSTEM) as work:
        made = furnish(work)
        for weekday in range(5):
            for opens, closes in (("09:00", "12:00"), ("13:00", "17:00")):
                work.add(
                    ProviderHours(
                        provider_id=made.provider_id,
                        clinic_id=made.clinic_id,
                        weekday=weekday,
                        opens=opens,
                        closes=closes,
                    )
                )
    return made


def book(open_as: OpenAs, clinic: TestClinic, who: Actor, at: datetime = TUESDAY) -> UUID:
    """As the front desk does."""
    with open_as(SYSTEM) as work:
        return appointments.book(
            work,
            patient_id=who.patient_id,  # type: ignore[arg-type]
            provider_id=clinic.provider_id,
            clinic_id=clinic.clinic_id,
            appointment_type_id=clinic.type_id,
            starts_at=at,
            outside_hours=True,
        )


def set_type(open_as: OpenAs, clinic: TestClinic, **values: Any) -> None:
    with open_as(SYSTEM) as work:
        kind = work.get(AppointmentType, clinic.type_id)
        for name, value in values.items():
            setattr(kind, name, value)


def row(open_as: OpenAs, who: Actor, number: int = 0) -> pages.VisitRow:
    with open_as(who, write=False) as work:
        return pages.coming(work)[number]


def test_a_visit_says_when_where_with_whom_and_how_long(clinic: TestClinic, open_as: OpenAs) -> None:
    book(open_as, clinic, clinic.amelia)
    visit = row(open_as, clinic.amelia)
    assert (visit.title, visit.status, visit.away) == ("Botox, forehead and glabella", "Not confirmed", "In 4 days")
    assert (visit.day, visit.weekday, visit.month, visit.time) == ("24", "Tuesday", "November", "10:30 AM")
    assert (visit.day_month, visit.when) == ("Tue, Nov", "Tue, Nov 24 at 10:30 AM")
    assert visit.full_day == "Tuesday, November 24, 2026"
    assert (visit.provider, visit.clinic, visit.lasts) == ("Naomi Reyes, NP", "Pearl District", "45 minutes")
    assert visit.address == "41 Marlow Street, Suite 200, Portland, OR 97209"
    assert (visit.confirm, visit.move, visit.cancel, visit.note, visit.call) == (True, True, True, "", "")
    assert visit.ics_href == f"/calendar/visits/{visit.id}.ics"


def test_important_reminders_are_the_practices_own_words(clinic: TestClinic, open_as: OpenAs) -> None:
    set_type(
        open_as, clinic, arrive_minutes=15, bring="Bring a photo ID.", prepare="No alcohol before.\n\nClean skin."
    )  # fmt: skip
    with open_as(SYSTEM) as work:
        work.get(Clinic, clinic.clinic_id).parking = "Park in the garage."
        work.get(Practice, clinic.practice_id).important_reminders = "Call us if you feel unwell."
        clinic.template(work)
    book(open_as, clinic, clinic.amelia)
    said = [(reminder.icon, reminder.link, reminder.words) for reminder in row(open_as, clinic.amelia).reminders]
    assert said == [
        ("clock", "", "Arrive 15 minutes early, at 10:15\u00a0AM."),
        ("square-parking", "", "Park in the garage."),
        ("wallet", "", "Bring a photo ID."),
        ("circle-check", "", "No alcohol before."),
        ("circle-check", "", "Clean skin."),
        ("info", "", "Call us if you feel unwell."),
        ("list-checks", "Complete 1 form", "before you arrive."),
    ]


def test_a_visit_with_nothing_to_say_only_says_when_to_come(clinic: TestClinic, open_as: OpenAs) -> None:
    set_type(open_as, clinic, arrive_minutes=0)
    book(open_as, clinic, clinic.amelia)
    assert [line.words for line in row(open_as, clinic.amelia).reminders] == ["Arrive by 10:30\u00a0AM."]


@pytest.mark.parametrize(
    ("rules", "note", "call"),
    [
        ({"patient_may_move": False}, "This kind of visit cannot be moved online.", "To move it, call"),
        (
            {"patient_may_move": False, "patient_may_cancel": False, "rule_note": "Lasers follow an interval."},
            "Lasers follow an interval.",
            "To move or cancel it, call",
        ),
        ({"move_until_minutes": 10 * 24 * 60}, "It is too close to your visit to move it online.", "To move it, call"),
        ({"patient_may_confirm": False}, "This kind of visit is not confirmed online.", "To confirm it, call"),
        (
            {"patient_may_confirm": False, "patient_may_move": False, "patient_may_cancel": False},
            "This kind of visit cannot be moved or cancelled online.",
            "To confirm, move or cancel it, call",
        ),
    ],
)
def test_where_a_button_is_missing_it_says_why_and_what_to_call_for(
    clinic: TestClinic, open_as: OpenAs, rules: dict[str, Any], note: str, call: str
) -> None:
    set_type(open_as, clinic, **rules)
    book(open_as, clinic, clinic.amelia)
    visit = row(open_as, clinic.amelia)
    assert (visit.note, visit.call) == (note, call)


def test_a_cancelled_visit_stays_for_five_minutes_and_then_is_past(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(clinic.amelia) as work:
        appointments.cancel(work, visit_id, "The cost")
    clock.advance(seconds=1)
    visit = row(open_as, clinic.amelia)
    assert (visit.status, visit.undo_seconds, visit.move, visit.cancel) == ("Cancelled", 299, False, False)
    assert visit.reminders == []
    clock.advance(minutes=4, seconds=58.5)
    assert row(open_as, clinic.amelia).undo_seconds == 1
    clock.advance(seconds=0.5)
    with open_as(clinic.amelia, write=False) as work:
        assert pages.coming(work) == []
        assert [each.status for each in pages.past(work).years[0].visits] == ["Cancelled"]
        assert pages.counts(work) == pages.Counts(coming=0, past=1)
        assert pages.visit(work, visit_id).cancelled == "Cancelled on November 20, 2026: The cost."


def test_an_undone_cancellation_leaves_no_trace_on_the_page(clinic: TestClinic, open_as: OpenAs) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(clinic.amelia) as work:
        appointments.confirm(work, visit_id)
    before = row(open_as, clinic.amelia)
    with open_as(clinic.amelia) as work:
        appointments.cancel(work, visit_id, "The cost")
        appointments.undo_cancel(work, visit_id)
    assert row(open_as, clinic.amelia) == before


def test_what_the_practice_cancels_cannot_be_undone_by_the_patient(clinic: TestClinic, open_as: OpenAs) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(SYSTEM) as work:
        appointments.cancel(work, visit_id, "Another reason")
    with open_as(clinic.amelia, write=False) as work:
        assert pages.coming(work) == []
        assert pages.visit(work, visit_id).cancelled.startswith("Cancelled on November 20, 2026 by the practice")


def test_a_visit_under_way_is_still_ahead_and_one_that_nobody_closed_has_no_status(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    book(open_as, clinic, clinic.amelia)
    clock.at = TUESDAY + timedelta(minutes=30)
    visit = row(open_as, clinic.amelia)
    assert (visit.status, visit.confirm, visit.move, visit.cancel) == ("Not confirmed", False, False, False)
    clock.at = TUESDAY + timedelta(minutes=45)
    with open_as(clinic.amelia, write=False) as work:
        assert pages.coming(work) == []
        assert [each.status for each in pages.past(work).years[0].visits] == [""]


def test_the_history_goes_by_year_newest_first_25_at_a_time(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        for number in range(30):
            visit_id = clinic.visit(work, clinic.amelia, TUESDAY - (number + 1) * 20 * DAY)
            work.get(Appointment, visit_id).status = AppointmentStatus.COMPLETED
    with open_as(clinic.amelia, write=False) as work:
        first, every = pages.past(work), pages.past(work, 50)
    assert [year.year for year in first.years] == ["2026", "2025"]
    assert sum(len(year.visits) for year in first.years) == pages.PAGE
    assert (first.more, every.more) == (True, False)
    assert sum(len(year.visits) for year in every.years) == 30
    assert first.years[0].visits[0].label == "View Botox, forehead and glabella, Wed, Nov 4"
    assert every.since == "April 2025"


def test_a_visit_of_an_older_system_looks_right_without_provider_clinic_and_type(
    clinic: TestClinic, open_as: OpenAs
) -> None:
    with open_as(SYSTEM) as work:
        old = work.add(
            Appointment(
                patient_id=clinic.amelia.patient_id,  # type: ignore[arg-type]
                title="Skin consultation",
                starts_at=datetime(2019, 5, 2, 17, 0, tzinfo=UTC),
                ends_at=datetime(2019, 5, 2, 17, 30, tzinfo=UTC),
                status=AppointmentStatus.COMPLETED,
            )
        )
    with open_as(clinic.amelia, write=False) as work:
        line, page = pages.past(work).years[0].visits[0], pages.visit(work, old.id)
    assert (line.title, line.where, line.status) == ("Skin consultation", "", "Completed")
    assert (page.visit.provider, page.visit.clinic, page.visit.address) == ("", "", "")
    assert (page.visit.time, page.visit.lasts, page.visit.note) == ("10:00 AM", "30 minutes", "")
    assert (page.coming, page.forms, page.invoices, page.visit.ics_href) == (False, [], [], "")


def test_the_page_of_a_visit_has_its_paperwork_and_its_invoice(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic.template(work)
    visit_id = book(open_as, clinic, clinic.amelia)
    asked(open_as, clinic, name="Of another visit")
    with open_as(SYSTEM) as work:
        work.add(
            Invoice(
                patient_id=clinic.amelia.patient_id,  # type: ignore[arg-type]
                appointment_id=visit_id,
                number=1042,
                title="Late cancellation",
                total_cents=5000,
                issued_at=work.now(),
            )
        )
    with open_as(clinic.amelia, write=False) as work:
        page = pages.visit(work, visit_id)
    assert [(form.name, form.status) for form in page.forms] == [("Neurotoxin Treatment Consent", "Not Signed")]
    assert page.forms[0].pdf_href == f"/documents/forms/{page.forms[0].id}.pdf"
    assert page.invoices == [pages.VisitInvoice("Invoice 1042: Late cancellation", "$50.00", "Unpaid")]
    sign_typed(open_as, clinic.amelia, UUID(page.forms[0].id))
    with open_as(clinic.amelia, write=False) as work:
        page = pages.visit(work, visit_id)
    assert (page.forms[0].status, page.visit.forms) == ("Signed", 0)


@pytest.mark.parametrize(
    ("hours_before", "cents", "words"),
    [
        (25, 0, "There is no fee until Mon, Nov 23 at 10:30 AM."),
        (24, 0, "There is no fee until Mon, Nov 23 at 10:30 AM."),
        (23, 5000, "Cancelling now costs $50.00: it is less than 24 hours before your visit."),
    ],
)
def test_the_fee_is_said_before_the_button_that_makes_it(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock, hours_before: int, cents: int, words: str
) -> None:
    set_type(open_as, clinic, late_fee_cents=5000)
    visit_id = book(open_as, clinic, clinic.amelia)
    clock.at = TUESDAY - timedelta(hours=hours_before)
    with open_as(clinic.amelia) as work:
        terms = cancel_terms(work, visit_id)
        done = appointments.cancel(work, visit_id, terms.reasons[0][0])
        note = pages.coming(work)[0].note
    assert note == ("Unless you undo this, the late cancellation fee of $50.00 applies." if cents else "")
    assert (terms.fee_cents, terms.fee) == (cents, words)
    assert done.fee_cents == cents, "what was said is what it costs"


def test_without_a_fee_there_is_none_and_a_refusal_says_why(clinic: TestClinic, open_as: OpenAs) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(clinic.amelia, write=False) as work:
        assert cancel_terms(work, visit_id).fee == "There is no fee."
    set_type(open_as, clinic, patient_may_cancel=False, rule_note="Please talk to us first.")
    with open_as(clinic.amelia, write=False) as work, pytest.raises(Conflict, match="Please talk to us first"):
        cancel_terms(work, visit_id)


def test_another_time_opens_on_the_first_free_day_from_the_visit_on(clinic: TestClinic, open_as: OpenAs) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(clinic.amelia, write=False) as work:
        shown = choices(work, visit_id)
    assert (shown.month_title, shown.day_title, shown.present) == (
        "November 2026",
        "Tuesday, November 24",
        "Tue, Nov 24 at 10:30 AM",
    )
    assert [part.name for part in shown.parts] == ["Morning", "Afternoon"]
    assert shown.parts[0].times[0] == ("2026-11-24T17:00:00+00:00", "9:00 AM")
    days = {day.date: day for week in shown.weeks for day in week if day.number}
    assert days["2026-11-22"].open is False, "nobody works on a Sunday"
    assert days["2026-11-22"].words == "Sunday, November 22, not available"
    assert days["2026-11-25"].open is True
    assert days["2026-11-19"].past is True
    assert days["2026-11-20"].today is True
    assert (shown.earlier, shown.later) == ("", "2026-12-01")


def test_every_time_that_is_offered_can_be_had(clinic: TestClinic, open_as: OpenAs) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    book(open_as, clinic, clinic.rosa, TUESDAY + timedelta(hours=3))
    with open_as(clinic.amelia, write=False) as work:
        times = [time for part in choices(work, visit_id).parts for time, _ in part.times]
    assert len(times) > 10
    for time in times:
        with open_as(clinic.amelia) as work:
            appointments.reschedule(work, visit_id, datetime.fromisoformat(time))


def test_a_month_without_a_free_day_names_the_next_that_has_one(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        work.add(
            TimeOff(
                provider_id=clinic.provider_id,
                starts_at=datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
                ends_at=datetime(2027, 1, 1, 8, 0, tzinfo=UTC),
            )
        )
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(clinic.amelia, write=False) as work:
        shown = choices(work, visit_id, "2026-12-01")
    assert (shown.month_title, shown.day, shown.parts) == ("December 2026", "", [])
    assert (shown.other, shown.other_title) == ("2027-01-01", "January 2027")
    with open_as(SYSTEM) as work:
        work.add(TimeOff(starts_at=work.now(), ends_at=work.now() + 400 * DAY))
    with open_as(clinic.amelia, write=False) as work:
        shown = choices(work, visit_id)
    assert (shown.day, shown.other) == ("", "")


@pytest.mark.parametrize("month", ["", "x", "0001-01-01", "2026-02-31", "9999-12-31", "2020-01-01", "' OR 1=1"])
@pytest.mark.parametrize("day", ["", "x", "2026-11-22", "9999-12-31"])
def test_a_month_or_day_that_is_not_to_be_had_is_not_heeded(
    clinic: TestClinic, open_as: OpenAs, month: str, day: str
) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    with open_as(clinic.amelia, write=False) as work:
        assert choices(work, visit_id, month, day).day == date(2026, 11, 24).isoformat()


def test_nobody_sees_anothers_visit_and_a_guardian_sees_the_childs(clinic: TestClinic, open_as: OpenAs) -> None:
    visit_id, childs = book(open_as, clinic, clinic.amelia), book(open_as, clinic, clinic.child, TUESDAY + DAY)
    one: tuple[Callable[[Work, UUID], object], ...] = (pages.visit, cancel_terms, choices)
    for unknown in (visit_id, uuid4()):
        for query in one:
            with open_as(clinic.rosa, write=False) as work, pytest.raises(NotFound, match="could not find that appoi"):
                query(work, unknown)
    with open_as(clinic.rosa, write=False) as work:
        assert (pages.coming(work), pages.past(work).years) == ([], [])
        assert pages.counts(work) == pages.Counts(0, 0)
    for who in (NOBODY, SYSTEM):
        with open_as(who, write=False) as work:
            for query in (pages.coming, pages.past, pages.counts):
                with pytest.raises(NotFound):
                    query(work)
    with open_as(clinic.guardian, write=False) as work:
        assert [visit.id for visit in pages.coming(work)] == [str(childs)]
        assert pages.visit(work, childs).visit.title == "Botox, forehead and glabella"


@pytest.mark.parametrize(
    ("query", "most"),
    [(pages.coming, 2), (pages.counts, 1), (pages.past, 2), (pages.visit, 4), (cancel_terms, 2), (choices, 7)],
    ids=["coming", "counts", "past", "visit", "cancel_terms", "choices"],
)
def test_a_page_costs_the_same_however_many_visits_there_are(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, query: Callable[..., object], most: int
) -> None:
    visit_id = book(open_as, clinic, clinic.amelia)
    given = () if query in (pages.coming, pages.counts, pages.past) else (visit_id,)

    def statements() -> int:
        with open_as(clinic.amelia, write=False) as work, counted(engine) as seen:
            query(work, *given)
        return len(seen)

    before = statements()
    for number in range(1, 9):
        book(open_as, clinic, clinic.amelia, TUESDAY + number * DAY)
        book(open_as, clinic, clinic.rosa, TUESDAY + number * DAY + timedelta(hours=1))
        with open_as(SYSTEM) as work:
            clinic.visit(work, clinic.amelia, TUESDAY - 30 * number * DAY)
    assert statements() == before <= most
