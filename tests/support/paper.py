"""Paperwork around a running portal: forms that wait, drawing on the pad, reading the PDF that comes back."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pypdfium2
from playwright.sync_api import Locator, Page
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.support import signed_in
from tests.support.portal_server import PortalServer

_ASK = """
import json, sys
from datetime import timedelta
from sqlmodel import col, select
from portal.models import Appointment, Contact, FormTemplate, Patient, TemplateVersion
from portal.services import paperwork, templates
from portal.work import SYSTEM, open_work
value, name, rules = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with open_work(SYSTEM) as work:
    patient_id = work.db.exec(select(Contact.patient_id).where(Contact.value == value)).first()
    patient = work.get(Patient, patient_id)
    text = work.db.exec(
        select(TemplateVersion.text).join(FormTemplate).where(FormTemplate.name == "Neurotoxin Treatment Consent")
    ).first()
    visit = work.db.exec(
        select(Appointment.id)
        .where(Appointment.patient_id == patient_id, col(Appointment.starts_at) > work.now())
        .order_by(Appointment.starts_at)
    ).first()
    text = sys.argv[4] or text
    template = templates.create(work, patient.practice_id, name)
    templates.publish(work, template, text, **rules)
    print(paperwork.assign(work, patient_id, template, visit))
"""


def ask_for(server: PortalServer, contact: str, name: str, rules: str = "{}", text: str = "") -> UUID:
    """Ask the patient who has this contact for a new consent called `name`; `rules` is JSON for `templates.publish`.

    The text is that of the neurotoxin consent unless one is given.
    """
    return UUID(signed_in.run(server, _ASK, contact, name, rules, text).strip())


def draw(page: Page, pad: Locator, *, touch: bool) -> None:
    """A signature of two strokes, by finger or by mouse."""
    box = pad.bounding_box()
    assert box is not None
    for start in (0.15, 0.5):
        points = [
            (box["x"] + box["width"] * (start + 0.01 * n), box["y"] + box["height"] * (0.55 - 0.25 * (n % 6 < 3)))
            for n in range(28)
        ]
        if touch:
            _touch(page, points)
        else:
            page.mouse.move(*points[0])
            page.mouse.down()
            for point in points:
                page.mouse.move(*point)
            page.mouse.up()


def _touch(page: Page, points: list[tuple[float, float]]) -> None:
    finger = page.context.new_cdp_session(page)
    for kind, (x, y) in [("touchStart", points[0]), *(("touchMove", point) for point in points)]:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def save(page: Page, link: Locator, to: Path) -> bytes:
    """Follow a download link and read the file."""
    with page.expect_download() as download:
        link.click()
    download.value.save_as(to)
    return to.read_bytes()


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its white space evened out."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def sealed(pdf: bytes) -> bool:
    """Whether the file has one seal that is intact, trusted by its own certificate, and covers the whole file."""
    with ThreadPoolExecutor(1) as away:  # Playwright keeps an event loop in this thread, and pyHanko wants its own
        return away.submit(_sealed, pdf).result()


def _sealed(pdf: bytes) -> bool:
    try:
        seals = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures
        if len(seals) != 1:
            return False
        context = ValidationContext(
            trust_roots=[seals[0].signer_cert], allow_fetching=False, moment=seals[0].self_reported_timestamp
        )
        status = validate_pdf_signature(seals[0], context)
    except Exception:  # noqa: BLE001  # whatever a damaged file makes the parser do
        return False
    return status.intact and status.valid and status.trusted and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
