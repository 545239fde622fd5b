"""The same two applications in a real browser: what is transferred, what is painted when, how soon a click is answered.

Two profiles: a desktop as it is, and a slow phone (processor four times slower, 1.6 Mbit/s down, 150 ms). Every figure
is taken cold (a new browser context) unless its name says "click".
"""

import gzip
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import brotli
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal import routes
from portal.security.sessions import COOKIE
from tests.bench import bare
from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage, Visitor
from tests.support.browser import DESKTOP, PHONE, launch_options

COLD, CLICKS = 5, 7
DASHBOARD_DATA, TASKS_DATA = "#paperwork", "#todo"
BARE_DATA = "#data"
KB = 1024.0

# Watches the page from before its first byte: paints, layout shifts, when `wanted` first appears, and how long after
# the last click something appears.
WATCH = """
(() => {
  const seen = (window.__bench = { lcp: 0, fcp: 0, cls: 0, found: 0, wanted: "", clicked: 0, answered: 0 });
  const on = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  on("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
  on("paint", (entry) => { if (entry.name === "first-contentful-paint") seen.fcp = entry.startTime; });
  on("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
  addEventListener("click", (event) => { seen.clicked = event.timeStamp; seen.answered = 0; }, true);
  const look = () => {
    if (!seen.wanted || !document.querySelector(seen.wanted)) return;
    const at = performance.now();
    if (!seen.found) seen.found = at;
    if (seen.clicked && !seen.answered) seen.answered = at - seen.clicked;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
})();
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """A device and its line."""

    name: str
    viewport: dict[str, Any]
    slower: float = 1
    bytes_a_second: int = 0
    latency_ms: int = 0


PROFILES = (
    Profile("desktop", DESKTOP),
    Profile("slow phone", PHONE, slower=4, bytes_a_second=200_000, latency_ms=150),
)
# performance.md, "Ours to reach"
LCP = {"slow phone": Limit(most=1_200)}
DATA = {"slow phone": Limit(most=2_700)}
CLICK = {"desktop": Limit(most=50), "slow phone": Limit(most=230)}


def measure(stage: Stage) -> list[Result]:
    """All of it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())
        try:
            found = _weight(chromium, stage)
            for profile in PROFILES:
                found += _paints(chromium, stage, profile)
                found += _clicks(chromium, stage, profile)
        finally:
            chromium.close()
    return found


@contextmanager
def _tab(chromium: Browser, profile: Profile, url: str = "", visitor: Visitor | None = None) -> Iterator[Page]:
    context = chromium.new_context(**profile.viewport, locale="en-US")
    context.add_init_script(WATCH)
    if visitor is not None:
        context.add_cookies([{"name": COOKIE, "value": visitor.cookie.partition("=")[2], "url": url}])
    page = context.new_page()
    _slow_down(context, page, profile)
    yield page
    context.close()


def _slow_down(context: BrowserContext, page: Page, profile: Profile) -> None:
    session = context.new_cdp_session(page)
    if profile.slower > 1:
        session.send("Emulation.setCPUThrottlingRate", {"rate": profile.slower})
    if profile.bytes_a_second:
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": profile.latency_ms,
                "downloadThroughput": profile.bytes_a_second,
                "uploadThroughput": profile.bytes_a_second // 2,
            },
        )


def _weight(chromium: Browser, stage: Stage) -> list[Result]:
    """Bytes of everything the page asks for until it is idle, as sent with gzip and with brotli."""
    ours, theirs = _requests(chromium, stage.portal.url + routes.LOGIN), _requests(chromium, stage.bare.url)
    found = []
    for coding in ("gzip", "br"):
        mine = {url: _size(url, coding) for url in ours}
        plain = sum(_size(url, coding) for url in theirs)
        without = sum(size for url, size in mine.items() if not url.endswith(".woff2"))
        name = {"gzip": "gzip", "br": "brotli"}[coding]
        found.append(
            result(f"sign-in page without fonts, {name}", [without / KB], "KB", [plain / KB], Limit(most_times=1.4))
        )
        found.append(
            result(f"sign-in page in all, {name}", [sum(mine.values()) / KB], "KB", [plain / KB], Limit(most=260))
        )
    return found


def _requests(chromium: Browser, url: str) -> set[str]:
    """The address of every request of a cold load, the socket apart."""
    context = chromium.new_context(**DESKTOP)
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(url)
    page.wait_for_timeout(500)
    page.wait_for_load_state("networkidle")
    context.close()
    return {address for address in asked if address.startswith("http")}


def _size(url: str, coding: str) -> int:
    """Bytes of the answer's body as it travels."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": coding, "User-Agent": "bench"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        body, came = answer.read(), answer.headers.get("Content-Encoding", "")
    if came and came != coding:
        raise AssertionError(f"{url} came as {came} and not as {coding}")
    if came:
        assert gzip.decompress(body) if came == "gzip" else brotli.decompress(body)
    return len(body)


def _paints(chromium: Browser, stage: Stage, profile: Profile) -> list[Result]:
    """Cold: the sign-in page, and the Dashboard by its address; the bare application's pages in turn."""
    sign_in, frame, data, shift, empty, empty_data = [], [], [], [], [], []
    for turn in range(COLD):
        visitor = stage.visitors[400 + turn]
        with _tab(chromium, profile) as page:
            seen = _load(page, stage.bare.url, "h1")
            empty.append(seen["lcp"])
        with _tab(chromium, profile) as page:
            seen = _load(page, stage.portal.url + routes.LOGIN, "h1")
            sign_in.append(seen["lcp"])
            shift.append(seen["cls"])
        with _tab(chromium, profile) as page:
            empty_data.append(_load(page, stage.bare.url + bare.SECOND, BARE_DATA)["found"])
        with _tab(chromium, profile, stage.portal.url, visitor) as page:
            seen = _load(page, stage.portal.url + routes.DASHBOARD, DASHBOARD_DATA)
            frame.append(seen["fcp"])
            data.append(seen["found"])
            shift.append(seen["cls"])
    return [
        result(f"sign-in page, largest paint, {profile.name}", sign_in, "ms", empty, LCP.get(profile.name)),
        result(f"Dashboard by address, frame painted, {profile.name}", frame, "ms", empty),
        result(f"Dashboard by address, data shown, {profile.name}", data, "ms", empty_data, DATA.get(profile.name)),
        result(f"layout shift, worst, {profile.name}", [max(shift)], "", limit=Limit(most=0.02)),
    ]


def _load(page: Page, url: str, wanted: str) -> dict[str, float]:
    """Load, wait until `wanted` is there and the line is quiet, and tell what was seen."""
    page.add_init_script(f"window.__bench.wanted = {wanted!r};")
    page.goto(url, wait_until="load")
    page.locator(wanted).first.wait_for(timeout=20_000)
    page.wait_for_timeout(600)
    return page.evaluate("window.__bench")


def _clicks(chromium: Browser, stage: Stage, profile: Profile) -> list[Result]:
    """From a click in the menu to the other page's rows, its code seen before."""
    ours, theirs = [], []
    with (
        _tab(chromium, profile, stage.portal.url, stage.visitors[410]) as page,
        _tab(chromium, profile) as plain,
    ):
        _load(page, stage.portal.url + routes.DASHBOARD, DASHBOARD_DATA)
        _load(plain, stage.bare.url, "#second")
        for _ in range(CLICKS):
            ours.append(_click(page, routes.TASK_MANAGEMENT, TASKS_DATA))
            _click(page, routes.DASHBOARD, DASHBOARD_DATA)
            theirs.append(_click(plain, bare.SECOND, BARE_DATA))
            plain.go_back()
            plain.locator("#second").wait_for()
    name = f"click to Task Management's rows, {profile.name}"
    return [result(name, ours[1:], "ms", theirs[1:], CLICK.get(profile.name))]


def _click(page: Page, href: str, wanted: str) -> float:
    page.evaluate("wanted => { window.__bench.wanted = wanted; window.__bench.clicked = 0; }", wanted)
    page.locator(f'nav a[href="{href}"]:visible, main a[href="{href}"]:visible').first.click()
    page.locator(wanted).first.wait_for(timeout=20_000)
    page.wait_for_timeout(250)
    return float(page.evaluate("window.__bench.answered"))
