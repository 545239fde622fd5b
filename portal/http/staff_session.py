"""The staff's door: where their cookie is given and taken, apart from the patients'."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.domain.access import Privilege
from portal.errors import PortalError
from portal.http import door
from portal.http.edge import no_staff_cookie, staff_cookie
from portal.security.pool import in_thread
from portal.security.sessions import end_session
from portal.security.staff_sessions import open_session
from portal.services.staff_entering import factor_of, redeem_ticket
from portal.settings import settings
from portal.work import Actor, open_work


async def sign_in(request: Request) -> Response:
    """Exchange a one-time ticket for the cookie of staff, then go where the person was headed."""
    form = await request.form(max_files=0, max_fields=4)
    ticket, target = str(form.get("ticket", ""))[:200], routes.staff_next(str(form.get("next", "")))
    try:
        token = await in_thread(_redeem, await door.anyone_of_staff(request), ticket)
    except PortalError:
        return _to(f"{routes.STAFF_LOGIN}?ended=ticket")
    return _to(target, staff_cookie(token, settings()))


async def front_door(request: Request) -> Response:
    """The staff side's own address: on to the clients, or to the log-in for who is not signed in."""
    signed_in = await door.staff(request, Privilege.OWN_ACCOUNT)
    return _to(routes.STAFF_CLIENTS if signed_in else routes.STAFF_LOGIN)


async def sign_out(request: Request) -> Response:
    """End the session in the database and take the cookie away; also from a locked screen."""
    actor = await door.anyone_of_staff(request)
    if actor.session_id is not None:
        await in_thread(_end, actor)
    return _to(f"{routes.STAFF_LOGIN}?ended=out", no_staff_cookie(settings()))


def _to(address: str, cookie: str = "") -> Response:
    answer = RedirectResponse(address, 303, {"cache-control": "no-store"})
    if cookie:
        answer.headers.append("set-cookie", cookie)
    return answer


def _redeem(actor: Actor, ticket: str) -> str:
    with open_work(actor) as work:
        return open_session(work, redeem_ticket(work, ticket), factor_of(ticket))


def _end(actor: Actor) -> None:
    if actor.session_id is not None:
        with open_work(actor) as work:
            end_session(work, actor.session_id, "log out")


ROUTES = [
    Route(routes.STAFF, front_door),
    Route(f"{routes.STAFF}/", front_door),
    Route(routes.STAFF_SESSION, sign_in, methods=["POST"]),
    Route(routes.STAFF_SESSION_END, sign_out, methods=["POST"]),
]
