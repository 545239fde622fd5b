"""Filling a questionnaire from the list to "Filled": by finger and mouse, and with the keyboard alone."""

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import routes
from tests.support import asked, tour
from tests.support.portal_server import PortalServer
from tests.support.questions import QUESTIONS
from tests.support.signed_in import sign_in

pytestmark = pytest.mark.browser
desktop = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)


@pytest.fixture
def form_id(portal: PortalServer) -> UUID:
    """A questionnaire with every type of question, for Amelia."""
    return asked.ask(portal, tour.AMELIA, "Health Check", QUESTIONS)


@pytest.fixture
def amelia(page: Page, portal: PortalServer) -> Page:
    """Her browser, signed in; nothing may be wrong in its console."""
    _id, token = sign_in(portal, tour.AMELIA)
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    return page


def at(page: Page, heading: str) -> None:
    """The step has turned, and the cursor is on its heading."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_focused()


def group(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name=words)


def saved(page: Page) -> None:
    """Everything on the screen is kept, and the screen says so."""
    expect(page.locator("[data-unsaved]")).to_have_count(0, timeout=20_000)
    expect(page.locator(".qsaved .saved")).to_be_visible()


@pytest.mark.promise("P37", "P38", "P39")
def test_the_whole_way(amelia: Page, portal: PortalServer, form_id: UUID) -> None:
    page, faults = amelia, list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    tour.open_page(page, portal, routes.questionnaire(str(form_id)))
    press = Locator.tap if page.evaluate("navigator.maxTouchPoints") else Locator.click
    go_on = page.get_by_role("button", name="Continue")
    expect(page.get_by_text("Step 1 of 3")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Amelia Hart")
    expect(page.get_by_text("From what we have on record. Please check it.")).to_be_visible()

    press(go_on)  # what is required cannot be skipped
    expect(page.get_by_text("1 question still needs an answer.")).to_be_visible()
    expect(page.locator("#problems")).to_be_focused()
    press(page.get_by_role("link", name="Go to question 2"))
    expect(page.get_by_label("Your birthday")).to_be_focused()
    page.get_by_label("Your birthday").fill("3/14/1988")
    page.get_by_label("Your weight").fill("140")
    press(go_on)

    at(page, "Your health today")
    yes = group(page, "Are you pregnant?").get_by_label("Yes")
    yes.focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("How many weeks?")).to_be_visible()
    expect(yes).to_be_focused()
    page.get_by_label("How many weeks?").press_sequentially("20")
    expect(group(page, "Is it twins?")).to_be_visible()  # while one types: nobody left the field
    expect(page.get_by_label("How many weeks?")).to_be_focused()
    press(group(page, "Are you pregnant?").get_by_text("No", exact=True))
    expect(page.get_by_label("How many weeks?")).to_have_count(0)
    expect(group(page, "Is it twins?")).to_have_count(0)
    press(page.get_by_text("Flu", exact=True))
    press(page.get_by_text("None of these"))
    expect(page.get_by_label("Flu")).not_to_be_checked()
    press(group(page, "Your skin").get_by_text("Dry"))
    press(page.get_by_role("button", name="Clear this answer"))
    expect(page.get_by_label("Dry")).not_to_be_checked()
    press(page.get_by_text("Latex"))
    page.get_by_label("Something else").fill("Bees <b>")
    saved(page)
    press(go_on)

    at(page, "Anything else")
    press(group(page, "Your pain now").get_by_label("3", exact=True))
    page.get_by_label("What should we know?").fill("A wedding.\nNo bruises, please.")
    press(page.get_by_role("button", name="Type", exact=True))
    page.get_by_label("Type your name as your signature").fill("Amelia Hart")
    press(page.get_by_role("button", name="Keep this signature"))
    expect(page.get_by_text("Signed by typing: Amelia Hart")).to_be_visible()
    page.reload()
    tour.settle(page)
    expect(page.get_by_text("Step 3 of 3")).to_be_visible()
    expect(page.get_by_label("What should we know?")).to_have_value("A wedding.\nNo bruises, please.")
    press(page.get_by_role("button", name="Review"))

    at(page, "Review your answers")
    for words in ("March 14, 1988", "140 lb", "None of these", "Latex, Bees <b>", "3 of 10"):
        expect(page.get_by_role("definition").filter(has_text=words)).to_be_visible()
    expect(page.get_by_text("How many weeks?")).to_have_count(0)
    press(page.get_by_role("button", name="Edit About you"))
    at(page, "About you")
    page.get_by_label("Your children").fill("2")
    press(go_on)
    at(page, "Your health today")
    press(go_on)
    at(page, "Anything else")
    press(page.get_by_role("button", name="Review"))
    at(page, "Review your answers")
    press(page.get_by_role("button", name="Submit"))

    at(page, "Health Check")
    expect(page.locator(".pill", has_text="Filled")).to_be_visible()
    expect(page.get_by_text(re.compile("^Submitted by Amelia Hart on "))).to_be_visible()
    expect(page.get_by_role("link", name="Download Health Check")).to_be_visible()
    for field in ("input", "textarea", "select", "canvas"):
        expect(page.locator(f"main {field}")).to_have_count(0)
    assert not faults
    found = asked.stands(portal, form_id)
    assert found["status"] == "done"
    assert found["submitted"][0] | {"mark": None} == {
        "name": "Amelia Hart",
        "born": "1988-03-14",
        "weight": "140",
        "children": "2",
        "pregnant": False,
        "lately": ["none"],
        "allergy": {"chosen": ["latex"], "other": "Bees <b>"},
        "pain": 3,
        "note": "A wedding.\nNo bruises, please.",
        "mark": None,
    }, "what was hidden is not submitted"


def tabs_to(page: Page, place: Locator, most: int = 30) -> None:
    """Press Tab until the cursor is there."""
    for _ in range(most):
        if place.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{place} cannot be reached with the keyboard")


SHORT: dict[str, Any] = asked.one_page(
    {"linkId": "ill", "type": "boolean", "text": "Are you ill?", "required": True},
    {"linkId": "pain", "type": "scale", "text": "Your pain", "min": 0, "max": 10, "required": True},
    {"linkId": "note", "type": "text", "text": "Anything else?"},
)


@desktop
@pytest.mark.promise("P37")
def test_with_the_keyboard_alone(amelia: Page, portal: PortalServer) -> None:
    page = amelia
    form_id = asked.ask(portal, tour.AMELIA, "By Keyboard", SHORT)
    tour.open_page(page, portal, routes.questionnaire(str(form_id)))
    tabs_to(page, group(page, "Are you ill?").get_by_label("Yes"))
    page.keyboard.press("ArrowRight")
    expect(group(page, "Are you ill?").get_by_label("No")).to_be_checked()
    tabs_to(page, page.get_by_label("0", exact=True))
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("4", exact=True)).to_be_checked()
    tabs_to(page, page.get_by_label("Anything else?"))
    page.keyboard.type("Nothing")
    tabs_to(page, page.get_by_role("button", name="Review"))
    page.keyboard.press("Enter")
    at(page, "Review your answers")
    tabs_to(page, page.get_by_role("button", name="Submit"))
    page.keyboard.press("Enter")
    at(page, "By Keyboard")
    assert asked.stands(portal, form_id)["submitted"] == [{"ill": False, "pain": 4, "note": "Nothing"}]
