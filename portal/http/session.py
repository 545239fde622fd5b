"""The front door, and where the session cookie is given and taken: what a socket cannot do."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.errors import PortalError
from portal.http import door
from portal.http.edge import no_session_cookie, session_cookie
from portal.security.pool import in_thread
from portal.security.sessions import end_session, open_session
from portal.services.signing_in import redeem_ticket
from portal.settings import settings
from portal.work import Actor, open_work


async def sign_in(request: Request) -> Response:
    """Exchange a one-time ticket for the session cookie, then go where the person was headed."""
    form = await request.form(max_files=0, max_fields=4)
    ticket, target = str(form.get("ticket", ""))[:200], safe_target(str(form.get("next", "")))
    try:
        token = await in_thread(_redeem, await door.anyone(request), ticket)
    except PortalError:
        return RedirectResponse(f"{routes.LOGIN}?ended=ticket", 303)
    answer = RedirectResponse(target, 303)
    answer.headers.append("set-cookie", session_cookie(token, settings()))
    answer.headers["cache-control"] = "no-store"
    return answer


async def front_door(request: Request) -> Response:
    """The practice's own address: on to the Dashboard, or to the log-in for who is not signed in."""
    signed_in = await door.patient(request)
    return RedirectResponse(routes.DASHBOARD if signed_in else routes.LOGIN, 303, {"cache-control": "no-store"})


async def sign_out(request: Request) -> Response:
    """End the session in the database and take the cookie away."""
    actor = await door.patient(request)
    if actor is not None and actor.session_id is not None:
        await in_thread(_end, actor)
    answer = RedirectResponse(f"{routes.LOGIN}?ended=out", 303)
    answer.headers.append("set-cookie", no_session_cookie(settings()))
    answer.headers["cache-control"] = "no-store"
    return answer


def safe_target(wanted: str) -> str:
    """A path of this portal, or the Dashboard: nobody is sent to another site."""
    return wanted if routes.inside(wanted) else routes.DASHBOARD


def _redeem(actor: Actor, ticket: str) -> str:
    with open_work(actor) as work:
        patient_id, contact_id, guardian_id = redeem_ticket(work, ticket)
        return open_session(work, patient_id, contact_id, guardian_id)


def _end(actor: Actor) -> None:
    if actor.session_id is not None:
        with open_work(actor) as work:
            end_session(work, actor.session_id, "log out")


ROUTES = [
    Route(routes.HOME, front_door),
    Route(routes.SESSION, sign_in, methods=["POST"]),
    Route(routes.SESSION_END, sign_out, methods=["POST"]),
]
