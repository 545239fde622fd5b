"""The bridge between a tab and a use case.

A handler is declared with `public_event`, `patient_event` or `staff_event`; it makes one call through `read` or
`write` and shows the outcome. A `PortalError` becomes a sentence on the screen, anything else a reference code.
"""

import functools
import inspect
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

import reflex as rx

from portal.domain.access import Privilege
from portal.errors import Invalid, PortalError, reference_code
from portal.jobs import wake
from portal.metrics import EVENT_SECONDS, FAULTS
from portal.security import access
from portal.security.access import Access, Fields, Id, LongText, Text
from portal.security.guard import ACTOR, IDLE_LEFT
from portal.security.pool import in_thread
from portal.state.feedback import FeedbackState
from portal.work import Actor, Work, audit_event, open_work

log = logging.getLogger("portal.bridge")

P = ParamSpec("P")
T = TypeVar("T")
Handler = TypeVar("Handler", bound=Callable[..., Any])


def actor() -> Actor:
    """On whose behalf the running handler acts, resolved by the guard from the database."""
    return ACTOR.get()


def idle_left() -> int:
    """Seconds until this session signs out by itself, as the guard found them."""
    return IDLE_LEFT.get()


async def read(query: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `query(work, …)` in a thread, read-only, as the present actor."""
    return await in_thread(_run, actor(), query, args, kwargs, writing=False)


async def write(service: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `service(work, …)` in a thread as one transaction of the present actor, then let its messages go out."""
    result = await in_thread(_run, actor(), service, args, kwargs, writing=True)
    wake()
    return result


def _run(who: Actor, use_case: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], *, writing: bool) -> T:
    with open_work(who, write=writing) as work:
        return use_case(work, *args, **kwargs)


async def say(state: rx.State, message: str, kind: str = "ok") -> None:
    """Show one sentence in the live region; `kind` is ok, info, error, or fields (the rest stands beside them)."""
    (await state.get_state(FeedbackState))._show(message, kind)


def _event(declaration: Access) -> Callable[[Handler], Handler]:
    def decorate(handler: Handler) -> Handler:
        wrapped = _guarded(handler, declaration)
        access.declare(wrapped, declaration)
        return wrapped  # pyright: ignore[reportReturnType]

    return decorate


@overload
def public_event(handler: Handler) -> Handler: ...
@overload
def public_event(*, passive: bool = False) -> Callable[[Handler], Handler]: ...
def public_event(handler: Callable[..., Any] | None = None, *, passive: bool = False) -> Any:
    """A handler that anybody may call."""
    decorate = _event(Access("public", passive=passive))
    return decorate if handler is None else decorate(handler)


@overload
def patient_event(handler: Handler) -> Handler: ...
@overload
def patient_event(*, passive: bool = False) -> Callable[[Handler], Handler]: ...
def patient_event(handler: Callable[..., Any] | None = None, *, passive: bool = False) -> Any:
    """A handler for a signed-in patient or guardian. `passive` ones (timers) are no sign of activity."""
    decorate = _event(Access("patient", passive=passive))
    return decorate if handler is None else decorate(handler)


def staff_event(privilege: Privilege, *, passive: bool = False) -> Callable[[Handler], Handler]:
    """A handler for staff who have the privilege; after a fresh second factor where it is a sensitive one."""
    return _event(Access("staff", privilege, passive=passive))


def locked_event(handler: Handler) -> Handler:
    """A handler for staff whose screen may be locked: unlocking it, and logging out."""
    return _event(Access("locked"))(handler)


def _guarded(handler: Callable[..., Any], declaration: Access) -> Callable[..., Any]:
    """The handler with its errors turned into words; keeps its signature, which Reflex reads."""
    timer = EVENT_SECONDS.labels(audience=declaration.audience)

    if inspect.isasyncgenfunction(handler):

        @functools.wraps(handler)
        async def stream(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            started = time.perf_counter()
            try:
                async for event in handler(self, *args, **kwargs):
                    yield event
            except Exception as error:  # noqa: BLE001  # the edge: everything becomes words here
                await _explain(self, error, handler.__qualname__)
            timer.observe(time.perf_counter() - started)

        wrapped: Callable[..., Any] = stream
    elif inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def once(self: Any, *args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return await handler(self, *args, **kwargs)
            except Exception as error:  # noqa: BLE001  # as above
                await _explain(self, error, handler.__qualname__)
            finally:
                timer.observe(time.perf_counter() - started)

        wrapped = once
    else:
        raise TypeError(f"{handler.__qualname__} must be async: a plain function would hold up everybody")
    vars(wrapped)["__signature__"] = inspect.signature(handler)
    return wrapped


async def _explain(state: Any, error: Exception, what: str) -> None:
    """Put the error into words where the person looks: beside the fields, or in the live region."""
    if "busy" in state.get_fields():
        state.busy = False
    if isinstance(error, Invalid) and "errors" in state.get_fields():
        state.errors = error.fields
        said = error.sentence in error.fields.values()  # beside its field: once is enough
        await say(state, "" if said else error.sentence, "fields")
    elif isinstance(error, PortalError):
        await say(state, error.sentence, "error")
    else:
        await fault(state, error, what)


async def fault(state: Any, error: Exception, what: str) -> None:
    """An error of ours: logged and audited under a reference code, which is all that the person sees of it."""
    code = reference_code()
    FAULTS.inc()
    log.error("%s in %s", code, what, exc_info=error)
    (await state.get_state(FeedbackState))._fault(code)
    await in_thread(_record_fault, actor(), code, what, type(error).__name__)


def _record_fault(who: Actor, code: str, what: str, kind: str) -> None:
    try:
        with open_work(who) as work:
            work.db.add(audit_event(who, work.now(), "fault", detail={"reference": code, "what": what, "kind": kind}))
    except Exception:
        log.exception("%s could not be recorded in the audit log", code)


__all__ = [
    "Fields",
    "Id",
    "LongText",
    "Text",
    "actor",
    "fault",
    "idle_left",
    "locked_event",
    "patient_event",
    "public_event",
    "read",
    "say",
    "staff_event",
    "write",
]
