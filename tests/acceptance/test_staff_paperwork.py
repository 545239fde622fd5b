"""Paperwork on the staff side: witnessed, reset, asked for; who may read what; documents that run out."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from portal import routes
from portal.models import Notification, PracticeNotice
from portal.services import templates
from tests.acceptance.conftest import SignedIn
from tests.support import asked, paper, tour
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run, sign_in

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

ELENA = "elena.marsh@lumiere.example"  # admin
NORA = "nora.kowalski@example.com"


def at_forms_of(page: Page, server: PortalServer, contact: str) -> None:
    """The client's Task Management, beside the panel."""
    client_id, _token = sign_in(server, contact)
    tour.open_page(page, server, routes.staff_client(client_id, "task-management"))
    expect(page.get_by_role("region", name="Paperwork", exact=True)).to_be_visible()


def signed_form(server: PortalServer, contact: str, name: str) -> str:
    """A consent of this name that its patient has signed and that waits for a witness."""
    form_id = paper.ask_for(server, contact, name, '{"needs_witness": true}')
    run(server, SIGN, str(form_id))
    return str(form_id)


SIGN = """
import sys
from uuid import UUID
from portal.models import AssignedForm, Patient
from portal.queries import forms
from portal.services import consent_text, signing
from portal.services.signing import Act
from portal.work import Actor, open_work
with open_work(write=False) as work:
    form = work.get(AssignedForm, UUID(sys.argv[1]))
    who = work.get(Patient, form.patient_id)
    actor = Actor(kind="patient", patient_id=who.id, label="The patient", device="Their own phone")
with open_work(actor) as work:
    sha256 = consent_text.content(forms.form(work, form.id)).sha256
    signing.sign(work, form.id, Act(sha256, intent=True, typed_name=f"{who.first_name} {who.last_name}"))
"""


@one_width
@pytest.mark.promise("P36")
def test_p36_a_member_of_staff_witnesses_what_they_saw(
    staff_in: SignedIn, portal: PortalServer, tmp_path: Path
) -> None:
    """Find the form marked "Not Signed" or "Witness Signature Required": staff complete the latter in the queue."""
    name = "Filler Consent with a witness"
    page = staff_in(routes.STAFF_TASKS)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(0)
    signed_form(portal, NORA, name)  # the queue hears of it by itself
    expect(row).to_contain_text("Witness Signature Required")
    expect(row).to_contain_text("Nora Kowalski")
    expect(page.get_by_text("A witness must have watched the client sign.")).to_be_visible()
    row.get_by_role("button", name=f"Sign: {name} for Nora Kowalski").click()
    drawer = page.get_by_role("complementary", name=name)
    expect(drawer.get_by_role("heading", name=name)).to_be_focused()
    expect(drawer.get_by_label("Name", exact=True)).to_have_value("Marisol Vega")
    expect(drawer.get_by_text("Nora Kowalski, ").last).to_be_visible()
    sign = drawer.get_by_role("button", name="Sign", exact=True)
    expect(sign).to_have_attribute("aria-disabled", "true")
    paper.draw(page, drawer.locator("canvas"), touch=False)
    drawer.get_by_role("checkbox").check()
    expect(sign).not_to_have_attribute("aria-disabled", "true")
    sign.click()
    expect(page.get_by_text("Witnessed. The form is complete, and the client is told.")).to_be_visible()
    expect(drawer.locator(".pill").first).to_have_text("Signed")
    expect(row).to_have_count(0)
    content = paper.save(page, drawer.get_by_role("link", name=f"Download {name}"), tmp_path / "copy.pdf")
    assert paper.sealed(content)
    assert "Marisol Vega" in " ".join(paper.pages_of(content))
    drawer.get_by_role("button", name="Close the form").click()
    expect(drawer).to_have_count(0)


@one_width
@pytest.mark.promise("P36")
def test_p36_by_keyboard_alone(staff_in: SignedIn, portal: PortalServer) -> None:
    """Signing is possible without a pointer: the name is typed."""
    name = "Peel Consent by keyboard"
    signed_form(portal, NORA, name)
    page = staff_in(routes.STAFF_TASKS)
    page.get_by_role("button", name=f"View: {name} for Nora Kowalski").press("Enter")
    drawer = page.get_by_role("complementary", name=name)
    expect(drawer.get_by_role("heading", name=name)).to_be_focused()
    drawer.get_by_role("button", name="Type").press("Enter")
    typing = drawer.get_by_label("Type your name as your signature")
    typing.focus()
    page.keyboard.type("Somebody Else")
    drawer.get_by_role("checkbox").press("Space")
    sign = drawer.get_by_role("button", name="Sign", exact=True)
    expect(sign).to_be_enabled()
    sign.press("Enter")
    expect(drawer.get_by_text("Type your own name.")).to_be_visible()
    typing.press("ControlOrMeta+a")
    page.keyboard.type("Marisol Vega")
    drawer.get_by_role("button", name="Sign", exact=True).press("Enter")
    expect(page.get_by_text("Witnessed. The form is complete, and the client is told.")).to_be_visible()
    drawer.get_by_role("button", name="Close the form").press("Enter")
    expect(drawer).to_have_count(0)


@one_width
@pytest.mark.promise("P42")
def test_p42_staff_reset_a_form_and_say_why(staff_in: SignedIn, portal: PortalServer) -> None:
    """The practice can reset the form for you."""
    name = "Laser Consent to correct"
    form_id = paper.ask_for(portal, NORA, name)
    run(portal, SIGN, str(form_id))
    page = staff_in(routes.STAFF_CLIENTS, ELENA)
    at_forms_of(page, portal, NORA)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row.locator(".pill")).to_have_text("Signed")
    row.get_by_role("button", name=f"Reset {name}").click()
    asking = page.get_by_role("dialog", name="Reset form")
    expect(asking).to_contain_text(f"{name} for Nora Kowalski goes back to Not Signed")
    expect(asking).to_contain_text("The signed copy is kept in the record with its signatures")
    asking.get_by_role("button", name="Reset form").click()
    expect(asking.get_by_text("Give a reason")).to_be_visible()
    asking.get_by_label("Wrong form or version").check()
    asking.get_by_label("Note for the record").fill("Lips, not cheeks")
    asking.get_by_role("button", name="Reset form").click()
    expect(
        page.get_by_text("The form is void and kept. A fresh one is asked for, and the client is told.")
    ).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name=name)).to_have_count(0)
    expect(row.locator(".pill").first).to_have_text("Not Signed")
    page.get_by_text("Void, kept in the record").click()
    kept = page.get_by_role("listitem").filter(has_text=name)
    expect(kept).to_contain_text("by Elena Marsh. Wrong form or version. Lips, not cheeks")
    with acting(portal) as work:
        (told,) = work.db.exec(
            select(Notification).where(Notification.kind == "form.reset", Notification.body == name)
        ).all()
        assert told.href != routes.consent(str(form_id)), "the fresh one"


@one_width
def test_the_front_desk_sees_how_forms_stand_and_no_answers(staff_in: SignedIn, portal: PortalServer) -> None:
    """What a role may not do is not on its screen, and the server refuses it anyway."""
    name = "Questions that are private"
    form_id = asked.ask(portal, NORA, name, asked.one_page({"linkId": "well", "type": "boolean", "text": "Well?"}))
    page = staff_in(routes.STAFF_CLIENTS)
    at_forms_of(page, portal, NORA)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row.locator(".pill")).to_have_text("Not Filled")
    expect(row.get_by_role("link")).to_have_count(0)
    row.get_by_role("button", name=f"View {name}").click()
    form = page.get_by_role("dialog", name=name)
    expect(form).to_contain_text("The answers are for the people who treat.")
    expect(form.get_by_role("button", name="View")).to_have_count(0)
    answer = page.request.get(f"{portal.url}{routes.staff_form_pdf(str(form_id))}")
    assert answer.status == 403


@one_width
def test_forms_are_assigned_once(staff_in: SignedIn, portal: PortalServer) -> None:
    """Task Management (assign, witness, reset, download)."""
    name = "Consent that nobody has yet"
    with acting(portal) as work:
        templates.publish(work, templates.create(work, work.practice().id, name), "Read this.")
    page = staff_in(routes.STAFF_CLIENTS)
    at_forms_of(page, portal, NORA)
    page.get_by_role("button", name="Assign form").click()
    asking = page.get_by_role("dialog", name="Assign form")
    asking.get_by_role("button", name="Assign", exact=True).click()
    expect(asking.get_by_text("Choose at least one form")).to_be_visible()
    asking.get_by_label(re.compile(f"^{name}")).check()
    asking.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("The form is assigned, and the client is told.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row.locator(".pill")).to_have_text("Not Signed")
    page.get_by_role("button", name="Assign form").click()
    choice = asking.get_by_label(re.compile(f"^{name}"))
    expect(choice).to_be_disabled()
    expect(choice).to_have_accessible_name(re.compile("Waits to be completed already"))


@one_width
@pytest.mark.promise("S15")
def test_s15_documents_that_run_out_have_a_red_timer(staff_in: SignedIn, portal: PortalServer) -> None:
    """The red timer icon indicates the patient has documents that are expiring soon or have expired."""
    page = staff_in(routes.STAFF_TASKS)
    page.get_by_role("tab", name="Expiring").click()
    for client, words in (("Grace Tamura", "Expired"), ("Nora Kowalski", "Expiring soon")):
        row = page.get_by_role("row").filter(has_text=client).first
        expect(row.get_by_role("img", name="Documents expiring or expired")).to_be_visible()
        expect(row).to_contain_text(words)
    at_forms_of(page, portal, NORA)
    row = page.get_by_role("row").filter(has_text="Laser Hair Removal Consent")
    expect(row.get_by_role("img", name="Documents expiring or expired")).to_be_visible()
    expect(row).to_contain_text(re.compile(r"\w{3} \d+, \d{4}"))


MOVE = """
import sys
from uuid import UUID
from portal.services import client_changes
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    client_changes.record(work, UUID(sys.argv[1]), {"street": "1 Old Road"}, {"street": "2 New Street"})
"""


@one_width
def test_a_clients_change_is_reviewed_before_and_after(staff_in: SignedIn, portal: PortalServer) -> None:
    """Clients' changes to review."""
    run(portal, MOVE, sign_in(portal, NORA)[0])
    page = staff_in(routes.STAFF_TASKS)
    page.get_by_role("tab", name="Changes to review").click()
    card = page.get_by_role("listitem").filter(has_text="2 New Street")
    expect(card).to_contain_text("1 Old Road")
    card.get_by_role("button", name=re.compile("Mark as reviewed")).click()
    expect(card).to_have_count(0)


@one_width
def test_the_feed_is_live_and_the_bell_counts_for_each(staff_in: SignedIn, portal: PortalServer) -> None:
    """The bell is the practice's notification feed."""
    page = staff_in(routes.STAFF_NOTICES)
    bell = page.get_by_role("link", name="Practice notifications")
    expect(bell).not_to_contain_text("new")
    client_id, _token = sign_in(portal, NORA)
    with acting(portal) as work:
        work.add(
            PracticeNotice(
                kind="appointment.confirmed", title="Appointment confirmed", body="Botox, tomorrow",
                patient_id=UUID(client_id), created_at=work.now(),
            )
        )  # fmt: skip
        work.changed(None, "practice")
    line = page.get_by_role("listitem").filter(has_text="Botox, tomorrow")
    expect(line).to_contain_text("Nora Kowalski")
    expect(line).to_contain_text("New")
    expect(bell).to_contain_text("1 new")
    page.reload()
    expect(line).to_be_visible()
    expect(bell).not_to_contain_text("new")
    page.get_by_label("Kind").select_option("appointment.cancelled")
    expect(line).to_have_count(0)


LOOKS = (
    (routes.STAFF_TASKS, "View: "),
    (routes.STAFF_TASKS, "Reset form: "),
    (routes.STAFF_NOTICES, ""),
    ("client", "View "),
    ("client", "Assign form"),
)


def test_axe_finds_nothing_and_nothing_scrolls_sideways(staff_in: SignedIn, portal: PortalServer, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    staff_in(routes.STAFF_CLIENTS, ELENA)
    client_id, _token = sign_in(portal, NORA)
    problems = []
    for place, button in LOOKS:
        address = routes.staff_client(client_id, "task-management") if place == "client" else place
        tour.open_page(page, portal, address)
        if button:
            page.get_by_role("button", name=button).first.click()
            expect(page.locator("aside.drawer, dialog[open]").last).to_be_visible()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = Axe().run(page).response["violations"]
            problems += [f"{address} {button} {theme}: {one['id']}: {one['nodes'][0]['target']}" for one in found]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        problems += [f"{address} {button}: {wide} px too wide"] if wide > 0 else []
        for _ in range(page.locator("dialog[open]").count()):
            page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert problems == []
