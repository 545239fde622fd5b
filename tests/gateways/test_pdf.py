"""The PDF processes: locked in, bounded in time, alike at every run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from portal.gateways.errors import PermanentFailure, TemporaryFailure
from portal.gateways.pdf import LARGEST_HTML_BYTES, PdfRenderer
from tests.gateways.stand_in import StandIn
from tests.support.processes import wait_until

ROOT = Path(__file__).parents[2]

PAGE = '<html lang="en"><head><title>Form</title>{head}</head><body><h1>Form</h1>{body}</body></html>'


def page(body: str, head: str = "") -> str:
    return PAGE.format(head=head, body=body)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))


@pytest.fixture(scope="module")
def renderer() -> Iterator[PdfRenderer]:
    made = PdfRenderer()
    yield made
    made.close()


def test_text_becomes_a_tagged_pdf_with_its_own_typefaces(renderer: PdfRenderer, tmp_path: Path):
    pdf = renderer.render(page("<p>Zoë Łukasiewicz, 10:21 AM</p>"))
    assert "Zoë Łukasiewicz, 10:21 AM" in text_of(pdf)
    file = tmp_path / "form.pdf"
    file.write_bytes(pdf)
    with pikepdf.open(file) as opened:
        assert opened.Root.MarkInfo.Marked
        fonts = {str(font.BaseFont) for font in opened.pages[0].Resources.Font.values()}
        assert all("Hanken" in name or "Ysabeau" in name for name in fonts), fonts


def test_the_same_html_gives_the_same_bytes_in_every_process(renderer: PdfRenderer):
    html = page("<p>Twice the same</p>")
    other = PdfRenderer(workers=1)
    try:
        assert renderer.render(html) == renderer.render(html) == other.render(html)
    finally:
        other.close()


@pytest.mark.parametrize(
    "template",
    [
        '<img src="{url}" alt="x">',
        '<link rel="stylesheet" href="{url}">',
        '<style>@import url("{url}"); p {{ background: url("{url}") }}</style><p>x</p>',
        '<style>@font-face {{ font-family: x; src: url("{url}") }}</style><p style="font-family: x">x</p>',
        '<object data="{url}"></object><embed src="{url}">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>',
        '<a rel="attachment" href="{url}">x</a>',
        '<base href="{url}"><img src="x.png" alt="x">',
    ],
)
def test_a_document_reaches_neither_network_nor_files(
    renderer: PdfRenderer, server: StandIn, template: str, tmp_path: Path
):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">stolen words</text></svg>')
    for url in (f"{server.url}/x.png", secret.as_uri(), str(secret), "file:///etc/passwd", f"ftp://{server.url[7:]}/x"):
        try:
            pdf = renderer.render(page(template.format(url=url)))
        except PermanentFailure:  # as well: nothing was drawn
            continue
        assert "stolen" not in text_of(pdf)
        assert b"/EmbeddedFile" not in pdf
        assert b"root:" not in pdf
    assert server.asked == []


def test_an_open_fetcher_would_have_asked(server: StandIn):
    """The test above can fail: the layout engine by itself does fetch."""
    import weasyprint

    weasyprint.HTML(string=page(f'<img src="{server.url}/x.png" alt="x">')).write_pdf()
    assert server.asked


def test_pictures_in_the_document_itself_are_drawn(renderer: PdfRenderer):
    dot = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Ctext y='9'%3Edrawn%3C/text%3E%3C/svg%3E"
    assert "drawn" in text_of(renderer.render(page(f'<img src="{dot}" alt="x">')))


def test_a_runaway_document_is_stopped_and_the_next_one_served():
    renderer = PdfRenderer(workers=1, timeout_seconds=3)
    endless = page("<table>" + ("<tr>" + "<td>x</td>" * 30 + "</tr>") * 3_000 + "</table>")
    try:
        with pytest.raises(PermanentFailure, match="within 3 seconds"):
            renderer.render(endless)
        assert "next" in text_of(renderer.render(page("<p>next</p>")))
    finally:
        renderer.close()


def test_a_process_that_died_is_replaced():
    renderer = PdfRenderer(workers=1)
    try:
        renderer.render(page("<p>first</p>"))
        worker = renderer._slots.get()
        assert worker
        worker._process.kill()
        renderer._slots.put(worker)
        with pytest.raises(TemporaryFailure):
            renderer.render(page("<p>second</p>"))
        assert "third" in text_of(renderer.render(page("<p>third</p>")))
    finally:
        renderer.close()


def test_at_most_as_many_as_there_are_processes_run_and_the_rest_waits_or_is_told():
    renderer = PdfRenderer(workers=1, patience_seconds=0.05)
    renderer.render(page("<p>warm</p>"))
    busy = renderer._slots.get()
    try:
        with pytest.raises(TemporaryFailure, match="busy"):
            renderer.render(page("<p>x</p>"))
    finally:
        renderer._slots.put(busy)
        renderer.close()


def test_documents_of_several_threads_do_not_mix(renderer: PdfRenderer):
    words = [f"document number {number} of many" for number in range(6)]
    with ThreadPoolExecutor(4) as threads:
        for word, pdf in zip(
            words, threads.map(lambda word: renderer.render(page(f"<p>{word}</p>")), words), strict=True
        ):
            assert word in text_of(pdf)


def test_the_process_knows_no_secret(renderer: PdfRenderer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a-secret")
    other = PdfRenderer(workers=1)
    try:
        other.render(page("<p>x</p>"))
        worker = other._slots.get()
        assert worker
        assert b"a-secret" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()
        other._slots.put(worker)
    finally:
        other.close()


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    other = PdfRenderer(workers=1)
    other.render(page("<p>x</p>"))
    assert list(tmp_path.iterdir())
    other.close()
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_behind_by_a_portal_that_was_killed(tmp_path: Path):
    program = "import os; from portal.gateways.pdf import PdfRenderer; PdfRenderer().render('<p>x'); os._exit(9)"
    subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"TMPDIR": str(tmp_path)}, cwd=ROOT, check=False, timeout=60
    )
    wait_until(lambda: not list(tmp_path.iterdir()), 10, "the rendering process")


def test_too_long_a_document_is_refused_at_once(renderer: PdfRenderer):
    with pytest.raises(PermanentFailure, match="too long"):
        renderer.render("x" * (LARGEST_HTML_BYTES + 1))
