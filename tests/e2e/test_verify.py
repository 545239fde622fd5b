"""Checking a document as anybody does it: by the code on paper, by its number, by the file."""

from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from portal import routes
from tests.e2e.test_accessibility import findings
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run

pytestmark = pytest.mark.browser

_SEAL = """
import sys
from pathlib import Path
from sqlmodel import select
from portal.domain.paperwork import FormKind, FormStatus
from portal.gateways import gateways
from portal.models import AssignedForm
from portal.services import documents
from portal.work import SYSTEM, open_work
done = AssignedForm.status == FormStatus.DONE, AssignedForm.kind == FormKind.CONSENT
with open_work(SYSTEM, write=False) as work:
    form_id = work.db.exec(select(AssignedForm.id).where(*done).order_by(AssignedForm.id)).first()
Path(sys.argv[1]).write_bytes(gateways().storage.get(documents.seal_signed(form_id)))
"""
_ELSEWHERE = """
import sys
from pathlib import Path
from portal.documents.consent import render
from portal.gateways import gateways
from portal.gateways.certificate import ensure_certificate
from portal.gateways.seal import Seal
from tests.documents import samples
file = Path(sys.argv[1])
seal = Seal(ensure_certificate(file.with_suffix(".p12"), "Another Practice", "password"), "password")
file.write_bytes(seal.sign(gateways().pdf.render(render(samples.signed())), "Sealed elsewhere"))
"""


@pytest.fixture(scope="module")
def sealed(portal: PortalServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed consent of the demo practice, as it was downloaded."""
    file = tmp_path_factory.mktemp("sealed") / "Consent.pdf"
    run(portal, _SEAL, str(file))
    return file


def codes(pdf: Path) -> list[str]:
    """What a telephone reads on the pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=2).to_pil() for page in document]
    return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]


def answers(page: Page, title: str, words: str) -> None:
    """The page says so, to axe's satisfaction, and names nobody."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("status").first).to_contain_text(words)
    expect(page.locator("main")).not_to_contain_text("Hart")
    assert not findings(page)


def check(page: Page, portal: PortalServer, file: Path) -> None:
    """Choose a file and send it."""
    page.goto(f"{portal.url}{routes.VERIFY}")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.promise("P40")
def test_anybody_checks_a_document(page: Page, portal: PortalServer, sealed: Path, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    [address] = codes(sealed)
    place = urlsplit(address)  # the demo practice may have been sealed by a server of another port
    assert place.path.startswith(f"{routes.VERIFY}/C-")
    page.goto(f"{portal.url}{place.path}")
    answers(page, "We sealed a document with this number", "sealed by Lumière Aesthetics on")

    check(page, portal, sealed)
    answers(page, "Ours, and unchanged", "Not a byte has changed since.")

    changed, other, words = (tmp_path / name for name in ("changed.pdf", "other.pdf", "words.pdf"))
    content = bytearray(sealed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    run(portal, _ELSEWHERE, str(other))
    words.write_text("This is no PDF.")
    for file in (changed, other, words):
        check(page, portal, file)
        expect(page.get_by_role("heading", level=1)).to_have_text("Not a document as we sealed it")
    answers(page, "Not a document as we sealed it", "We sealed no such file.")
    assert not complaints

    large = tmp_path / "large.pdf"
    with large.open("wb") as sparse:
        sparse.truncate(40_000_000)
    check(page, portal, large)
    answers(page, "That file is too large", "30 MB")


def test_a_number_is_typed(page: Page, portal: PortalServer, sealed: Path) -> None:
    number = codes(sealed)[0].rpartition("/")[2]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.goto(f"{portal.url}{routes.VERIFY}")
        expect(page.locator("html")).to_have_css("color-scheme", theme)
        assert not findings(page)
    page.get_by_label("Document number").fill(number.lower().replace("-", " "))
    page.keyboard.press("Enter")
    answers(page, "We sealed a document with this number", "sealed by Lumière Aesthetics on")
    page.get_by_role("link", name="Check another document").click()
    page.get_by_label("Document number").fill("C-0000-0000-0000")
    page.get_by_role("button", name="Check the number").click()
    answers(page, "We do not know this number", "We sealed no document with this number.")
