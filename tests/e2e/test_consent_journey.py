"""From the code to the sealed PDF, in a real browser, on a phone and on a desktop, on both ways to run the portal."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from portal import routes
from tests.support import journeys, paper, signed_in
from tests.support.portal_server import PortalServer

pytestmark = pytest.mark.browser

AMELIA = "+15035550187"
ROSA = "rosa.delgado@example.com"


@pytest.fixture(scope="module", params=["sqlite", "cluster"])
def server(request: pytest.FixtureRequest) -> PortalServer:
    """The portal as one process on SQLite, and as two workers on PostgreSQL and Redis."""
    return request.getfixturevalue("portal" if request.param == "sqlite" else "portal_cluster")


@pytest.fixture
def has_touch(browser_context_args: dict[str, Any]) -> bool:
    """Whether this browser is a phone, drawn on with a finger."""
    return bool(browser_context_args.get("has_touch"))


@pytest.fixture
def amelia(page: Page, server: PortalServer) -> Iterator[Page]:
    """A browser in which Amelia is signed in; nothing may be wrong in its console at the end."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    _enter(page, server, AMELIA)
    yield page
    assert not [words for words in wrong if "ERR_CONNECTION" not in words and "WebSocket" not in words]


@pytest.mark.promise("P30", "P32", "P33", "P35", "P39", "P40")
def test_from_the_code_to_the_sealed_file(
    page: Page, server: PortalServer, tmp_path: Path, has_touch: bool, request: pytest.FixtureRequest
) -> None:
    name = f"Lip Filler Consent {len(request.node.name)}"
    form_id = paper.ask_for(server, AMELIA, name, '{"initials": ["Risks"]}')
    journeys.sign_in(page, server, "(503) 555-0187")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amelia")
    before = _badge(page)
    page.get_by_role("link", name="Task Management").first.click()
    row = _row(page, name)
    expect(row).to_contain_text("Not Signed")
    row.get_by_role("link", name=f"View {name}").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("minute read")).to_be_visible()
    page.get_by_label("Signatures").scroll_into_view_if_needed()
    expect(page.get_by_text("You have read to the end")).to_be_visible()

    page.get_by_role("link", name="Sign", exact=True).click()
    sheet = page.get_by_role("dialog", name="Sign")
    button = sheet.get_by_role("button", name="Sign", exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(sheet.get_by_text("Draw your signature, or type your name.")).to_be_visible()
    paper.draw(page, sheet.locator("canvas"), touch=has_touch)
    expect(sheet.get_by_text("Add your initials.")).to_be_visible()
    sheet.get_by_label("Your initials for “Risks”").fill("AH")
    sheet.get_by_role("checkbox").check()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()

    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    page.wait_for_url(f"**{routes.consent(str(form_id))}")
    expect(page.get_by_role("article").get_by_text("Signed", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Signature of Amelia Hart")).to_be_visible()
    expect(page.get_by_role("link", name="Sign", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Back to Task Management").click()
    row = _row(page, name)
    expect(row).to_contain_text("Signed on")
    expect(row.get_by_role("link", name=f"Sign {name}")).to_have_count(0)
    link = row.get_by_role("link", name=f"Download {name}")
    first = paper.save(page, link, tmp_path / "first.pdf")
    assert paper.save(page, link, tmp_path / "second.pdf") == first
    _is_the_sealed_document(first, name, tmp_path / "first.pdf")
    page.goto(f"{server.url}{routes.DASHBOARD}")
    expect(page.get_by_role("heading", name="Paperwork")).to_be_visible()
    assert _badge(page) == before - 1


def test_a_typed_signature_by_keyboard_alone(amelia: Page, server: PortalServer) -> None:
    name = "Peel Consent by keyboard"
    form_id = paper.ask_for(server, AMELIA, name)
    amelia.goto(f"{server.url}{routes.consent(str(form_id))}")
    expect(amelia.get_by_role("heading", name=name)).to_be_visible()
    amelia.keyboard.press("End")
    expect(amelia.get_by_text("You have read to the end")).to_be_visible()
    _tab_to(amelia, amelia.get_by_role("link", name="Sign", exact=True))
    amelia.keyboard.press("Enter")
    sheet = amelia.get_by_role("dialog", name="Sign")
    expect(sheet).to_be_visible()
    _tab_to(amelia, sheet.get_by_role("button", name="Type", exact=True))
    amelia.keyboard.press("Space")
    field = sheet.get_by_label("Type your full legal name")
    expect(field).to_be_visible()
    _tab_to(amelia, field)
    amelia.keyboard.type("Amelia Hart")
    expect(sheet.locator(".typed")).to_have_text("Amelia Hart")
    _tab_to(amelia, sheet.get_by_role("checkbox"))
    amelia.keyboard.press("Space")
    button = sheet.get_by_role("button", name="Sign", exact=True)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    _tab_to(amelia, button)
    amelia.keyboard.press("Enter")
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()


@pytest.mark.promise("P40")
def test_an_open_form_downloads_as_a_marked_copy(amelia: Page, server: PortalServer, tmp_path: Path) -> None:
    name = f"Microneedling Consent to read at home, {(amelia.viewport_size or {})['width']} wide"
    paper.ask_for(server, AMELIA, name)
    amelia.goto(f"{server.url}{routes.TASK_MANAGEMENT}")
    pdf = paper.save(amelia, _row(amelia, name).get_by_role("link", name=f"Download {name}"), tmp_path / "open.pdf")
    assert all("Status: Not Signed" in page for page in paper.pages_of(pdf))
    assert not paper.sealed(pdf)


def test_signed_in_another_tab(amelia: Page, server: PortalServer) -> None:
    name = "Laser Consent in two tabs"
    form_id = paper.ask_for(server, AMELIA, name)
    other = amelia.context.new_page()
    for tab in (amelia, other):
        tab.goto(f"{server.url}{routes.consent_sign(str(form_id))}")
        sheet = tab.get_by_role("dialog", name="Sign")
        sheet.get_by_role("button", name="Type", exact=True).click()
        sheet.get_by_label("Type your full legal name").fill("Amelia Hart")
        sheet.get_by_role("checkbox").check()
        expect(sheet.get_by_role("button", name="Sign", exact=True)).not_to_have_attribute("aria-disabled", "true")
    amelia.get_by_role("dialog", name="Sign").get_by_role("button", name="Sign", exact=True).click()
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    expect(other).to_have_url(f"{server.url}{routes.consent(str(form_id))}")  # by itself: nothing is left to sign
    expect(other.get_by_role("dialog", name="Sign")).to_have_count(0)
    expect(other.get_by_role("img", name="Signature")).to_have_count(0)
    expect(other.get_by_role("article").get_by_text("Signed", exact=True)).to_be_visible()


def test_a_strangers_consent_is_not_there(page: Page, server: PortalServer) -> None:
    form_id = paper.ask_for(server, AMELIA, "Amelia's alone")
    _enter(page, server, ROSA)
    for path in (routes.consent(str(form_id)), routes.consent_sign(str(form_id))):
        page.goto(f"{server.url}{path}")
        expect(page.get_by_text("We could not find that form")).to_be_visible()
        expect(page.get_by_text("Amelia's alone")).to_have_count(0)
    answer = page.request.get(f"{server.url}{routes.form_pdf(str(form_id))}")
    assert answer.status == 404


def test_the_power_goes_between_reading_and_signing(amelia: Page, server: PortalServer) -> None:
    name = "Consent through a power cut"
    form_id = paper.ask_for(server, AMELIA, name)
    amelia.goto(f"{server.url}{routes.consent(str(form_id))}")
    amelia.get_by_label("Signatures").scroll_into_view_if_needed()
    expect(amelia.get_by_text("You have read to the end")).to_be_visible()
    server.kill()
    expect(amelia.get_by_text("Reconnecting.")).to_be_visible(timeout=15_000)
    server.start()
    expect(amelia.get_by_text("Reconnecting.")).to_be_hidden(timeout=30_000)
    amelia.get_by_role("link", name="Sign", exact=True).click()
    sheet = amelia.get_by_role("dialog", name="Sign")
    sheet.get_by_role("button", name="Type", exact=True).click()
    sheet.get_by_label("Type your full legal name").fill("Amelia Hart")
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(amelia.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()


def test_what_is_filled_in_survives_a_lost_connection(page: Page, server: PortalServer) -> None:
    name = "Consent half signed"
    form_id = paper.ask_for(server, AMELIA, name, '{"initials": ["Risks"]}')
    _enter(page, server, AMELIA)
    sockets: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    def through(socket: WebSocketRoute) -> None:
        sockets.append((socket.connect_to_server(), socket))

    page.route_web_socket(re.compile("/_event"), through)
    page.goto(f"{server.url}{routes.consent_sign(str(form_id))}")
    sheet = page.get_by_role("dialog", name="Sign")
    paper.draw(page, sheet.locator("canvas"), touch=False)
    sheet.get_by_label("Your initials for “Risks”").fill("AH")
    expect(sheet.get_by_text("Tick the box to say that you mean to sign.")).to_be_visible()
    before = len(sockets)
    for end in sockets[-1]:
        end.close()
    while len(sockets) == before:  # until the test's own time is over
        page.wait_for_timeout(50)
    sheet.get_by_role("checkbox").check()
    expect(sheet.locator("#lacks")).to_have_text("")  # the server has said so after all that the connection brought
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed. Your copy is in Task Management.")).to_be_visible()
    expect(page.get_by_role("img", name="Signature of Amelia Hart")).to_be_visible()


def _enter(page: Page, server: PortalServer, contact: str) -> None:
    """Signed in, without the sign-in page."""
    _, token = signed_in.sign_in(server, contact)
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": server.url}])


def _row(page: Page, name: str) -> Locator:
    """The form's row in Task Management."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))


def _badge(page: Page) -> int:
    """What the Paperwork card counts."""
    heading = page.get_by_role("heading", name="Paperwork")
    expect(heading).to_be_visible()
    digits = "".join(letter for letter in heading.inner_text() if letter.isdigit())
    return int(digits or 0)


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; it must be reachable within one round."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached by Tab")


def _is_the_sealed_document(pdf: bytes, name: str, file: Path) -> None:
    """The seal holds over the whole file, any flipped byte shows, and the text says everything."""
    assert paper.sealed(pdf)
    for place in (len(pdf) // 4, len(pdf) // 2):
        touched = bytearray(pdf)
        touched[place] ^= 1
        assert not paper.sealed(bytes(touched))
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True).stdout
        assert "Signature is Valid" in said
        assert "Total document signed" in said
    *text, last = paper.pages_of(pdf)
    assert name in text[0]
    assert "Amelia Hart" in text[0]
    assert "I have read and understood this consent" in " ".join([*text, last])
    for words in ("Evidence", "phone number ending in 0187", "Opened", "Read to the end"):
        assert words in last, words
    assert re.search(r"at \d+:\d\d:\d\d [AP]M, Pacific (Standard|Daylight) Time \(GMT-0[78]:00\)", last)
    assert last.index("Opened") < last.index("Read to the end") < last.index("Intent confirmed and signed")
