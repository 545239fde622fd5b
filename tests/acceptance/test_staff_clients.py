"""The Clients tab: finding a client, the symbols by the name, registering, merging."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, select

from portal import routes
from portal.models import (
    Allergy,
    AssignedForm,
    AuditEvent,
    Contact,
    FormStatus,
)
from portal.models import Patient as Client
from portal.queries.expiring import has_expiring
from tests.acceptance.conftest import SignedIn
from tests.e2e.test_accessibility import findings
from tests.support import tour
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.processes import wait_until
from tests.support.signed_in import sign_in

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
ELENA = "elena.marsh@lumiere.example"  # an admin: she may merge


def search(page: Page, words: str) -> None:
    """Type as people do, key by key."""
    field = page.get_by_role("textbox", name="Search clients")
    field.fill("")
    field.press_sequentially(words)


def names(page: Page) -> list[str]:
    return [link.inner_text() for link in page.locator("tbody .clientlink").all()]


@pytest.mark.promise("S1")
def test_s1_the_clients_tab_finds_a_client_as_one_types_and_opens_them(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    """Clients tab on top; find and open a client."""
    page = staff_in(routes.STAFF_CLIENTS)
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Clients")).to_have_attribute(
        "aria-current", "page"
    )
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(25)
    for words in (
        "hart am",
        "AMELIA",
        "(503) 555-0187",
        "5550187",
        "0187",
        "amelia.hart@ex",
        "03/14/1988",
        "1988-03-14",
    ):
        search(page, words)
        expect(page.get_by_role("link", name="Amelia Hart")).to_be_visible()
        expect(rows).to_have_count(1)
    search(page, "nobody like that")
    expect(page.get_by_role("heading", name="Nobody was found")).to_be_visible()
    page.get_by_role("button", name="Show all clients").click()
    expect(rows).to_have_count(25)
    search(page, "hart am")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Amelia Hart").click()
    expect(page.get_by_role("heading", level=1, name="Amelia Hart")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="Search clients")).to_have_value("hart am")
    expect(rows).to_have_count(1)


@one_width
def test_everything_with_the_keyboard(staff_in: SignedIn, portal: PortalServer) -> None:
    page = staff_in(routes.STAFF_CLIENTS)
    expect(page.locator("tbody tr")).to_have_count(25)
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Search clients")).to_be_focused()
    page.keyboard.type("delgado")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Mateo Delgado")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("link", name="Rosa Delgado")).to_be_focused()
    expect(page.locator("[data-row][tabindex='0']")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("textbox", name="Search clients")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Mateo Delgado")).to_be_visible()
    # The bar has the search of every other page.
    page.keyboard.press("/")
    page.keyboard.type("0187")
    found = page.get_by_label("Find a client").get_by_role("link", name=re.compile("Amelia Hart"))
    expect(found).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Amelia Hart")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("delgado")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{routes.STAFF_CLIENTS}")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile(f"{routes.STAFF_CLIENTS}$"))  # what was typed is in no address


@one_width
def test_filters_order_columns_and_pages_stay_as_they_were_left(staff_in: SignedIn, portal: PortalServer) -> None:
    page = staff_in(routes.STAFF_CLIENTS)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(25)
    first = names(page)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Page 2")).to_be_visible()
    expect(rows.first.locator(".clientlink")).not_to_have_text(first[0])
    assert not set(first) & set(names(page))
    page.get_by_role("button", name="Previous").click()
    expect(rows.first.locator(".clientlink")).to_have_text(first[0])
    page.get_by_role("button", name="More filters").click()
    page.get_by_role("button", name="Inactive clients").first.click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Deceased")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take off the filter Inactive clients").click()
    expect(rows).to_have_count(25)
    page.get_by_role("button", name="Date of birth").click()
    expect(page.get_by_role("columnheader", name="Date of birth")).to_have_attribute("aria-sort", "ascending")
    expect(rows.first).to_contain_text("1960")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Email", exact=True).click()
    expect(page.get_by_role("columnheader", name="Email")).to_be_visible()
    page.reload()
    tour.settle(page)
    expect(page.get_by_role("columnheader", name="Email")).to_be_visible()
    expect(rows.first).to_contain_text("1960")
    page.get_by_role("button", name="Client", exact=True).click()
    expect(rows.first.locator(".clientlink")).to_have_text(first[0])
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Email", exact=True).click()


@pytest.fixture
def marked(portal: PortalServer) -> Iterator[str]:
    """Somebody who signed a consent that has run out now, with an allergy; their name."""
    with acting(portal) as work:
        signed = select(AssignedForm).where(AssignedForm.status == FormStatus.DONE).order_by(col(AssignedForm.id))
        for form in work.db.exec(signed).all():
            before, form.valid_until = form.valid_until, work.now() - timedelta(days=35)
            work.db.add(form)
            work.db.flush()
            if has_expiring(work, [form.patient_id]):
                break
            form.valid_until = before
        allergy = work.add(Allergy(patient_id=form.patient_id, substance="Latex", recorded_at=work.now())).id
        client = work.get(Client, form.patient_id)
        form_id, name = form.id, f"{client.first_name} {client.last_name}"
    yield name
    with acting(portal) as work:
        work.get(Allergy, allergy).ended_at = work.now()
        work.get(AssignedForm, form_id).valid_until = before


@pytest.mark.promise("S3", "S15")
def test_s3_s15_red_symbols_stand_by_the_name(staff_in: SignedIn, portal: PortalServer, marked: str) -> None:
    """Red symbol next to the name of a client with allergies, on the web. Red timer icon: documents expiring soon or
    expired."""
    page = staff_in(routes.STAFF_CLIENTS)
    search(page, marked)
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    for name in ("Allergies", "Documents expiring or expired"):
        symbol = row.get_by_role("img", name=name)
        expect(symbol).to_be_visible()
        expect(row.locator(f".flag[title='{name}']")).to_be_visible()
        strong = ".flag--allergy" if name == "Allergies" else ".flag--timer"
        red, green, blue = row.locator(strong).evaluate(_REDDEST)
        assert red > max(green, blue)
    page.get_by_role("button", name="More filters").click()
    page.get_by_role("button", name="Documents expiring or expired").first.click()
    expect(row).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("link", name=marked).click()
    panel = page.get_by_role("complementary", name="Client details")
    for name in ("Allergies", "Documents expiring or expired"):
        expect(panel.get_by_role("img", name=name).first).to_be_visible()


#: The colour of a symbol: what it is filled with where that is strong, else what it is drawn in.
_REDDEST = """(flag) => {
  const read = (colour) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const style = getComputedStyle(flag);
  const [ground, ink] = [read(style.backgroundColor), read(style.color)];
  return Math.max(...ground) - Math.min(...ground) > 60 ? ground : ink;
}"""


def test_axe_finds_nothing_and_the_log_has_no_words_of_a_search(staff_in: SignedIn, portal: PortalServer) -> None:
    page = staff_in(routes.STAFF_CLIENTS)
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator("tbody tr")).to_have_count(25)
    seen = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        seen[f"list, {theme}"] = findings(page)
    page.get_by_role("button", name="New client").click()
    expect(page.get_by_role("dialog", name="New client")).to_be_visible()
    seen["new client"] = findings(page)
    page.get_by_role("button", name="Register client").click()
    expect(page.get_by_text("Add your first name, as it is on your ID.")).to_be_visible()
    seen["new client, refused"] = findings(page)
    page.get_by_role("button", name="Cancel").click()

    def searched() -> list[Any]:
        with acting(portal) as work:
            told = select(AuditEvent.detail).where(AuditEvent.action == "client.searched").order_by(col(AuditEvent.id))
            return list(work.db.exec(told))

    before = len(searched())
    page.keyboard.press("/")
    search(page, "zzyzx")
    expect(page.get_by_role("heading", name="Nobody was found")).to_be_visible()
    seen["nobody"] = findings(page)
    assert {name: found for name, found in seen.items() if found} == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing scrolls sideways but the table"

    wait_until(lambda: 0 in [detail["count"] for detail in searched()[before:]], 10, "the search in the log")
    assert "zzyzx" not in str(searched())


def registered_despite(page: Page, first: str, last: str, born: str, email: str) -> Locator:
    """Register somebody who looks like a client, and say that it is another person; the panel that warns."""
    page.get_by_role("button", name="New client").click()
    dialog = page.get_by_role("dialog", name="New client")
    for label, value in (
        ("First name", first),
        ("Last name", last),
        ("Date of birth", born),
        ("Email address", email),
    ):
        dialog.get_by_label(label).fill(value)
    dialog.get_by_label("Primary clinic").select_option(index=1)
    dialog.get_by_role("button", name="Register client").click()
    expect(dialog.get_by_text("Same name and date of birth")).to_be_visible()
    dialog.get_by_role("button", name="It is another person").click()
    dialog.get_by_role("button", name="Register client").click()
    expect(page.get_by_role("heading", level=1, name=f"{first} {last}")).to_be_visible()
    panel = page.get_by_role("complementary", name="Client details")
    expect(panel.get_by_text("Possible duplicate.")).to_be_visible()
    return panel


@one_width
def test_who_is_another_person_is_told_apart_and_not_asked_about_again(
    staff_in: SignedIn, portal: PortalServer
) -> None:
    page = staff_in(routes.STAFF_CLIENTS)  # the front desk merges nobody, and knows who is who
    panel = registered_despite(page, "Owen", "Achterberg-Ray", "03/30/1978", "owen.ray@example.com")
    expect(panel.get_by_role("link", name="Compare and merge")).to_have_count(0)
    panel.get_by_role("button", name="Owen Achterberg is not the same person").click()
    expect(panel.get_by_text("Possible duplicate.")).to_have_count(0)
    expect(page.get_by_text("Noted: they are two people.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Owen Achterberg-Ray")).to_be_focused()
    page.reload()
    tour.settle(page)
    expect(panel.get_by_text("Possible duplicate.")).to_have_count(0)


@one_width
def test_a_second_record_is_noticed_and_merged_while_its_patient_looks_on(
    staff_in: SignedIn, portal: PortalServer, browser: Browser
) -> None:
    page = staff_in(routes.STAFF_CLIENTS, email=ELENA)
    panel = registered_despite(page, "Harriet", "Bloom-Lund", "04/11/1977", "harriet.lund@example.com")
    second = page.url

    context = browser.new_context()
    _id, token = sign_in(portal, "harriet.lund@example.com")
    context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    hers = context.new_page()
    tour.open_page(hers, portal, routes.DASHBOARD)

    panel.get_by_role("link", name="Compare and merge").click()
    expect(page.get_by_role("heading", level=1, name="Merge clients")).to_be_visible()
    page.get_by_role("button", name="Let the other one stay").click()
    expect(page.get_by_role("columnheader").nth(1)).to_contain_text("Stays")
    expect(page.get_by_role("columnheader").nth(1)).not_to_contain_text("Lund")
    page.get_by_role("radio", name="Email: harriet.lund@example.com").click()
    expect(page.get_by_role("radio", name="Email: harriet.lund@example.com")).to_be_checked()
    assert findings(page) == []
    page.get_by_role("button", name="Merge into one record").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Merge into one record").click()
    expect(page.get_by_role("heading", level=1, name="Harriet Bloom", exact=True)).to_be_visible()
    expect(page.get_by_role("complementary", name="Client details")).to_contain_text("harriet.lund@example.com")

    hers.wait_for_url(f"**{routes.LOGIN}**")  # signed out, by itself
    context.close()
    page.goto(second)
    expect(page.get_by_role("heading", level=1, name="Harriet Bloom", exact=True)).to_be_visible()
    with acting(portal) as work:
        current = select(Contact.patient_id).where(
            Contact.value == "harriet.lund@example.com",
            col(Contact.retired_at).is_(None),
        )
        assert work.get(Client, work.db.exec(current).one()).last_name == "Bloom"
