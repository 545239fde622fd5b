"""Measure, print a table, write var/bench.json: `{name: {value, unit, baseline, ratio}}`."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from portal import routes
from scripts.bench import bare, pages
from tests.support import browser, portal_server
from tests.support.portal_server import ROOT, PortalServer


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the portal, with that of the bare application where there is one."""

    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None


def beside(value: float, unit: str, baseline: float) -> Measure:
    """A figure with its yardstick."""
    return Measure(round(value, 1), unit, round(baseline, 1), round(value / baseline, 2))


def measure(place: Path) -> Iterator[tuple[str, Measure]]:
    """One figure after the other."""
    portal_server.build_frontend()
    with (
        bare.server(place / "bare") as (bare_url, bare_pid),
        sync_playwright() as playwright,
        PortalServer(place / "portal") as server,
    ):
        server.stop()
        started = time.monotonic()
        server.start()
        yield "start to healthy", Measure(round(time.monotonic() - started, 1), "s")
        chromium = playwright.chromium.launch(**browser.launch_options())
        sign_in = f"{server.url}{routes.LOGIN}"
        ours, yardstick = pages.cold(chromium, sign_in), pages.cold(chromium, bare_url)
        yield "sign-in page, bytes (brotli)", beside(ours.transferred, "B", yardstick.transferred)
        yield "sign-in page, LCP, desktop", beside(ours.largest_paint, "ms", yardstick.largest_paint)
        ours, yardstick = (pages.cold(chromium, address, slow=True) for address in (sign_in, bare_url))
        yield "sign-in page, LCP, slow phone", beside(ours.largest_paint, "ms", yardstick.largest_paint)
        chromium.close()
        assert server.pid is not None
        yield "memory after these visits", beside(_megabytes(server.pid), "MB", _megabytes(bare_pid))


def _megabytes(pid: int) -> float:
    return sum(child.memory_info().rss for child in psutil.Process(pid).children(recursive=True)) / 1_000_000


def main() -> int:
    """Run everything."""
    found: dict[str, Measure] = {}
    print(f"{'':<34}{'portal':>12}{'bare':>12}{'ratio':>8}")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        for name, figure in measure(Path(place)):
            found[name] = figure
            known = f"{figure.baseline:>12,.1f}{figure.ratio:>8.2f}" if figure.baseline is not None else ""
            print(f"{name:<34}{figure.value:>12,.1f}{known or ' ' * 20} {figure.unit}", flush=True)
    target = ROOT / "var" / "bench.json"
    target.parent.mkdir(mode=0o700, exist_ok=True)
    target.write_text(json.dumps({name: asdict(figure) for name, figure in found.items()}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
