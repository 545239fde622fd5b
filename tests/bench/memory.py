"""What an open session weighs: the growth of the whole process family while many are opened."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import psutil

from portal import routes
from tests.bench import bare
from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage, Visitor
from tests.bench.wire import Wire

WARM, COUNTED, MANY = 20, 200, 500
KB, MB = 1024.0, 1024.0**2


def measure(stage: Stage) -> list[Result]:
    """Both servers start anew for it: memory that was used and freed before would hide the growth."""
    stage.portal.stop()
    stage.portal.start()
    stage.bare.restart()
    return asyncio.run(_measure(stage))


async def _measure(stage: Stage) -> list[Result]:
    async with AsyncExitStack() as open_:

        async def visit(visitor: Visitor) -> None:
            wire = Wire(stage.portal.url, cookie=visitor.cookie, path=routes.DASHBOARD, address=visitor.address)
            await (await open_.enter_async_context(wire)).open_page()

        async def visit_bare(visitor: Visitor) -> None:
            wire = Wire(stage.bare.url, path=bare.SECOND, address=visitor.address)
            await (await open_.enter_async_context(wire)).open_page()

        async def growth(pid: int, come: Callable) -> float:
            for visitor in stage.visitors[:WARM]:
                await come(visitor)
            before = resident(pid)
            for visitor in stage.visitors[WARM : WARM + COUNTED]:
                await come(visitor)
            return (resident(pid) - before) / COUNTED / KB

        pid = stage.portal.pid or 0
        theirs, ours = await growth(stage.bare.pid, visit_bare), await growth(pid, visit)
        for visitor in stage.visitors[WARM + COUNTED : MANY]:
            await visit(visitor)
        total = resident(pid) / MB
    return [
        result("memory of a session", [ours], "KB", [theirs], Limit(most_times=1.6)),
        result("memory with 500 sessions", [total], "MB", limit=Limit(most=300)),
    ]


def resident(pid: int) -> float:
    """Bytes of a process and its children, once they have settled; what they share is counted once (PSS)."""
    time.sleep(0.5)
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in family))
