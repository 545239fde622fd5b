"""A bare socket, as an attacker has it: any handler, any arguments, any cookie."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio

NAMESPACE = "/_event"


class BareSocket:
    """An open socket to a portal. `frames` is everything the server sent on it."""

    def __init__(
        self,
        url: str,
        *,
        cookies: dict[str, str] | None = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.token = token or str(uuid.uuid4())
        self.frames: list[Any] = []
        self._client = socketio.Client(reconnection=False)
        self._client.on("*", self._note, namespace=NAMESPACE)
        cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        self._client.connect(
            f"{url}?token={self.token}",
            headers={**(headers or {}), **({"Cookie": cookie} if cookie else {})},
            namespaces=[NAMESPACE],
            socketio_path="/_event",
            transports=["websocket"],
            wait_timeout=5,
        )

    def _note(self, event: str, *data: Any) -> None:
        self.frames.append((event, data))

    def call(self, name: str, payload: Any = None, path: str = "/dashboard", wait: float = 0.15) -> list[Any]:
        """Call one handler and return the frames that came within `wait` seconds of the last one."""
        before = len(self.frames)
        self.send(name, payload, path)
        self.settle(wait)
        return self.frames[before:]

    def send(self, name: str, payload: Any = None, path: str = "/dashboard") -> None:
        """Call one handler and do not wait."""
        event = {
            "name": name,
            "payload": {} if payload is None else payload,
            "token": self.token,
            "router_data": {"pathname": path, "query": {}, "asPath": path},
        }
        self.raw(f"2{NAMESPACE},{json.dumps(['event', event])}")  # in ASCII, so that half a letter gets through as well

    def raw(self, packet: str) -> None:
        """Send a packet of the protocol as it is written here, whatever it is."""
        self._client.eio.send(packet)

    def settle(self, quiet: float = 0.15, most: float = 5.0) -> None:
        """Wait until nothing has come for `quiet` seconds."""
        seen, since, start = len(self.frames), time.monotonic(), time.monotonic()
        while time.monotonic() - since < quiet and time.monotonic() - start < most:
            time.sleep(0.01)
            if len(self.frames) != seen:
                seen, since = len(self.frames), time.monotonic()

    @property
    def connected(self) -> bool:
        """Whether the server still holds the line."""
        return NAMESPACE in self._client.namespaces and self._client.connected

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()


@contextmanager
def bare_socket(url: str, **options: Any) -> Iterator[BareSocket]:
    """Open a socket for the length of a block."""
    opened = BareSocket(url, **options)
    try:
        yield opened
    finally:
        opened.close()
