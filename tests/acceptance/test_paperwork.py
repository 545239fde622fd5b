"""Paperwork. The whole way from the code to the sealed PDF is in tests/e2e/test_consent_journey.py."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import routes
from tests.acceptance.conftest import SignedIn
from tests.support import asked, paper, tour
from tests.support.portal_server import PortalServer

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
on_a_tablet = pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)

NORA = "nora.kowalski@example.com"


def number_in(badge: Locator) -> int:
    expect(badge).to_be_visible()
    return int("".join(filter(str.isdigit, badge.inner_text())))


@pytest.mark.promise("P30", "P32")
def test_p30_p32_the_badge_counts_what_is_open_and_the_card_leads_there(signed_in: SignedIn) -> None:
    """Badge count on the Dashboard (shows number of incomplete items). Paperwork card on the Dashboard."""
    page = signed_in(routes.DASHBOARD)
    card = page.get_by_role("region", name="Paperwork")
    badge = number_in(card.locator(".count").first)
    card.get_by_role("link", name="Task Management").click()
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")
    waiting = page.get_by_role("region", name="To complete").get_by_role("listitem")
    expect(waiting).to_have_count(2)
    expect(page.get_by_role("tab", name="Questionnaires")).to_have_text("Questionnaires1 to complete")
    assert badge == 3, "one to sign, one that waits for a witness, and one to fill"


@one_width
@pytest.mark.promise("P33")
def test_p33_a_status_is_an_icon_a_word_and_a_colour(signed_in: SignedIn) -> None:
    """Status indicators on forms: red "Not Signed" = needs your action, green "Signed" = completed."""
    page = signed_in(routes.TASK_MANAGEMENT)
    hues = {}
    for words in ("Not Signed", "Witness Signature Required", "Signed", "Not Filled", "Filled"):
        if words == "Not Filled":
            page.get_by_role("tab", name="Questionnaires").click()
        pill = page.locator(".pill", has_text=re.compile(f"^{words}$")).first
        expect(pill).to_contain_text(words)
        expect(pill.locator("svg")).to_be_visible()
        colour = pill.evaluate(_RGB)
        hues[words] = max(range(3), key=colour.__getitem__), colour
    red, amber, green = (hues[words] for words in ("Not Signed", "Witness Signature Required", "Signed"))
    assert hues["Not Filled"] == red
    assert hues["Filled"] == green
    assert red[0] == 0
    assert green[0] == 1
    assert amber[0] == 0
    assert amber[1][1] > red[1][1], "amber has more green in it than red"


#: What colour an element's words really have, whatever notation the stylesheet uses.
_RGB = """(element) => {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  context.fillStyle = getComputedStyle(element).color;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


@pytest.mark.promise("P34")
def test_p34_task_management_has_two_tabs(signed_in: SignedIn) -> None:
    """Click Task Management in the left menu. You'll see two tabs: Consents and Questionnaires."""
    page = signed_in(routes.DASHBOARD)
    menu = page.get_by_role("navigation").filter(visible=True)
    menu.get_by_role("link", name="Task Management").click()
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Consents2 to complete", "Questionnaires1 to complete"])
    expect(page.get_by_role("tab", name="Consents")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Questionnaires").click()
    expect(page.get_by_role("tabpanel", name="Questionnaires")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Consents")).to_have_count(0)


@on_a_tablet
@pytest.mark.promise("P35", "P39")
def test_p35_p39_a_consent_is_signed_on_a_tablet(signed_in: SignedIn, portal: PortalServer) -> None:
    """All forms work on smartphones and tablets. Click View to read the form, Sign to add your signature; the form will
    update to "Signed"."""
    name = "Peel Consent on a tablet"
    paper.ask_for(portal, NORA, name)
    page = signed_in(routes.TASK_MANAGEMENT, NORA)
    page.set_viewport_size({"width": 820, "height": 1180})
    row = page.get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("Not Signed")
    row.get_by_role("link", name=f"View {name}").click()
    page.get_by_role("link", name="Sign", exact=True).click()
    sheet = page.get_by_role("dialog", name="Sign")
    paper.draw(page, sheet.locator("canvas"), touch=True)
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    page.get_by_role("link", name="Back to Task Management").click()
    expect(row.locator(".pill")).to_have_text("Signed")
    page.reload()
    expect(row.locator(".pill")).to_have_text("Signed")


@pytest.mark.promise("P37", "P38", "P39", "P41")
def test_p37_p38_p41_a_questionnaire_is_filled_and_then_locked(signed_in: SignedIn, portal: PortalServer) -> None:
    """Click Fill, answer all required questions, submit; the form will update to "Filled". Required questions cannot be
    skipped. You cannot edit a form after submission."""
    name = "Questions before a peel"
    questions = asked.one_page(
        {"linkId": "well", "type": "boolean", "text": "Do you feel well?", "required": True},
        {"linkId": "note", "type": "text", "text": "Anything else?"},
    )
    form_id = asked.ask(portal, NORA, name, questions)
    page = signed_in(routes.TASK_MANAGEMENT, NORA)
    page.get_by_role("tab", name="Questionnaires").click()
    row = page.get_by_role("listitem").filter(has_text=name).first
    expect(row.locator(".pill")).to_have_text("Not Filled")
    row.get_by_role("link", name=f"Fill {name}").click()
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_text("1 question still needs an answer.")).to_be_visible()
    expect(page.get_by_role("group", name="Do you feel well?")).to_contain_text("Choose Yes or No")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".pill")).to_have_text("Filled")
    for field in ("input", "textarea", "select", "[contenteditable]", "canvas"):
        expect(page.locator(f"main {field}")).to_have_count(0)
    page.get_by_role("link", name="Task Management", exact=True).click()
    page.get_by_role("tab", name="Questionnaires").click()
    done = page.get_by_role("region", name="Completed").get_by_role("listitem").filter(has_text=name).first
    expect(done.locator(".pill")).to_have_text("Filled")
    expect(done.get_by_role("link", name=f"View {name}")).to_be_visible()
    expect(done.get_by_role("link", name=f"Fill {name}")).to_have_count(0)
    expect(done.get_by_role("link", name=f"Download {name}")).to_be_visible()
    assert asked.stands(portal, form_id)["submitted"] == [{"well": True}]


@one_width
@pytest.mark.promise("P40")
def test_p40_a_download_icon_stands_next_to_every_form(signed_in: SignedIn) -> None:
    """Click the Download icon next to any form to save a PDF copy to your device."""
    page = signed_in(routes.TASK_MANAGEMENT)
    rows = page.locator("main").get_by_role("listitem")
    expect(rows.filter(has=page.locator(".pill")).first).to_be_visible()
    for row in rows.filter(has=page.locator(".pill")).all():
        link = row.get_by_role("link", name="Download ")
        expect(link).to_have_count(1)
        address = link.get_attribute("href") or ""
        answer = page.request.get(f"{page.url.split('/task')[0]}{address}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment")


@one_width
@pytest.mark.promise("P41")
def test_p41_a_signed_form_cannot_be_edited(signed_in: SignedIn, page: Page) -> None:
    """You cannot edit a form after submission."""
    signed_in(routes.TASK_MANAGEMENT)
    done = page.get_by_role("region", name="Completed")
    expect(done.get_by_role("link", name="Sign ")).to_have_count(0)
    done.get_by_role("link", name="View ").first.click()
    expect(page.get_by_text("Signed and locked.")).to_be_visible()
    reading = page.url
    for field in ("input", "textarea", "select", "[contenteditable]", "canvas"):
        expect(page.locator(f"main {field}")).to_have_count(0)
    page.goto(f"{reading}/sign")
    page.wait_for_url(reading)
    expect(page.get_by_role("dialog")).to_have_count(0)
    tour.settle(page)


@one_width
def test_what_runs_out_says_so_in_the_list_and_on_the_form(signed_in: SignedIn, page: Page) -> None:
    """A document nearing or past its expiry shows on both sides."""
    signed_in(routes.TASK_MANAGEMENT, NORA)
    row = page.get_by_role("listitem").filter(has_text="Laser Hair Removal Consent")
    expect(row.locator(".pill")).to_have_text(["Signed", "Expiring soon"])
    row.get_by_role("link", name="View ").click()
    expect(page.get_by_text(re.compile(r"Signed and locked\. Counts until \w+ \d+, \d{4}\."))).to_be_visible()
