"""Getting in over a bare socket: no browser, no manners. What an attacker does, as fast as the server lets them."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.support.captcha import solve
from tests.support.portal_server import PortalServer
from tests.support.sockets import BareSocket

ANSWERED = "'busy_rx_state_': False"
LOGIN = "reflex___state____state.portal___state___public___login____login_state"


class Visitor:
    """A tab on the log-in page. `browser` is its browser's cookie; `frames` holds what came of the last act."""

    def __init__(self, server: PortalServer, *, browser: str = "", token: str | None = None, address: str = "") -> None:
        self.server = server
        self.browser = browser or secrets.token_urlsafe(12)
        headers = {"X-Forwarded-For": address} if address else {}
        self.socket = BareSocket(server.url, cookies={"portal_browser": self.browser}, token=token, headers=headers)
        self.frames: list[Any] = self.socket.call("reflex___state____state.hydrate_and_load", path="/login", wait=0.3)

    def solved(self) -> str:
        """A CAPTCHA, solved."""
        return solve(httpx.get(f"{self.server.url}/captcha/challenge").json())

    def act(self, handler: str, payload: dict[str, Any] | None = None, until: str = "", seconds: float = 5) -> str:
        """Call a handler of the log-in page; returns what came back, as text, once `until` is there or time is up."""
        before = len(self.socket.frames)
        self.socket.send(f"{LOGIN}.{handler}", payload, path="/login")
        if until:
            end = time.monotonic() + seconds
            while time.monotonic() < end and until not in repr(self.socket.frames[before:]):
                time.sleep(0.0005)
        else:
            self.socket.settle(0.25)
        self.frames = self.socket.frames[before:]
        return repr(self.frames)

    def use(self, channel: str) -> None:
        """Use phone or email to log in."""
        self.act(f"use_{channel}")

    def ask(self, contact: str, payload: str = "", until: str = "'step_rx_state_'") -> str:
        """Send OTP."""
        form = {"contact": contact, "altcha": payload or self.solved()}
        return self.act("request", {"form": form}, until)

    def enter(self, code: str) -> str:
        """Enter a code and wait for what it says."""
        return self.act("enter_code", {"code": code}, ANSWERED, seconds=3)

    def try_another_way(self) -> str:
        """Try another way, and wait for what comes of it."""
        return self.act("try_another_way", until=ANSWERED)

    @property
    def ticket(self) -> str:
        """The ticket in what came back last, if there is one."""
        found = re.search(r"'ticket_rx_state_': '([^']+)'", repr(self.frames))
        return found[1] if found else ""

    def redeem(self, ticket: str, target: str = "/dashboard", browser: str | None = None) -> httpx.Response:
        """Exchange a ticket for a session over HTTP, as the page does."""
        return httpx.post(
            f"{self.server.url}/session",
            data={"ticket": ticket, "next": target},
            cookies={"portal_browser": self.browser if browser is None else browser},
            headers={"Origin": self.server.url},
        )


@contextmanager
def visitor(server: PortalServer, **how: Any) -> Iterator[Visitor]:
    """A visitor for the length of a block."""
    came = Visitor(server, **how)
    try:
        yield came
    finally:
        came.socket.close()
