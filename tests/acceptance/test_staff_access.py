"""In a client's panel: access to the portal, communication consents, loyalty programs. And the referral sources."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, select, update

from portal import routes
from portal.models import AuditEvent, Channel, CommunicationConsent, Contact, Guardian, LoyaltyAccount, Patient, Session
from portal.work import Work
from tests.acceptance.conftest import SignedIn
from tests.support import tour
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import let_staff_in, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)]

ELENA, ADAEZE = "elena.marsh@lumiere.example", "adaeze.okonkwo@lumiere.example"
FARAH, GRACE, NORA, MAYA = "+19715550162", "+15035550190", "+15035550102", "+15035550101"
CALLUM = "+15035550175"


def violations(page: Page, part: str = "dialog[open]") -> list[str]:
    """What axe finds in a part of the page."""
    page.emulate_media(reduced_motion="reduce")  # nothing is half faded in
    found = Axe().run(page, context=part).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def client_of(work: Work, phone: str) -> Patient:
    return work.db.exec(select(Patient).join(Contact).where(Contact.value == phone)).one()


def profile_of(server: PortalServer, phone: str) -> str:
    with acting(server) as work:
        return routes.staff_client(str(client_of(work, phone).id))


def section(page: Page, title: str) -> Locator:
    panel = page.get_by_role("complementary", name="Client details")
    return panel.locator(".spanel__sec", has=page.get_by_role("heading", name=title))


def audited(server: PortalServer, phone: str) -> set[str]:
    with acting(server) as work:
        rows = select(AuditEvent.action).where(col(AuditEvent.patient_id) == client_of(work, phone).id)
        return set(work.db.exec(rows).all())


@pytest.fixture
def elena(browser: Browser, portal: PortalServer) -> Iterator[Page]:
    """Somebody else of the staff, in a browser of her own."""
    context = browser.new_context()
    let_staff_in(context, portal, ELENA)
    yield context.new_page()
    context.close()


@pytest.mark.promise("S5")
def test_s5_whether_the_invite_was_accepted_and_a_link_again(staff_in: SignedIn, portal: PortalServer) -> None:
    """Access Client Portal shows whether the invite was accepted; if not, resend by email."""
    with acting(portal) as work:  # she was never here
        maya = client_of(work, MAYA)
        maya.portal_accepted_at = None
        work.add(maya)
        known = portal.known()
    page = staff_in(profile_of(portal, MAYA))
    access = section(page, "Access Client Portal")
    expect(access).to_contain_text(re.compile("Invited|Not invited"))
    access.get_by_role("button", name=re.compile("Invite by email|Resend invite")).click()
    expect(page.get_by_text("A link is on its way by email.")).to_be_visible()
    expect(access).to_contain_text("Invited today")
    expect(access).to_contain_text("by email to maya.petrov@example.com")
    portal.message(known, saying="/invite/")
    access.get_by_role("button", name="Resend invite").click()
    expect(page.get_by_text("A link was sent just now.")).to_be_visible()
    with acting(portal) as work:
        maya = client_of(work, MAYA)
        maya.portal_accepted_at = work.now()
        work.add(maya)
        work.changed(maya.id, "record")
    expect(access).to_contain_text("Accepted")  # by itself
    expect(access).to_contain_text("Invite accepted today")
    expect(access.get_by_role("button", name="Resend invite")).to_have_count(0)


@pytest.mark.promise("S6", "P12", "P13")
def test_s6_p12_p13_a_client_who_cannot_get_in_is_helped(
    staff_in: SignedIn, portal: PortalServer, browser: Browser
) -> None:
    """After acceptance staff can help a client who cannot get in: look up which phone and email are registered, update
    the contact and so give access back."""
    context = browser.new_context()
    hers = context.new_page()
    _id, token = sign_in(portal, NORA)
    context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    tour.open_page(hers, portal, routes.DASHBOARD)

    page = staff_in(profile_of(portal, NORA))
    section(page, "Access Client Portal").get_by_role("button", name=re.compile("Reset access|Help")).click()
    helping = page.get_by_role("dialog", name="Help with logging in")
    expect(helping).to_contain_text("(503) 555-0102")
    expect(helping).to_contain_text("nora.kowalski@example.com")
    expect(helping).to_contain_text("Logged in on 1 device")
    assert violations(page) == []
    helping.get_by_role("button", name="Correct (503) 555-0102").click()
    helping.get_by_label("New phone number").fill("12")
    helping.get_by_role("button", name="Save").click()
    expect(helping.get_by_text("That number is too short.")).to_be_visible()
    helping.get_by_label("New phone number").fill("971 555 0188")
    helping.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The client logs in with (971) 555-0188 from now on.")).to_be_visible()
    expect(helping).to_contain_text("(971) 555-0188")
    expect(helping).to_contain_text("Logged in nowhere now")
    hers.wait_for_url(f"**{routes.LOGIN}**")  # her browser is out, by itself

    _id, token = sign_in(portal, "+19715550188")  # and she is in again
    context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    tour.open_page(hers, portal, routes.NOTIFICATIONS)
    expect(hers.get_by_text("We changed the phone number you log in with.")).to_be_visible()
    expect(helping).to_contain_text("Logged in nowhere now")
    helping.get_by_role("button", name="Log out everywhere").click()
    helping.get_by_role("alert").get_by_role("button", name="Log out everywhere").click()
    hers.wait_for_url(f"**{routes.LOGIN}**")
    portal.message(to="nora.kowalski@example.com", saying="logged out")
    assert {"contact.corrected", "session.all_ended"} <= audited(portal, NORA)
    context.close()


def test_of_a_minors_guardians_the_one_who_cannot_get_in_is_helped(staff_in: SignedIn, portal: PortalServer) -> None:
    """Two records of a child that were merged may have brought two guardians."""
    with acting(portal) as work:
        theo = work.db.exec(select(Patient).where(Patient.first_name == "Theo", Patient.last_name == "Lindqvist")).one()
        father = work.add(Guardian(patient_id=theo.id, name="Nils Lindqvist", relationship="Father"))
        reached = Contact(patient_id=theo.id, guardian_id=father.id, channel=Channel.PHONE, value="+15035550229")
        reached.created_at = work.now()
        work.add(reached)
        address = routes.staff_client(str(theo.id))
    page = staff_in(address)
    section(page, "Access Client Portal").get_by_role("button", name=re.compile("Reset access|Help")).click()
    helping = page.get_by_role("dialog", name="Help with logging in")
    helping.get_by_role("button", name="Correct (503) 555-0229").click()
    helping.get_by_label("New phone number of Nils Lindqvist, father").fill("503 555 0230")
    helping.get_by_role("button", name="Save").click()
    expect(helping).to_contain_text("(503) 555-0230")
    expect(helping.get_by_role("listitem").filter(has_text="(503) 555-0230")).to_contain_text("Nils Lindqvist")
    expect(helping).to_contain_text("(503) 555-0133")
    expect(helping.get_by_role("button", name="Correct (503) 555-0229")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.promise("S7", "S26")
def test_s7_s26_do_not_sms_with_its_caution_and_its_history(
    staff_in: SignedIn, portal: PortalServer, elena: Page
) -> None:
    """Communication consents can be managed. The caution on what opting out of SMS and email means stands next to those
    switches."""
    page = staff_in(profile_of(portal, FARAH))
    tour.open_page(elena, portal, profile_of(portal, FARAH))
    consents = section(page, "Communication consents")
    expect(consents).to_contain_text("Opting out also stops the messages about appointments and follow-ups")
    texts = consents.get_by_role("switch", name="Do Not SMS")
    expect(texts).not_to_be_checked()
    assert violations(page, ".spanel") == []
    texts.press("Space")
    asked = page.get_by_role("dialog", name="Switch Do Not SMS on?")
    assert violations(page) == []
    asked.get_by_role("button", name="Leave it").click()
    expect(texts).not_to_be_checked()
    texts.click()
    asked.get_by_role("button", name="Switch on").click()
    expect(asked.get_by_text("Choose how the client told you.")).to_be_visible()
    asked.get_by_text("By phone").click()
    words = "The client said by phone: no more text messages, not about appointments and follow-ups either."
    expect(asked).to_contain_text(words)

    section(elena, "Communication consents").get_by_role("switch", name="Do Not SMS").click()  # two at once
    theirs = elena.get_by_role("dialog", name="Switch Do Not SMS on?")
    theirs.get_by_text("In person").click()
    asked.get_by_role("button", name="Switch on").click()
    expect(texts).to_be_checked()
    theirs.get_by_role("button", name="Switch on").click()
    expect(elena.get_by_text("Do Not SMS was switched on by somebody else meanwhile.")).to_be_visible()
    expect(consents).to_contain_text("set at the practice")

    consents.get_by_role("button", name="History").click()
    history = page.get_by_role("dialog", name="What the client said about messages")
    newest = history.get_by_role("listitem").first
    for part in ("No to text messages", words, "Marisol Vega", "At the practice"):
        expect(newest).to_contain_text(part)
    with acting(portal) as work:
        rows = work.db.exec(
            select(CommunicationConsent).where(CommunicationConsent.patient_id == client_of(work, FARAH).id)
        ).all()
        assert [row.wording for row in rows if row.source == "staff"] == [words]


@pytest.mark.promise("S16", "S24")
def test_s16_s24_a_tick_asks_for_the_log_in(staff_in: SignedIn, portal: PortalServer) -> None:
    """Loyalty programs the client is enrolled in, in the panel; only the practice can tick them. Ticking a loyalty
    program prompts for the client's Alle, Xperience or Aspire username and password."""
    page = staff_in(profile_of(portal, GRACE))
    loyalty = section(page, "Loyalty Programs")
    for program in ("Alle", "Xperience", "Aspire"):
        loyalty.get_by_role("checkbox", name=program).click()
        asked = page.get_by_role("dialog", name=f"Enroll in {program}")
        expect(asked.get_by_label("Username", exact=True)).to_be_visible()
        expect(asked.get_by_label("Password", exact=True)).to_have_attribute("type", "password")
        expect(asked.get_by_text("Member number only")).to_be_visible()
        if program == "Alle":
            assert violations(page) == []
        asked.get_by_role("button", name="Leave it").click()
        expect(loyalty.get_by_role("checkbox", name=program)).not_to_be_checked()
    loyalty.get_by_role("checkbox", name="Aspire").click()
    asked.get_by_text("Member number only").click()
    asked.get_by_role("button", name="Save").click()
    expect(asked.get_by_text("Add the member number.")).to_be_visible()
    asked.get_by_label("Member number", exact=True).fill("AGR 4471")
    asked.get_by_role("button", name="Save").click()
    expect(loyalty.get_by_role("checkbox", name="Aspire")).to_be_checked()
    loyalty.get_by_role("checkbox", name="Evolus").click()
    expect(loyalty.get_by_role("checkbox", name="Evolus")).to_be_checked()
    loyalty.get_by_role("checkbox", name="Evolus").click()
    page.get_by_role("alertdialog", name="Untick Evolus?").get_by_role("button", name="Untick").click()
    expect(loyalty.get_by_role("checkbox", name="Evolus")).not_to_be_checked()
    with acting(portal) as work:
        mine = LoyaltyAccount.patient_id == client_of(work, GRACE).id
        assert work.db.exec(select(LoyaltyAccount.program).where(mine)).all() == ["aspire"]


@pytest.mark.promise("S24", "S25")
def test_s24_a_tick_in_actions_edit_asks_as_well(staff_in: SignedIn, portal: PortalServer) -> None:
    """To update Loyalty Programs in Actions > Edit, check the box; what else was typed there waits for its own Save."""
    page = staff_in(f"{profile_of(portal, CALLUM)}/edit")
    page.get_by_label("City").fill("Astoria")
    loyalty = page.get_by_role("region", name="Loyalty Programs")
    loyalty.get_by_role("checkbox", name="Alle").click()
    asked = page.get_by_role("dialog", name="Enroll in Alle")
    asked.get_by_label("Username", exact=True).fill("callum")
    asked.get_by_label("Password", exact=True).fill("heather 7 field")
    asked.get_by_role("button", name="Save").click()
    expect(loyalty.get_by_role("checkbox", name="Alle")).to_be_checked()
    expect(loyalty.get_by_text("Log-in on file")).to_be_visible()
    expect(page.get_by_text("Not saved yet: City")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(section(page, "Loyalty Programs").get_by_role("checkbox", name="Alle")).to_be_checked()
    expect(page.get_by_text("Astoria")).to_be_visible()


@pytest.mark.promise("S27")
def test_s27_a_log_in_is_shown_again_for_half_a_minute(staff_in: SignedIn, portal: PortalServer) -> None:
    """A saved loyalty log-in can be looked up again at checkout (step-up, audited) to check coupons and points."""
    password, username = "tulip 19 garden", "esther-alle-77"
    page = staff_in(profile_of(portal, tour.AMELIA), ADAEZE)
    loyalty = section(page, "Loyalty Programs")
    loyalty.get_by_role("checkbox", name="Xperience").click()
    asked = page.get_by_role("dialog", name="Enroll in Xperience")
    asked.get_by_label("Username", exact=True).fill(username)
    asked.get_by_label("Password", exact=True).fill(password)
    asked.get_by_role("button", name="Save").click()
    expect(loyalty.get_by_role("checkbox", name="Xperience")).to_be_checked()

    with acting(portal) as work:  # the second factor was long ago
        work.db.exec(update(Session).values(proved_at=work.now() - timedelta(minutes=11)))
    loyalty.get_by_role("button", name="Details").click()
    listed = page.get_by_role("dialog", name="Loyalty Programs")
    listed.get_by_role("button", name="Show Xperience").click()
    proof = page.get_by_role("dialog", name="Is it you?")
    expect(proof).to_be_visible()
    expect(page.get_by_text(password)).to_have_count(0)
    assert "loyalty.revealed" not in audited(portal, tour.AMELIA)

    with acting(portal) as work:
        work.db.exec(update(Session).values(proved_at=work.now()))
    proof.get_by_role("button", name="Not now").click()
    listed.get_by_role("button", name="Show Xperience").click()
    expect(listed.get_by_text(password)).to_be_visible()
    expect(listed.get_by_text(username)).to_be_visible()
    assert violations(page) == []
    assert "loyalty.revealed" in audited(portal, tour.AMELIA)
    expect(listed.get_by_text(password)).to_have_count(0, timeout=40_000)  # hidden again
    listed.get_by_role("button", name="Show Xperience").click()
    expect(listed.get_by_text(password)).to_be_visible()
    listed.get_by_role("button", name="Hide").click()
    expect(listed.get_by_text(password)).to_have_count(0)

    stored = b"".join(file.read_bytes() for file in Path(portal.var).glob("portal.db*"))
    for secret in (username, password):
        assert secret not in portal.log
        assert secret.encode() not in stored


@pytest.mark.promise("S16")
def test_s16_what_the_front_desk_may_not_is_not_on_its_screen(staff_in: SignedIn, portal: PortalServer) -> None:
    """A log-in that is on file is shown to few."""
    page = staff_in(profile_of(portal, tour.AMELIA))
    section(page, "Loyalty Programs").get_by_role("button", name="Details").click()
    listed = page.get_by_role("dialog", name="Loyalty Programs")
    expect(listed.get_by_role("button", name="Edit Alle")).to_be_visible()
    expect(listed.get_by_role("button", name="Show Alle")).to_have_count(0)


@pytest.mark.promise("S23")
def test_s23_referral_sources_and_subcategories(staff_in: SignedIn, portal: PortalServer) -> None:
    """Referral sources and subcategories can be managed."""
    page = staff_in(routes.STAFF_REFERRALS, ADAEZE)
    expect(page.get_by_role("heading", name="Referral sources", level=1)).to_be_visible()
    assert violations(page, "body") == []
    page.get_by_role("button", name="Add source").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name", exact=True).fill("walked by")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("There is one of that name already.")).to_be_visible()
    form.get_by_label("Name", exact=True).fill("Podcast")
    form.get_by_role("button", name="Save").click()
    row = page.get_by_role("listitem").filter(has_text="Podcast")
    expect(row).to_contain_text("0 clients")
    row.get_by_role("button", name="Add a subcategory of Podcast").click()
    form.get_by_label("Name", exact=True).fill("Glow Talk")
    form.get_by_role("button", name="Save").click()
    sub = page.get_by_role("listitem").filter(has_text="Glow Talk")
    sub.get_by_role("button", name="Edit Glow Talk, of Podcast").click()
    form.get_by_label("Last day on which it is offered").fill("2020-01-31")
    form.get_by_role("button", name="Save").click()
    expect(sub).to_contain_text("ended Jan 31, 2020")
    names = page.locator(".sources__top .row__title")
    expect(names.last).to_contain_text("Podcast")
    row.get_by_role("button", name="Move up: Podcast").press("Enter")
    expect(names.last).to_contain_text("Other")
    expect(row.get_by_role("button", name="Move up: Podcast")).to_be_focused()


@pytest.mark.promise("S28")
def test_s28_what_is_not_set_is_not_offered(staff_in: SignedIn, portal: PortalServer) -> None:
    """The integrations that the text names (Aspire, Evolus) are settings with a link; none is pretended."""
    page = staff_in(profile_of(portal, tour.AMELIA))
    section(page, "Loyalty Programs").get_by_role("button", name="Details").click()
    listed = page.get_by_role("dialog", name="Loyalty Programs")
    expect(listed.get_by_role("listitem")).to_have_count(4)
    expect(listed.get_by_role("link")).to_have_count(0)
