"""The guard: runs before every event handler, Reflex's own included, and denies by default.

In order: is the handler declared; who is calling, by the database; does this tab's state belong to that caller (if not
it is wiped before anything can be sent); may they; are the arguments exactly what was declared.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from functools import lru_cache
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, State, StateUpdate
from reflex_base.registry import RegistrationContext

from portal import routes
from portal.clock import SystemClock
from portal.domain.access import needs_proof
from portal.metrics import EVENTS
from portal.security import access, intake, presence, sessions, staff_sessions
from portal.security.access import Access
from portal.security.pool import in_thread
from portal.security.sessions import Caller
from portal.work import NOBODY, Actor

log = logging.getLogger("portal.guard")

NOT_YOURS = "Your role does not include that. An admin can change what you may do."


class Refusal(StrEnum):
    """Why staff are refused, in the words of the log."""

    NOT_STAFF = "not staff"
    LOCKED = "locked"
    PRIVILEGE = "privilege"
    STEP_UP = "step-up"


# Set for the handler that runs next in this task; read through `portal.state.bridge.actor`.
ACTOR: ContextVar[Actor] = ContextVar("actor", default=NOBODY)
IDLE_LEFT: ContextVar[int] = ContextVar("idle_left", default=0)

# Reflex's own handlers that the browser needs, and the arguments that may pass.
_ON_LOAD = "reflex___state____on_load_internal_state"
HYDRATE_AND_LOAD = "reflex___state____state.hydrate_and_load"
FRAMEWORK: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "reflex___state____state.hydrate": lambda _payload: {},
    # `vars` would set client-storage vars: there are none, so nothing may pass. The hashes only shorten the answer.
    HYDRATE_AND_LOAD: lambda payload: {"hashes": _hashes(payload.get("hashes"))},
    "reflex___state____state.set_is_hydrated": lambda payload: {"value": payload.get("value") is True},
    f"reflex___state____state.{_ON_LOAD}.on_load_internal": lambda _payload: {},
    f"reflex___state____state.{_ON_LOAD}.set_is_hydrated": lambda payload: {"value": payload.get("value") is True},
}

# Of these, the ones that do nothing but queue events, each of which comes past the guard itself: nobody needs to be
# looked up for them while the tab's state belongs to the very same cookies.
QUEUEING = frozenset(FRAMEWORK) - {"reflex___state____state.hydrate", HYDRATE_AND_LOAD}


def _hashes(given: object) -> list[str]:
    if not isinstance(given, list) or len(given) > 200:
        return []
    return [item for item in given if isinstance(item, str) and len(item) <= 128]


class Guard(Middleware):
    """Reflex middleware; see the module's first lines."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event through with its arguments cleaned, or answer it here."""
        root = state._get_root_state()  # noqa: SLF001  # Reflex gives middleware no public road to the tree
        caller = caller_of(state)
        if event.name in QUEUEING and await _is_of(root, caller):
            _replace(event.payload, FRAMEWORK[event.name](event.payload))
            presence.turned(state.router_data)
            _let_through(NOBODY, 0)
            return None
        handler = declared_handlers().get(event.name)
        access_ = access.declared(handler) if handler is not None else None
        resolve = staff_sessions.resolve if _on_staff_side(state, access_) else sessions.resolve
        actor, idle_left = await in_thread(resolve, caller, active=_is_activity(event, access_))
        wiped = await _bind(root, actor, caller)
        presence.note(state.router_data, actor)
        if event.name in FRAMEWORK:
            _replace(event.payload, FRAMEWORK[event.name](event.payload))
        elif access_ is None or handler is None:
            return await _refuse(root, actor, event.name, "undeclared", wiped)
        elif access_.audience == "patient" and not actor.is_patient:
            return await _refuse(root, actor, event.name, "not signed in", wiped, onward=routes.login)
        elif access_.audience in {"staff", "locked"} and (why := _why_not(access_, actor)):
            return await _refuse_staff(root, actor, event.name, why, wiped)
        else:
            arguments = access.parse(handler, event.payload)
            if arguments is None:
                return await _refuse(root, actor, event.name, "arguments", wiped)
            _replace(event.payload, arguments)
        _let_through(actor, idle_left)
        return None


def _on_staff_side(state: BaseState, declared: Access | None) -> bool:
    """Whose cookie counts: a handler of one side takes that side's, whatever address the tab claims to be at; what both
    sides share goes by the address, which gives nothing: the actor is whoever that side's cookie is."""
    if declared is not None and declared.audience != "public":
        return declared.audience != "patient"
    return routes.is_staff(str(state.router_data.get("pathname", "")))


def _why_not(declared: Access, actor: Actor) -> Refusal | None:
    """Why this member of staff may not, or None."""
    if actor.kind == "locked":
        return None if declared.audience == "locked" else Refusal.LOCKED
    if actor.kind != "staff":
        return Refusal.NOT_STAFF
    if declared.privilege is None:
        return None if declared.audience == "locked" else Refusal.PRIVILEGE  # a handler must name what it takes
    if not actor.may(declared.privilege):
        return Refusal.PRIVILEGE
    return Refusal.STEP_UP if needs_proof(declared.privilege, actor.proved_at, SystemClock().now()) else None


def _let_through(actor: Actor, idle_left: int) -> None:
    EVENTS.labels(outcome="allowed").inc()
    ACTOR.set(actor)
    IDLE_LEFT.set(idle_left)


@lru_cache(maxsize=1)
def declared_handlers() -> dict[str, Callable[..., Any]]:
    """Every registered handler's function by its name on the wire."""
    registered = RegistrationContext.ensure_context().event_handlers
    return {name: entry.handler.fn for name, entry in registered.items()}


def caller_of(state: BaseState) -> Caller:
    """The connection behind an event, from the headers that the edge put on the handshake."""
    data = state.router_data
    headers = data.get("headers", {})
    return Caller(
        session_hash=headers.get("x-portal-session", ""),
        staff_hash=headers.get("x-portal-staff", ""),
        browser_hash=headers.get("x-portal-browser", ""),
        address=str(data.get("ip", ""))[:64],
        device=headers.get("user-agent", "")[:300],
    )


def _is_activity(event: Event, declared: Access | None) -> bool:
    """Whether the event is a sign of the person's life: their own acts, and a page that was opened.

    A socket that connects again by itself hydrates too, but only the first time of a page names its hashes.
    """
    if declared is None:
        return event.name == HYDRATE_AND_LOAD and bool(event.payload.get("hashes"))
    return not declared.passive


async def _is_of(root: BaseState, caller: Caller) -> bool:
    from portal.state.session import SessionState

    return (await root.get_state(SessionState))._cookies == _cookies(caller)  # noqa: SLF001  # the guard's own vars


def _cookies(caller: Caller) -> str:
    return f"{caller.session_hash}:{caller.staff_hash}:{caller.browser_hash}"


async def _bind(root: BaseState, actor: Actor, caller: Caller) -> bool:
    """Tie the tab's state to the caller; wipe it when it was another's. Returns whether it was wiped.

    A visitor's state belongs to their browser: somebody half-way through a log-in has names on the screen. A locked
    screen is somebody else's: nothing of what was open stays behind it.
    """
    from portal.state.session import SessionState

    owner = str(actor.session_id or f"visitor:{caller.browser_hash}")
    if actor.kind == "locked":
        owner = f"locked:{owner}"
    bound = await root.get_state(SessionState)
    before = bound._owner  # noqa: SLF001  # as above
    if before not in ("", owner):
        await wipe(root)
    bound._owner, bound._cookies = owner, _cookies(caller)  # noqa: SLF001  # as above
    return before not in ("", owner)


async def wipe(root: BaseState) -> None:
    """Reset every state of this tab: nothing of the former person stays, on the server or on the screen."""
    for kind in tuple(RegistrationContext.ensure_context().base_states.values()):
        if kind is not State and issubclass(kind, State):
            (await root.get_state(kind)).reset()


async def _refuse(
    root: BaseState,
    actor: Actor,
    what: str,
    why: str,
    changed: bool,
    *,
    onward: Callable[[str], str] | None = None,
) -> StateUpdate:
    """Answer here: what changed in the state, and where to go (`onward` of the address that was wanted)."""
    EVENTS.labels(outcome="denied").inc()
    intake.denied(actor, what, why)
    delta: Any = {}
    if changed:
        delta = await root._get_resolved_delta()  # noqa: SLF001
        root._clean()  # noqa: SLF001
    wanted = str(root.router_data.get("asPath", ""))
    events = Event.from_event_type([rx.redirect(onward(wanted))]) if onward is not None else []
    return StateUpdate(delta=delta, events=events)


async def _refuse_staff(root: BaseState, actor: Actor, what: str, why: Refusal, wiped: bool) -> StateUpdate:
    """Off to the log-in or the lock; or, where they are, a sentence, or the question for a fresh second factor."""
    from portal.state.feedback import FeedbackState
    from portal.state.staff.session import StaffSessionState

    if why is Refusal.NOT_STAFF:
        return await _refuse(root, actor, what, why.value, wiped, onward=routes.staff_login)
    if why is Refusal.LOCKED:
        return await _refuse(root, actor, what, why.value, wiped, onward=routes.staff_lock)
    if why is Refusal.STEP_UP:
        (await root.get_state(StaffSessionState)).asking_proof = True
    else:
        (await root.get_state(FeedbackState))._show(NOT_YOURS, "error")  # noqa: SLF001
    return await _refuse(root, actor, what, why.value, changed=True)


def _replace(payload: dict[str, Any], with_: dict[str, Any]) -> None:
    payload.clear()
    payload.update(with_)


def undeclared() -> list[str]:
    """Names of registered handlers of ours that nobody declared: must be empty (a test says so)."""
    ours = (name for name, fn in declared_handlers().items() if fn.__module__.split(".")[0] == "portal")
    return sorted(name for name in ours if access.declared(declared_handlers()[name]) is None)


__all__ = ["ACTOR", "FRAMEWORK", "IDLE_LEFT", "Guard", "caller_of", "declared_handlers", "undeclared", "wipe"]
