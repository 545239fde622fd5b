"""Every plain HTTP route."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from portal import routes as paths
from portal.domain.access import Privilege
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
from portal.security.access import Access
from portal.settings import Settings

PUBLIC, PATIENT = Access("public"), Access("patient")
HOLDER = Access("public")  # whoever has the secret that stands in the address, the form or a header

# For whom each route answers, by its path. A route that is not here fails a test, and so does one that answers others.
AUDIENCES: dict[str, Access] = {
    paths.HEALTH: PUBLIC,
    paths.METRICS: HOLDER,
    paths.CAPTCHA_CHALLENGE: PUBLIC,
    paths.HOME: PUBLIC,
    paths.SESSION: HOLDER,
    paths.SESSION_END: PUBLIC,
    paths.STAFF: PUBLIC,
    f"{paths.STAFF}/": PUBLIC,
    paths.STAFF_SESSION: HOLDER,
    paths.STAFF_SESSION_END: PUBLIC,
    "/documents/forms/{form_id:uuid}.pdf": PATIENT,
    "/staff/documents/forms/{form_id:uuid}.pdf": Access("staff", Privilege.PAPERWORK_VIEW),
    "/photos/forms/{form_id:uuid}": PATIENT,
    "/photos/{photo_id:uuid}": PATIENT,
    "/staff/photos/{photo_id:uuid}": Access("staff", Privilege.MEDICAL_VIEW),
    "/calendar/visits/{visit_id:uuid}.ics": PATIENT,
    "/calendar/{token:str}.ics": HOLDER,
    "/unsubscribe/{token:str}": HOLDER,
    paths.VERIFY: PUBLIC,
    "/verify/{number:str}": PUBLIC,
    paths.VERIFICATION: PUBLIC,
    paths.OPT_OUTS: HOLDER,
    paths.TWILIO_INBOUND: HOLDER,
    paths.DEV_OUTBOX: PUBLIC,
    paths.DEV_OUTBOX_JSON: PUBLIC,
}


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
