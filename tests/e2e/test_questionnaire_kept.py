"""Nothing that was typed is lost, and the saved line never lies: a killed server, no connection, other devices, a
questionnaire that is withdrawn while it is filled."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from portal import routes
from tests.support import asked, browser, paper, tour
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in

pytestmark = pytest.mark.browser

SLOW = 30_000  # milliseconds: a server starts anew
TWO_PAGES = {
    "item": [
        *asked.one_page(
            {"linkId": "first", "type": "string", "text": "Your first word", "required": True},
            {"linkId": "second", "type": "text", "text": "Your second word"},
            {"linkId": "sure", "type": "boolean", "text": "Are you sure?"},
        )["item"],
        {
            "linkId": "more",
            "type": "group",
            "text": "More",
            "item": [{"linkId": "last", "type": "string", "text": "Your last word", "required": True}],
        },
    ]
}
Opened = Callable[..., Page]


@pytest.fixture
def form_id(portal: PortalServer) -> UUID:
    """A questionnaire of two pages, for Amelia."""
    return asked.ask(portal, tour.AMELIA, "Words", TWO_PAGES)


@pytest.fixture
def opened(browser: Browser, portal: PortalServer, form_id: UUID) -> Iterator[Opened]:
    """The questionnaire on a device of its own: each call another one."""
    contexts = []

    def on(device: str = "desktop") -> Page:
        _id, token = sign_in(portal, tour.AMELIA)
        context = browser.new_context(**VIEWPORTS[device], reduced_motion="reduce")
        contexts.append(context)
        context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
        page = context.new_page()
        tour.open_page(page, portal, routes.questionnaire(str(form_id)))
        return page

    yield on
    for context in contexts:
        context.close()


VIEWPORTS = browser.VIEWPORTS


def kept(page: Page) -> None:
    """Everything on the screen is saved, and said to be."""
    expect(page.locator("[data-unsaved]")).to_have_count(0, timeout=SLOW)
    expect(page.locator(".qsaved .saved")).to_be_visible()


def not_kept(page: Page) -> None:
    """The screen says that something is not saved yet, and nowhere that it is."""
    expect(page.get_by_text("Not saved yet")).to_be_visible(timeout=SLOW)
    expect(page.locator(".qsaved .saved")).to_be_hidden()


def test_a_killed_server_takes_nothing_with_it(opened: Opened, portal: PortalServer, form_id: UUID) -> None:
    page = opened("phone")
    page.get_by_label("Your first word").fill("Before")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="More")).to_be_focused()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("heading", name="About you")).to_be_focused()
    field = page.get_by_label("Your second word")
    field.click()
    portal.kill()
    try:
        page.keyboard.type("While it is down")
        page.get_by_text("No", exact=True).click()
        field.click()
        not_kept(page)
        expect(field).to_have_value("While it is down")
    finally:
        portal.start()
    kept(page)
    expect(page.get_by_role("heading", name="About you")).to_be_visible()  # where one was
    expect(field).to_have_value("While it is down")
    expect(field).to_be_focused()
    assert asked.stands(portal, form_id)["answers"] == {
        "first": "Before",
        "second": "While it is down",
        "sure": False,
    }


def test_offline_for_a_while_and_the_other_device_meanwhile(
    opened: Opened, portal: PortalServer, form_id: UUID
) -> None:
    phone, laptop = opened("phone"), opened("desktop")
    laptop.get_by_label("Your first word").fill("One")
    kept(laptop)
    expect(phone.get_by_label("Your first word")).to_have_value("One")  # untouched here: it follows
    phone.context.set_offline(True)
    phone.get_by_label("Your first word").fill("From the phone")
    phone.get_by_label("Your second word").fill("No quarrel about this one")
    not_kept(phone)
    laptop.get_by_label("Your first word").fill("From the laptop")
    kept(laptop)
    phone.context.set_offline(False)
    quarrel = phone.locator("#q-first").get_by_role("status")
    expect(quarrel).to_contain_text("There it says: From the laptop", timeout=SLOW)
    expect(phone.get_by_label("Your first word")).to_have_value("From the phone")
    not_kept(phone)
    assert asked.stands(portal, form_id)["answers"]["first"] == "From the laptop", "nothing is overwritten unseen"
    quarrel.get_by_role("button", name="Keep the answer I gave here").click()
    kept(phone)
    expect(laptop.get_by_label("Your first word")).to_have_value("From the phone")
    expect(laptop.get_by_label("Your second word")).to_have_value("No quarrel about this one")

    laptop.context.set_offline(True)
    laptop.get_by_label("Your first word").fill("Laptop again")
    not_kept(laptop)
    phone.get_by_label("Your first word").fill("Phone again")
    kept(phone)
    laptop.context.set_offline(False)
    laptop.get_by_role("button", name="Use that answer").click(timeout=SLOW)
    expect(laptop.get_by_label("Your first word")).to_have_value("Phone again")
    kept(laptop)
    assert asked.stands(portal, form_id)["answers"]["first"] == "Phone again"


def test_withdrawn_while_it_is_filled(opened: Opened, portal: PortalServer, form_id: UUID) -> None:
    page = opened("phone")
    page.get_by_label("Your first word").fill("Kept")
    kept(page)
    page.context.set_offline(True)
    page.get_by_label("Your second word").fill("Typed too late")
    not_kept(page)
    fresh = asked.reset(portal, form_id)
    page.context.set_offline(False)
    expect(page.get_by_text("The practice has withdrawn this questionnaire.").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Typed too late")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Continue with the new one").click()
    page.wait_for_url(f"**{routes.questionnaire(str(fresh))}*")
    expect(page.get_by_label("Your first word")).to_have_value("Kept")
    expect(page.get_by_label("Your second word")).to_have_value("")


def test_submitted_in_another_tab(opened: Opened, portal: PortalServer, form_id: UUID) -> None:
    one = opened("desktop")
    one.get_by_label("Your first word").fill("First")
    one.get_by_role("button", name="Continue").click()
    one.get_by_label("Your last word").fill("Last")
    one.get_by_role("button", name="Review").click()
    expect(one.get_by_role("heading", name="Review your answers")).to_be_focused()
    other = opened("desktop")
    expect(other.get_by_role("heading", name="Review your answers")).to_be_visible()
    other.get_by_role("button", name="Edit More").click()
    other.get_by_label("Your last word").fill("The very last")
    kept(other)
    expect(one.get_by_role("definition").filter(has_text="The very last")).to_be_visible()  # what is reviewed is true
    one.get_by_role("button", name="Submit").click()
    for page in (one, other):
        expect(page.locator(".pill", has_text="Filled")).to_be_visible()
    found = asked.stands(portal, form_id)
    assert found["submitted"] == [{"first": "First", "last": "The very last"}]


def test_a_signature_that_was_not_kept_is_said_so_and_goes_along(opened: Opened, portal: PortalServer) -> None:
    items = [{"linkId": link_id, "type": "signature", "text": link_id.title()} for link_id in ("drawn", "typed")]
    pages = [
        {"linkId": f"{item['linkId']}-page", "type": "group", "text": item["text"], "item": [item]} for item in items
    ]
    form_id = asked.ask(portal, tour.AMELIA, "Signatures", {"item": pages})
    page = opened("phone")
    tour.open_page(page, portal, routes.questionnaire(str(form_id)))
    paper.draw(page, page.locator("canvas"), touch=True)
    not_kept(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Typed")).to_be_focused()
    page.get_by_role("button", name="Type", exact=True).click()
    page.get_by_label("Type your name as your signature").fill("Amelia Hart")
    not_kept(page)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name="Review your answers")).to_be_focused()
    kept(page)
    stands = asked.stands(portal, form_id)["answers"]
    assert list(stands["drawn"]) == ["drawing"]
    assert stands["typed"] == {"typed_name": "Amelia Hart"}
