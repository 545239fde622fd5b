"""Pages that break well, and documents that reach nothing: consents and questionnaires of every kind, drawn."""

import io
import re
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from pdfua import validate

from portal.documents import consent, questionnaire
from portal.documents.consent import ConsentDocument
from portal.documents.markdown import render_consent
from portal.documents.paper import Paper, SignatureBlock, TrailEvent
from portal.documents.questionnaire import AnswerLine, AnswerSection, Picture, QuestionnaireDocument
from portal.gateways.errors import PermanentFailure
from portal.gateways.pdf import PdfRenderer
from tests.documents import samples
from tests.documents.test_questionnaire import filled, photograph

ADDRESS = "https://portal.example/verify/C-0011-2233-4455"
REACHING = (
    '<img src="{url}"><link rel="stylesheet" href="{url}">',
    '<style>@import url("{url}"); body {{ background: url("{url}") }}</style>',
    '<p style="background: url({url}); list-style-image: url({url})">x</p>',
    '<svg><image href="{url}"/><use href="{url}#a"/></svg><object data="{url}"></object><embed src="{url}">',
    '<iframe src="{url}"></iframe><a rel="attachment" href="{url}">x</a><base href="{url}">',
    "![a picture]({url}) [a link]({url})",
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[PdfRenderer]:
    """A process that draws."""
    made = PdfRenderer(workers=1)
    yield made
    made.close()


@pytest.fixture
def ear() -> Iterator[tuple[int, list[bytes]]]:
    """A port that somebody listens on, and what was heard there, in whatever protocol."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:
                    return
                heard.append(b"called")
                caller.close()

        threading.Thread(target=listen, daemon=True).start()
        yield listening.getsockname()[1], heard
        listening.shutdown(socket.SHUT_RDWR)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, line by line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def flat(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(pages(pdf)))


def draw(renderer: PdfRenderer, document: Paper, pictures: dict[str, bytes] | None = None) -> bytes:
    if isinstance(document, ConsentDocument):
        return renderer.render(consent.render(document))
    assert isinstance(document, QuestionnaireDocument)
    return renderer.render(questionnaire.render(document, pictures or {}))


@pytest.mark.parametrize("size", ["Letter", "A4"])
def test_nine_pages_break_well(renderer: PdfRenderer, size: str) -> None:
    document = replace(samples.long_consent(31), paper="A4" if size == "A4" else "Letter", initials=(("Risks", "AH"),))
    read = pages(draw(renderer, document))
    assert len(read) >= 9
    for number, page in enumerate(read, 1):
        lines = [line for line in page.strip().split("\n") if line.strip()]
        foot = next(at for at, line in enumerate(lines) if "document LM-C-20931" in line)
        above = [line for at, line in enumerate(lines) if at != foot and not line.startswith("Page ")]
        assert not re.match(r"\d+\. Section number", above[-1]), f"page {number} ends with a heading"
        assert f"Page {number} of {len(read)}" in page
    whole = " ".join(read)
    assert all(f"{number}. Section number {number}" in whole for number in range(1, 32))
    [signing] = [page for page in read if "I intend this to be my legal signature" in page]
    assert signing.count("Drawn signature.") == 2


def test_a_long_trail_goes_over_pages_with_its_head(renderer: PdfRenderer) -> None:
    document = replace(samples.signed(), trail=samples.signed().trail * 20, check_at=ADDRESS)
    read = pages(draw(renderer, document))
    going_on = [page for page in read if page.count("Opened, then") > 1]
    assert len(going_on) > 1
    assert all("Device and address" in page for page in going_on), "the head stands on each page"
    assert "Sealed on November" in read[-1]
    assert "Evidence" not in going_on[-1]


def test_the_code_leads_to_the_check(renderer: PdfRenderer, tmp_path: Path) -> None:
    file = tmp_path / "document.pdf"
    for document in (
        replace(samples.signed(), check_at=ADDRESS),
        replace(samples.unsigned(), check_at=ADDRESS, paper="A4"),
        replace(samples.unsigned(), check_at=ADDRESS, status="Void", void=True),
        replace(filled(), check_at=ADDRESS),
    ):
        pdf = draw(renderer, document)
        file.write_bytes(pdf)
        assert [str(finding) for finding in validate(file).findings] == []
        with pypdfium2.PdfDocument(pdf) as opened:
            pictures = [page.render(scale=2).to_pil() for page in opened]
        assert [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)] == [ADDRESS]
        assert ("counts no more" in flat(pdf)) == document.void


def test_long_words_stay_on_the_page(renderer: PdfRenderer) -> None:
    """No line of text is wider than the space between the margins (19 mm each)."""
    word = "Donaudampfschifffahrt" * 12
    document = replace(
        samples.signed(),
        title=word,
        patient=word,
        status=word,
        body_html=f"<p>{word}</p><ul><li>{word}</li></ul><table><tr><td>{word}</td><td>{word}</td></tr></table>",
        initials=((word, "AH"),),
        evidence=((word, word),),
        trail=(TrailEvent("Nov 20, 2026, 4:05:12 PM", word, word, word),),
        facts=((word, word),),
        choice=word,
        signatures=(SignatureBlock(role="Patient", name=word, typed_name=word),),
        check_at=f"https://{word}.example/verify",
    )
    answers = replace(filled(AnswerLine(word, word), AnswerLine("x", "", pictures=(Picture("a", word),))), title=word)
    for pdf in (draw(renderer, document), draw(renderer, answers, {"a": photograph()})):
        with pypdfium2.PdfDocument(pdf) as opened:
            for page in opened:
                text = page.get_textpage()
                rights = [text.get_charbox(at)[2] for at in range(text.count_chars())]
                assert max(rights) <= page.get_width() - 19 / 25.4 * 72 + 6, "but for what is empty in a letter's box"


@pytest.mark.parametrize("evil", REACHING)
def test_nothing_that_people_write_reaches_anything(
    renderer: PdfRenderer, ear: tuple[int, list[bytes]], evil: str
) -> None:
    port, heard = ear
    urls = [f"{scheme}127.0.0.1:{port}/x.png" for scheme in ("http://", "https://", "ftp://", "//")]
    words = " ".join(evil.format(url=url) for url in (*urls, "file:///etc/passwd"))
    text = render_consent(f"# {words}\n\n{words}\n\n{{{{ patient }}}}", {"patient": words})
    signed = replace(
        samples.signed(),
        practice=replace(samples.LETTERHEAD, name=words, website=words, address=(words,)),
        title=words,
        patient=words,
        body_html=text.html + words,
        evidence=((words, words),),
        choice=words,
    )
    section = AnswerSection(words, (AnswerLine(words, words),))
    answered = replace(filled(), title=words, patient=words, sections=(section,))
    for document in (signed, answered):
        pdf = draw(renderer, document)
        assert b"/EmbeddedFile" not in pdf
        assert "root:" not in flat(pdf)
    assert flat(pdf).count("/etc/passwd") >= 4, "what was typed stands there as text"
    assert heard == []


@pytest.mark.parametrize("kind", ["drawing", "bomb", "nothing"])
def test_a_photograph_that_is_none_reaches_nothing(
    renderer: PdfRenderer, ear: tuple[int, list[bytes]], kind: str
) -> None:
    port, heard = ear
    content = {
        "drawing": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/x"/></svg>'.encode(),
        "bomb": bomb(),
        "nothing": b"\xff\xd8\xff",
    }[kind]
    document = filled(AnswerLine("A photograph", "1 photograph", pictures=(Picture("a", "Photograph 1 of 1"),)))
    with suppress(PermanentFailure):  # as well: nothing was drawn, and the next one is
        assert "Photograph 1 of 1" in flat(draw(renderer, document, {"a": content}))
    assert "Are you pregnant?" in flat(draw(renderer, filled()))
    assert heard == []


def bomb() -> bytes:
    """A PNG of some kilobytes that is 30,000 by 30,000 once it is unpacked."""
    side = 30_000
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    row = bytes(1 + side // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    for name, data in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")):
        out.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))
    return out.getvalue()
