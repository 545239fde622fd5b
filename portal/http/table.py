"""Every plain HTTP route."""

from starlette.routing import BaseRoute

from portal.http import documents, operations, outbox, session
from portal.settings import Settings


def http_routes(settings: Settings) -> list[BaseRoute]:
    """The routes of this deployment; the outbox is for development only."""
    routes: list[BaseRoute] = [*operations.ROUTES, *session.ROUTES, *documents.ROUTES]
    return routes if settings.production else [*routes, *outbox.ROUTES]
