"""Every plain HTTP route."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from portal.http import (
    calendar,
    documents,
    inbound,
    operations,
    outbox,
    photos,
    session,
    staff_session,
    unsubscribe,
    verify,
)
from portal.settings import Settings


def http_routes(settings: Settings) -> list[BaseRoute]:
    """The routes of this deployment; the outbox is for development only."""
    routes: list[BaseRoute] = [
        *operations.ROUTES,
        *session.ROUTES,
        *staff_session.ROUTES,
        *documents.ROUTES,
        *photos.ROUTES,
        *calendar.ROUTES,
        *unsubscribe.ROUTES,
        *verify.ROUTES,
        *inbound.ROUTES,
    ]
    return [*routes, Route("/dev/{anything:path}", absent)] if settings.production else [*routes, *outbox.ROUTES]


async def absent(_request: Request) -> Response:
    """Nothing of development is served in production, whatever the frontend was built with."""
    return PlainTextResponse("Not Found", 404)
