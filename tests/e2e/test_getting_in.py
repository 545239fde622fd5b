"""Getting in, as people do it: in a real browser, with the codes that were really sent, on a phone and on a desktop."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import browser as browsers
from tests.support.portal_server import PASSCODE, PortalServer

pytestmark = pytest.mark.browser

CODE = "input[autocomplete=one-time-code]"


def ask(page: Page, portal: PortalServer, contact: str) -> set[str]:
    """Send OTP to a phone number or an email address; returns the messages known before."""
    page.goto(f"{portal.url}/login")
    if "@" in contact:
        page.get_by_text("Use email to log in").click()
        page.get_by_label("Email address").fill(contact)
    else:
        page.get_by_label("Phone number").fill(contact)
    before = portal.known()
    page.get_by_label("I am not a robot").check()
    page.get_by_role("button", name="Send OTP").click()
    expect(page.get_by_role("heading", name="Enter your passcode")).to_be_visible()
    return before


def enter(page: Page, code: str) -> None:
    page.locator(CODE).fill(code)


def log_in(page: Page, portal: PortalServer, contact: str, to: str = "") -> None:
    before = ask(page, portal, contact)
    enter(page, portal.newest_code(before, to or contact))
    page.wait_for_url("**/dashboard")


def log_out(page: Page) -> None:
    """Log out from wherever one is, on a wide screen or a phone."""
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
        page.locator("dialog[open]").get_by_role("button", name="Log out").click()
    else:
        page.locator(".profilebtn").click()
        page.locator(".topbar").get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login?ended=out")


@pytest.mark.promise("P3", "P5", "P6", "P10", "P19")
def test_p3_p5_p6_p10_p19_a_phone_number_and_a_code(page: Page, portal: PortalServer) -> None:
    before = ask(page, portal, "(503) 555-0187")
    expect(page.get_by_text("the number ending in 0187")).to_be_visible()
    right = portal.newest_code(before, "+15035550187")
    enter(page, f"{(int(right) + 1) % 1_000_000:06d}")
    expect(page.get_by_text("That code does not match")).to_be_visible()
    expect(page.locator(CODE)).to_be_focused()
    enter(page, f"{right[:3]} {right[3:]}")
    page.wait_for_url("**/dashboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amelia")
    log_out(page)
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    page.goto(f"{portal.url}/dashboard")
    page.wait_for_url(re.compile(r"/login\?next=(/|%2F)dashboard$"))


@pytest.mark.promise("P4")
def test_p4_an_email_address_and_a_code(page: Page, portal: PortalServer) -> None:
    log_in(page, portal, "beatriz.okafor@example.com")


@pytest.mark.promise("P5")
def test_p5_the_captcha_comes_first(page: Page, portal: PortalServer) -> None:
    page.goto(f"{portal.url}/login")
    page.get_by_label("Phone number").fill("(503) 555-0187")
    page.get_by_role("button", name="Send OTP").click()
    expect(page.locator("#captcha-error")).to_contain_text("CAPTCHA")
    page.get_by_label("Phone number").fill("555-018")
    page.get_by_role("button", name="Send OTP").click()
    expect(page.locator("#phone-error")).to_contain_text("too short")


@pytest.mark.promise("P9", "P11")
def test_p9_p11_another_way_and_the_old_code_dies(page: Page, portal: PortalServer) -> None:
    before = ask(page, portal, "503.555.0190")
    old = portal.newest_code(before, "+15035550190")
    before = portal.known()
    page.get_by_role("button", name="Try another way").click()
    expect(page.get_by_text("If we have another way to reach you on file")).to_be_visible()
    assert "grace" not in page.content().lower(), "the other contact is not named"
    new = portal.newest_code(before, "grace.tamura@example.com")
    if old != new:
        enter(page, old)
        expect(page.get_by_text("That code does not match")).to_be_visible()
    enter(page, new)
    page.wait_for_url("**/dashboard")


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
@pytest.mark.promise("P8")
def test_p8_resend_after_the_countdown(page: Page, portal: PortalServer) -> None:
    before = ask(page, portal, "(503) 555-0156")
    portal.newest_code(before, "+15035550156")
    resend = page.get_by_role("button", name="Resend")
    expect(resend).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"in 0:[0-3]\d"))
    expect(resend).not_to_have_attribute("aria-disabled", "true", timeout=35_000)
    before = portal.known()
    resend.click()
    new = portal.newest_code(before, "+15035550156")
    expect(resend).to_have_attribute("aria-disabled", "true")
    enter(page, new)
    page.wait_for_url("**/dashboard")


def test_unknown_contacts_see_the_same_screens(page: Page, portal: PortalServer) -> None:
    before = ask(page, portal, "(503) 555-0999")
    expect(page.get_by_text("We sent 6 digits to the number ending in 0999")).to_be_visible()
    page.get_by_role("button", name="Try another way").click()
    expect(page.get_by_text("If we have another way to reach you on file")).to_be_visible()
    enter(page, "123456")
    expect(page.get_by_text("That code does not match")).to_be_visible()
    assert portal.sent(before, saying=PASSCODE) == []
    page.get_by_text("I didn't receive my code").click()
    expect(page.get_by_text("Choose Resend to request a new code.").first).to_be_visible()


@pytest.mark.promise("P16")
def test_p16_a_household_shares_one_number(page: Page, portal: PortalServer) -> None:
    before = ask(page, portal, "(503) 555-0143")
    enter(page, portal.newest_code(before, "+15035550143"))
    expect(page.get_by_role("heading", name="Who is logging in?")).to_be_focused()
    page.get_by_role("button", name="Mateo D.").click()
    page.get_by_label("Date of birth").fill("05/22/1979")  # Rosa's
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("That is not the date of birth")).to_be_visible()
    page.get_by_label("Date of birth").fill("11/08/1976")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/dashboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mateo")


@pytest.mark.promise("P7")
def test_p7_sign_up_and_in_at_once(page: Page, portal: PortalServer) -> None:
    wide = page.viewport_size is not None and page.viewport_size["width"] > 800
    phone = "(415) 555-2671" if wide else "(415) 555-2672"
    page.goto(f"{portal.url}/sign-up")
    expect(page.get_by_label("Primary clinic").locator("option")).to_have_count(3)
    page.get_by_label("Email address").fill("ines@example")
    page.get_by_role("button", name="Sign Up").click()
    expect(page.get_by_text("Add the ending of your email address, such as .com")).to_be_visible()
    expect(page.get_by_text("Add your first name")).to_be_visible()
    expect(page.get_by_label("First name")).to_be_focused()
    for label, value in {
        "First name": "Inès",
        "Last name": "O'Brien-Müller",
        "Date of birth": "2/29/2000",
        "Phone number": phone,
        "Email address": f"inès.{'w' if wide else 'p'}@exämple.com",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Primary clinic").select_option(label="Pearl District, Portland")
    page.get_by_label("How did you hear about us?").select_option("Online search")
    page.get_by_label("Where was that?").select_option("Yelp")
    expect(page.get_by_label("Text me about my visits")).not_to_be_checked()
    page.get_by_label("I have read the").check()
    page.get_by_label("I agree to the").check()
    before = portal.known()
    page.get_by_label("I am not a robot").check()
    page.get_by_role("button", name="Sign Up").click()
    expect(page.get_by_role("heading", name="Enter your passcode")).to_be_visible()
    enter(page, portal.newest_code(before, f"+1{re.sub(r'[^0-9]', '', phone)}"))
    page.wait_for_url("**/dashboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inès")


@pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)
def test_a_child_is_signed_up_by_a_guardian(page: Page, portal: PortalServer) -> None:
    page.goto(f"{portal.url}/sign-up")
    page.get_by_label("Date of birth").fill("06/01/2014")
    page.get_by_label("First name").focus()
    expect(page.get_by_label("Parent or guardian's name")).to_be_visible()
    expect(page.get_by_text("a parent or guardian signs up")).to_be_visible()


def test_an_invitation_works_once(page: Page, portal: PortalServer, browser: Browser) -> None:
    wide = page.viewport_size is not None and page.viewport_size["width"] > 800
    name, born = ("Farah Nasser", "12/12/1995") if wide else ("Cora Jensen", "07/29/1996")
    before = portal.known()
    portal.cli("staff", "invite", name, "--as", "marisol.vega@lumiere.example")
    message = portal.message(before, saying="/invite/")
    link = re.findall(r"https?://\S+/invite/\S+", message["text"])[0]
    page.goto(link)
    page.get_by_label("Date of birth").fill("01/01/1990")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("That is not the date of birth we have")).to_be_visible()
    page.get_by_label("Date of birth").fill(born)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/dashboard")
    other = browser.new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="This link no longer works")).to_be_visible()
    other.close()


@pytest.mark.promise("P14")
def test_p14_a_new_phone_becomes_the_login_after_its_code(page: Page, portal: PortalServer) -> None:
    wide = page.viewport_size is not None and page.viewport_size["width"] > 800
    email, old, new = (
        ("dmitri.sokolov@example.com", "+15035550122", "(971) 555-0201")
        if wide
        else ("elise.moreau@example.com", "+15035550123", "(971) 555-0202")
    )
    log_in(page, portal, email)
    page.goto(f"{portal.url}/profile")
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    page.get_by_label("Phone number").first.fill(new)
    page.get_by_label("Preferred name").fill("Sol")
    expect(page.get_by_text("2 changes not saved yet")).to_be_visible()
    before = portal.known()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Confirm your phone number")).to_be_visible()
    e164 = "+1" + re.sub(r"\D", "", new)
    enter(page, portal.newest_code(before, e164))
    expect(page.get_by_text("Your new phone number is confirmed")).to_be_visible()
    expect(page.get_by_label("Phone number").first).to_have_value(new)
    told = portal.message(before, to=old, saying="was changed")
    assert e164[-4:] not in told["text"]
    log_out(page)
    log_in(page, portal, new, e164)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sol")


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
def test_devices_are_listed_and_logged_out(page: Page, portal: PortalServer, browser: Browser) -> None:
    log_in(page, portal, "harriet.bloom@example.com")
    telephone = browser.new_context(**browsers.PHONE)
    there = telephone.new_page()
    log_in(there, portal, "harriet.bloom@example.com")
    page.goto(f"{portal.url}/profile")
    expect(page.get_by_text("This device").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Log out .* on ")).click()
    expect(page.get_by_text("That device is logged out.")).to_be_visible()
    there.goto(f"{portal.url}/dashboard")
    there.wait_for_url(re.compile(r"/login\?next=(/|%2F)dashboard$"))
    page.get_by_role("button", name="Log out of all devices").click()
    page.locator("dialog[open]").get_by_role("button", name="Log out of all devices").click()
    page.wait_for_url("**/login?ended=all")
    page.goto(f"{portal.url}/profile")
    page.wait_for_url(re.compile(r"/login\?next=(/|%2F)profile$"))
    telephone.close()


@pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)
@pytest.mark.parametrize(("target", "end"), [("/profile", "/profile"), ("//evil.example/x", "/dashboard")])
def test_after_log_in_one_goes_on_where_one_was_headed(page: Page, portal: PortalServer, target: str, end: str) -> None:
    page.goto(f"{portal.url}/login?next={target}")
    page.get_by_label("Phone number").fill("(503) 555-0125")
    before = portal.known()
    page.get_by_label("I am not a robot").check()
    page.get_by_role("button", name="Send OTP").click()
    enter(page, portal.newest_code(before, "+15035550125"))
    page.wait_for_url(f"{portal.url}{end}")


@pytest.mark.promise("P77", "P78")
def test_p77_p78_help_is_in_place_and_names_the_sender(page: Page, portal: PortalServer) -> None:
    page.goto(f"{portal.url}/help")
    question = page.get_by_text("I didn't receive my one-time passcode. What should I do?")
    question.click()
    expect(page.get_by_text("Add notifications@lumiere.example to your safe sender list")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name="(503) 555-0142").first).to_be_visible()
    for path, title in (("/privacy", "Notice of Privacy Practices"), ("/terms", "Terms of Use")):
        page.goto(f"{portal.url}{path}")
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        expect(page.locator("article.prose p").first).to_be_visible()
