"""Photographs: sent by the person who fills a questionnaire, shown to them, and to staff who may read the answers.

The body of the request is the file itself: nothing is parsed, and nothing of it touches the disk before it was made
anew. That the request comes from our own page is checked at the edge.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal import routes
from portal.domain.access import Privilege
from portal.errors import Conflict, Denied, NotFound, PortalError
from portal.gateways import gateways, images
from portal.gateways.errors import GatewayError
from portal.http import door
from portal.http.pace import Pace
from portal.security.intake import viewed
from portal.security.pool import in_thread
from portal.services import photos
from portal.services.photos import Stored
from portal.work import Actor, open_work

log = logging.getLogger("portal.photos")

LONGEST_QUESTION = 100
_WINDOW = 600
_sent = Pace(40, _WINDOW)  # photographs of one person
# Two at a time, in threads of their own: a large picture takes memory, and must not hold up who is clicking.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="photos")
_PRIVATE = {"cache-control": "private, no-store", "x-content-type-options": "nosniff", "x-robots-tag": "noindex"}


async def upload(request: Request) -> Response:
    """One photograph for one question, `instead` of another one if that is named. 201, or the status that the page has
    words for (`state.patient.questionnaire`)."""
    form_id: UUID = request.path_params["form_id"]
    question = request.query_params.get("question", "")[:LONGEST_QUESTION]
    actor = await door.patient(request)
    if actor is None:
        return _answer(401)
    who = str(actor.patient_id)
    if _sent.left(who) <= 0:
        return _answer(429)
    _sent.count(who)
    try:
        instead = _id(request.query_params.get("instead", ""))
        await in_thread(_acting, actor, photos.expected, form_id, question, instead)  # before a byte of it is read
        content = await request.body()
        picture = await asyncio.get_running_loop().run_in_executor(_pool, images.remake, content)
        stored = Stored(picture.sha256, picture.media_type, len(picture.content), picture.width, picture.height)
        photo_id = await in_thread(_acting, actor, photos.announce, form_id, question, stored, instead)
        await in_thread(gateways().storage.put, picture.content)
        await in_thread(_acting, actor, photos.add, photo_id, instead)
    except NotFound:
        return _answer(404)
    except Conflict:
        return _answer(409)
    except PortalError:
        return _answer(403)
    except images.TooLarge:
        return _answer(413)
    except images.NoPicture:
        return _answer(415)
    except ClientDisconnect:
        return _answer(400)
    except (GatewayError, OSError) as error:
        log.warning("a photograph could not be stored: %s", type(error).__name__)
        return _answer(503)
    return _answer(201)


async def show(request: Request) -> Response:
    """A photograph of the signed-in patient, with `size=small` a small one; the same 404 for a stranger's and for one
    that never was."""
    return await _picture(request, await door.patient(request))


async def show_to_staff(request: Request) -> Response:
    """A photograph of a client, for staff who may read the answers it belongs to; 404 for everybody else."""
    return await _picture(request, await door.staff(request, Privilege.MEDICAL_VIEW))


async def _picture(request: Request, actor: Actor | None) -> Response:
    photo_id: UUID = request.path_params["photo_id"]
    if actor is None:
        return _answer(404)
    try:
        patient_id, stored = await in_thread(_seen, actor, photo_id)
        content = await in_thread(gateways().storage.get, stored.sha256)
        if request.query_params.get("size") == "small":
            content = await asyncio.get_running_loop().run_in_executor(_pool, images.small, content)
    except (NotFound, Denied):
        return _answer(404)
    except GatewayError as error:
        log.warning("photograph %s is not to be had: %s", photo_id, type(error).__name__)
        return _answer(503)
    viewed(actor, "photo.viewed", "form_photo", photo_id, patient_id)
    # Whatever a browser makes of it, nothing in it runs.
    headers = {**_PRIVATE, "content-security-policy": "default-src 'none'; sandbox", "content-disposition": "inline"}
    return Response(content, media_type=stored.media_type, headers=headers)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _acting(actor: Actor, service: Callable[..., Any], *args: Any) -> Any:
    with open_work(actor) as work:
        return service(work, *args)


def _seen(actor: Actor, photo_id: UUID) -> tuple[UUID, Stored]:
    with open_work(actor, write=False) as work:
        if actor.kind == "staff":
            return photos.seen_by_staff(work, photo_id)
        return work.patient_id, photos.seen(work, photo_id)


def _answer(status: int) -> Response:
    return PlainTextResponse("", status, headers=_PRIVATE)


ROUTES = [
    Route(f"{routes.PHOTOS}/forms/{{form_id:uuid}}", upload, methods=["POST"]),
    Route(f"{routes.PHOTOS}/{{photo_id:uuid}}", show, methods=["GET"]),
    Route(f"{routes.STAFF_PHOTOS}/{{photo_id:uuid}}", show_to_staff, methods=["GET"]),
]
