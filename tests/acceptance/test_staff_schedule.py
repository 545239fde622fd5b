"""The schedule, as the front desk works with it; what they do shows on the patient's own page by itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from portal import dates, routes
from portal.clock import SystemClock
from portal.demo.places import ZONE
from portal.models import Appointment
from tests.acceptance.conftest import SignedIn
from tests.support import tour, visits
from tests.support.portal_server import PortalServer
from tests.support.signed_in import let_staff_in, sign_in

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

ROSA, NORA = "+15035550143", "nora.kowalski@example.com"
NAOMI = "Naomi Reyes, NP"


def a_wednesday(weeks: int) -> date:
    """One so far ahead that the demo's book is empty."""
    today = dates.local_day(SystemClock().now(), ZoneInfo(ZONE))
    return today + timedelta(days=(2 - today.weekday()) % 7 + 7 * weeks)


@pytest.fixture
def patients_page(browser: Browser, portal: PortalServer) -> Iterator[Page]:
    """Rosa's own Appointments, open elsewhere."""
    context = browser.new_context(locale="en-US", timezone_id=ZONE)
    context.add_cookies([{"name": "portal_session", "value": sign_in(portal, ROSA)[1], "url": portal.url}])
    page = context.new_page()
    tour.open_page(page, portal, routes.APPOINTMENTS)
    yield page
    context.close()


@pytest.fixture
def another_desk(browser: Browser, portal: PortalServer) -> Iterator[Page]:
    """The practice manager at another desk."""
    context = browser.new_context(locale="en-US", timezone_id=ZONE)
    let_staff_in(context, portal, "elena.marsh@lumiere.example")
    yield context.new_page()
    context.close()


def column(page: Page, title: str) -> Locator:
    return page.locator(".sched__col", has=page.get_by_role("heading", name=title))


def touch_free_time(page: Page, clock: str, with_whom: str = NAOMI) -> Locator:
    column(page, with_whom).locator(f'.sched__gap[aria-label^="Book {clock}"]').click()
    dialog = page.get_by_role("dialog", name="Book visit")
    expect(dialog).to_be_visible()
    return dialog


def choose(dialog: Locator, typed: str, name: str, service: str) -> None:
    dialog.get_by_label("Client").press_sequentially(typed, delay=20)
    dialog.get_by_role("button", name=name).click()
    expect(dialog.locator(".booking__client")).to_contain_text(name)
    dialog.get_by_label("Service").select_option(label=service)
    expect(dialog.locator(".slot").first).to_be_visible()


@one_width
def test_the_front_desk_books_moves_and_cancels_and_the_patients_page_follows(
    staff_in: SignedIn, patients_page: Page
) -> None:
    page = staff_in(routes.staff_schedule(day=a_wednesday(5)))
    dialog = touch_free_time(page, "10:30 AM")
    choose(dialog, "delg ros", "Rosa Delgado", "First consultation, 30 minutes")
    dialog.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text("Booked. The client is told.")).to_be_visible()
    visit = column(page, NAOMI).locator(".sv", has_text="Rosa Delgado")
    expect(visit).to_contain_text("10:30 AM")
    expect(visit).to_contain_text("Not confirmed")
    expect(visit.locator(".pill svg")).to_be_visible()
    own = patients_page.get_by_role("article").filter(has_text="First consultation").or_(
        patients_page.locator(".lit").filter(has_text="First consultation")
    )  # fmt: skip
    expect(own.first).to_contain_text("10:30 AM")

    visit.get_by_role("button").click()
    drawer = page.locator("#visit")
    expect(drawer).to_contain_text("Booked")
    drawer.get_by_role("button", name="Move").click()
    moving = page.get_by_role("dialog", name="Move visit")
    moving.get_by_role("radio", name="2:00 PM", exact=True).click()
    moving.get_by_role("button", name="Move", exact=True).click()
    expect(visit).to_contain_text("2:00 PM")
    expect(drawer).to_contain_text("Moved from")
    expect(own.first).to_contain_text("2:00 PM")

    own.first.get_by_role("button", name="Confirm").click()
    expect(visit).to_contain_text("Confirmed")  # what she does follows here, too
    expect(drawer).to_contain_text("Rosa Delgado, Today")

    drawer.get_by_role("button", name="Cancel", exact=True).click()
    drawer.get_by_role("button", name="Cancel visit").click()
    expect(drawer.get_by_text("Choose one of the reasons.")).to_be_visible()
    drawer.get_by_label("Reason").select_option("Something came up")
    drawer.get_by_role("button", name="Cancel visit").click()
    expect(drawer.get_by_role("button", name="Undo cancellation")).to_be_visible()
    expect(visit).to_contain_text("Held until")
    drawer.get_by_role("button", name="Undo cancellation").click()
    expect(visit).to_contain_text("Confirmed")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


@one_width
def test_a_client_who_is_here_is_checked_in_and_the_visit_is_completed(
    staff_in: SignedIn, portal: PortalServer, patients_page: Page
) -> None:
    visit_id = visits.book(portal, ROSA, days=2)
    now = SystemClock().now()
    at = datetime.fromtimestamp(int(now.timestamp()) // 300 * 300, UTC)
    visits.change(portal, Appointment, visit_id, starts_at=at, ends_at=at + timedelta(minutes=45))
    page = staff_in(routes.staff_schedule(visit=visit_id))
    drawer = page.locator("#visit")
    drawer.get_by_role("button", name="Check in").click()
    expect(drawer.locator(".pill").first).to_have_text("Checked in")
    expect(patients_page.get_by_text("Checked in").first).to_be_visible()
    drawer.get_by_role("button", name="Complete").click()
    expect(drawer.locator(".pill").first).to_have_text("Completed")
    page.keyboard.press("Escape")
    expect(page.locator(".sv", has_text="Rosa Delgado").first).to_contain_text("Completed")


@one_width
def test_two_desks_take_one_time_and_the_second_keeps_what_was_typed(
    staff_in: SignedIn, another_desk: Page, portal: PortalServer
) -> None:
    address = routes.staff_schedule(day=a_wednesday(6))
    page = staff_in(address)
    tour.open_page(another_desk, portal, address)
    service = "Botox, forehead and glabella, 45 minutes"
    for desk, typed, name in ((page, "kowal", "Nora Kowalski"), (another_desk, "amel", "Amelia Hart")):
        choose(touch_free_time(desk, "11:00 AM"), typed, name, service)
    first, second = (desk.get_by_role("dialog", name="Book visit") for desk in (page, another_desk))
    first.get_by_role("button", name="Book", exact=True).click()
    expect(first).to_have_count(0)
    expect(column(another_desk, NAOMI)).to_contain_text("Nora Kowalski")
    expect(second.get_by_role("radio", name="11:00 AM", exact=True)).to_have_count(0)  # it is no free time any more
    second.get_by_role("button", name="Book", exact=True).click()
    expect(second).to_contain_text("That time has just been taken. In the way: Nora Kowalski, Botox")
    expect(second.locator(".booking__client")).to_contain_text("Amelia Hart")
    expect(second.get_by_label("Service").locator("option:checked")).to_have_text(service)
    expect(second.get_by_label("Time", exact=True)).to_have_value("11:00")
    second.get_by_label("Time", exact=True).fill("18:00")
    second.get_by_role("button", name="Book", exact=True).click()
    expect(second).to_contain_text("outside the provider's hours")
    second.get_by_role("button", name="Book anyway").click()
    expect(second).to_have_count(0)
    expect(column(page, NAOMI)).to_contain_text("6:00 PM")


@one_width
def test_the_week_of_everybody_and_of_one_and_the_way_through_the_days(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    visit_id = visits.book(portal, NORA, days=44)
    day = dates.local_day(visits.visit(portal, visit_id).starts_at, ZoneInfo(ZONE))
    page = staff_in(routes.staff_schedule(view="week", day=day))
    expect(page.locator(".sched__col")).to_have_count(7)
    expect(page.locator(".sv", has_text="Nora Kowalski").first).to_contain_text(NAOMI)
    page.get_by_label("Provider").select_option(label=NAOMI)
    expect(page.locator(".sched__hours")).to_be_visible()
    expect(page.locator(".sv", has_text="Nora Kowalski").first).to_be_visible()
    page.get_by_label("Provider").select_option(label="Jonah Bell, LE")
    expect(page.locator(".sv", has_text="Nora Kowalski")).to_have_count(0)
    page.get_by_label("Provider").select_option(label="All providers")
    page.get_by_role("link", name="Day", exact=True).click()
    expect(page.get_by_role("heading", name=dates.full_day(day))).to_be_visible()
    page.get_by_role("link", name="Next day").click()
    expect(page.get_by_role("heading", name=dates.full_day(day + timedelta(days=1)))).to_be_visible()
    page.get_by_label("Go to a day").fill((day + timedelta(days=7)).isoformat())
    expect(page.get_by_role("heading", name=dates.full_day(day + timedelta(days=7)))).to_be_visible()
    page.get_by_role("link", name="Today").click()
    today = dates.full_day(dates.local_day(SystemClock().now(), ZoneInfo(ZONE)))
    expect(page.get_by_role("heading", name=today)).to_be_visible()


@one_width
def test_a_visit_is_reached_and_opened_with_the_keyboard(staff_in: SignedIn, portal: PortalServer) -> None:
    visit_id = visits.book(portal, NORA, days=45)
    day = dates.local_day(visits.visit(portal, visit_id).starts_at, ZoneInfo(ZONE))
    page = staff_in(routes.staff_schedule(day=day))
    visit = page.locator(".sv__b", has_text="Nora Kowalski").first
    visit.focus()
    page.keyboard.press("ArrowDown")
    expect(visit).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(visit).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#visit")).to_contain_text("Nora Kowalski")
    page.keyboard.press("Escape")
    expect(page.locator("#visit")).to_have_count(0)
    expect(visit).to_be_focused()


@one_width
def test_a_clients_tab_books_for_that_client(staff_in: SignedIn, portal: PortalServer) -> None:
    client_id = str(visits.patient_of(portal, NORA))
    page = staff_in(routes.staff_client(client_id, "appointments"))
    upcoming = page.get_by_role("region", name="Upcoming Appointments")
    page.get_by_role("button", name="Book visit").click()
    dialog = page.get_by_role("dialog", name="Book visit")
    expect(dialog.locator(".booking__client")).to_contain_text("Nora Kowalski")
    dialog.get_by_label("Service").select_option(label="Chemical peel, 45 minutes")
    dialog.get_by_label("Provider").select_option(label="Jonah Bell, LE")
    expect(dialog.get_by_label("Clinic").locator("option:checked")).to_have_text("Pearl District")
    dialog.get_by_label("Day").fill(a_wednesday(7).isoformat())
    dialog.get_by_role("radio", name="9:15 AM", exact=True).click()
    dialog.get_by_role("button", name="Book", exact=True).click()
    row = upcoming.get_by_role("row").filter(has_text=dates.short_date(a_wednesday(7))).filter(has_text="Chemical peel")
    expect(row).to_contain_text("Not confirmed")
    row.get_by_role("button", name="View").click()
    page.locator("#visit").get_by_role("button", name="Confirm").click()
    expect(row).to_contain_text("Confirmed")


def test_axe_finds_nothing_and_nothing_scrolls_sideways(staff_in: SignedIn, portal: PortalServer) -> None:
    visit_id = visits.book(portal, ROSA, days=46)
    day = dates.local_day(visits.visit(portal, visit_id).starts_at, ZoneInfo(ZONE))
    page = staff_in(routes.staff_schedule(day=day))
    problems: list[str] = []

    def look(name: str) -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            expect(page.locator("html")).to_have_css("color-scheme", theme)
            found = Axe().run(page).response["violations"]
            problems.extend(
                f"{name}, {theme}: {one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found
            )
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{name}: wider than the screen")

    look("day")
    page.locator(".sv__b", has_text="Rosa Delgado").first.click()
    expect(page.locator("#visit")).to_be_visible()
    look("visit")
    page.locator("#visit").get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("button", name="Cancel visit")).to_be_visible()
    look("cancelling")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Book visit").click()
    page.get_by_role("dialog", name="Book visit").get_by_label("Client").press_sequentially("ros")
    expect(page.locator(".booking__found")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text("Choose a service.")).to_be_visible()
    look("booking")
    page.keyboard.press("Escape")
    tour.open_page(page, portal, routes.staff_schedule(view="week", day=day))
    look("week")
    assert not problems, "\n".join(problems)
