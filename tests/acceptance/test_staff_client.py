"""A client's profile on the staff side: the panel, editing in place and under Actions > Edit, unsaved work."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from sqlmodel import col, select, update

from portal import routes
from portal.models import Allergy, Contact, Session
from portal.models import Patient as Client
from tests.acceptance.conftest import SignedIn
from tests.support import tour
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import let_staff_in, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)]

ELENA = "elena.marsh@lumiere.example"
NAOMI = "naomi.reyes@lumiere.example"


def client(server: PortalServer, phone: str) -> str:
    """The id of the client who has a telephone number."""
    with acting(server) as work:
        return str(work.db.exec(select(Contact.patient_id).where(Contact.value == phone)).one())


def profile_of(server: PortalServer, phone: str) -> str:
    return routes.staff_client(client(server, phone))


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Client details")


def line(page: Page, words: str) -> Locator:
    """What stands beside a term in the panel."""
    return panel(page).locator(".kvl > div", has=page.locator("dt", has_text=re.compile(f"^{words}$"))).locator("dd")


@pytest.fixture
def elena(browser: Browser, portal: PortalServer) -> Iterator[Page]:
    """Somebody else of the staff, in a browser of her own."""
    context = browser.new_context()
    let_staff_in(context, portal, ELENA)
    yield context.new_page()
    context.close()


@pytest.mark.promise("S2", "S9", "S20")
def test_s2_s9_s20_the_panel_tells_what_staff_must_know_and_follows_by_itself(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    """Left side panel: date of birth, age, allergies. Last visit with the practice. Emergency contact name and phone,
    referral information, carrier and prescription information at the bottom."""
    page = staff_in(profile_of(portal, tour.AMELIA))
    expect(page.get_by_role("heading", name="Amelia Hart", level=1)).to_be_visible()
    expect(line(page, "Date of birth")).to_have_text("03/14/1988")
    expect(line(page, "Age")).to_have_text(re.compile(r"^\d\d$"))
    expect(line(page, "Last visit")).to_have_text(re.compile(r"^[A-Z][a-z]{2} \d{1,2}, 20\d\d$"))
    expect(line(page, "Emergency contact")).to_contain_text("Daniel Hart")
    expect(line(page, "Emergency contact")).to_contain_text("(503) 555-0119")
    expect(line(page, "Referral")).to_contain_text("Nora Kowalski")
    expect(line(page, "Carrier")).to_contain_text("Cascade Health")
    expect(line(page, "Prescription")).to_contain_text("Everett Street Pharmacy")
    with acting(portal) as work:
        amelia = work.db.exec(select(Contact.patient_id).where(Contact.value == tour.AMELIA)).one()
        work.add(Allergy(patient_id=amelia, substance="<b>Latex</b>", recorded_at=work.now()))
        work.changed(amelia, "record")
    expect(panel(page)).to_contain_text("<b>Latex</b>")
    expect(panel(page).get_by_role("img", name="Allergies")).to_be_visible()


@pytest.mark.promise("S4")
def test_s4_address_phone_email_and_clinic_are_edited_where_they_stand(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    """Address, phone, email, primary clinic in the panel, each editable."""
    page = staff_in(profile_of(portal, "+15035550156"))  # Imani Cole
    pencil = page.get_by_role("button", name="Edit Address")
    pencil.click()
    street = page.get_by_label("Street")
    expect(street).to_be_focused()
    page.get_by_label("ZIP code").fill("9720")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A ZIP code has 5 digits")).to_be_visible()
    page.get_by_label("ZIP code").fill("97212")
    street.fill("<img src=x onerror=alert(1)> 9")
    page.get_by_role("button", name="Save").click()
    expect(panel(page)).to_contain_text("<img src=x onerror=alert(1)> 9")
    expect(panel(page)).to_contain_text("OR 97212")
    expect(pencil).to_be_focused()
    page.get_by_role("button", name="Edit Primary clinic").click()
    page.get_by_label("Primary clinic", exact=True).select_option(label="Lake Oswego")
    page.get_by_role("button", name="Save").click()
    expect(panel(page)).to_contain_text("Lake Oswego")
    page.get_by_role("button", name="Edit Phone").click()
    page.get_by_label("Phone", exact=True).fill("971 555 0211")
    page.get_by_label("Phone", exact=True).press("Escape")
    expect(panel(page)).to_contain_text("(503) 555-0156")
    expect(page.get_by_role("button", name="Edit Phone")).to_be_focused()
    page.get_by_role("button", name="Edit Email").click()
    page.get_by_label("Email", exact=True).fill("imani@example.org")
    page.get_by_label("Email", exact=True).press("Enter")
    expect(panel(page)).to_contain_text("imani@example.org")
    expect(page.get_by_text("The old one was told")).to_be_visible()


def test_a_provider_corrects_no_contact_and_a_stranger_has_no_page(staff_in: SignedIn, portal: PortalServer) -> None:
    page = staff_in(profile_of(portal, tour.AMELIA), NAOMI)
    expect(page.get_by_role("button", name="Edit Address")).to_be_visible()
    expect(page.get_by_role("button", name="Edit Phone")).to_have_count(0)
    tour.open_page(page, portal, routes.staff_client("00000000-0000-7000-8000-000000000000"))
    expect(page.get_by_role("heading", name="No client at this address")).to_be_visible()


@pytest.mark.promise("S22")
def test_s22_two_editors_of_one_client_choose_field_by_field(
    staff_in: SignedIn, portal: PortalServer, elena: Page
) -> None:
    """**Actions > Edit** updates the profile: primary and demographic information."""
    address = profile_of(portal, "+15035550190")  # Grace Tamura
    page = staff_in(address)
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.wait_for_url("**/edit")
    tour.open_page(elena, portal, f"{address}/edit")
    elena.get_by_label("City").fill("Salem")
    elena.get_by_role("button", name="Save").click()
    elena.wait_for_url(f"**{address}")
    expect(panel(elena)).to_contain_text("Salem, OR 97209")
    expect(page.get_by_role("region", name="Changed meanwhile")).to_contain_text("Elena Marsh")
    page.get_by_label("City").fill("Bend")
    page.get_by_label("Preferred name").fill("Gracie")
    page.get_by_role("button", name="Save").click()
    choose = page.get_by_role("group", name="City")
    expect(choose).to_contain_text("Salem")
    choose.get_by_label("Take mine: Bend").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{address}")
    expect(panel(page)).to_contain_text("Bend, OR 97209")
    expect(line(page, "Preferred name")).to_have_text("Gracie")
    expect(panel(elena)).to_contain_text("Bend, OR 97209")


def test_a_birth_date_that_makes_a_minor_asks_for_the_guardian_who_logs_in(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    address = profile_of(portal, "+19715550127")  # Isaac Levine
    page = staff_in(f"{address}/edit")
    born, guardian = page.get_by_label("Date of birth"), page.get_by_label("Parent or guardian's name")
    expect(guardian).to_have_count(0)
    born.fill("08/30/2013")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Add their name.")).to_be_visible()
    expect(guardian).to_be_focused()
    guardian.fill("Miriam Levine")
    page.get_by_label("Relationship", exact=True).select_option("Parent")
    expect(page.get_by_text("Under 18: the phone and email are the guardian's.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{address}")
    expect(line(page, "Guardian")).to_have_text("Miriam Levine, parent")


@pytest.mark.promise("S25")
def test_s25_unsaved_work_asks_and_outlives_the_page_the_lock_and_a_reload(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    """Saved progress is kept; unsaved work is not lost silently."""
    address = profile_of(portal, "+15035550168")  # Lena Abramson
    page = staff_in(f"{address}/edit")
    page.get_by_label("Pharmacy", exact=True).fill("Everett Street Pharmacy")
    expect(page.get_by_text("Not saved yet: Pharmacy")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    asked = page.get_by_role("alertdialog", name="Leave without saving?")
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="Stay").click()
    expect(page.get_by_label("Pharmacy", exact=True)).to_have_value("Everett Street Pharmacy")
    page.get_by_role("link", name="Cancel").click()
    asked.get_by_role("button", name="Keep a draft and leave").click()
    page.wait_for_url(f"**{address}")
    expect(panel(page)).to_contain_text("Not saved yet: Pharmacy")
    panel(page).get_by_role("link", name="Continue").click()
    expect(page.get_by_label("Pharmacy", exact=True)).to_have_value("Everett Street Pharmacy")
    page.get_by_label("City").fill("Bend")
    closing: list[str] = []

    def accept(dialog: Dialog) -> None:
        closing.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.wait_for_timeout(900)  # the pause after which what was typed is kept
    page.reload()
    tour.settle(page)
    assert closing == ["beforeunload"], "the browser asked"
    expect(page.get_by_label("City")).to_have_value("Bend")
    with acting(portal) as work:
        work.db.exec(update(Session).where(col(Session.staff_id).is_not(None)).values(locked_at=work.now()))
    page.get_by_label("City").fill("Bend, by the river")
    page.wait_for_url(f"**{routes.STAFF_LOCK}**")
    with acting(portal) as work:
        work.db.exec(update(Session).where(col(Session.staff_id).is_not(None)).values(locked_at=None))
    tour.open_page(page, portal, f"{address}/edit")
    expect(page.get_by_label("City")).to_have_value(re.compile("^Bend"))
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{address}")
    expect(line(page, "Prescription")).to_have_text("Everett Street Pharmacy")
    expect(panel(page)).not_to_contain_text("Not saved yet")


@pytest.mark.promise("S21")
def test_s21_what_the_client_changes_by_themself_is_seen_at_once(
    staff_in: SignedIn, portal: PortalServer, browser: Browser
) -> None:
    """Clients can update related details through their portal."""
    phone = "+15035550112"  # Juniper Mae Castellanos
    page = staff_in(profile_of(portal, phone))
    expect(line(page, "Emergency contact")).to_have_text("None on file")
    with browser.new_context() as hers:
        _id, token = sign_in(portal, phone)
        hers.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
        mine = hers.new_page()
        tour.open_page(mine, portal, routes.PROFILE)
        settings = mine.get_by_role("region", name="Emergency contact")
        settings.get_by_label("Name", exact=True).fill("Alma Castellanos")
        settings.get_by_label("Phone number").fill("503 555 0144")
        mine.get_by_role("region", name="Carrier and prescriptions").get_by_label("Pharmacy", exact=True).fill("Hazel")
        mine.get_by_role("button", name="Save").click()
        expect(mine.get_by_text("Everything is saved")).to_be_visible()
    expect(line(page, "Emergency contact")).to_contain_text("Alma Castellanos")
    expect(line(page, "Prescription")).to_contain_text("Hazel")
    expect(page.get_by_role("link", name=re.compile("Task Management.*waiting"))).to_be_visible()


def test_a_merged_clients_address_leads_to_the_one_that_stays(staff_in: SignedIn, portal: PortalServer) -> None:
    gone, kept = client(portal, "+19715550103"), client(portal, "+15035550104")  # Owen, Paloma
    with acting(portal) as work:
        work.db.exec(update(Client).where(col(Client.id) == UUID(gone)).values(merged_into_id=UUID(kept)))
    page = staff_in(routes.staff_client(gone, "notes"))
    page.wait_for_url(f"**{routes.staff_client(kept, 'notes')}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paloma Ruiz")
