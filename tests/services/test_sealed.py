"""A sealed questionnaire and a witnessed consent, judged by tools that others wrote: pdfsig, pyHanko, pdfium."""

import io
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from pdfua import validate
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import Engine
from sqlmodel import select

from portal import routes
from portal.gateways import gateways
from portal.models import StoredDocument
from portal.services import documents
from portal.settings import settings
from portal.work import SYSTEM
from tests.services.signed import asked, sign_drawn
from tests.services.test_witnessing import witness
from tests.support import paper
from tests.support.clinic import PAD, STROKES, OpenAs, TestClinic
from tests.support.questions import WHOLE, fill, submit, to_fill

PATH, IMAGE = 2, 3  # as pdfium counts objects on a page
EVIL = '<script>fetch("http://127.0.0.1:9/x")</script> {{ 7*7 }} </dd><img src=x onerror=alert(1)>'
ANSWERS = WHOLE | {
    "name": "Amelia “Amy” Hart",
    "weight": "140.5",
    "children": "2",
    "skin": "oily",
    "allergy": {"chosen": ["latex"], "other": EVIL},
    "pain": 3,
    "since": "1/31/2026",
    "note": f"{EVIL}\nand a second line",
    "mark": {"strokes": STROKES, "width": PAD[0], "height": PAD[1]},
}
WORDS = (
    "Amelia “Amy” Hart",
    "March 14, 1988",
    "140.5 lb",
    "Your children 2",
    "None of these",
    "Oily",
    "Latex",
    EVIL,
    "3 of 10",
    "January 31, 2026",
    "and a second line",
)


@pytest.fixture(params=["consent", "questionnaire"])
def sealed(request: pytest.FixtureRequest, clinic: TestClinic, open_as: OpenAs, engine: Engine) -> bytes:
    """The document of a witnessed consent, and that of a questionnaire with every kind of answer."""
    if request.param == "consent":
        form_id = asked(open_as, clinic, needs_witness=True, initials=["Risks"])
        sign_drawn(open_as, clinic.amelia, form_id, initials={"Risks": "AH"})
        witness(open_as, clinic.amelia, form_id)
    else:
        form_id = to_fill(open_as, clinic)
        fill(open_as, clinic.amelia, form_id, ANSWERS)
        submit(open_as, clinic.amelia, form_id)
    return documents.download(clinic.amelia, form_id, engine=engine).content


def text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as opened:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in opened)


def test_others_find_the_seal_valid_and_the_document_accessible(sealed: bytes, open_as: OpenAs, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    poppler = shutil.which("pdfsig")
    if poppler:
        said = subprocess.run([poppler, "-nocert", str(file)], capture_output=True, text=True).stdout
        assert "Signature is Valid." in said
        assert "Total document signed" in said
    assert paper.sealed(sealed)
    assert [str(finding) for finding in validate(file).findings] == []
    with open_as(SYSTEM) as work:
        number = work.db.exec(select(StoredDocument.number)).one()
    assert number in text(sealed)
    with pypdfium2.PdfDocument(sealed) as opened:
        pictures = [page.render(scale=2).to_pil() for page in opened]
    [code] = [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
    assert code == f"{settings().public_url}{routes.verify(number or '')}"


def test_every_byte_of_the_seal_counts(sealed: bytes) -> None:
    seal = gateways().seal
    [signature] = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    start, length, resume, _ = signature.byte_range
    gap = range(start + length, resume)
    for place in (*gap[:: len(gap) // 80], *range(0, len(sealed), len(sealed) // 40)):
        touched = bytearray(sealed)
        touched[place] ^= 1
        assert not seal.check(bytes(touched)).holds, place


@pytest.mark.parametrize("sealed", ["questionnaire"], indirect=True)
def test_every_answer_is_in_the_text_as_it_was_given(sealed: bytes) -> None:
    said = text(sealed)
    for words in WORDS:
        assert words in said, words


def test_signatures_are_drawn_and_not_pictures(sealed: bytes) -> None:
    with pypdfium2.PdfDocument(sealed) as opened:
        kinds = {found.type for page in opened for found in page.get_objects()}
    assert PATH in kinds
    assert IMAGE not in kinds
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        parts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
        signed = {str(part["/Alt"]) for part in parts if "/Alt" in part}
    assert "Signature of Amelia Hart" in signed
    assert ("Signature of Daniel Hart" in signed) == ("Witnessed and signed" in text(sealed))
