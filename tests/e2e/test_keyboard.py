"""Without a mouse: from the log-in to the sealed PDF, focus always seen, and never lost behind a dialog."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import routes
from tests.support import paper, tour
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in

pytestmark = pytest.mark.browser
one_width = pytest.mark.parametrize("browser_context_args", ["desktop"], indirect=True)

#: What has focus: a name for it, whether a ring or an edge shows it, and whether it is on the screen.
FOCUS = """() => {
  const element = document.activeElement;
  const at = (node) => getComputedStyle(node);
  const ringed = (node) => node && at(node).outlineStyle !== "none" && parseFloat(at(node).outlineWidth) >= 2;
  const marked = ringed(element) || ringed(element.parentElement) || ringed(element.closest("label"))
    || ringed(element.closest(".inputgroup, .captcha, .check, .otp"))
    || document.querySelector(".otp .is-next") !== null || at(element).boxShadow !== "none"
    || (element.closest(".inputgroup") && at(element.closest(".inputgroup")).boxShadow !== "none");
  const { top, bottom, width } = element.getBoundingClientRect();
  return {
    name: element.tagName + " " + (element.getAttribute("aria-label") ?? element.textContent ?? "").slice(0, 40),
    body: element === document.body,
    marked: Boolean(marked),
    seen: width > 0 && bottom > 0 && top < innerHeight,
    modal: document.querySelector("dialog:modal") === null || element.closest("dialog:modal") !== null,
  };
}"""


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the target has focus; each stop on the way can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if not focus["body"]:
            assert focus["marked"], f"no ring around {focus['name']}"
            assert focus["seen"], f"{focus['name']} has focus out of sight"
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reached {target}")


@pytest.mark.promise("P3", "P35")
@one_width
def test_the_whole_journey_by_keyboard(page: Page, portal: PortalServer) -> None:
    name = "Laser Consent without a mouse"
    paper.ask_for(portal, "callum.reyes-stone@example.com", name)
    tour.open_page(page, portal, routes.LOGIN)
    tab_to(page, page.get_by_label("Phone number"))
    page.keyboard.type("5035550175")
    box = page.get_by_label("I am not a robot")
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="Verified")).to_be_attached()
    known = portal.known()
    tab_to(page, page.get_by_role("button", name="Send OTP"))
    page.keyboard.press("Enter")
    expect(page.locator("input[autocomplete=one-time-code]")).to_be_focused()
    page.keyboard.type(portal.newest_code(known))
    page.wait_for_url(f"**{routes.DASHBOARD}")
    tour.settle(page)

    page.evaluate("document.activeElement.blur()")
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Task Management"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{routes.TASK_MANAGEMENT}")
    row = page.get_by_role("region", name="To complete").get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("Not Signed")
    tab_to(page, page.get_by_role("tab", name="Consents"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Questionnaires")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Questionnaires")).to_be_visible()
    page.keyboard.press("Home")
    expect(row).to_be_visible()
    tab_to(page, row.get_by_role("link", name=f"View {name}"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Sign", exact=True))
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Sign")
    expect(sheet).to_be_visible()
    tab_to(page, sheet.get_by_role("button", name="Type", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, sheet.get_by_label("Type your full legal name"))
    page.keyboard.type("Callum Reyes-Stone")
    tab_to(page, sheet.get_by_role("checkbox"))
    page.keyboard.press("Space")
    button = sheet.get_by_role("button", name="Sign", exact=True)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    expect(sheet).to_have_count(0)

    save = page.get_by_role("link", name=re.compile("^Download PDF"))
    tab_to(page, save)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert paper.sealed(download.value.path().read_bytes())


@one_width
def test_focus_stays_in_a_dialog_and_comes_back(page: Page, portal: PortalServer) -> None:
    _id, token = sign_in(portal, "callum.reyes-stone@example.com")
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    tour.open_page(page, portal, routes.PROFILE)
    opener = page.get_by_role("button", name="Log out of all devices")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("alertdialog", name="Log out of all devices?")
    expect(dialog).to_be_visible()
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        focus = page.evaluate(FOCUS)
        assert focus["modal"] or focus["body"], f"{focus['name']} is behind the dialog"
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


@one_width
def test_the_skip_link_goes_past_the_menu(page: Page, portal: PortalServer) -> None:
    _id, token = sign_in(portal, "callum.reyes-stone@example.com")
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    tour.open_page(page, portal, routes.TASK_MANAGEMENT)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.get_by_role("main").evaluate("(main) => main.contains(document.activeElement)")


@one_width
def test_the_profile_menu_by_keyboard(page: Page, portal: PortalServer) -> None:
    _id, token = sign_in(portal, "callum.reyes-stone@example.com")
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    tour.open_page(page, portal, routes.DASHBOARD)
    opener = page.locator(".profilebtn")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#profile-menu")).to_be_visible()
    tab_to(page, page.locator("#profile-menu").get_by_role("link", name="My Profile"), 2)
    page.keyboard.press("Escape")
    expect(page.locator("#profile-menu")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#profile-menu").get_by_role("link", name="My Profile"), 2)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{routes.PROFILE}")


@pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)
def test_the_more_sheet_closes_with_escape_and_gives_focus_back(page: Page, portal: PortalServer) -> None:
    _id, token = sign_in(portal, "callum.reyes-stone@example.com")
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    tour.open_page(page, portal, routes.DASHBOARD)
    more = page.get_by_role("button", name="More")
    more.focus()
    page.keyboard.press("Enter")
    sheet = page.locator("#more")
    expect(sheet).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)["modal"] or page.evaluate(FOCUS)["body"]
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(more).to_be_focused()
