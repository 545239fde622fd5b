"""Two sides: a patient's open page, and somebody else who changes something. The page follows by itself."""

import re
import time
from collections.abc import Iterator
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from portal import routes
from portal.pages.table import OWN
from tests.support import paper, tour
from tests.support.acting import acting, tell
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in
from tests.support.visits import book

pytestmark = pytest.mark.browser

CLOCK = """() => {
  window.reloads = performance.getEntriesByType("navigation").length;
  window.seen = {};
  new MutationObserver(() => {
    for (const word of window.watched ?? [])
      if (!(word in window.seen) && document.body.innerText.includes(word)) window.seen[word] = Date.now();
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope="module", params=["sqlite", "cluster"])
def server(request: pytest.FixtureRequest) -> PortalServer:
    """The portal as one process on SQLite, and as two workers on PostgreSQL and Redis."""
    return request.getfixturevalue("portal" if request.param == "sqlite" else "portal_cluster")


@pytest.fixture
def amelia(page: Page, server: PortalServer) -> Iterator[str]:
    """Amelia is signed in in this browser, and never loads a page but by a click; her id."""
    patient_id, token = sign_in(server, tour.AMELIA)
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": server.url}])
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield patient_id
    assert wrong == []


def visits(server: PortalServer, *words: str) -> str:
    """The practice's side: `python -m portal visits …`."""
    return server.cli("visits", *words)


def upcoming(server: PortalServer, title: str) -> str:
    """The id of Amelia's next visit of that name."""
    lines = [line for line in visits(server, "list", "Amelia Hart").splitlines() if f"  {title}" in line]
    return next(line.split()[0] for line in lines if line.endswith(("Not confirmed", "Confirmed")))


def test_a_line_of_the_feed_is_there_within_a_second(page: Page, server: PortalServer, amelia: str) -> None:
    tour.open_page(page, server, routes.DASHBOARD)
    page.evaluate(CLOCK)
    took = []
    for number in range(5):
        word = f"News {number} of {time.monotonic_ns()}"
        page.evaluate("(word) => { window.watched = [word]; }", word)
        tell(server, amelia, word)
        committed = time.time()
        expect(page.get_by_text(word).first).to_be_attached(timeout=5_000)
        took.append(page.evaluate("(word) => window.seen[word]", word) / 1000 - committed)
    assert median(took) < 1, took
    assert page.evaluate("window.reloads") == 1


@pytest.mark.promise("P67")
def test_the_bell_and_the_badges_of_every_page(page: Page, server: PortalServer, amelia: str) -> None:
    for address in (routes.PROFILE, routes.TASK_MANAGEMENT, routes.APPOINTMENTS, routes.NOTIFICATIONS):
        tour.open_page(page, server, address)
        bell = page.get_by_role("link", name="Notifications").first
        before = bell.get_attribute("aria-label") or bell.inner_text()
        tell(server, amelia, f"On {address}")
        expect(bell).not_to_have_accessible_name(before)


def test_the_list_of_visits_follows_the_practice(page: Page, server: PortalServer, amelia: str) -> None:
    visit = upcoming(server, "HydraFacial Deluxe")
    tour.open_page(page, server, routes.APPOINTMENTS)
    card = page.get_by_role("article", name="HydraFacial Deluxe")
    expect(card).to_be_visible()
    visits(server, "cancel", visit)
    expect(card).to_have_count(0)
    visits(server, "undo", visit)
    expect(card).to_be_visible()


def test_what_is_being_typed_and_open_stays(page: Page, server: PortalServer, amelia: str) -> None:
    tour.open_page(page, server, routes.APPOINTMENTS)
    page.get_by_role("button", name="Cancel").first.click()
    dialog = page.get_by_role("dialog")
    note = dialog.get_by_role("textbox").first
    note.fill("Half a sent")
    tell(server, amelia, "Something else happened")
    page.wait_for_timeout(1_200)
    note.press_sequentially("ence")
    assert note.input_value() == "Half a sentence"
    expect(dialog).to_be_visible()


def test_the_question_before_a_cancellation_follows_the_visit(page: Page, server: PortalServer, amelia: str) -> None:
    visit = str(book(server, tour.AMELIA, service="HydraFacial Deluxe", days=40))
    tour.open_page(page, server, routes.appointment(visit))
    page.get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog", name="Cancel this visit?")
    dialog.get_by_label("Something came up").check()
    dialog.get_by_role("textbox").fill("Half a sentence")
    free = 4 if (page.viewport_size or {}).get("width") == 390 else 5  # a cancelled visit holds its time a while
    visits(server, "move", visit, f"2099-05-{free:02} 15:00", "--outside-hours")
    expect(dialog).to_contain_text(f"May {free} at 3:00 PM")
    assert dialog.get_by_role("textbox").input_value() == "Half a sentence"
    expect(dialog.get_by_label("Something came up")).to_be_checked()
    visits(server, "cancel", visit)
    expect(dialog).to_have_count(0)


def test_a_signature_in_the_making_stays(page: Page, server: PortalServer, amelia: str) -> None:
    form_id = paper.ask_for(server, tour.AMELIA, f"In the making {time.monotonic_ns()}", '{"initials": ["Risks"]}')
    tour.open_page(page, server, routes.consent_sign(str(form_id)))
    sheet = page.get_by_role("dialog", name="Sign")
    paper.draw(page, sheet.locator("canvas"), touch=False)
    sheet.get_by_label("Your initials for “Risks”").fill("AH")
    with acting(server) as work:
        work.changed(UUID(amelia), *OWN)
    page.wait_for_timeout(1_200)
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()


def test_a_form_that_is_reset_says_so_where_it_is_read(page: Page, server: PortalServer, amelia: str) -> None:
    form_id = paper.ask_for(server, tour.AMELIA, f"Reset meanwhile {time.monotonic_ns()}")
    tour.open_page(page, server, routes.consent(str(form_id)))
    server.cli("forms", "reset", str(form_id), "--reason", "Another version is needed")
    expect(page.get_by_text("The practice has withdrawn this form.")).to_be_visible()


def test_a_month_that_was_turned_to_stays(page: Page, server: PortalServer, amelia: str) -> None:
    tour.open_page(page, server, routes.DASHBOARD)
    month = page.locator("#calendar")
    this = month.inner_text()
    page.get_by_role("button", name="Next month").click()
    expect(month).not_to_have_text(this)
    following, word = month.inner_text(), f"While she looks ahead {time.monotonic_ns()}"
    tell(server, amelia, word)
    expect(page.get_by_text(word).first).to_be_attached()
    assert month.inner_text() == following


def test_a_time_that_was_chosen_stays(page: Page, server: PortalServer, amelia: str) -> None:
    tour.open_page(page, server, routes.reschedule(upcoming(server, "HydraFacial Deluxe")))
    sheet = page.get_by_role("dialog", name="Reschedule")
    day = sheet.get_by_role("table").get_by_role("button", disabled=False).last
    day.click()
    expect(day).to_have_attribute("aria-pressed", "true")
    times = sheet.get_by_role("button", name=re.compile(r"^\d+:\d\d [AP]M")).or_(sheet.get_by_role("radio"))
    times.last.click()
    save = sheet.get_by_role("button", name=re.compile("^Reschedule|^Move"))
    expect(save).not_to_have_attribute("aria-disabled", "true")
    before = sheet.aria_snapshot()
    with acting(server) as work:
        work.changed(UUID(amelia), *OWN)
    page.wait_for_timeout(1_200)
    assert sheet.aria_snapshot() == before


def test_the_page_goes_when_the_practice_signs_her_out(page: Page, server: PortalServer, amelia: str) -> None:
    tour.open_page(page, server, routes.DASHBOARD)
    server.cli("staff", "sign-out", "Amelia Hart")
    expect(page.get_by_text("You were logged out.")).to_be_visible()
    expect(page.get_by_text("Amelia")).to_have_count(0)
    assert "next=/dashboard" in page.url


def test_two_tabs_of_one_person(page: Page, server: PortalServer, amelia: str) -> None:
    tour.open_page(page, server, routes.NOTIFICATIONS)
    tell(server, amelia, f"Read in one tab {time.monotonic_ns()}")
    second: Any = page.context.new_page()
    try:
        tour.open_page(second, server, routes.DASHBOARD)
        bell = second.get_by_role("link", name="Notifications").first
        expect(bell).to_have_accessible_name(re.compile("new"))
        page.get_by_role("button", name="Mark all").first.click()
        expect(bell).to_have_accessible_name("Notifications")
    finally:
        second.close()
