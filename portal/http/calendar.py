"""Visits for calendar programs: a file for the signed-in owner, and a private address to subscribe to."""

import hashlib
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.errors import NotFound
from portal.http import door
from portal.http.pace import Pace
from portal.security.intake import viewed
from portal.security.pool import in_thread
from portal.services import calendar_reading
from portal.services.calendar_reading import Subscribed
from portal.work import Actor, open_work

TYPE = "text/calendar; charset=utf-8"
LONGEST_TOKEN = 100
# Calendar programs ask a few times an hour, and one service may ask for many people from one address.
_WINDOW = 600
_readings, _misses = Pace(30, _WINDOW), Pace(60, _WINDOW)
_PRIVATE = {"cache-control": "private, no-store", "x-content-type-options": "nosniff", "x-robots-tag": "noindex"}


async def visit(request: Request) -> Response:
    """One visit of the signed-in patient; the same 404 for a stranger's visit and one that never was."""
    visit_id: UUID = request.path_params["visit_id"]
    actor = await door.patient(request)
    if actor is None:
        return RedirectResponse(f"{routes.LOGIN}?next={routes.appointment(str(visit_id))}", 303, headers=_PRIVATE)
    try:
        text = await in_thread(_visit, actor, visit_id)
    except NotFound as missing:
        return PlainTextResponse(missing.sentence, 404, headers=_PRIVATE)
    viewed(actor, "calendar.downloaded", "appointment", visit_id, actor.patient_id)
    return Response(
        text, media_type=TYPE, headers={**_PRIVATE, "content-disposition": 'attachment; filename="visit.ics"'}
    )


async def feed(request: Request) -> Response:
    """The calendar behind a private address; the same 404 for one that never was and one that was revoked, and a 429
    for a program that asks without end."""
    token, address = str(request.path_params["token"])[: LONGEST_TOKEN + 1], door.address(request)
    if _readings.left(token) <= 0 or (_misses.left(address) <= 0 and not _readings.knows(token)):
        return PlainTextResponse("Too Many Requests", 429, headers={**_PRIVATE, "retry-after": str(_WINDOW)})
    try:
        found = await in_thread(_feed, token, address)
    except NotFound:
        _misses.count(address)
        return PlainTextResponse("Not Found", 404, headers=_PRIVATE)
    _readings.count(token)
    tag = f'"{hashlib.sha256(found.text.encode()).hexdigest()[:32]}"'
    headers = {**_PRIVATE, "cache-control": "private, no-cache", "etag": tag}
    if tag in {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(found.text, media_type=TYPE, headers=headers)


def _visit(actor: Actor, visit_id: UUID) -> str:
    with open_work(actor, write=False) as work:
        return calendar_reading.visit_file(work, visit_id)


def _feed(token: str, address: str) -> Subscribed:
    actor = Actor(label="Calendar program", address=address)
    with open_work(actor, write=False) as work:
        found = calendar_reading.subscribed(work, token)
    if found.unnoted:
        with open_work(actor) as work:
            calendar_reading.note_reading(work, found.feed_id)
    return found


ROUTES = [
    Route(f"{routes.CALENDAR}/visits/{{visit_id:uuid}}.ics", visit, methods=["GET"]),
    Route(f"{routes.CALENDAR}/{{token:str}}.ics", feed, methods=["GET"]),
]
