"""The edge: cookies stop here, foreign origins and floods are turned away, every answer wears its headers."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from portal.http.edge import FRAMES_BURST, Edge, content_security_policy, script_hashes
from portal.security.sessions import session_hash
from portal.settings import Settings

SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]
LIVE = Settings(  # pyright: ignore[reportCallIssue]
    PORTAL_ENV="production",
    PORTAL_PUBLIC_URL="https://portal.example.com",
    PORTAL_SMS="off",
    PORTAL_EMAIL="smtp",
    SMTP_HOST="mail.example.com",
    PORTAL_EMAIL_FROM="codes@example.com",
    PORTAL_PAYMENTS="off",
)


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(dict(request.headers))


async def page(_request: Request) -> HTMLResponse:
    return HTMLResponse("<script>let a=1</script>")


def client(settings: Settings = SETTINGS, static: Path = Path("/nonexistent")) -> TestClient:
    app = Starlette(routes=[Route("/echo", echo, methods=["GET", "POST"]), Route("/page", page)])
    return TestClient(Edge(app, settings, static), base_url=settings.public_url)


def test_the_application_sees_hashes_never_cookies() -> None:
    seen = client().get("/echo", headers={"cookie": "portal_session=secret-token; portal_browser=b; other=1"}).json()
    assert "cookie" not in seen
    assert "secret-token" not in repr(seen)
    assert seen["x-portal-session"] == session_hash("secret-token")
    assert seen["x-portal-browser"]


def test_nobody_brings_a_hash_along() -> None:
    forged = {"x-portal-session": session_hash("stolen"), "X-Portal-Browser": "b"}
    seen = client().get("/echo", headers=forged).json()
    assert "x-portal-session" not in seen
    assert seen["x-portal-browser"] != "b"


@pytest.mark.parametrize(
    "cookie", ["portal_session=" + "x" * 5000, 'portal_session="; bad', "\x00=1", "=;=;portal_session"]
)
def test_broken_cookies_are_no_cookies(cookie: str) -> None:
    answer = client().get("/echo", headers={"cookie": cookie})
    assert answer.status_code == 200
    assert "x-portal-session" not in answer.json()


def test_a_page_gives_the_browser_its_own_cookie_once() -> None:
    browser = client()
    given = browser.get("/page").headers["set-cookie"]
    assert given.startswith("portal_browser=")
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "set-cookie" not in browser.get("/page").headers
    assert "set-cookie" not in client().get("/echo").headers


def test_cookies_are_secure_on_https() -> None:
    assert "Secure" in client(LIVE).get("/page").headers["set-cookie"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "http://127.0.0.1:9"]
)
def test_other_sites_cannot_post(origin: str) -> None:
    assert client().post("/echo", headers={"origin": origin}).status_code == 403


def test_our_own_pages_can_post() -> None:
    assert client().post("/echo", headers={"origin": "http://testserver"}).status_code == 200
    assert client(LIVE).post("/echo", headers={"origin": "https://portal.example.com"}).status_code == 200
    assert client(LIVE).post("/echo", headers={"origin": "http://portal.example.com"}).status_code == 403
    assert client().post("/echo", headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("length", ["64001", "-1", "1e9", "x"])
def test_large_and_nonsensical_bodies_are_refused(length: str) -> None:
    assert client().post("/echo", content=b"x", headers={"content-length": length}).status_code in (400, 413)


def test_every_answer_wears_the_headers() -> None:
    for path in ("/page", "/echo", "/missing"):
        headers = client(LIVE).get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"].startswith("max-age=31536000")


def test_the_policy_has_the_hash_of_each_inline_script(tmp_path: Path) -> None:
    (tmp_path / "login").mkdir()
    (tmp_path / "login" / "index.html").write_text('<script>let a=1</script><script src="/x.js"></script>')
    policy = client(static=tmp_path).get("/page").headers["content-security-policy"]
    assert script_hashes([b"<script>let a=1</script>"])[0] in policy
    assert script_hashes([b'<script src="/x.js"></script>']) == []
    assert "script-src 'self'" in content_security_policy(SETTINGS, [])


def test_a_body_without_an_announced_length_is_bounded_too() -> None:
    async def swallow(request: Request) -> JSONResponse:
        return JSONResponse(len(await request.body()))

    app = Starlette(routes=[Route("/swallow", swallow, methods=["POST"])])
    browser = TestClient(Edge(app, SETTINGS, Path("/nonexistent")), raise_server_exceptions=False)
    assert browser.post("/swallow", content=iter([b"x" * 1000] * 3)).json() == 3000
    assert browser.post("/swallow", content=iter([b"x" * 1000] * 300)).status_code != 200


Message = MutableMapping[str, Any]


def socket(edge: Edge, headers: list[tuple[bytes, bytes]], frames: int = 0, size: int = 10) -> list[Message]:
    """Open a socket at the edge, send so many frames, and return what the application behind it received."""
    received: list[Message] = []

    async def application(_scope: Any, receive: Callable[[], Awaitable[Message]], _send: Any) -> None:
        while True:
            message = await receive()
            received.append(message)
            if message["type"] == "websocket.disconnect":
                return

    async def run() -> None:
        waiting: list[Message] = [{"type": "websocket.connect"}]
        waiting += [{"type": "websocket.receive", "text": "x" * size}] * frames
        waiting += [{"type": "websocket.disconnect", "code": 1000}]

        async def receive() -> Message:
            return waiting.pop(0)

        async def send(message: Message) -> None:
            received.append(message)

        edge.app = application
        await edge(
            {"type": "websocket", "headers": headers, "client": ("192.0.2.7", 1), "path": "/_event"}, receive, send
        )

    asyncio.run(run())
    return received


def test_a_socket_from_another_site_is_closed_unheard() -> None:
    edge = Edge(Starlette(), SETTINGS, Path("/nonexistent"))
    assert socket(edge, [(b"origin", b"https://evil.example")]) == [{"type": "websocket.close", "code": 1008}]
    assert socket(edge, [(b"origin", b"http://testserver")])[0]["type"] == "websocket.connect"


def test_a_flood_of_frames_ends_the_socket() -> None:
    received = socket(Edge(Starlette(), SETTINGS, Path("/nonexistent")), [], frames=1000)
    assert received[-1] == {"type": "websocket.disconnect", "code": 1008}
    assert len(received) <= FRAMES_BURST + 3


def test_a_flood_of_bytes_ends_the_socket() -> None:
    received = socket(Edge(Starlette(), SETTINGS, Path("/nonexistent")), [], frames=20, size=500_000)
    assert received[-1] == {"type": "websocket.disconnect", "code": 1008}
    assert len(received) < 10


def test_too_many_sockets_of_one_address_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    edge = Edge(Starlette(), SETTINGS, Path("/nonexistent"))
    edge.by_address["192.0.2.7"] = 10_000
    assert socket(edge, [])[0] == {"type": "websocket.close", "code": 1008}
    edge.by_address.clear()
    assert socket(edge, [])[0]["type"] == "websocket.connect"
    assert not edge.by_address, "a closed socket is no longer counted"
