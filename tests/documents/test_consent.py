"""The consent on paper: every word is there, on the right pages, and open copies say what they are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pdfua import validate

from portal.documents.consent import ConsentDocument, render
from portal.documents.paper import DEFAULT_BRAND, SignatureBlock, TrailEvent
from portal.gateways.certificate import ensure_certificate
from portal.gateways.pdf import PdfRenderer
from portal.gateways.seal import Seal
from tests.documents import samples


@pytest.fixture(scope="module")
def renderer() -> Iterator[PdfRenderer]:
    made = PdfRenderer(workers=1)
    yield made
    made.close()


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return [re.sub(r"\s+", " ", text) for text in texts]


def test_a_signed_consent_says_everything(renderer: PdfRenderer):
    document = samples.signed()
    read = pages(renderer.render(render(document)))
    whole = " ".join(read)
    for words in (
        "Lumière Aesthetics",
        "(503) 555-0142",
        "Neurotoxin Treatment Consent",
        "Small amounts of a purified protein, onabotulinumtoxinA",
        "I ask Naomi Reyes, NP, and the team at Lumière Aesthetics",
        "I intend this to be my legal signature",
        "November 24, 2026 at 10:21:07 AM, Pacific time",
        "Witness, front desk. Drawn signature.",
    ):
        assert words in whole, words
    last = read[-1]
    for words in ("Evidence", "number ending 0187", "Audit trail", "10:20:41 AM", "203.0.113.58", "Sealed on November"):
        assert words in last, words
    assert document.text_sha256 in last.replace(" ", "")
    assert "Copy, not sealed" not in whole
    for number, text in enumerate(read, 1):
        assert f"document LM-C-20931 Page {number} of {len(read)}" in text


@pytest.mark.parametrize("document", [samples.unsigned(), samples.awaiting_witness()], ids=lambda form: form.status)
def test_an_open_copy_says_so_on_every_page(renderer: PdfRenderer, document: ConsentDocument):
    read = pages(renderer.render(render(document)))
    assert len(read) > 1
    for text in read:
        assert f"Copy, not sealed. Status: {document.status}" in text
    assert "Not signed yet." in read[-1]
    assert "Sealed on" not in " ".join(read)


def test_a_typed_signature_is_the_name_itself(renderer: PdfRenderer):
    read = " ".join(pages(renderer.render(render(samples.awaiting_witness()))))
    assert "Amelia Hart Amelia Hart Patient. Typed signature. November 24, 2026 at 10:21:07 AM, Pacific time" in read


def test_a_long_typed_name_is_whole(renderer: PdfRenderer):
    name = "Wolfeschlegelsteinhausenbergerdorff " * 3
    block = replace(samples.awaiting_witness().signatures[0], typed_name=name.strip())
    read = " ".join(pages(renderer.render(render(replace(samples.awaiting_witness(), signatures=(block,))))))
    assert read.replace("-", "").replace(" ", "").count("dorff") == 3


@pytest.mark.parametrize("make", [samples.signed, samples.unsigned, samples.awaiting_witness])
def test_it_is_accessible(renderer: PdfRenderer, tmp_path: Path, make):
    file = tmp_path / "consent.pdf"
    file.write_bytes(renderer.render(render(make())))
    findings = [str(finding) for finding in validate(file).findings]
    assert findings == []


def test_sealing_keeps_it_accessible_and_readable(renderer: PdfRenderer, tmp_path: Path):
    pdf = renderer.render(render(samples.signed()))
    seal = Seal(ensure_certificate(tmp_path / "seal.p12", "Lumière Aesthetics", "password"), "password")
    sealed = seal.sign(pdf, "Neurotoxin Treatment Consent, document LM-C-20931")
    assert seal.check(sealed).holds
    assert pages(sealed) == pages(pdf)
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    assert [str(finding) for finding in validate(file).findings] == []


def test_the_file_knows_its_title_time_and_language(renderer: PdfRenderer, tmp_path: Path):
    file = tmp_path / "consent.pdf"
    file.write_bytes(renderer.render(render(samples.signed())))
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo.Title) == "Neurotoxin Treatment Consent, Amelia Hart"
        assert str(pdf.docinfo.CreationDate).startswith("D:20261124182241")
        assert str(pdf.Root.Lang) == "en"


def test_the_same_document_is_the_same_html():
    assert render(samples.signed()) == render(samples.signed())


def test_words_from_outside_are_never_markup():
    evil = '<script>alert("x")</script>'
    document = replace(
        samples.signed(),
        practice=replace(samples.LETTERHEAD, name=evil, address=(evil,), phone=evil, brand="red}</style>" + evil),
        title=evil,
        patient=evil,
        status=evil,
        body_html=f"<p>safe</p>{evil}",
        signatures=(
            replace(samples.signed().signatures[0], name=evil, role=evil, signed_at=evil),
            SignatureBlock(role="Witness", name="x", typed_name=evil),
        ),
        evidence=((evil, evil),),
        trail=(TrailEvent(evil, evil, evil, evil),),
        initials=((evil, evil),),
    )
    html = render(document)
    assert "<script" not in html
    assert f"--p-brand: {DEFAULT_BRAND}" in html
    assert "<p>safe</p>" in html


def test_a_long_trail_and_many_signatures_still_fit(renderer: PdfRenderer):
    signed = samples.signed()
    document = replace(
        signed, signatures=signed.signatures * 3, trail=signed.trail * 20, initials=(("1. Your treatment", "AH"),)
    )
    read = pages(renderer.render(render(document)))
    assert sum(text.count("Opened, then read to the end") for text in read) == 20
    assert "AH" in " ".join(read)


def test_paper_can_be_a4(renderer: PdfRenderer):
    pdf = pypdfium2.PdfDocument(renderer.render(render(replace(samples.signed(), paper="A4"))))
    assert tuple(round(side) for side in pdf[0].get_size()) == (595, 842)
