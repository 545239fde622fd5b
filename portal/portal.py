"""The only composition root: the app, its guard, its HTTP routes, its jobs, and the pages of `portal.pages`."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain

import reflex as rx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from portal.components.layout.app import app_wraps, head
from portal.errors import reference_code
from portal.http.edge import Edge
from portal.http.frontend import FrontendFiles
from portal.http.table import http_routes
from portal.jobs.runner import JOBS, Runner
from portal.metrics import FAULTS
from portal.pages.table import pages
from portal.security import redaction
from portal.security.access import runs_by_itself
from portal.security.guard import Guard
from portal.serving import web_dir
from portal.settings import settings
from portal.state.live import Feed
from portal.state.session import PAGE_STATES, SessionState

log = logging.getLogger("portal")


def _edge(app: ASGIApp) -> ASGIApp:
    static = web_dir() / "build" / "client"
    return Edge(FrontendFiles(app, static), settings(), static)


def _unhandled(exception: Exception) -> None:
    """What escaped every handler's own care (Reflex's handlers, mostly): logged under a code, nothing is sent."""
    FAULTS.inc()
    log.error("%s outside a handler", reference_code(), exc_info=exception)


def _in_a_browser(exception: Exception) -> None:
    log.warning("in a browser: %s", str(exception)[:500])


@asynccontextmanager
async def _calm_memory() -> AsyncIterator[None]:
    """What was loaded stays: the garbage collector need not look through it again and again (a fifth of the work of a
    busy process, measured), nor come as often as it does for small programs."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    yield


@asynccontextmanager
async def _jobs() -> AsyncIterator[None]:
    redaction.install()
    runner = Runner(JOBS if settings().jobs == "on" else tuple(job for job in JOBS if not job.leased))
    runner.start()
    try:
        yield
    finally:
        runner.stop()


async def _live_pages() -> None:
    reloads = {page.route.strip("/"): page.live for page in pages(settings())}
    await Feed(app, reloads, settings().redis_url.get_secret_value()).run()


redaction.install()
app = rx.App(
    stylesheets=["/tokens.css", "/components.css"],
    reset_style=False,  # components.css begins with its own
    head_components=head(),
    app_wraps=app_wraps(),
    toaster=None,
    html_lang="en",
    api_transformer=(Starlette(routes=http_routes(settings())), _edge),
    backend_exception_handler=_unhandled,
    frontend_exception_handler=_in_a_browser,
)
app.add_middleware(Guard())
app.register_lifespan_task(_calm_memory)
app.register_lifespan_task(_jobs)
app.register_lifespan_task(_live_pages)
for page in pages(settings()):
    held = {handler.state for handler in page.load if hasattr(handler.state, "_leave")}
    PAGE_STATES[page.route.strip("/")] = tuple(held)
    loading = [*page.load, SessionState.load]  # what the person came for goes first
    for handler in (*loading, *chain.from_iterable(page.live.values())):
        runs_by_itself(handler.fn)
    app.add_page(page.show, route=page.route, title=page.title, on_load=loading)
