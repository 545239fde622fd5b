"""The Provider App on a tablet: today's clients, their allergies, the witness's signature."""

from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from portal import routes
from portal.models import Allergy, Appointment, AssignedForm, Clinic, Staff
from tests.acceptance.conftest import SignedIn
from tests.acceptance.test_staff_paperwork import signed_form
from tests.support import paper
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in

pytestmark = pytest.mark.browser
tablet = pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)

NAOMI, PRIYA = "naomi.reyes@lumiere.example", "priya.nand@lumiere.example"
NORA = "nora.kowalski@example.com"
TITLE = "Visit on a tablet"  # the demo may have booked her for today as well


def comes_today(server: PortalServer, contact: str, form_id: str = "") -> UUID:
    """A visit with Naomi that has just begun, for somebody who must not be given latex."""
    client_id, _token = sign_in(server, contact)
    with acting(server) as work:
        naomi = work.db.exec(select(Staff.id).where(Staff.email == NAOMI)).one()
        clinic = work.db.exec(select(Clinic.id).where(Clinic.name == "Pearl District")).one()
        begins = work.now() - timedelta(seconds=5)
        visit = work.add(
            Appointment(
                patient_id=UUID(client_id), provider_id=naomi, clinic_id=clinic, title=TITLE,
                starts_at=begins, ends_at=begins + timedelta(minutes=45),
            )
        )  # fmt: skip
        work.add(Allergy(patient_id=UUID(client_id), substance="Latex", reaction="Hives", recorded_at=work.now()))
        if form_id:
            work.get(AssignedForm, UUID(form_id)).appointment_id = visit.id
        work.changed(None, "practice")
        return visit.id


@tablet
@pytest.mark.promise("S3", "P36")
def test_s3_allergies_stand_by_the_name_and_a_signature_is_witnessed(
    staff_in: SignedIn, portal: PortalServer, page: Page
) -> None:
    """The red symbol next to the name of a client with allergies pulls through on the Provider App."""
    page.set_viewport_size({"width": 820, "height": 1180})
    staff_in(routes.PROVIDER, NAOMI)
    name = "Consent witnessed on a tablet"
    comes_today(portal, NORA, signed_form(portal, NORA, name))  # the page hears of it by itself
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Nora Kowalski"), has_text=TITLE)
    expect(card.get_by_role("img", name="Allergies")).to_be_visible()
    expect(card.get_by_text("Allergies Latex (hives)")).to_be_visible()
    card.get_by_role("button", name="Check in Nora Kowalski").click()
    expect(card).to_contain_text("Checked in")
    card.get_by_role("button", name=f"Witness {name}").click()
    form = page.get_by_role("dialog", name=name)
    expect(form).to_contain_text("Who gives the treatment cannot witness the consent to it.")
    expect(form.locator("canvas")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)

    page.context.clear_cookies()
    staff_in(routes.PROVIDER, PRIYA)
    expect(page.get_by_role("button", name="My clients")).to_have_attribute("aria-pressed", "true")
    expect(card).to_have_count(0)
    page.get_by_role("button", name="All clients").click()
    card.get_by_role("button", name=f"Witness {name}").click()
    paper.draw(page, form.locator("canvas"), touch=True)
    form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Sign", exact=True).click()
    expect(form.locator(".pill").first).to_have_text("Signed")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(card.get_by_role("button", name=f"Witness {name}")).to_have_count(0)
    card.get_by_role("button", name="Complete the visit of Nora Kowalski").click()
    expect(card).to_contain_text("Completed")


@tablet
def test_it_is_made_for_a_finger(staff_in: SignedIn, portal: PortalServer, page: Page) -> None:
    """Targets of 44 px; axe finds nothing, light and dark; nothing scrolls sideways, on a phone neither."""
    comes_today(portal, NORA)
    problems = []
    page.emulate_media(reduced_motion="reduce")
    for width, height in ((820, 1180), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        staff_in(routes.PROVIDER, NAOMI)
        expect(page.get_by_role("heading", name="Nora Kowalski").first).to_be_visible()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = Axe().run(page).response["violations"]
            problems += [f"{width} {theme}: {one['id']}: {one['nodes'][0]['target']}" for one in found]
        for target in page.locator("main").locator("a, button, select").all():
            box = target.bounding_box()
            if box is not None and box["height"] < 43.5:
                problems.append(f"{width}: {target.inner_text()} is {box['height']} px high")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        problems += [f"{width}: {wide} px too wide"] if wide > 0 else []
    assert problems == []
