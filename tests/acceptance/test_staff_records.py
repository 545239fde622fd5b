"""What staff keep of a client, the log of who did and saw what, and opt-outs that come from elsewhere."""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import text
from sqlmodel import col, select

from portal import routes
from portal.models import AuditEvent, Contact
from portal.security.signed_requests import sign
from tests.acceptance.conftest import SignedIn
from tests.support import tour
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.processes import wait_until
from tests.support.signed_in import let_staff_in, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)]

SECRET = "a secret that online booking and the portal share"
ADAEZE, NAOMI = "adaeze.okonkwo@lumiere.example", "naomi.reyes@lumiere.example"
NORA, MAYA = "+15035550102", "+15035550101"


@pytest.fixture(scope="module")
def portal(frontend: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    """The demo practice, with the secret that it shares with online booking."""
    place = tmp_path_factory.mktemp("portal-records")
    with PortalServer(place, like=demo, settings={"PORTAL_BOOKING_SECRET": SECRET}) as server:
        yield server


def client(server: PortalServer, phone: str) -> str:
    with acting(server) as work:
        return str(work.db.exec(select(Contact.patient_id).where(Contact.value == phone)).one())


def tell(server: PortalServer, **message: object) -> int:
    """What online booking posts, signed; the status of the answer."""
    body = json.dumps(message).encode()
    headers = {"content-type": "application/json", "x-portal-signature": sign(SECRET, body, int(time.time()))}
    request = urllib.request.Request(f"{server.url}{routes.OPT_OUTS}", body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status


def viewed(server: PortalServer, action: str, client_id: str) -> bool:
    """Whether somebody's view of that client's is in the log, from an open page and not from the demo's story."""
    with acting(server) as work:
        rows = select(AuditEvent.id).where(
            AuditEvent.action == action,
            AuditEvent.patient_id == UUID(client_id),
            col(AuditEvent.session_id).is_not(None),
        )
        return work.db.exec(rows).first() is not None


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Client details")


@pytest.mark.promise("S8")
def test_s8_an_opt_out_at_online_booking_switches_both_on_by_itself(staff_in: SignedIn, portal: PortalServer) -> None:
    """If a client has opted out of SMS and Email communications through online booking, Do Not SMS and Do Not Email
    will automatically be toggled on here."""
    page = staff_in(routes.staff_client(client(portal, NORA)))
    sms, email = (panel(page).get_by_role("switch", name=name) for name in ("Do Not SMS", "Do Not Email"))
    expect(sms).not_to_be_checked()
    expect(email).not_to_be_checked()
    assert tell(portal, id="evt-1", phone="(503) 555-0102", do_not_sms=True, do_not_email=True) == 200
    expect(sms).to_be_checked()  # nobody has reloaded the page
    expect(email).to_be_checked()
    expect(panel(page)).to_contain_text(re.compile("online booking", re.IGNORECASE))


def test_an_opt_out_of_a_stranger_is_shown_to_staff(staff_in: SignedIn, portal: PortalServer) -> None:
    page = staff_in(routes.STAFF_NOTICES)
    assert tell(portal, id="evt-2", email="a.stranger@example.com", do_not_email=True) == 200
    expect(page.get_by_text("No more emails for a.stranger@example.com")).to_be_visible()


def test_an_allergy_is_written_down_seen_everywhere_and_ended(
    staff_in: SignedIn, portal: PortalServer, browser: Browser
) -> None:
    """The red symbol and the allergy's name follow by themselves on the screen of the front desk."""
    address = routes.staff_client(client(portal, MAYA))
    context = browser.new_context()
    let_staff_in(context, portal, "marisol.vega@lumiere.example")
    desk = context.new_page()
    tour.open_page(desk, portal, address)
    expect(desk.get_by_role("link", name="Medical History")).to_have_count(0)
    page = staff_in(f"{address}?tab=medical-history", NAOMI)
    page.get_by_role("button", name="Record “No known allergies”").click()
    expect(page.get_by_text(re.compile("No known allergies, recorded .* by Naomi Reyes, NP"))).to_be_visible()
    page.get_by_role("button", name="Add allergy").click()
    page.get_by_role("dialog").get_by_role("button", name="Add allergy").click()
    expect(page.get_by_text("Add what the client is allergic to.")).to_be_visible()
    page.get_by_label("Substance").fill('<img src=x onerror="document.title=1"> latex')
    page.get_by_label("Severity").select_option("severe")
    page.get_by_role("dialog").get_by_role("button", name="Add allergy").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("onerror")).not_to_have_count(0)
    assert page.locator("main img").count() == 0, "words stay words"
    expect(panel(desk)).to_contain_text("latex")
    expect(panel(desk).locator(".flag--allergy")).to_be_visible()
    page.get_by_role("button", name=re.compile("^End ")).click()
    page.get_by_role("alertdialog").get_by_role("button", name=re.compile("^End ")).click()
    expect(page.get_by_text("Earlier allergies (1)")).to_be_visible()
    expect(panel(desk).locator(".flag--allergy")).to_have_count(0)
    context.close()


def test_a_note_outlives_the_page_and_is_its_writer_s_to_change(staff_in: SignedIn, portal: PortalServer) -> None:
    address = f"{routes.staff_client(client(portal, MAYA))}?tab=notes"
    page = staff_in(address)
    field = page.get_by_role("textbox", name="New note")
    field.fill("Prefers mornings. <b>Not bold</b>")
    expect(field).not_to_have_attribute("data-unsaved", re.compile(".*"))  # the server has it
    tour.open_page(page, portal, address)
    expect(page.get_by_role("textbox", name="New note")).to_have_value("Prefers mornings. <b>Not bold</b>")
    page.get_by_role("button", name="Save note").click()
    note = page.locator(".note").first
    expect(note).to_contain_text("Prefers mornings. <b>Not bold</b>")
    expect(page.get_by_role("textbox", name="New note")).to_have_value("")
    page.get_by_role("button", name=re.compile("^Edit your note")).click()
    page.get_by_label(re.compile("^Your note of")).fill("Prefers mornings.")
    page.get_by_role("button", name="Save changes").click()
    expect(note).to_contain_text("Edited Today")
    page.get_by_role("button", name=re.compile("^Remove your note")).click()
    page.get_by_role("button", name="Remove the note").click()
    expect(note).to_contain_text("Removed Today")
    expect(note).not_to_contain_text("mornings")
    tour.open_page(page, portal, address.replace("notes", "activity"))
    for words in ("Wrote a note", "Changed a note", "Removed a note"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("mornings")


def test_the_log_is_searched_checked_and_not_edited(staff_in: SignedIn, portal: PortalServer) -> None:
    page = staff_in(routes.STAFF_AUDIT, ADAEZE)
    rows = page.get_by_role("region", name="Audit log").get_by_role("row")
    expect(rows).to_have_count(51)  # and the heads of the columns
    page.get_by_role("button", name="Show earlier").click()
    expect(rows).to_have_count(101)
    page.get_by_label("Kind", exact=True).select_option("medical")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(rows.nth(1)).to_contain_text("allerg")
    assert all("allerg" in row for row in rows.all_inner_texts()[1:])
    page.get_by_label("Client", exact=True).press_sequentially("hart ame")
    page.get_by_role("list", name="Clients found").get_by_role("button", name="Amelia Hart").click()
    expect(page.get_by_text("About Amelia Hart")).to_be_visible()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Clear").click()
    expect(rows).to_have_count(51)
    expect(rows.nth(1)).to_contain_text("Adaeze Okonkwo")
    page.get_by_role("button", name="Check the chain").click()
    expect(page.get_by_text(re.compile(r"Whole: [\d,]+ rows checked"))).to_be_visible()
    with acting(portal) as work:
        work.db.execute(text("UPDATE audit_event SET actor_label = 'Somebody else' WHERE seq = 3"))
    page.get_by_role("button", name="Check the chain").click()
    expect(page.get_by_text("Audit row 3 was changed after it was sealed.")).to_be_visible()


def test_a_patient_can_see_who_opened_their_record(
    staff_in: SignedIn, signed_in: SignedIn, portal: PortalServer, browser: Browser
) -> None:
    """A patient can see who opened their record: who of the practice, when, and what kind of thing."""
    amelia = client(portal, tour.AMELIA)
    desk = staff_in(f"{routes.staff_client(amelia)}?tab=medical-history", ADAEZE)
    expect(desk.get_by_role("heading", name="Allergies")).to_be_visible()
    wait_until(lambda: viewed(portal, "allergies.viewed", amelia), 10, "the view in the log")  # it is gathered first
    context = browser.new_context()
    context.add_cookies([{"name": "portal_session", "value": sign_in(portal, tour.AMELIA)[1], "url": portal.url}])
    page = context.new_page()
    tour.open_page(page, portal, routes.PROFILE)
    page.get_by_role("link", name="See who opened it").click()
    today = page.locator(".accessed section").first
    row = today.get_by_role("listitem").filter(has_text="Adaeze Okonkwo")
    expect(row).to_contain_text("Medical director")
    expect(row).to_contain_text("Profile, Medical")
    expect(page.locator(".accessed")).not_to_contain_text("Amelia Hart")
    context.close()
