"""Appointments, as the FAQ promises them, in a real browser on a phone and on a desktop."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from portal import routes
from portal.clock import SystemClock
from portal.models import Appointment, AppointmentStatus, Practice, TimeOff
from portal.state.practice import FRESH_SECONDS
from tests.acceptance.conftest import SignedIn
from tests.support import tour, visits
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in
from tests.support.visits import BOTOX, LASER

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

NORA, PALOMA = "nora.kowalski@example.com", "paloma.ruiz@example.com"
GUARDIAN = "+15035550133"  # Esther Lindqvist, for Theo
UNKNOWN = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"


def card(page: Page, portal: PortalServer, visit_id: UUID) -> Locator:
    """What the page shows of one visit, lit or not."""
    booked = visits.visit(portal, visit_id)
    view = page.get_by_role("link", name=f"View {booked.title}, {visits.when(portal, visit_id)}", exact=True)
    return page.locator("section.visit, article.appt").filter(has=view)


def turn(sheet: Locator) -> None:
    """Turn to the next month, and wait until it is there."""
    heading = sheet.locator("#month")
    before = heading.inner_text()
    sheet.get_by_role("button", name="Next month").click()
    expect(heading).not_to_have_text(before)


def choose_tenth(sheet: Locator) -> str:
    """Choose the second afternoon time of the tenth free day; returns how the new time reads."""
    day = sheet.locator("td button:not([disabled])").nth(9)
    day.click()
    expect(day).to_have_attribute("aria-pressed", "true")
    sheet.get_by_role("group", name="Afternoon").locator("label").nth(1).click()
    expect(sheet.locator(".sheet__sum")).to_contain_text("New time: ")
    return sheet.locator(".sheet__sum").inner_text().removeprefix("New time: ")


@pytest.fixture
def booked(portal: PortalServer) -> UUID:
    """A visit of Nora's in about a week, which she may confirm, move and cancel."""
    return visits.book(portal, NORA, days=7)


@pytest.mark.promise("P21")
def test_p21_the_menu_leads_to_more_details(signed_in: SignedIn) -> None:
    """For more details, click Appointments in the left menu."""
    page = signed_in(routes.DASHBOARD)
    page.get_by_role("navigation").filter(visible=True).get_by_role("link", name="Appointments").click()
    page.wait_for_url(f"**{routes.APPOINTMENTS}")
    tour.settle(page)
    expect(page.get_by_role("heading", level=1, name="Appointments")).to_be_visible()
    lit = page.locator("section.visit")
    expect(lit.get_by_role("heading", name=BOTOX)).to_be_visible()
    for words in ("Not confirmed", "With Naomi Reyes, NP", "45 minutes, Pearl District", "41 Marlow Street"):
        expect(lit).to_contain_text(words)
    expect(page.locator("article.appt")).to_have_count(2)
    link = lit.get_by_role("link", name="Add Botox")
    answer = page.request.get(f"{page.url.split('/appointments')[0]}{link.get_attribute('href')}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "Botox" not in answer.text(), "calendar entries name no treatment"


@pytest.mark.promise("P22")
def test_p22_confirm_and_the_practice_is_notified(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    """Find your upcoming appointment. Click the Confirm button. Your practice will be notified automatically."""
    page = signed_in(routes.APPOINTMENTS, NORA)
    about = card(page, portal, booked)
    expect(about).to_contain_text("Not confirmed")
    about.get_by_role("button", name="Confirm").click()
    expect(about.locator(".pill", has_text="Confirmed")).to_be_visible()
    expect(page.get_by_text("Confirmed. The practice knows that you are coming.")).to_be_visible()
    expect(about.get_by_role("button", name="Confirm")).to_have_count(0)
    page.reload()
    expect(about.locator(".pill", has_text="Confirmed")).to_be_visible()
    assert visits.notices(portal, booked) == ["appointment.confirmed"]
    told = f"Appointment confirmed: Nora K., {visits.when(portal, booked)}"
    assert visits.mail_to_practice(portal, visits.when(portal, booked)) == [told]


@one_width
@pytest.mark.promise("P22")
def test_p22_a_double_click_confirms_once(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    page = signed_in(routes.APPOINTMENTS, NORA)
    about = card(page, portal, booked)
    about.get_by_role("button", name="Confirm").dblclick()
    expect(about.locator(".pill", has_text="Confirmed")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Confirmed.")).to_be_visible()
    assert visits.notices(portal, booked) == ["appointment.confirmed"]


@pytest.mark.promise("P23")
def test_p23_reschedule_to_a_time_that_is_free(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    """Click Reschedule to change your appointment time. Your practice will be notified immediately."""
    page = signed_in(routes.APPOINTMENTS, NORA)
    card(page, portal, booked).get_by_role("link", name="Reschedule").click()
    sheet = page.get_by_role("dialog", name="Reschedule")
    expect(sheet).to_contain_text(f"Now on {visits.when(portal, booked)}")
    save = sheet.get_by_role("button", name="Reschedule")
    expect(save).to_have_attribute("aria-disabled", "true")
    closed = sheet.locator("td button[disabled]").first
    expect(closed).to_have_css("text-decoration-line", "line-through")
    turn(sheet)
    day = sheet.locator("td button:not([disabled])").nth(3)
    day.click()
    expect(day).to_have_attribute("aria-pressed", "true")
    expect(sheet.get_by_role("group", name="Morning")).to_be_visible()
    sheet.get_by_role("group", name="Morning").locator("label").first.click()
    summary = sheet.locator(".sheet__sum")
    expect(summary).to_contain_text("New time: ")
    new = summary.inner_text().removeprefix("New time: ")
    assert re.fullmatch(r"\w{3}, \w{3} \d+ at (9|1[01]):\d\d AM", new)  # others may have the first ones
    save.click()
    page.wait_for_url(f"**{routes.APPOINTMENTS}")
    expect(page.get_by_text(f"Your visit is now on {new}. The practice knows.")).to_be_visible()
    assert visits.when(portal, booked) == new
    expect(card(page, portal, booked)).to_contain_text("Not confirmed")
    assert visits.notices(portal, booked) == ["appointment.changed"]


@one_width
@pytest.mark.promise("P23")
def test_p23_by_keyboard_alone_and_back_without_a_change(
    signed_in: SignedIn, portal: PortalServer, booked: UUID
) -> None:
    before = visits.visit(portal, booked).starts_at
    page = signed_in(routes.reschedule(str(booked)), NORA)  # as the link in a text message opens it
    sheet = page.get_by_role("dialog", name="Reschedule")
    expect(sheet.get_by_role("heading", name="Reschedule")).to_be_focused()
    times = sheet.get_by_role("radio")
    times.first.focus()
    page.keyboard.press("Space")
    expect(times.first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(times.nth(1)).to_be_checked()
    expect(sheet.locator(".sheet__sum")).to_contain_text("New time: ")
    sheet.get_by_role("link", name="Keep current time").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{routes.APPOINTMENTS}")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert visits.visit(portal, booked).starts_at == before
    page.go_back()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{routes.APPOINTMENTS}")


@one_width
@pytest.mark.promise("P23")
def test_p23_two_people_who_take_one_time(
    signed_in: SignedIn, portal: PortalServer, booked: UUID, browser: Browser
) -> None:
    other = visits.book(portal, PALOMA, days=8)
    mine = signed_in(routes.reschedule(str(booked)), NORA)
    context = browser.new_context(locale="en-US")
    context.add_cookies([{"name": "portal_session", "value": sign_in(portal, PALOMA)[1], "url": portal.url}])
    hers = context.new_page()
    tour.open_page(hers, portal, routes.reschedule(str(other)))
    sheet = mine.get_by_role("dialog", name="Reschedule")
    turn(sheet)
    month = sheet.locator("#month").inner_text()
    words = choose_tenth(sheet)
    sheet = hers.get_by_role("dialog", name="Reschedule")
    if sheet.locator("#month").inner_text() != month:
        turn(sheet)
    expect(sheet.locator("#month")).to_have_text(month)
    assert choose_tenth(sheet) == words, "both are offered the same time"
    mine.get_by_role("button", name="Reschedule").click()
    mine.wait_for_url(f"**{routes.APPOINTMENTS}")
    chosen = hers.locator("td button[aria-pressed=true]").text_content() or ""
    hers.get_by_role("button", name="Reschedule").click()
    expect(hers.get_by_text("That time has just been taken.")).to_be_visible()
    sheet = hers.get_by_role("dialog", name="Reschedule")
    expect(sheet.get_by_text(words.rpartition(" at ")[2], exact=True)).to_have_count(0)
    expect(sheet.locator("td button[aria-pressed=true]")).to_have_text(chosen)
    expect(sheet.locator(".sheet__sum")).to_have_text("Choose a new time")
    sheet.locator("label.slot").first.click()
    expect(sheet.get_by_text("New time: ")).to_be_visible()
    sheet.get_by_role("button", name="Reschedule").click()
    hers.wait_for_url(f"**{routes.APPOINTMENTS}")
    assert visits.notices(portal, other) == ["appointment.changed"]
    context.close()


@one_width
@pytest.mark.promise("P23")
def test_p23_a_month_without_a_free_day_says_so(signed_in: SignedIn, portal: PortalServer) -> None:
    visit_id = visits.book(portal, NORA, "Microneedling", days=9)
    page = signed_in(routes.reschedule(str(visit_id)), NORA)
    sheet = page.get_by_role("dialog", name="Reschedule")
    expect(sheet.get_by_role("radio").first).to_be_attached()
    with acting(portal) as work:
        work.add(
            TimeOff(
                provider_id=visits.visit(portal, visit_id).provider_id,
                starts_at=work.now(),
                ends_at=work.now() + timedelta(days=80),
            )
        )
    turn(sheet)
    expect(sheet.get_by_role("heading", name="No free time")).to_be_visible()
    sheet.get_by_role("button", name="Go to ").click()
    expect(sheet.get_by_role("radio").first).to_be_attached()


@pytest.mark.promise("P24")
def test_p24_cancel_and_undo(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    """Click Cancel to cancel your appointment. Your practice will be notified immediately."""
    page = signed_in(routes.APPOINTMENTS, NORA)
    about = card(page, portal, booked)
    about.get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog", name="Cancel this visit?")
    expect(dialog).to_contain_text(f"{BOTOX}, {visits.when(portal, booked)}")
    expect(dialog).to_contain_text("There is no fee until ")
    dialog.get_by_role("button", name="Cancel visit").click()
    expect(dialog.get_by_text("Choose one of the reasons.")).to_be_visible()
    dialog.get_by_label("Something came up").check()
    dialog.get_by_label("Anything we should know?").fill("I am on a journey that week.")
    dialog.get_by_role("button", name="Cancel visit").click()
    expect(dialog).to_have_count(0)
    expect(about.locator(".pill", has_text="Cancelled")).to_be_visible()
    expect(about.get_by_role("timer")).to_contain_text(re.compile(r"Time left to undo: [45]:\d\d"))
    cancelled = visits.visit(portal, booked)
    assert (cancelled.cancel_reason, cancelled.cancel_note) == ("Something came up", "I am on a journey that week.")
    about.get_by_role("button", name="Undo").click()
    expect(about.locator(".pill", has_text="Not confirmed")).to_be_visible()
    expect(about.get_by_role("button", name="Confirm")).to_be_visible()
    assert visits.notices(portal, booked) == ["appointment.cancelled", "appointment.restored"]


@one_width
@pytest.mark.promise("P24")
def test_p24_keep_it_keeps_it(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    page = signed_in(routes.APPOINTMENTS, NORA)
    about = card(page, portal, booked)
    for leave in ("Keep it", "Close"):
        about.get_by_role("button", name="Cancel").click()
        page.get_by_role("dialog").get_by_role("button", name=leave).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(about.get_by_role("button", name="Cancel")).to_be_focused()
    assert visits.visit(portal, booked).status is AppointmentStatus.BOOKED


@pytest.mark.promise("P24")
def test_p24_a_late_cancellation_says_its_fee_first_and_ends_among_the_past(
    signed_in: SignedIn, portal: PortalServer
) -> None:
    late = visits.book(portal, NORA, hours=5)
    page = signed_in(routes.APPOINTMENTS, NORA)
    about = card(page, portal, late)
    expect(about).to_contain_text("It is too close to your visit to move it online. To move it, call (503) 555-0142.")
    expect(about.get_by_role("link", name="Reschedule")).to_have_count(0)
    about.get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog", name="Cancel this visit?")
    expect(dialog).to_contain_text("Cancelling now costs $50.00: it is less than 24 hours before your visit.")
    dialog.get_by_label("I feel unwell").check()
    dialog.get_by_role("button", name="Cancel visit").click()
    expect(about).to_contain_text("Unless you undo this, the late cancellation fee of $50.00 applies.")
    now = SystemClock().now()
    visits.change(portal, Appointment, late, cancelled_at=now - timedelta(minutes=4, seconds=50))
    page.reload()
    expect(about.get_by_role("timer")).to_contain_text(re.compile("Time left to undo: 0:(10|0[0-9])"))
    expect(about).to_have_count(0, timeout=20_000)
    page.get_by_role("link", name="Past Appointments").click()
    row = page.get_by_role("listitem").filter(has=page.locator(f"a[href='{routes.appointment(str(late))}']"))
    expect(row.locator(".pill")).to_have_text("Cancelled")
    visits.desk(portal, "settle", late)
    row.get_by_role("link", name="View").click()
    expect(page.get_by_role("region", name="Invoice")).to_contain_text("$50.00")
    expect(page.get_by_text("Cancelled on ")).to_contain_text("I feel unwell.")


@one_width
@pytest.mark.promise("P24")
def test_p24_two_tabs_cancel_once(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    page = signed_in(routes.APPOINTMENTS, NORA)
    second = page.context.new_page()
    tour.open_page(second, portal, routes.APPOINTMENTS)
    for tab in (page, second):
        card(tab, portal, booked).get_by_role("button", name="Cancel").click()
        tab.get_by_role("dialog").get_by_label("The cost").check()
    page.get_by_role("dialog").get_by_role("button", name="Cancel visit").dblclick()
    for tab in (page, second):  # the other tab follows by itself: there is nothing left to ask
        expect(tab.get_by_role("dialog")).to_have_count(0)
        expect(card(tab, portal, booked).get_by_role("button", name="Undo")).to_be_visible()
    assert visits.notices(portal, booked) == ["appointment.cancelled"]


@pytest.mark.promise("P25")
def test_p25_some_appointments_show_no_reschedule_or_cancel(signed_in: SignedIn, portal: PortalServer) -> None:
    """Some appointments may not show reschedule/cancel options depending on timing or appointment type."""
    page = signed_in(routes.APPOINTMENTS)
    laser = page.locator("article.appt").filter(has_text=LASER)
    expect(laser.get_by_role("button", name="Confirm")).to_be_visible()
    expect(laser.get_by_role("link", name="Reschedule")).to_have_count(0)
    expect(laser.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(laser).to_contain_text("Laser sessions follow a set interval. To move or cancel it, call (503) 555-0142.")
    expect(laser.get_by_role("link", name="(503) 555-0142")).to_have_attribute("href", "tel:+15035550142")
    address = laser.get_by_role("link", name="View").get_attribute("href")
    tour.open_page(page, portal, f"{address}/reschedule")
    refusal = page.get_by_role("dialog", name="Reschedule")
    expect(refusal).to_contain_text("Laser sessions follow a set interval.")
    expect(refusal.get_by_role("button", name="Reschedule")).to_have_count(0)
    refusal.get_by_role("link", name="Back to Appointments").click()
    page.wait_for_url(f"**{routes.APPOINTMENTS}")


@one_width
@pytest.mark.promise("P26")
def test_p26_new_visits_are_booked_in_the_booking_portal(signed_in: SignedIn, portal: PortalServer) -> None:
    """New appointment booking is done through your practice's separate Online Booking Portal."""
    page = signed_in(routes.APPOINTMENTS)
    link = page.get_by_role("link", name="Online Booking Portal")
    expect(link).to_have_attribute("href", "https://book.lumiere.example")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener")
    with acting(portal) as work:
        practice_id = work.db.exec(select(Practice.id)).one()
    visits.change(portal, Practice, practice_id, booking_url="")
    page.wait_for_timeout(1_000 * FRESH_SECONDS + 200)
    page.reload()
    expect(page.get_by_text("To book a visit, call (503) 555-0142.")).to_be_visible()
    expect(link).to_have_count(0)
    visits.change(portal, Practice, practice_id, booking_url="https://book.lumiere.example")


@pytest.mark.promise("P27")
def test_p27_past_appointments_and_view(signed_in: SignedIn, portal: PortalServer) -> None:
    """Click the Past Appointments tab. Click View to see details of previous visits."""
    page = signed_in(routes.APPOINTMENTS)
    page.get_by_role("link", name="Past Appointments").click()
    page.wait_for_url("**/appointments?tab=past")
    rows = page.locator("main").get_by_role("listitem")
    expect(rows).to_have_count(6)
    expect(rows.first).to_contain_text("Laser hair removal, session 2 of 6")
    expect(rows.filter(has_text="HydraFacial Signature").locator(".pill")).to_have_text("Cancelled")
    page.reload()
    expect(rows).to_have_count(6)
    rows.filter(has_text="HydraFacial Deluxe").get_by_role("link", name="View").click()
    main = page.get_by_role("main")
    for words in ("HydraFacial Deluxe", "Completed", "Jonah Bell, LE", "Pearl District", "41 Marlow Street"):
        expect(main).to_contain_text(words)
    expect(main).to_contain_text(re.compile(r"\w+day, \w+ \d+, 20\d\d"))
    expect(main).to_contain_text("2:00 PM, 60 minutes")
    expect(page.get_by_role("region", name="Invoice")).to_contain_text("$185.00")
    for verb in ("Confirm", "Reschedule", "Cancel", "Undo", "Add to calendar"):
        expect(main.get_by_text(verb, exact=True)).to_have_count(0)
    page.get_by_role("link", name="Past Appointments").click()
    expect(rows).to_have_count(6)


@one_width
@pytest.mark.promise("P27")
def test_p27_a_long_history_is_shown_25_visits_at_a_time(signed_in: SignedIn, portal: PortalServer) -> None:
    patient_id = visits.patient_of(portal, PALOMA)
    with acting(portal) as work:
        for number in range(40):
            at = work.now() - timedelta(days=400 + number)
            old = {"title": f"Old visit {number}", "status": AppointmentStatus.COMPLETED}
            work.add(Appointment(patient_id=patient_id, starts_at=at, ends_at=at + timedelta(minutes=30), **old))
    page = signed_in(f"{routes.APPOINTMENTS}?tab=past", PALOMA)
    rows = page.locator("main").get_by_role("listitem")
    expect(rows).to_have_count(25)
    page.get_by_role("button", name="Show earlier").click()
    expect(page.get_by_text("Old visit 39", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Show earlier")).to_have_count(0)
    expect(page.get_by_text("That is everything since ")).to_be_visible()
    page.get_by_role("link", name="View Old visit 39").click()
    expect(page.get_by_role("heading", name="Old visit 39")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Provider")


@pytest.mark.promise("P28")
def test_p28_important_reminders(signed_in: SignedIn) -> None:
    """When to arrive before your appointment, where to park, what to bring, tasks to complete before your visit."""
    page = signed_in(routes.APPOINTMENTS)
    reminders = page.locator("section.visit .visit__note")
    expect(reminders.get_by_role("heading", name="Important Reminders")).to_be_visible()
    lines = reminders.get_by_role("listitem")
    for words in (
        "Arrive 10 minutes early, at 10:20 AM.",
        "Park free in the garage on Hoyt Street.",
        "Bring a photo ID.",
        "No alcohol, ibuprofen or aspirin for 24 hours before your visit.",
        "Call us if you feel unwell",
    ):
        expect(lines.filter(has_text=words)).to_be_visible()
    lines.filter(has_text="before you arrive.").get_by_role("link", name="Complete 2 forms").click()
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")


@one_width
def test_the_page_of_a_coming_visit_has_its_paperwork_and_the_acts(signed_in: SignedIn, portal: PortalServer) -> None:
    page = signed_in(routes.APPOINTMENTS)
    page.locator("section.visit").get_by_role("link", name="View").click()
    paperwork = page.get_by_role("region", name="Paperwork")
    expect(paperwork.get_by_role("listitem").first).to_be_visible()
    for row in paperwork.get_by_role("listitem").all():
        address = row.get_by_role("link", name="Download").get_attribute("href")
        assert page.request.get(f"{portal.url}{address}").headers["content-type"] == "application/pdf"
    for role, verb in (("button", "Confirm"), ("link", "Reschedule"), ("button", "Cancel")):
        expect(page.get_by_role(role, name=f"{verb} Botox")).to_be_visible()  # type: ignore[arg-type]
    expect(page.get_by_role("region", name="Important Reminders")).to_be_visible()


@one_width
def test_what_the_front_desk_does_shows_by_itself(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    page = signed_in(routes.appointment(str(booked)), NORA)
    expect(page.locator(".pill", has_text="Not confirmed")).to_be_visible()
    visits.desk(portal, "confirm", booked)
    expect(page.locator(".pill", has_text="Confirmed")).to_be_visible(timeout=2_000)
    visits.desk(portal, "cancel", booked, "Another reason")
    expect(page.get_by_text("by the practice")).to_be_visible(timeout=2_000)


@one_width
def test_a_guardian_sees_the_childs_visits(signed_in: SignedIn, portal: PortalServer) -> None:
    childs = visits.book(portal, GUARDIAN, "First consultation", days=6)
    page = signed_in(routes.APPOINTMENTS, GUARDIAN)
    card(page, portal, childs).get_by_role("button", name="Confirm").click()
    expect(card(page, portal, childs).locator(".pill", has_text="Confirmed")).to_be_visible()


@one_width
def test_anothers_visit_is_not_found(signed_in: SignedIn, portal: PortalServer, booked: UUID) -> None:
    page = signed_in(routes.DASHBOARD)
    for visit_id in (str(booked), UNKNOWN, "no-such-visit"):
        tour.open_page(page, portal, routes.appointment(visit_id))
        expect(page.get_by_role("heading", name="We could not find that appointment")).to_be_visible()
        tour.open_page(page, portal, routes.reschedule(visit_id))
        expect(page.get_by_role("dialog")).to_contain_text("We could not find that appointment.")


@one_width
def test_the_private_calendar_address_is_shown_once_copied_and_turned_off(
    signed_in: SignedIn, portal: PortalServer, page: Page
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    signed_in(routes.APPOINTMENTS)
    page.get_by_role("button", name="Get a private address").click()
    address = page.locator(".feedaddress").inner_text()
    assert address.startswith(f"{portal.url}/calendar/")
    page.get_by_role("button", name="Copy the calendar address").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    webcal = page.get_by_role("link", name="Open in a calendar").get_attribute("href")
    assert webcal == address.replace("http://", "webcal://")
    feed = page.request.get(address)
    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.text().count("BEGIN:VEVENT") >= 3
    tour.open_page(page, portal, routes.DASHBOARD)
    tour.open_page(page, portal, routes.APPOINTMENTS)
    expect(page.get_by_text("A calendar program reads your visits from a private address since ")).to_be_visible()
    expect(page.locator(".feedaddress")).to_have_count(0)
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("The private address no longer works.")).to_be_visible()
    assert page.request.get(address).status == 404
