"""Downloads: the patient's own documents, and any client's for staff who may; each at an address of its own."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.domain.access import Privilege
from portal.errors import Denied, NotFound
from portal.gateways.errors import GatewayError
from portal.http import door
from portal.security.intake import denied, viewed
from portal.services import documents
from portal.work import Actor

log = logging.getLogger("portal.documents")

# Of their own: documents that are being drawn must not take the threads that answer clicks.
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="documents")
_PRIVATE = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}


async def form(request: Request) -> Response:
    """The PDF of one form of the signed-in patient; the same 404 for a stranger's form and one that never was."""
    actor = await door.patient(request)
    if actor is None:
        return RedirectResponse(f"{routes.LOGIN}?next={quote(routes.TASK_MANAGEMENT)}", 303, headers=_PRIVATE)
    return await _file(actor, request.path_params["form_id"])


async def form_for_staff(request: Request) -> Response:
    """The PDF of a client's form, for staff; 403 for a questionnaire's where they may not read its answers."""
    actor = await door.staff(request, Privilege.PAPERWORK_VIEW)
    if actor is None:
        return RedirectResponse(routes.staff_login(routes.STAFF_TASKS), 303, headers=_PRIVATE)
    return await _file(actor, request.path_params["form_id"])


async def _file(actor: Actor, form_id: UUID) -> Response:
    try:
        file = await asyncio.get_running_loop().run_in_executor(_pool, documents.download, actor, form_id)
    except NotFound as missing:
        return PlainTextResponse(missing.sentence, 404, headers=_PRIVATE)
    except Denied as refused:
        denied(actor, "document.downloaded", "privilege")
        return PlainTextResponse(refused.sentence, 403, headers=_PRIVATE)
    except GatewayError as error:
        log.warning("the document of form %s is not to be had: %s", form_id, error)
        sentence = "Your document is not ready yet. Nothing is lost: please try again in a minute."
        return PlainTextResponse(sentence, 503, headers={**_PRIVATE, "retry-after": "60"})
    viewed(actor, "document.downloaded", "assigned_form", form_id, file.patient_id, sealed=file.sealed)
    plain = file.filename.encode("ascii", "ignore").decode().replace('"', "")
    return Response(
        file.content,
        media_type="application/pdf",
        headers={
            **_PRIVATE,
            "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.filename)}",
        },
    )


ROUTES = [
    Route(f"{routes.DOCUMENTS}/forms/{{form_id:uuid}}.pdf", form, methods=["GET"]),
    Route(f"{routes.STAFF_DOCUMENTS}/forms/{{form_id:uuid}}.pdf", form_for_staff, methods=["GET"]),
]
