"""A tab without a browser: speaks Socket.IO over one WebSocket with as little work as possible, so that the server is
timed and not the one who asks."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self

import aiohttp

NAMESPACE = "/_event"
ON_LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
HYDRATE = "reflex___state____state.hydrate_and_load"
ROOT_STATE = "reflex___state____state"
MOST_SECONDS = 20.0

Frame = Mapping[str, Any]
Ready = Callable[[Frame], bool]


class Wire:
    """One open socket. `async with Wire(url, …) as wire: await wire.ask(name, ready)`."""

    def __init__(self, url: str, *, cookie: str = "", path: str = "/", address: str = "127.0.0.1") -> None:
        self.url, self.path, self.address = url, path, address
        self.headers = {"Cookie": cookie} if cookie else {}
        self.token = str(uuid.uuid4())
        self.received = 0  # characters
        self._sent = 0

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(self.address, 0)))
        address = f"{self.url}/_event/?token={self.token}&EIO=4&transport=websocket"
        self._socket = await self._http.ws_connect(address, headers=self.headers, max_msg_size=0)
        await self._socket.receive_str()  # the transport's greeting
        await self._socket.send_str(f"40{NAMESPACE},")
        while not (await self._socket.receive_str()).startswith(f"40{NAMESPACE}"):
            pass
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._http.close()

    async def open_page(self) -> None:
        """What a browser does first: ask for the whole state, then run the page's loaders."""
        await self.ask(HYDRATE, hydrated)

    async def ask(self, name: str, ready: Ready, payload: Mapping[str, Any] | None = None) -> float:
        """Send one event and wait for the frame that `ready` waits for; returns the seconds that took."""
        started = time.perf_counter()
        await self.send(name, payload)
        async with asyncio.timeout(MOST_SECONDS):
            while not ready(await self._frame()):
                pass
        return time.perf_counter() - started

    async def send(self, name: str, payload: Mapping[str, Any] | None = None) -> None:
        """Send one event and do not wait."""
        self._sent += 1
        # Another query each time: an event after which nothing is new is answered with its address at least.
        address = f"{self.path}?n={self._sent}"
        event = {
            "name": name,
            "payload": payload or {},
            "token": self.token,
            "router_data": {"pathname": self.path, "query": {}, "asPath": address},
        }
        await self._socket.send_str(f"42{NAMESPACE},{json.dumps(['event', event])}")

    async def _frame(self) -> Frame:
        while True:
            text = await self._socket.receive_str()
            self.received += len(text)
            if text == "2":
                await self._socket.send_str("3")
            elif text.startswith(f"42{NAMESPACE},"):
                return json.loads(text[len(NAMESPACE) + 3 :])[1]


def hydrated(frame: Frame) -> bool:
    """All of the page's loaders have run."""
    root = (frame.get("delta") or {}).get(ROOT_STATE, {})
    return any(name.startswith("is_hydrated") and value is True for name, value in root.items())


def handled(frame: Frame) -> bool:
    """The handler has run: the address of its event comes back with what it changed, if it changed anything."""
    return any(name.startswith("rx_router_url") for name in (frame.get("delta") or {}).get(ROOT_STATE, {}))


def changes(state: str, *names: str) -> Ready:
    """A frame that changes that state (and there one of those vars, when some are named)."""

    def ready(frame: Frame) -> bool:
        changed = (frame.get("delta") or {}).get(state)
        if changed is None:
            return False
        return not names or any(key.split("_rx_state_")[0] in names for key in changed)

    return ready
