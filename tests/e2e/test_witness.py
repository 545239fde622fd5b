"""Witness, reset, release, long texts and turned phones, in a real browser at both widths."""

import json
import re
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
    _enter(page, portal, tour.AMELIA)
    return page


def sign_typed(page: Page, portal: PortalServer, form_id: UUID | str, name: str = "Amelia Hart") -> None:
    tour.open_page(page, portal, routes.consent_sign(str(form_id)))
    sheet = page.get_by_role("dialog", name="Sign")
    sheet.get_by_role("button", name="Type", exact=True).click()
    sheet.get_by_label("Type your full legal name").fill(name)
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
    portal.cli("forms", "witness", str(form_id), "--saw-it", "--as", "marisol.vega@lumiere.example")
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


on_a_phone = pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)


@on_a_phone
@pytest.mark.promise("P35", "P39")
def test_nine_pages_are_read_and_signed_with_a_finger_in_landscape(amelia: Page, portal: PortalServer) -> None:
    text = "\n\n".join(f"## {n}. A part\n\n" + "Redness fades within hours. " * 72 for n in range(1, 28))
    rules = '{"initials": ["1. A part", "14. A part", "27. A part"]}'
    form_id = paper.ask_for(portal, tour.AMELIA, "Long Consent", rules, text)
    amelia.set_viewport_size({"width": 844, "height": 390})
    tour.open_page(amelia, portal, routes.consent(str(form_id)))
    expect(amelia.get_by_text("minute read")).to_be_visible()
    progress = amelia.locator(".readbar")
    expect(progress).to_have_css("scale", "0 1")
    amelia.get_by_label("Signatures").scroll_into_view_if_needed()
    expect(amelia.get_by_text("You have read to the end")).to_be_visible()
    expect(progress).to_have_css("scale", re.compile(r"^(1|0\.9\d*)( 1)?$"))
    amelia.get_by_role("link", name="Sign", exact=True).click()
    sheet = amelia.get_by_role("dialog", name="Sign")
    pad, ink = sheet.locator("canvas"), sheet.locator("input[name=ink]")
    place = tour.at_rest(amelia, pad)
    head, foot = sheet.locator(".sheet__head").bounding_box(), sheet.locator(".sheet__foot").bounding_box()
    assert head
    assert foot
    assert head["y"] + head["height"] <= place["y"], "the pad is seen whole, without scrolling"
    assert place["y"] + place["height"] <= foot["y"]
    paper.draw(amelia, pad, touch=True)
    assert pad.bounding_box() == place, "nothing moves under the finger"
    expect(ink).to_have_value(re.compile(rf'"width":{place["width"]:g},'))

    amelia.set_viewport_size({"width": 390, "height": 844})
    upright = tour.at_rest(amelia, pad)
    expect(ink).to_have_value(re.compile(rf'"width":{upright["width"]:g},'))
    strokes = json.loads(ink.input_value())["strokes"]
    xs = [point["x"] for stroke in strokes for point in stroke["points"]]
    assert len(strokes) == 2
    assert 0 <= min(xs) < max(xs) <= upright["width"], "the ink went with the pad, all of it"
    for number, field in enumerate(sheet.get_by_label("Your initials for").all()):
        field.fill("AH" if number else "A.H.")
    sheet.get_by_role("checkbox").check()
    send = sheet.get_by_role("button", name="Sign", exact=True)
    expect(send).not_to_have_attribute("aria-disabled", "true")
    send.click()
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    expect(amelia.get_by_role("img", name="Signature of Amelia Hart")).to_be_visible()
    answer = amelia.request.get(f"{portal.url}{routes.form_pdf(str(form_id))}", timeout=60_000)
    assert len(paper.pages_of(answer.body())) >= 9


_FOR_A_CHILD = """
import sys
from sqlmodel import select
from portal.models import Contact, Patient
from portal.security.sessions import open_session
from portal.services import paperwork, templates
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    theo = work.db.exec(select(Patient).where(Patient.first_name == "Theo")).one()
    for name in ("Consent for a child", "Consent at eighteen"):
        template = templates.create(work, theo.practice_id, name)
        templates.publish(work, template, "I agree to the treatment of {{patient}}.")
        print(paperwork.assign(work, theo.id, template))
    contact = work.db.exec(select(Contact).where(Contact.patient_id == theo.id)).first()
    print(open_session(work, theo.id, contact.id, contact.guardian_id))
"""
_OF_AGE = """
from datetime import date
from sqlmodel import select
from portal.models import Channel, Contact, Patient
from portal.security.sessions import open_session
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    theo = work.db.exec(select(Patient).where(Patient.first_name == "Theo")).one()
    theo.date_of_birth = date(theo.date_of_birth.year - 5, 1, 20)
    now = work.now()
    value = "theo.lindqvist@example.com"
    own = Contact(patient_id=theo.id, channel=Channel.EMAIL, value=value, verified_at=now, created_at=now)
    print(open_session(work, theo.id, work.add(own).id, None))
"""


@on_a_phone
@pytest.mark.promise("P35")
def test_a_guardian_signs_for_a_child_until_he_is_of_age(page: Page, portal: PortalServer) -> None:
    first, second, guardian = signed_in.run(portal, _FOR_A_CHILD).split()
    _wear(page, portal, guardian)
    tour.open_page(page, portal, routes.consent(first))
    expect(page.get_by_text("Parent or guardian signature")).to_be_visible()
    sign_typed(page, portal, first, "Esther Lindqvist")
    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    expect(page.get_by_text("Parent or guardian, Mother")).to_be_visible()

    tour.open_page(page, portal, routes.consent_sign(second))
    sheet = page.get_by_role("dialog", name="Sign")
    sheet.get_by_role("button", name="Type", exact=True).click()
    sheet.get_by_label("Type your full legal name").fill("Esther Lindqvist")
    sheet.get_by_role("checkbox").check()
    expect(button(page)).not_to_have_attribute("aria-disabled", "true")
    himself = signed_in.run(portal, _OF_AGE).strip()
    button(page).click()
    page.wait_for_url(f"**{routes.LOGIN}**")  # he is eighteen: a guardian's log-in is over

    _wear(page, portal, himself)
    tour.open_page(page, portal, routes.consent(second))
    expect(page.locator(".paperhead .pill")).to_have_text("Not Signed")
    expect(page.get_by_text("Patient signature")).to_be_visible()
    sign_typed(page, portal, second, "Theo Lindqvist")
    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    tour.open_page(page, portal, routes.consent(first))
    expect(page.locator(".sigblock .typed")).to_have_text("Esther Lindqvist")


def _enter(page: Page, portal: PortalServer, contact: str) -> None:
    """Signed in, without the sign-in page."""
    _wear(page, portal, signed_in.sign_in(portal, contact)[1])


def _wear(page: Page, portal: PortalServer, token: str) -> None:
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
