"""The Dashboard, as the FAQ promises it, on a phone and on a desktop."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from portal import routes
from portal.models import Appointment, AppointmentStatus, Invoice
from portal.services import announcements, appointments
from tests.acceptance.conftest import SignedIn
from tests.support import tour, visits
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.visits import BOTOX

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

YARA, ZOE = "yara.haddad@example.com", "zoë.fairbanks@example.com"


def lit(page: Page) -> Locator:
    return page.locator("section.visit")


def calendar(page: Page) -> Locator:
    return page.locator("section", has=page.locator("#calendar"))


def wide(page: Page) -> bool:
    return (page.viewport_size or {"width": 0})["width"] >= 1024


def test_the_page_stands_in_the_order_of_need(signed_in: SignedIn) -> None:
    page = signed_in(routes.DASHBOARD)
    shown = [words.split("\n")[0].strip() for words in page.locator("main h2").all_inner_texts()]  # without the counts
    titles = [re.sub(r" \d+$", "", words) for words in shown]
    month = re.sub(r" \d+$", "", page.locator("#calendar").inner_text())
    assert titles == [
        BOTOX, "Paperwork", "Invoice", "Important Reminders", month, "Also coming up", "Notifications",
    ]  # fmt: skip


@pytest.mark.promise("P20")
def test_p20_upcoming_appointments_are_on_the_dashboard(signed_in: SignedIn) -> None:
    """Your upcoming appointments appear on the Dashboard."""
    page = signed_in(routes.DASHBOARD)
    expect(lit(page).get_by_role("heading", name=BOTOX)).to_be_visible()
    for words in ("Your next visit is in 3 days", "Not confirmed", "10:30 AM", "With Naomi Reyes, NP", "45 minutes"):
        expect(lit(page)).to_contain_text(words)
    others = page.get_by_role("region", name="Also coming up")
    expect(others.get_by_role("listitem")).to_have_count(2)
    expect(others.get_by_role("listitem").first).to_contain_text("HydraFacial Deluxe")
    others.get_by_role("link", name="HydraFacial Deluxe").click()
    page.wait_for_url(re.compile(r"/appointments/[0-9a-f-]{36}$"))


@pytest.mark.promise("P22")
def test_p22_confirm_on_the_dashboard_and_the_practice_knows(signed_in: SignedIn, portal: PortalServer) -> None:
    """Click the Confirm button. Your practice will be notified automatically."""
    first = next_visit(portal, YARA)
    booked = visits.book(portal, YARA, days=1)
    assert first is None or visits.visit(portal, booked).starts_at < visits.visit(portal, first).starts_at
    page = signed_in(routes.DASHBOARD, YARA)
    steps = lit(page).get_by_role("list")
    expect(steps.get_by_role("listitem").first).to_contain_text("Confirm your visit")
    expect(steps.locator("[aria-current=step]")).to_contain_text("Confirm your visit")
    lit(page).get_by_role("button", name="Confirm").click()
    expect(lit(page).locator(".pill")).to_have_text("Confirmed")
    expect(page.get_by_text("Confirmed. The practice knows that you are coming.")).to_be_visible()
    expect(lit(page).get_by_role("button", name="Confirm")).to_have_count(0)
    expect(steps.get_by_role("listitem").first).to_contain_text("Visit confirmed, done")
    expect(steps.locator("[aria-current=step]")).not_to_contain_text("Confirm your visit")
    assert visits.notices(portal, booked) == ["appointment.confirmed"]
    visits.change(portal, Appointment, booked, status=AppointmentStatus.COMPLETED)


def next_visit(portal: PortalServer, contact: str) -> UUID | None:
    patient_id = visits.patient_of(portal, contact)
    with acting(portal) as work:
        return work.db.exec(
            select(Appointment.id)
            .where(
                Appointment.patient_id == patient_id,
                Appointment.ends_at > work.now(),
                col(Appointment.status).in_([AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED]),
            )
            .order_by(col(Appointment.starts_at))
        ).first()


def test_cancel_with_undo_on_the_dashboard(signed_in: SignedIn, portal: PortalServer) -> None:
    booked = visits.book(portal, ZOE, hours=1)
    page = signed_in(routes.DASHBOARD, ZOE)
    lit(page).get_by_role("button", name="Cancel").click()
    question = page.get_by_role("dialog", name="Cancel this visit?")
    expect(question).to_contain_text("Cancelling now costs $50.00")
    question.get_by_text("I feel unwell").click()
    question.get_by_role("button", name="Cancel visit").click()
    expect(lit(page).locator(".pill")).to_have_text("Cancelled")
    expect(lit(page)).to_contain_text("This visit is cancelled")
    lit(page).get_by_role("button", name="Undo").click()
    expect(lit(page).locator(".pill")).to_have_text("Not confirmed")
    visits.change(portal, Appointment, booked, status=AppointmentStatus.COMPLETED)


def test_a_visit_that_cannot_be_changed_here_says_whom_to_call(signed_in: SignedIn, portal: PortalServer) -> None:
    booked = visits.book(portal, YARA, service=visits.LASER, hours=2)
    page = signed_in(routes.DASHBOARD, YARA)
    expect(lit(page)).to_contain_text("Laser sessions follow a set interval.")
    expect(lit(page).get_by_role("link", name="Reschedule")).to_have_count(0)
    expect(lit(page).get_by_role("link", name="(503) 555-0142")).to_have_attribute("href", "tel:+15035550142")
    visits.change(portal, Appointment, booked, status=AppointmentStatus.COMPLETED)


@pytest.mark.promise("P28")
def test_p28_important_reminders_for_the_next_visit(signed_in: SignedIn) -> None:
    """When to arrive before your appointment. Where to park. What to bring. Tasks to complete before your visit."""
    page = signed_in(routes.DASHBOARD)
    card = page.get_by_role("region", name="Important Reminders")
    for words in ("Arrive 10 minutes early, at", "Park free in the garage", "Bring a photo ID", "No alcohol"):
        expect(card).to_contain_text(words)
    steps = lit(page).get_by_role("list")
    expect(steps).to_contain_text("Complete 2 forms")  # the third waits for a witness
    steps.get_by_role("link", name="Complete 2 forms").click()
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")


@pytest.mark.promise("P29")
def test_p29_the_calendar_has_a_badge_on_each_day_with_a_visit(signed_in: SignedIn, portal: PortalServer) -> None:
    """The Dashboard includes a calendar showing your upcoming appointments with date badges."""
    page = signed_in(routes.DASHBOARD)
    month = calendar(page)
    expect(month.locator("[aria-current=date]")).to_have_count(1)
    booked = next_visit(portal, tour.AMELIA)
    assert booked is not None
    day = visits.when(portal, booked).split(" at ")[0].split(" ")[-1]
    for _ in range(2):  # the visit in three days may be next month's
        if month.get_by_role("button", name=BOTOX).filter(has_text=re.compile(rf"^{day}")).count():
            break
        title = month.get_by_role("heading", level=2).inner_text()
        month.get_by_role("button", name="Next month").click()
        expect(month.get_by_role("heading", level=2)).not_to_have_text(title)
    cell = month.get_by_role("button", name=f"{BOTOX} at 10:30 AM")
    expect(cell.locator(".cal__n")).to_have_text("1")
    cell.focus()
    page.keyboard.press("Enter")
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(month.get_by_role("listitem")).to_have_count(1)
    expect(month.get_by_role("listitem")).to_contain_text("10:30 AM")
    month.get_by_role("link", name=BOTOX).click()
    page.wait_for_url(f"**{routes.appointment(str(booked))}")


def test_the_calendar_stays_where_it_was_turned_to_when_something_changes(
    signed_in: SignedIn, portal: PortalServer
) -> None:
    page = signed_in(routes.DASHBOARD, ZOE)
    month = calendar(page)
    first = month.get_by_role("heading", level=2).inner_text()
    for _ in range(3):
        before = month.get_by_role("heading", level=2).inner_text()
        month.get_by_role("button", name="Next month").click()
        expect(month.get_by_role("heading", level=2)).not_to_have_text(before)
    turned = month.get_by_role("heading", level=2).inner_text()
    expect(month.locator("[aria-current=date]")).to_have_count(0)
    booked = visits.book(portal, ZOE, days=2)
    expect(page.get_by_role("main")).to_contain_text(
        f"Your next visit is in {visits.nights_until(portal, booked)} days"
    )
    expect(month.get_by_role("heading", level=2)).to_have_text(turned)
    for _ in range(3):
        before = month.get_by_role("heading", level=2).inner_text()
        month.get_by_role("button", name="Previous month").click()
        expect(month.get_by_role("heading", level=2)).not_to_have_text(before)
    expect(month.get_by_role("heading", level=2)).to_have_text(first)
    visits.change(portal, Appointment, booked, status=AppointmentStatus.COMPLETED)


def test_unpaid_invoices_say_how_much_and_how_to_pay(signed_in: SignedIn, portal: PortalServer) -> None:
    page = signed_in(routes.DASHBOARD)
    card = page.get_by_role("region", name="Invoice 1047")
    for words in ("$185.00", "HydraFacial Deluxe", "Unpaid"):
        expect(card).to_contain_text(words)
    expect(card.get_by_role("link", name="(503) 555-0142")).to_have_attribute("href", "tel:+15035550142")
    assert not card.get_by_role("button").count(), "nothing that leads nowhere"
    lit(page).get_by_role("link", name="Pay invoice 1047").click()
    expect(card).to_be_in_viewport()
    amelia = visits.patient_of(portal, tour.AMELIA)
    with acting(portal) as work:
        second = work.add(
            Invoice(patient_id=amelia, number=99_001, title="Late fee", total_cents=5000, issued_at=work.now())
        ).id
        work.changed(amelia, "invoices")
    card = page.get_by_role("region", name="Unpaid invoices")
    expect(card).to_contain_text("$235.00")
    expect(card.get_by_role("listitem")).to_have_count(2)
    with acting(portal) as work:
        work.db.delete(work.get(Invoice, second))
        work.changed(amelia, "invoices")
    expect(page.get_by_role("region", name="Invoice 1047")).to_be_visible()


def test_a_promotion_can_be_closed(signed_in: SignedIn) -> None:
    page = signed_in(routes.DASHBOARD)
    offer = page.get_by_role("complementary", name="From the practice")
    expect(offer).to_contain_text("Gift cards")
    link = offer.get_by_role("link", name="See gift cards")
    expect(link).to_have_attribute("href", "https://lumiere.example/gift-cards")
    assert "noopener" in (link.get_attribute("rel") or "")
    offer.get_by_role("button", name="Hide this offer").click()
    expect(offer).to_have_count(0)
    menu = page.get_by_role("navigation").filter(visible=True)
    menu.get_by_role("link", name="Task Management").click()
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")
    menu.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("region", name="Paperwork")).to_be_visible()
    expect(offer).to_have_count(0)


def test_a_new_promotion_is_there_with_the_next_look(signed_in: SignedIn, portal: PortalServer) -> None:
    with acting(portal) as work:
        now = work.now()
        banner = announcements.put_up_banner(work, "Open house on Saturday", now, now + timedelta(hours=1))
    page = signed_in(routes.DASHBOARD, ZOE)
    offer = page.get_by_role("complementary", name="From the practice")
    expect(offer).to_contain_text("Open house on Saturday")
    with acting(portal) as work:
        announcements.switch_banner(work, banner, on=False)
    page.reload()
    expect(offer).not_to_contain_text("Open house")


@one_width
def test_the_top_bar_names_the_one_step_that_is_due(signed_in: SignedIn, portal: PortalServer) -> None:
    booked = visits.book(portal, ZOE, days=1)
    page = signed_in(routes.DASHBOARD, ZOE)
    bar = page.get_by_role("banner")
    expect(bar).to_contain_text(re.compile(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d+"))
    expect(bar).not_to_contain_text("Next:")
    day = visits.when(portal, booked).split(" at ")[0]
    for address in (routes.APPOINTMENTS, routes.TASK_MANAGEMENT, routes.NOTIFICATIONS, routes.PROFILE):
        tour.open_page(page, portal, address)
        expect(bar).to_contain_text(f"Next: confirm your visit on {day}")
    with acting(portal) as work:
        appointments.confirm(work, booked)
    expect(bar).to_contain_text(re.compile("Next: (complete|pay|arrive)"))
    visits.change(portal, Appointment, booked, status=AppointmentStatus.COMPLETED)
