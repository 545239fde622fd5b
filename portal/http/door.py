"""Who stands behind an HTTP request, for the routes that are not pages."""

from starlette.requests import Request

from portal.clock import SystemClock
from portal.domain.access import Privilege, needs_proof
from portal.http.edge import person_address
from portal.security import sessions, staff_sessions
from portal.security.pool import in_thread
from portal.security.sessions import Caller
from portal.settings import settings
from portal.work import Actor


def caller(request: Request) -> Caller:
    """The connection, from the headers that the edge put there."""
    return Caller(
        session_hash=request.headers.get("x-portal-session", ""),
        staff_hash=request.headers.get("x-portal-staff", ""),
        browser_hash=request.headers.get("x-portal-browser", ""),
        address=address(request),
        device=request.headers.get("user-agent", "")[:300],
    )


def address(request: Request) -> str:
    """The network address of the person behind a request, as it is stored."""
    peer = request.client.host if request.client else ""
    return person_address(request.headers, peer, settings().trusted_proxy_hops)[:64]


async def anyone(request: Request) -> Actor:
    """The actor, signed in or not."""
    actor, _left = await in_thread(sessions.resolve, caller(request))
    return actor


async def staff(request: Request, privilege: Privilege) -> Actor | None:
    """The member of staff who may do that, after a fresh second factor where it takes one; else None."""
    actor = await anyone_of_staff(request)
    proved = not needs_proof(privilege, actor.proved_at, SystemClock().now())
    return actor if proved and actor.may(privilege) else None


async def anyone_of_staff(request: Request) -> Actor:
    """The member of staff, their screen locked or not; nobody without their cookie."""
    actor, _left = await in_thread(staff_sessions.resolve, caller(request))
    return actor


async def patient(request: Request) -> Actor | None:
    """The signed-in patient or guardian, else None."""
    actor = await anyone(request)
    return actor if actor.is_patient else None
