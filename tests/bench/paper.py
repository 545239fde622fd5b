"""PDFs: how long one takes for each page, and how far a hundred at once hold up those who click."""

import asyncio
import statistics
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import pypdfium2
import weasyprint

from portal import routes
from portal.documents import consent
from portal.gateways.pdf import STYLESHEET, PdfRenderer
from portal.queries import forms
from portal.services.consent_document import compose
from portal.state.patient.dashboard import DashboardState
from portal.work import SYSTEM, open_work
from tests.bench.result import Result, result
from tests.bench.stage import Stage, Visitor
from tests.bench.wire import Wire, handled
from tests.documents import samples

TIMES = 7
MS = 1000.0
AT_ONCE = 100
CLICKERS = 10
BETWEEN_CLICKS = 0.1  # seconds: ten people who click a hundred times a second between them
IDLE_SECONDS = 6.0


def measure(stage: Stage) -> list[Result]:
    """Each in turn; the first of both is not counted."""
    with open_work(SYSTEM, write=False) as work:
        short = consent.render(compose(work, forms.any_form(work, stage.visitors[300].forms[0]), sealing=False))
    long = consent.render(samples.long_consent(26))
    renderer = PdfRenderer(workers=1)
    try:
        ours, plain = _drawn(renderer, short)
        pages = len(pypdfium2.PdfDocument(renderer.render(long)))
        ours_long, plain_long = ([took / pages for took in each] for each in _drawn(renderer, long))
    finally:
        renderer.close()
    return [
        result("PDF of a consent", ours, "ms", plain),
        result(f"PDF of {pages} pages, each page", ours_long, "ms", plain_long),
        *asyncio.run(_at_once(stage)),
    ]


def _drawn(renderer: PdfRenderer, html: str) -> tuple[list[float], list[float]]:
    """Milliseconds of our renderer, and of WeasyPrint called plainly with the same HTML and stylesheet."""
    ours, plain = [], []
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        renderer.render(html)
        between = time.perf_counter()
        weasyprint.HTML(string=html).write_pdf(stylesheets=[weasyprint.CSS(filename=STYLESHEET)])
        plain.append(MS * (time.perf_counter() - between))
        ours.append(MS * (between - started))
    return ours[1:], plain[1:]


async def _at_once(stage: Stage) -> list[Result]:
    """A hundred people download a form at the same moment while ten others open the Dashboard again and again."""
    async with AsyncExitStack() as open_:
        wires = []
        for visitor in stage.visitors[200 : 200 + CLICKERS]:
            wire = Wire(stage.portal.url, cookie=visitor.cookie, path=routes.DASHBOARD, address=visitor.address)
            wires.append(await open_.enter_async_context(wire))
            await wire.open_page()
        end = time.perf_counter() + IDLE_SECONDS
        idle = await _click(wires, lambda: time.perf_counter() < end)
        with ThreadPoolExecutor(AT_ONCE) as people:
            started = time.perf_counter()
            loading = [people.submit(_download, stage, one) for one in stage.visitors[300 : 300 + AT_ONCE]]
            busy = await _click(wires, lambda: not all(one.done() for one in loading))
            took = time.perf_counter() - started
        sizes = [one.result() for one in loading]
    if min(sizes) < 10_000:
        raise AssertionError("a download was no document")
    return [
        result("100 PDFs at once, drawn a second", [AT_ONCE / took], "/s"),
        result("click while 100 PDFs are drawn, 95 of 100 within", [_p95(busy)], "ms", [_p95(idle)]),
    ]


async def _click(wires: list[Wire], going_on: Callable[[], bool]) -> list[float]:
    """How long each click took, in milliseconds, while `going_on`."""
    event = f"{DashboardState.get_full_name()}.load"
    took: list[float] = []

    async def person(wire: Wire) -> None:
        while going_on():
            took.append(MS * await wire.ask(event, handled))
            await asyncio.sleep(BETWEEN_CLICKS)

    await asyncio.gather(*map(person, wires))
    return took


def _download(stage: Stage, visitor: Visitor) -> int:
    """The bytes of one open form, drawn for this request."""
    address = f"{stage.portal.url}{routes.form_pdf(str(visitor.forms[1]))}"
    asked = urllib.request.Request(address, headers={"cookie": visitor.cookie})
    with urllib.request.urlopen(asked, timeout=180) as answer:
        return len(answer.read())


def _p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]
