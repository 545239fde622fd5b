"""Live pages: how long from a commit until the open page has changed, in a browser."""

import random
import time
from uuid import UUID

from playwright.sync_api import Page, sync_playwright
from sqlmodel import col, select

from portal import routes
from portal.models import Notification
from portal.security.sessions import COOKIE
from portal.state.patient.notifications import NotificationsState
from portal.work import SYSTEM, open_work
from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage, Visitor
from tests.bench.wire import HYDRATE
from tests.support.browser import DESKTOP, launch_options
from tests.support.sockets import bare_socket

TIMES = 20
MS = 1000.0
# Notes when the words of the bell change: Date.now() is the clock that this process reads too.
WATCH = """() => {
  const bell = [...document.querySelectorAll('a[href="/notifications"]')].find((link) => link.querySelector(".vh"));
  window.__bell = () => bell.innerText;
  window.__changed = 0;
  new MutationObserver(() => { window.__changed ||= Date.now(); })
    .observe(bell, {subtree: true, childList: true, characterData: true});
}"""


def measure(stage: Stage) -> list[Result]:
    """From another process, which the table of changes tells of; from another tab, whose own process does."""
    visitor = stage.visitors[310]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())
        context = chromium.new_context(**DESKTOP, locale="en-US")
        context.add_cookies([{"name": COOKIE, "value": visitor.cookie.partition("=")[2], "url": stage.portal.url}])
        page = context.new_page()
        page.goto(stage.portal.url + routes.DASHBOARD)
        page.locator("#paperwork").wait_for()
        page.wait_for_timeout(1_000)
        page.evaluate(WATCH)
        elsewhere = [_took(page, _commit(visitor.patient_id)) for _ in range(TIMES)]
        here = _from_another_tab(stage, visitor, page)
        chromium.close()
    second = Limit(most=1_000)
    return [
        result("push, from a commit in another process to the changed page", elsewhere, "ms", limit=second),
        result("push, slowest of those", [max(elsewhere)], "ms", limit=second),
        result("push, from a click in one tab to the changed page of another", here, "ms", limit=Limit(most=300)),
    ]


def _commit(patient_id: UUID) -> float:
    with open_work(SYSTEM) as work:
        work.add(Notification(patient_id=patient_id, kind="test", title="News", created_at=work.now()))
        work.changed(patient_id, "notifications")
    return time.time()


def _took(page: Page, committed: float) -> float:
    """Milliseconds until the bell changed; then ready for the next."""
    end = time.monotonic() + 5
    while not (changed := page.evaluate("window.__changed")):
        if time.monotonic() > end:
            raise AssertionError("the page did not change")
        page.wait_for_timeout(15)
    page.wait_for_timeout(500 + random.uniform(0, 300))  # out of step with the feed's looks at the table
    page.evaluate("() => { window.__changed = 0; }")
    return changed - MS * committed


def _from_another_tab(stage: Stage, visitor: Visitor, page: Page) -> list[float]:
    """One notification after the other is marked as read over a socket, as a second tab does."""
    with open_work(write=False) as work:
        unread = work.db.exec(
            select(Notification.id)
            .where(Notification.patient_id == visitor.patient_id, col(Notification.read_at).is_(None))
            .limit(TIMES)
        ).all()
    mark = f"{NotificationsState.get_full_name()}.mark"
    cookies = dict([visitor.cookie.split("=", 1)])
    took = []
    with bare_socket(stage.portal.url, cookies=cookies) as tab:
        tab.call(HYDRATE, path=routes.NOTIFICATIONS, wait=1.0)
        for notification_id in unread:
            sent = time.time()
            tab.send(mark, {"notification_id": str(notification_id)}, path=routes.NOTIFICATIONS)
            took.append(_took(page, sent))
    return took
