"""Witness, reset, release, long texts and turned phones, in a real browser at both widths."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import routes
from tests.support import paper, signed_in, tour
from tests.support.portal_server import PortalServer

pytestmark = pytest.mark.browser

WITNESS = '{"needs_witness": true}'
RELEASE = """{"options": [{"id": "chart", "label": "My chart only"}, {"id": "staff", "label": "Staff training"},
{"id": "all", "label": "Marketing, with my name left out"}], "initials": ["Risks"]}"""

_RESET = """
import sys
from uuid import UUID
from portal.services import paperwork
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    print(paperwork.reset(work, UUID(sys.argv[1]), "The wrong date"))
"""


@pytest.fixture
def has_touch(browser_context_args: dict[str, Any]) -> bool:
    """Whether this browser is a phone, drawn on with a finger."""
    return bool(browser_context_args.get("has_touch"))


@pytest.fixture
def amelia(page: Page, portal: PortalServer) -> Page:
    """A browser in which Amelia is signed in."""
    _, token = signed_in.sign_in(portal, tour.AMELIA)
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    return page


def sign_typed(page: Page, portal: PortalServer, form_id: UUID) -> None:
    tour.open_page(page, portal, routes.consent_sign(str(form_id)))
    sheet = page.get_by_role("dialog", name="Sign")
    sheet.get_by_role("button", name="Type", exact=True).click()
    sheet.get_by_label("Type your full legal name").fill("Amelia Hart")
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name="Sign", exact=True).click()


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Sign", exact=True)


@pytest.mark.promise("P36")
def test_a_companion_witnesses_on_the_same_device(amelia: Page, portal: PortalServer, has_touch: bool) -> None:
    form_id = paper.ask_for(portal, tour.AMELIA, "Minor Procedure Consent, witnessed", WITNESS)
    sign_typed(amelia, portal, form_id)
    amelia.wait_for_url(f"**{routes.consent_witness(str(form_id))}")
    expect(amelia.get_by_text("One signature to go.", exact=True)).to_be_visible()
    expect(amelia.locator(".paperhead .pill")).to_have_text("Witness Signature Required")
    expect(amelia.locator(".sigblock .typed")).to_have_text("Amelia Hart")
    amelia.get_by_text("Read the text that was signed").click()
    expect(amelia.locator("details .prose")).to_contain_text("Amelia Hart")
    expect(button(amelia)).to_have_attribute("aria-disabled", "true")

    amelia.get_by_label("Full legal name").fill("Amelia Hart")
    amelia.get_by_label("Relation to the patient").select_option("Spouse or partner")
    amelia.get_by_label("I am at least 18 years old.").check()
    pad = amelia.locator("canvas")
    pad.scroll_into_view_if_needed()
    paper.draw(amelia, pad, touch=has_touch)
    amelia.get_by_label("I saw Amelia Hart sign this consent").check()
    button(amelia).click()
    expect(amelia.get_by_text("A witness is somebody else than who signed.")).to_be_visible()

    amelia.get_by_label("Full legal name").fill("Daniel Hart")
    button(amelia).click()
    expect(amelia.get_by_text("Witnessed. The form is complete.")).to_be_visible()
    amelia.wait_for_url(f"**{routes.consent(str(form_id))}")
    expect(amelia.locator(".paperhead .pill")).to_have_text("Signed")
    expect(amelia.get_by_role("img", name="Signature of Daniel Hart")).to_be_visible()
    expect(amelia.get_by_text("Witness, spouse or partner")).to_be_visible()
    tour.open_page(amelia, portal, routes.consent_witness(str(form_id)))
    amelia.wait_for_url(f"**{routes.consent(str(form_id))}")


@pytest.mark.promise("P36")
def test_it_is_left_for_check_in_and_the_page_hears_of_the_witness(amelia: Page, portal: PortalServer) -> None:
    name = "Minor Procedure Consent, at the desk"
    form_id = paper.ask_for(portal, tour.AMELIA, name, WITNESS)
    sign_typed(amelia, portal, form_id)
    amelia.get_by_role("link", name="Leave for check-in").click()
    amelia.wait_for_url(f"**{routes.TASK_MANAGEMENT}")
    row = amelia.get_by_role("listitem").filter(has_text=name)
    expect(row.locator(".pill").first).to_have_text("Witness Signature Required")
    tour.open_page(amelia, portal, routes.consent(str(form_id)))
    expect(amelia.get_by_role("link", name="Add a witness")).to_be_visible()
    portal.command("forms", "witness", str(form_id), "--saw-it", "--as", "marisol.vega@lumiere.example")
    expect(amelia.locator(".paperhead .pill")).to_have_text("Signed")
    expect(amelia.get_by_text("Marisol Vega", exact=True).first).to_be_visible()


@pytest.mark.promise("P42")
def test_a_reset_while_she_signs_keeps_what_she_typed(amelia: Page, portal: PortalServer) -> None:
    form_id = paper.ask_for(portal, tour.AMELIA, "Peel Consent, reset", '{"initials": ["Risks"]}')
    tour.open_page(amelia, portal, routes.consent_sign(str(form_id)))
    sheet = amelia.get_by_role("dialog", name="Sign")
    sheet.get_by_label("Your initials for “Risks”").fill("AH")
    sheet.get_by_role("button", name="Type", exact=True).click()
    sheet.get_by_label("Type your full legal name").fill("Amelia Hart")
    expect(sheet.locator(".typed")).to_have_text("Amelia Hart")
    fresh = signed_in.run(portal, _RESET, str(form_id)).strip()
    amelia.wait_for_url(f"**{routes.consent(fresh)}")
    expect(amelia.get_by_text("The practice has reset this form")).to_be_visible()
    amelia.get_by_role("link", name="Sign", exact=True).click()
    expect(sheet.get_by_label("Type your full legal name")).to_have_value("Amelia Hart")
    expect(sheet.get_by_label("Your initials for “Risks”")).to_have_value("AH")
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    tour.open_page(amelia, portal, routes.consent(str(form_id)))
    expect(amelia.locator(".paperhead .pill")).to_have_text("Void")


@pytest.mark.promise("P35")
def test_a_photo_release_is_signed_with_its_scope(amelia: Page, portal: PortalServer, has_touch: bool) -> None:
    form_id = paper.ask_for(portal, tour.AMELIA, "Photo Release, chosen", RELEASE)
    tour.open_page(amelia, portal, routes.consent_sign(str(form_id)))
    sheet = amelia.get_by_role("dialog", name="Sign")
    paper.draw(amelia, sheet.locator("canvas"), touch=has_touch)
    sheet.get_by_label("Your initials for “Risks”").fill("AH")
    sheet.get_by_role("checkbox").check()
    expect(sheet.locator("#lacks")).to_have_text("Choose one of the options.")
    sheet.get_by_label("Staff training").check()
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    expect(amelia.get_by_text("Chosen: Staff training")).to_be_visible()


@pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)
@pytest.mark.promise("P35", "P39")
def test_nine_pages_are_read_and_signed_with_a_finger_in_landscape(amelia: Page, portal: PortalServer) -> None:
    text = "\n\n".join(f"## {n}. A part\n\n" + "Redness fades within hours. " * 72 for n in range(1, 28))
    form_id = paper.ask_for(portal, tour.AMELIA, "Long Consent", "{}", text)
    amelia.set_viewport_size({"width": 844, "height": 390})
    tour.open_page(amelia, portal, routes.consent(str(form_id)))
    expect(amelia.get_by_text("minute read")).to_be_visible()
    amelia.get_by_label("Signatures").scroll_into_view_if_needed()
    expect(amelia.get_by_text("You have read to the end")).to_be_visible()
    amelia.get_by_role("link", name="Sign", exact=True).click()
    sheet = amelia.get_by_role("dialog", name="Sign")
    pad = sheet.locator("canvas")
    expect(pad).to_be_visible()
    pad.scroll_into_view_if_needed()
    paper.draw(amelia, pad, touch=True)
    sheet.get_by_role("checkbox").check()
    send = sheet.get_by_role("button", name="Sign", exact=True)
    expect(send).not_to_have_attribute("aria-disabled", "true")
    send.click()
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    answer = amelia.request.get(f"{portal.url}{routes.form_pdf(str(form_id))}", timeout=60_000)
    assert len(paper.pages_of(answer.body())) >= 9
