"""Events over the socket: how long one takes for one person, how many a second for fifty, what they cost the server.

The portal and the bare application are asked in turns, so that whatever else the machine does falls on both. The edge
allows a socket 30 frames a second: several sockets take turns, none is slowed on purpose.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlmodel import col, select

from portal import routes
from portal.models import Signature
from portal.state.patient.consent import ConsentState
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.tasks import TasksState
from portal.state.session import SessionState
from portal.work import SYSTEM, open_work
from tests.bench import bare
from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage, Visitor
from tests.bench.wire import ON_LOAD, Frame, Ready, Wire, changes, handled, hydrated

ROUNDS = 15
SOCKETS = 12  # of each kind, taking turns
EACH = 2  # events of each socket in a round
CROWD = 50
CROWD_SECONDS = 4.0
CROWD_ROUNDS = 3
PADS = Path(__file__).parents[1] / "documents" / "pads.json"
MS = 1000.0


@dataclass
class Kind:
    """One sort of event: its name on the wire, and how its answer is known."""

    name: str
    event: str
    ready: Ready
    wires: Sequence[Wire]


def measure(stage: Stage) -> list[Result]:
    """All of them."""
    return asyncio.run(_measure(stage))


async def _measure(stage: Stage) -> list[Result]:
    return [*await _alone(stage), *await _crowd(stage), *await _signing(stage)]


def _handler(state: type, name: str) -> tuple[str, str]:
    full = state.get_full_name()  # type: ignore[attr-defined]
    return f"{full}.{name}", full


async def _alone(stage: Stage) -> list[Result]:
    """One event at a time: the median of what a person waits."""
    async with AsyncExitStack() as open_:
        visitors = iter(stage.visitors)

        async def tabs(path: str, form: bool = False) -> list[Wire]:
            return [
                await _open(open_, stage, visitor, path.format(visitor.forms[0]) if form else path)
                for visitor in (next(visitors) for _ in range(SOCKETS))
            ]

        plain = [await _open_bare(open_, stage, bare.HOME) for _ in range(SOCKETS)]
        second = [await _open_bare(open_, stage, bare.SECOND) for _ in range(SOCKETS)]
        dashboards, tasks = await tabs(routes.DASHBOARD), await tabs(routes.TASK_MANAGEMENT)
        consents = await tabs("/consent/{}", form=True)
        touch, session = _handler(SessionState, "touch")
        load, _ = _handler(DashboardState, "load")
        load_tasks, _ = _handler(TasksState, "load")
        load_consent, _ = _handler(ConsentState, "load_reading")
        kinds = [
            Kind("bare", bare.TICK, changes(bare.STATE), plain),
            Kind("bare page", ON_LOAD, hydrated, second),
            Kind("guarded event", touch, changes(session), dashboards),
            Kind("page load event, Dashboard", load, handled, dashboards),
            Kind("page load event, Task Management", load_tasks, handled, tasks),
            Kind("page load event, consent (writes)", load_consent, handled, consents),
            Kind("whole page load, Dashboard", ON_LOAD, hydrated, dashboards),
        ]
        took: dict[str, list[float]] = {kind.name: [] for kind in kinds}
        for turn in range(ROUNDS):
            for kind in kinds:
                # Sockets with two kinds of event take half of the turns for each: the edge's allowance is for both.
                for wire in kind.wires[turn % 2 :: 2]:
                    took[kind.name] += [MS * await wire.ask(kind.event, kind.ready) for _ in range(EACH)]
    noop, page = took["bare"], took["bare page"]
    six = Limit(most_times=6)
    return [
        result("guarded event", took["guarded event"], "ms", noop),
        *(result(kind.name, took[kind.name], "ms", noop, six) for kind in kinds[3:5]),
        result(kinds[5].name, took[kinds[5].name], "ms", noop),
        result(kinds[6].name, took[kinds[6].name], "ms", page),
    ]


async def _crowd(stage: Stage) -> list[Result]:
    """Fifty at once, each asking again as soon as it is answered."""
    load, _ = _handler(DashboardState, "load")
    ours: list[tuple[float, float, float]] = []
    theirs: list[tuple[float, float, float]] = []
    async with AsyncExitStack() as open_:
        crowd = stage.visitors[60 : 60 + CROWD]
        portal = [await _open(open_, stage, visitor, routes.DASHBOARD) for visitor in crowd]
        plain = [await _open_bare(open_, stage, bare.HOME) for _ in range(CROWD)]
        for _ in range(CROWD_ROUNDS):
            # The bare application goes at the pace that it can; the portal's edge lets 1,500 a second through.
            theirs.append(await _rush(plain, bare.TICK, changes(bare.STATE), stage.bare.pid))
            ours.append(await _rush(portal, load, handled, stage.portal.pid or 0))
    rates, costs, tails = zip(*ours, strict=True)
    bare_rates, bare_costs, bare_tails = zip(*theirs, strict=True)
    return [
        result("page load events a second, 50 connections", rates, "/s", bare_rates, Limit(least=400)),
        result("processor time of a page load event", costs, "ms", bare_costs, Limit(most_times=6)),
        result("95 of 100 page load events within, 50 connections", tails, "ms", bare_tails),
    ]


async def _rush(wires: Sequence[Wire], event: str, ready: Ready, pid: int) -> tuple[float, float, float]:
    """Events a second, processor milliseconds of the server for each, and the 95th percentile of their time."""
    took: list[float] = []
    end = time.perf_counter() + CROWD_SECONDS

    async def keep_asking(wire: Wire) -> None:
        while time.perf_counter() < end:
            took.append(MS * await wire.ask(event, ready))

    started, before = time.perf_counter(), processor_seconds(pid)
    await asyncio.gather(*map(keep_asking, wires))
    spent, passed = processor_seconds(pid) - before, time.perf_counter() - started
    return len(took) / passed, MS * spent / len(took), statistics.quantiles(took, n=20)[-1]


def processor_seconds(pid: int) -> float:
    """What a process and its children have used so far."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


async def _signing(stage: Stage) -> list[Result]:
    """A drawn signature, from the event to the answer that it is signed; the document is made afterwards."""
    pad = json.loads(PADS.read_text())["Amelia Hart"]
    ink = json.dumps({"strokes": pad["data"], "width": pad["width"], "height": pad["height"]})
    sign, state = _handler(ConsentState, "sign")
    took, noop, signers = [], [], stage.visitors[120:144]
    async with AsyncExitStack() as open_:
        plain = await _open_bare(open_, stage, bare.HOME)
        for visitor in signers:
            form_id = visitor.forms[0]
            wire = await _open(open_, stage, visitor, f"/consent/{form_id}/sign")
            payload: dict[str, Any] = {"form": {"ink": ink, "intent": True}}
            took.append(MS * await wire.ask(sign, _signed(state), payload))
            noop += [MS * await plain.ask(bare.TICK, changes(bare.STATE)) for _ in range(3)]
    with open_work(SYSTEM, write=False) as work:
        asked = [visitor.forms[0] for visitor in signers]
        signed = work.db.exec(select(Signature.id).where(col(Signature.form_id).in_(asked))).all()
    if len(signed) != len(asked):
        raise AssertionError(f"{len(asked)} consents were to be signed, {len(signed)} were")
    return [result("sign event, drawn (writes)", took, "ms", noop)]


def _signed(state: str) -> Ready:
    """The answer that the work is over; whether it was signed is asked of the database."""
    changed = changes(state, "busy")

    def ready(frame: Frame) -> bool:
        return changed(frame) and not any(
            value for name, value in frame["delta"][state].items() if name.split("_rx_state_")[0] == "busy"
        )

    return ready


async def _open(open_: AsyncExitStack, stage: Stage, visitor: Visitor, path: str) -> Wire:
    wire = Wire(stage.portal.url, cookie=visitor.cookie, path=path, address=visitor.address)
    await open_.enter_async_context(wire)
    await wire.open_page()
    return wire


async def _open_bare(open_: AsyncExitStack, stage: Stage, path: str) -> Wire:
    wire = await open_.enter_async_context(Wire(stage.bare.url, path=path))
    await wire.open_page()
    return wire
