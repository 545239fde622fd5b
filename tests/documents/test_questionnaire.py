"""The questionnaire on paper: every question and answer, literally, on the paper of the country."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from pdfua import validate
from PIL import Image

from portal.documents.paper import SignatureBlock, size_for
from portal.documents.questionnaire import AnswerLine, AnswerSection, Picture, QuestionnaireDocument, render
from portal.gateways import images
from portal.gateways.pdf import PdfRenderer
from tests.documents import samples

EVIL = '<script>fetch("//x")</script><img src="file:///etc/passwd"> {{ 7 * 7 }} ]]> &amp;'


@pytest.fixture(scope="module")
def renderer() -> Iterator[PdfRenderer]:
    """A process that draws."""
    made = PdfRenderer(workers=1)
    yield made
    made.close()


def photograph() -> bytes:
    """A small JPEG as it goes on paper."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "#a06050").save(out, "JPEG")
    return images.small(out.getvalue())


def filled(*lines: AnswerLine) -> QuestionnaireDocument:
    """Filled and ready to be sealed."""
    return QuestionnaireDocument(
        practice=samples.LETTERHEAD,
        title="Day of Visit Health Check",
        version="3",
        document_id="Q-0011-2233-4455",
        patient="Amelia Hart",
        date_of_birth="March 14, 1988",
        status="Filled",
        text_sha256="ab" * 32,
        zone="Pacific",
        created=datetime(2026, 11, 24, 18, 22, 41, tzinfo=UTC),
        sections=(AnswerSection("Your health today", lines or (AnswerLine("Are you pregnant?", "No"),)),),
        statement="Reviewed and submitted by Amelia Hart, patient on November 24, 2026.",
        evidence=(("Submitted by", "Amelia Hart, patient"),),
        sealed_on="November 24, 2026",
    )


def text(pdf: bytes) -> str:
    """All that is written in it, in one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document)


def test_every_answer_stands_there_with_its_photographs_and_signature(renderer: PdfRenderer, tmp_path: Path) -> None:
    picture = photograph()
    document = filled(
        AnswerLine("Your weight", "140.5 lb"),
        AnswerLine("Since when?", "Not answered", answered=False),
        AnswerLine("A photograph", "1 photograph", pictures=(Picture("aa", "Photograph 1 of 1"),)),
        AnswerLine(
            "Your signature",
            "Signed by hand",
            signature=SignatureBlock(role="Signature", name="Amelia Hart", drawing=samples.pad("Amelia Hart")),
        ),
    )
    pdf = renderer.render(render(document, {"aa": picture}))
    said = text(pdf)
    for words in (
        "Your weight 140.5 lb",
        "Since when? Not answered",
        "Photograph 1 of 1",
        "Sealed on November 24, 2026",
    ):
        assert words in said, words
    assert "not sealed" not in said
    file = tmp_path / "filled.pdf"
    file.write_bytes(pdf)
    assert [str(finding) for finding in validate(file).findings] == []
    with pypdfium2.PdfDocument(pdf) as opened:
        assert any(found.type == 3 for page in opened for found in page.get_objects())  # an image


def test_what_somebody_typed_is_text_and_nothing_else(renderer: PdfRenderer) -> None:
    html = render(filled(AnswerLine(EVIL, EVIL, pictures=())), {})
    assert "<script" not in html
    assert "<img" not in html
    said = text(renderer.render(html))
    assert said.count('<script>fetch("//x")</script><img src="file:///etc/passwd"> {{ 7 * 7 }} ]]> &amp;') == 2


def test_a_long_answer_goes_over_pages_and_loses_nothing(renderer: PdfRenderer) -> None:
    words = [f"word{number}" for number in range(3000)]
    pdf = renderer.render(
        render(filled(AnswerLine("What should we know?", "\n".join(words[:200]) + " ".join(words))), {})
    )
    said = text(pdf)
    assert all(word in said for word in words)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert len(opened) > 3


def test_an_open_copy_says_so_on_every_page(renderer: PdfRenderer) -> None:
    document = replace(filled(AnswerLine("Note", "line\n" * 150)), sealed_on="", status="Not Filled", begun=True)
    with pypdfium2.PdfDocument(renderer.render(render(document, {}))) as opened:
        pages = [page.get_textpage().get_text_range() for page in opened]
    assert len(pages) > 1
    assert all("Copy, not sealed. Status: Not Filled" in page for page in pages)


@pytest.mark.parametrize(("country", "points"), [("US", (612, 792)), ("ca", (612, 792)), ("DE", (595, 842))])
def test_the_paper_is_that_of_the_country(renderer: PdfRenderer, country: str, points: tuple[int, int]) -> None:
    with pypdfium2.PdfDocument(renderer.render(render(replace(filled(), paper=size_for(country)), {}))) as opened:
        assert tuple(round(side) for side in opened[0].get_size()) == points
