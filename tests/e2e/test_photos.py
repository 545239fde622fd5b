"""Photographs in a questionnaire, in a real browser: chosen, under way, seen, replaced, removed, on paper. And what is
typed is shown as it was typed, wherever it stands."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pypdfium2.raw
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from portal import routes
from portal.domain.questionnaire import LARGEST_PHOTO
from portal.gateways.images import LARGEST_BYTES
from tests.support import asked, paper, signed_in
from tests.support.portal_server import PortalServer
from tests.support.tour import AMELIA, settle

pytestmark = pytest.mark.browser


@pytest.fixture
def amelia(page: Page, portal: PortalServer) -> Iterator[Page]:
    """A browser in which Amelia is signed in; nothing may be wrong in its console at the end, and no script of anybody
    else's ran. That an answer of ours was a refusal is the browser's own note."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.add_init_script("window.alert = (words) => console.error('a script ran: ' + words)")
    _, token = signed_in.sign_in(portal, AMELIA)
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
    yield page
    assert not [words for words in wrong if not re.search("status of 41[35]|ERR_FAILED", words)]


def photograph(colour: str = "red", size: tuple[int, int] = (1600, 1200)) -> FilePayload:
    """A picture as a camera names it."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_photograph_on_its_way_seen_replaced_removed_and_on_paper(
    amelia: Page, portal: PortalServer, tmp_path: Path
) -> None:
    page, name = amelia, f"Photographs at {(amelia.viewport_size or {})['width']}"
    asks = {"linkId": "area", "type": "attachment", "text": "Show us the area", "maxPhotos": 2, "required": True}
    form_id = asked.ask(portal, AMELIA, name, asked.one_page(asks))
    page.goto(f"{portal.url}{routes.questionnaire(str(form_id))}")
    question = page.get_by_role("group", name="Show us the area")
    add = question.get_by_label("Add a photograph")
    pictures = question.get_by_role("img", name=re.compile("Photograph"))

    _by_keyboard(page)  # what is no photograph is said beside the question
    expect(question.get_by_text("That file is no photograph that we can read.")).to_be_visible()
    assert LARGEST_PHOTO == LARGEST_BYTES
    add.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bytes(LARGEST_PHOTO + 1)})
    expect(question.get_by_text("That photograph is too large")).to_be_visible()

    held: list[Route] = []
    page.route(re.compile("/photos/forms/"), lambda route: held.append(route))
    add.set_input_files(photograph("red"))
    expect(question.get_by_role("status").filter(has_text="Sending your photograph")).to_be_visible()
    expect(question.get_by_text("too large")).to_have_count(0)
    held.pop().abort()  # the line is lost
    expect(question.get_by_text("We could not take that photograph. Please try again.")).to_be_visible()
    page.unroute(re.compile("/photos/forms/"))

    add.set_input_files(photograph("red"))
    expect(pictures).to_have_count(1)
    expect(pictures).to_have_js_property("naturalWidth", 640)
    expect(question.get_by_text("We could not")).to_have_count(0)
    first = pictures.get_attribute("src")
    assert first
    question.get_by_label("Replace Photograph 1").set_input_files(photograph("blue", (800, 900)))
    expect(pictures).not_to_have_attribute("src", first)
    expect(pictures).to_have_js_property("naturalHeight", 640)
    assert page.request.get(f"{portal.url}{first}").status == 404
    add.set_input_files(photograph("green"))
    expect(pictures).to_have_count(2)
    expect(add).to_have_count(0)
    question.get_by_role("button", name="Remove Photograph 2").click()
    expect(pictures).to_have_count(1)
    expect(add).to_have_count(1)

    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name="Review your answers")).to_be_visible()
    expect(page.get_by_role("img", name="Photograph 1")).to_have_js_property("naturalHeight", 640)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("Submitted by Amelia Hart"))).to_be_visible()
    expect(page.get_by_role("img", name="Photograph 1")).to_be_visible()
    pdf = paper.save(page, page.get_by_role("link", name=f"Download {name}").first, tmp_path / "filled.pdf")
    assert "Photograph 1 of 1" in " ".join(paper.pages_of(pdf))
    assert paper.sealed(pdf)
    assert (480, 540) < max(_pictures(pdf)) <= (640, 640)


STRINGS = ["<script>alert('one')</script>", '"><img src=x onerror=alert(2)>', "{{7*7}} ${7*7} javascript:alert(3)"]


def test_what_is_typed_is_shown_as_it_was_typed(amelia: Page, portal: PortalServer, tmp_path: Path) -> None:
    page, name = amelia, f"Scripts at {(amelia.viewport_size or {})['width']}"
    line, text, own = STRINGS
    questions = asked.one_page(
        {"linkId": "line", "type": "string", "text": "A line"},
        {"linkId": "text", "type": "text", "text": "A text"},
        {
            "linkId": "own",
            "type": "open-choice",
            "text": "One of these",
            "answerOption": [{"valueCoding": {"code": "none", "display": "None"}}],
        },
    )
    form_id = asked.ask(portal, AMELIA, name, questions)
    page.goto(f"{portal.url}{routes.questionnaire(str(form_id))}")
    page.get_by_label("A line").fill(line)
    page.get_by_label("A text").fill(text)
    page.get_by_label("Something else").fill(own)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name="Review your answers")).to_be_visible()
    for words in STRINGS:
        expect(page.get_by_role("definition").filter(has_text=words)).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("Submitted by Amelia Hart"))).to_be_visible()
    for words in STRINGS:
        expect(page.get_by_role("definition").filter(has_text=words)).to_be_visible()
    assert page.locator("main script, main img[src=x]").count() == 0
    pdf = paper.save(page, page.get_by_role("link", name=f"Download {name}").first, tmp_path / "filled.pdf")
    said = " ".join(paper.pages_of(pdf)).replace("\u2019", "'")
    assert all(words.replace(" ", "") in said.replace(" ", "") for words in STRINGS)
    sent = repr(portal.outbox())
    assert not any(part in sent for words in STRINGS for part in (words, words.replace("<", "&lt;")))


def _by_keyboard(page: Page) -> None:
    """Reach the button with Tab, open the picker with the keyboard, and choose a drawing that calls itself a JPEG."""
    page.on("filechooser", lambda _: None)  # from here on the browser gives every picker to us, also the first
    settle(page)
    add = page.get_by_label("Add a photograph")
    expect(add).to_have_count(1)
    page.get_by_role("heading", level=1).focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if add.evaluate("element => element === document.activeElement"):
            break
    expect(add).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    chooser.value.set_files({"name": "drawing.jpg", "mimeType": "image/jpeg", "buffer": drawing})


def _pictures(pdf: bytes) -> list[tuple[int, int]]:
    """The sizes of the pictures in a document, in pixels."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = [one for sheet in document for one in sheet.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
        return [one.get_px_size() for one in found if isinstance(one, pypdfium2.PdfImage)]
