"""The process that turns HTML into PDF: reads one document, writes one answer, and again.

It is started by path in Python's isolated mode, with an empty environment: it knows no setting and no secret. It reads
nothing but what it is handed and the typefaces beside the documents' stylesheet. A document that asks for anything
else (network, files) gets nothing. Stylesheet and typefaces are read once and serve every document.

Frames, both ways: a 4-byte length, then the bytes; the first byte of an answer is `+` (a PDF) or `-` (a reason).
"""

import hashlib
import io
import logging
import os
import resource
import shutil
import struct
import sys
from pathlib import Path

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

MEMORY_BYTES = 2 * 1024**3
LENGTH = struct.Struct(">I")


class LockedFetcher(URLFetcher):
    """Opens `data:` and the files it was told of. Everything else is refused before a byte moves."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._files = files

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in self._files:
            return URLFetcherResponse(url, self._files[url].read_bytes())
        return super().fetch(url, headers)


def scope_headers(_document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    """Say of each table header that it heads its column: the layout engine leaves that out."""
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("S") == "/TH" and "A" in element:
            element["A"]["Scope"] = "/Column"


class Renderer:
    """Stylesheet and typefaces, ready; `render` is one document."""

    def __init__(self, stylesheet: Path) -> None:
        fonts = sorted((stylesheet.parent / "fonts").glob("*.ttf"))
        self._fonts = FontConfiguration()
        own = LockedFetcher({font.absolute().as_uri(): font for font in fonts})
        self._style = weasyprint.CSS(filename=stylesheet, font_config=self._fonts, url_fetcher=own)
        self._nothing = LockedFetcher({})

    def render(self, html: str) -> bytes:
        """The PDF of `html`, tagged (PDF/UA-1). The same HTML gives the same bytes."""
        document = weasyprint.HTML(string=html, url_fetcher=self._nothing)
        pdf = io.BytesIO()
        document.write_pdf(
            pdf,
            stylesheets=[self._style],
            font_config=self._fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            finisher=scope_headers,
        )
        return pdf.getvalue()


def serve(stylesheet: Path) -> None:
    """Answer until the other side hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.nice(5)  # clicks come before paper
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    renderer = Renderer(stylesheet)
    while head := inbox.read(LENGTH.size):
        html = inbox.read(LENGTH.unpack(head)[0]).decode()
        try:
            answer = b"+" + renderer.render(html)
        except (Exception, weasyprint.urls.FatalURLFetchingError) as error:  # noqa: BLE001  # whatever ails it
            answer = b"-" + type(error).__name__.encode()  # the name alone: a message may quote the document
        outbox.write(LENGTH.pack(len(answer)) + answer)
        outbox.flush()


if __name__ == "__main__":
    serve(stylesheet=Path(sys.argv[1]))
    shutil.rmtree(sys.argv[2], ignore_errors=True)  # our scratch folder: the portal may have ended without tidying up
