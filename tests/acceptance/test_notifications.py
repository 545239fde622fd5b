"""Notifications, as the FAQ promises them, on a phone and on a desktop; and where the practice is."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select, update

from portal import routes
from portal.domain.notifications import TITLES, Kind
from portal.models import Notification
from tests.acceptance.conftest import SignedIn
from tests.support import paper, tour, visits
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in
from tests.support.sockets import bare_socket

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

IMANI, FARAH = "imani.cole@example.com", "farah.nasser@example.com"


def lines(page: Page) -> Locator:
    return page.locator("li.note")


def bell(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("link", name="Notifications")


def tell(portal: PortalServer, contact: str, kind: Kind, body: str = "", href: str = "") -> UUID:
    """A line of any kind, as the services put it there."""
    patient_id = visits.patient_of(portal, contact)
    with acting(portal) as work:
        line = work.add(
            Notification(
                patient_id=patient_id, kind=kind, title=TITLES[kind], body=body, href=href, created_at=work.now()
            )
        )
        work.changed(patient_id, "notifications")
        return line.id


def all_read(portal: PortalServer, contact: str) -> None:
    patient_id = visits.patient_of(portal, contact)
    with acting(portal) as work:
        work.db.exec(
            update(Notification)
            .where(col(Notification.patient_id) == patient_id)
            .values(read_at=work.now(), created_at=work.now() - timedelta(days=9))
        )


@pytest.mark.promise("P67")
def test_p67_a_new_appointment_is_announced(signed_in: SignedIn, portal: PortalServer) -> None:
    """New appointments booked."""
    all_read(portal, IMANI)
    page = signed_in(routes.NOTIFICATIONS, IMANI)
    booked = visits.book(portal, IMANI, days=4)
    line = page.get_by_role("region", name="Today").get_by_role("listitem").filter(has_text=TITLES[Kind.VISIT_BOOKED])
    expect(line).to_contain_text(visits.when(portal, booked))
    expect(line).to_contain_text("New")
    line.get_by_role("link", name="View").click()
    page.wait_for_url(f"**{routes.appointment(str(booked))}")
    tour.open_page(page, portal, routes.NOTIFICATIONS)
    expect(line).to_be_visible()
    expect(line.locator(".note__new")).to_have_count(0)


@pytest.mark.promise("P31", "P69")
def test_p31_p69_a_new_form_is_announced_and_leads_there(signed_in: SignedIn, portal: PortalServer) -> None:
    """New forms to complete. Notification in your Notifications feed."""
    all_read(portal, IMANI)
    page = signed_in(routes.DASHBOARD, IMANI)
    name = f"Consent that is announced, {page.viewport_size}"
    form_id = paper.ask_for(portal, IMANI, name)
    card = page.get_by_role("region", name="Notifications")
    expect(card.get_by_role("listitem").first).to_contain_text(name)
    expect(bell(page)).to_contain_text("1 new")
    bell(page).click()
    page.wait_for_url(f"**{routes.NOTIFICATIONS}")
    line = lines(page).filter(has_text=name)
    expect(line).to_contain_text("New form to complete")
    line.get_by_role("link", name="View").click()
    page.wait_for_url(f"**{routes.consent(str(form_id))}")
    patient_id = visits.patient_of(portal, IMANI)
    with acting(portal) as work:
        unread = select(Notification.id).where(
            Notification.patient_id == patient_id, col(Notification.read_at).is_(None)
        )
        assert work.db.exec(unread).all() == []


@pytest.mark.promise("P70")
def test_p70_a_reminder_asks_to_confirm(signed_in: SignedIn, portal: PortalServer) -> None:
    """Appointment reminders."""
    amelia = visits.patient_of(portal, tour.AMELIA)
    with acting(portal) as work:
        asks = col(Notification.title).startswith("Confirm your visit on")
        work.db.exec(update(Notification).where(asks, col(Notification.patient_id) == amelia).values(read_at=None))
    page = signed_in(routes.NOTIFICATIONS)
    line = lines(page).filter(has_text="Confirm your visit on")
    expect(line).to_contain_text("New")
    expect(line.get_by_role("link", name="Confirm: Confirm your visit on")).to_have_text("Confirm")
    line.get_by_role("link", name="Confirm").click()
    page.wait_for_url(re.compile(r"/appointments/[0-9a-f-]{36}$"))
    expect(page.get_by_role("main").get_by_role("button", name="Confirm")).to_be_visible()


@pytest.mark.promise("P68")
def test_p68_new_instructions_and_every_other_kind_have_words_and_a_picture(
    signed_in: SignedIn, portal: PortalServer
) -> None:
    """New treatment instructions available."""
    all_read(portal, IMANI)
    for kind in Kind:
        tell(portal, IMANI, kind, body="Of this kind")
    page = signed_in(routes.NOTIFICATIONS, IMANI)
    shown = page.get_by_role("region", name="Today").get_by_role("listitem")
    expect(shown).to_have_count(len(Kind))
    pictures = {}
    for kind in Kind:
        line = shown.filter(has=page.get_by_role("heading", name=TITLES[kind], exact=True))
        expect(line).to_have_count(1)
        expect(line.locator("svg").first).to_be_visible()
        pictures[kind] = line.locator("svg path").first.get_attribute("d")
    assert len(set(pictures.values())) == len(Kind)
    expect(shown.filter(has_text="New treatment instructions available")).to_be_visible()


@pytest.mark.promise("P71")
def test_p71_the_bell_and_the_page_both_show_them(signed_in: SignedIn, portal: PortalServer) -> None:
    """Click the notification bell on your Dashboard or navigate to the Notifications page to view all alerts."""
    all_read(portal, FARAH)
    page = signed_in(routes.DASHBOARD, FARAH)
    expect(bell(page)).to_be_visible()
    expect(bell(page)).not_to_contain_text("new")
    first = tell(portal, FARAH, Kind.FORM_ASSIGNED, body="First", href=routes.TASK_MANAGEMENT)
    tell(portal, FARAH, Kind.PAYMENT_FAILED, body="Second")
    expect(bell(page)).to_contain_text("2 new")
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
        row = page.locator("#more").get_by_role("link", name="Notifications")
        expect(row).to_contain_text("2 new")
        row.click()
    else:
        entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Notifications")
        expect(entry).to_contain_text("2 new")
        entry.click()
    page.wait_for_url(f"**{routes.NOTIFICATIONS}")
    expect(page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()
    today = page.get_by_role("region", name="Today").get_by_role("listitem")
    expect(today).to_have_count(2)
    expect(today.locator(".note__new")).to_have_count(2)
    line = today.filter(has_text="First")
    line.get_by_role("button", name="Mark as read").click()
    expect(line.locator(".note__new")).to_have_count(0)
    expect(bell(page)).to_contain_text("1 new")
    page.get_by_role("button", name="Mark all as read").click()
    expect(today.locator(".note__new")).to_have_count(0)
    expect(bell(page)).not_to_contain_text("new")
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    line.get_by_role("link", name="New form to complete").click()
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")
    with acting(portal) as work:
        assert work.get(Notification, first).read_at is not None


@one_width
def test_thirty_at_a_time(signed_in: SignedIn, portal: PortalServer) -> None:
    patient_id = visits.patient_of(portal, "gabriela.santos@example.com")
    with acting(portal) as work:
        for number in range(40):
            at = work.now() - timedelta(days=400, minutes=number)
            work.db.add(Notification(patient_id=patient_id, kind="x", title=f"Old {number}", created_at=at))
    page = signed_in(routes.NOTIFICATIONS, "gabriela.santos@example.com")
    expect(lines(page)).to_have_count(30)
    page.get_by_role("button", name="Show earlier").click()
    expect(lines(page).filter(has_text="Old 39")).to_be_visible()
    expect(page.get_by_role("button", name="Show earlier")).to_have_count(0)
    expect(lines(page).last).to_contain_text(re.compile(r"[A-Z][a-z]+ \d+, \d{4}"))


@one_width
def test_nothing_new_says_what_will_come(signed_in: SignedIn, portal: PortalServer) -> None:
    patient_id = visits.patient_of(portal, "harriet.bloom@example.com")
    with acting(portal) as work:
        for line in work.db.exec(select(Notification).where(Notification.patient_id == patient_id)):
            work.db.delete(line)
    page = signed_in(routes.NOTIFICATIONS, "harriet.bloom@example.com")
    expect(page.get_by_role("heading", name="Nothing new")).to_be_visible()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)


@pytest.mark.promise("P76", "P79")
def test_p76_p79_where_the_practice_is_stands_in_the_menu_and_in_help(
    signed_in: SignedIn, portal: PortalServer
) -> None:
    """Your practice's contact information. Check your practice's website."""
    page = signed_in(routes.DASHBOARD)
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
        where = page.locator("#more address")
    else:
        where = page.get_by_role("navigation", name="Main").locator("address")
    expect(where).to_be_visible()
    expect(where).to_contain_text("41 Marlow Street, Suite 200")
    expect(where).to_contain_text("Today:")
    for name, href in (
        ("(503) 555-0142", "tel:+15035550142"),
        ("hello@lumiere.example", "mailto:hello@lumiere.example"),
        ("lumiere.example", "https://lumiere.example"),
    ):
        expect(where.get_by_role("link", name=name, exact=True)).to_have_attribute("href", href)
    tour.open_page(page, portal, routes.HELP)
    main = page.get_by_role("main")
    for words in ("Pearl District", "Lake Oswego", "290 Heron Avenue", "Monday to Saturday, 9:00 AM to 5:00 PM"):
        expect(main).to_contain_text(words)
    expect(main.get_by_role("link", name="lumiere.example", exact=True)).to_have_attribute(
        "href", "https://lumiere.example"
    )


STATE = "reflex___state____state.portal___state___patient___notifications____notifications_state"


@pytest.mark.parametrize("who", ["nobody", "+15035550143"])
def test_anothers_notification_is_neither_read_nor_marked(portal: PortalServer, who: str) -> None:
    """An attacker with a bare socket and another's id."""
    line = tell(portal, FARAH, Kind.INVOICE, body="Only Farah's")
    cookies = {"portal_browser": "attacker"}
    if who != "nobody":
        cookies["portal_session"] = sign_in(portal, who)[1]
    with bare_socket(portal.url, cookies=cookies) as socket:
        for name, payload in (
            ("open", {"notification_id": str(line)}),
            ("mark", {"notification_id": str(line)}),
            ("mark", {"notification_id": ["x"]}),
            ("mark_all", {}),
            ("show_earlier", {}),
            ("load", {}),
        ):
            said = repr(socket.call(f"{STATE}.{name}", payload, path=routes.NOTIFICATIONS))
            assert "Only Farah" not in said
    with acting(portal) as work:
        assert work.get(Notification, line).read_at is None
