"""For those who run the portal: health, metrics, and a CAPTCHA challenge for whoever asks."""

import hmac

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal import routes
from portal.gateways import gateways
from portal.http import door
from portal.security.pool import in_thread
from portal.settings import settings
from portal.work import open_work

LOOPBACK = ("127.0.0.1", "::1")


async def health(_request: Request) -> Response:
    """200 when the database answers, 503 when it does not. Says nothing else."""
    try:
        await in_thread(_ask_database)
    except Exception:  # noqa: BLE001  # any failure means the same to a supervisor
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ok"})


async def metrics(request: Request) -> Response:
    """Prometheus text, for the bearer of PORTAL_METRICS_TOKEN; in development also for this machine."""
    token = settings().metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    known = token is not None and hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    at_desk = not settings().production and token is None and door.address(request) in LOOPBACK
    if not (known or at_desk):
        return PlainTextResponse("Not Found", 404)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"})


async def challenge(_request: Request) -> Response:
    """A fresh proof-of-work puzzle."""
    return JSONResponse(await in_thread(gateways().captcha.challenge), headers={"cache-control": "no-store"})


def _ask_database() -> None:
    with open_work(write=False) as work:
        work.db.execute(text("SELECT 1"))


ROUTES = [
    Route(routes.HEALTH, health),
    Route(routes.METRICS, metrics),
    Route(routes.CAPTCHA_CHALLENGE, challenge),
]
