"""What a browser pays for a page: bytes over the wire, and when the largest thing on it stands."""

from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, CDPSession

from tests.support import browser

# A slow phone: CPU four times slower, 1.6 Mbit/s down, 150 ms of latency.
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOW_CPU = 4
LARGEST_PAINT = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One cold visit: bytes over the wire, milliseconds to the largest contentful paint."""

    transferred: int
    largest_paint: float


def cold(chromium: Browser, address: str, *, slow: bool = False, times: int = 3) -> Visit:
    """Visit with an empty cache several times; the median of each figure."""
    visits = [_visit(chromium, address, slow=slow) for _ in range(times)]
    return Visit(
        transferred=round(median(visit.transferred for visit in visits)),
        largest_paint=median(visit.largest_paint for visit in visits),
    )


def _visit(chromium: Browser, address: str, *, slow: bool) -> Visit:
    context = chromium.new_context(**(browser.PHONE if slow else browser.DESKTOP))
    page = context.new_page()
    wire: CDPSession = context.new_cdp_session(page)
    received: list[float] = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    if slow:
        wire.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    answer = page.goto(address, wait_until="load")
    if answer is None or not answer.ok:
        raise RuntimeError(f"{address} is not served")
    page.wait_for_timeout(3_000 if slow else 800)  # what is fetched after the load belongs to the visit
    painted = page.evaluate(LARGEST_PAINT)
    context.close()
    return Visit(round(sum(received)), painted)
