"""Staff getting in over a bare socket, as an attacker or a machine would."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from pyotp.totp import TOTP

from portal import routes
from tests.support.captcha import solve
from tests.support.portal_server import PortalServer
from tests.support.sockets import BareSocket

LOGIN = "reflex___state____state.portal___state___staff___entering____staff_login_state"


class StaffVisitor:
    """A tab on the staff's log-in page."""

    def __init__(self, server: PortalServer) -> None:
        self.server, self.browser = server, secrets.token_urlsafe(12)
        self.socket = BareSocket(server.url, cookies={"portal_browser": self.browser})
        self.socket.call("reflex___state____state.hydrate_and_load", path=routes.STAFF_LOGIN, wait=0.4)

    def act(self, handler: str, payload: dict[str, Any] | None = None, until: str = "", seconds: float = 6) -> str:
        """Call a handler of the page; returns what came back, once `until` is there or nothing more comes."""
        before = len(self.socket.frames)
        self.socket.send(f"{LOGIN}.{handler}", payload, path=routes.STAFF_LOGIN)
        end = time.monotonic() + seconds
        while until and time.monotonic() < end and until not in repr(self.socket.frames[before:]):
            time.sleep(0.01)
        self.socket.settle(0.3)
        return repr(self.socket.frames[before:])

    def ask(self, email: str) -> str:
        """Send OTP; returns the code that was emailed."""
        known = self.server.known()
        solved = solve(httpx.get(f"{self.server.url}{routes.CAPTCHA_CHALLENGE}").json())
        answer = self.act("request", {"form": {"contact": email, "altcha": solved}}, "'step_rx_state_'")
        assert "'code'" in answer, answer
        return self.server.newest_code(known)

    def enter(self, code: str) -> str:
        """Enter the code of the step."""
        return self.act("enter", {"code": code}, "'busy_rx_state_': False")

    def totp(self, secret: str) -> str:
        """What an authenticator with this secret shows now."""
        return TOTP(secret).now()

    def redeem(self, ticket: str, target: str = "") -> httpx.Response:
        """Exchange a ticket for the cookie, as the page does."""
        return httpx.post(
            f"{self.server.url}{routes.STAFF_SESSION}",
            data={"ticket": ticket, "next": target},
            cookies={"portal_browser": self.browser},
            headers={"Origin": self.server.url},
        )


@contextmanager
def staff_visitor(server: PortalServer) -> Iterator[StaffVisitor]:
    """A visitor for the length of a block."""
    came = StaffVisitor(server)
    try:
        yield came
    finally:
        came.socket.close()
