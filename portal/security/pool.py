"""Where blocking work runs: the event loop never waits for a database, a hash or a vendor."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# As many as the database pool has connections at hand; more would only wait for one another.
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="portal")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function in the bounded pool and wait for it without blocking anybody."""
    return await asyncio.get_running_loop().run_in_executor(_pool, partial(function, *args, **kwargs))
