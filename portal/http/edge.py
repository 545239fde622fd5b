"""The edge: what every request and every frame passes first.

- Cookies stop here. The session and browser cookies become keyed hashes in two private headers, so that Reflex, its
  state, its logs and the browser's scripts never see a token.
- Security headers on every answer, with a Content-Security-Policy that has the hash of each inline script of the built
  pages: no `unsafe-inline`, no `unsafe-eval` for scripts.
- Origins are checked for sockets and for everything that changes something.
- Sockets per address and session, frames per second and bytes are bounded.
"""

import base64
import hashlib
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import routes
from portal.metrics import REFUSED, SOCKETS
from portal.security.keys import keyed_hash
from portal.security.sessions import BROWSER_COOKIE, COOKIE, session_hash
from portal.security.staff_sessions import COOKIE as STAFF_COOKIE
from portal.settings import Settings

PRIVATE_HEADERS = (b"x-portal-session", b"x-portal-browser", b"x-portal-staff")
BROWSER_COOKIE_SECONDS = 180 * 24 * 3600

SOCKETS_PER_ADDRESS = 200  # a practice's waiting room shares one address
SOCKETS_PER_SESSION = 20  # tabs
FRAMES_PER_SECOND, FRAMES_BURST = 30.0, 120.0
BYTES_PER_SECOND, BYTES_BURST = 200_000.0, 2_000_000.0
LARGEST_BODY = 64_000  # bytes; nothing that is posted to the portal is larger, but
LARGEST_PHOTO = 10_100_000  # a photograph, whose own limit (`gateways.images`) has words for the person
LARGEST_DOCUMENT = 64_000_000  # a document to check, hashed as it arrives; over 30 MB `http.verify` has words for it

SIGNED = frozenset({routes.OPT_OUTS, routes.TWILIO_INBOUND})  # by the sender, which counts there instead of an origin

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def script_hashes(pages: Iterable[bytes]) -> list[str]:
    """The Content-Security-Policy sources of all inline scripts in the given pages, sorted."""
    scripts = {script for page in pages for script in _INLINE_SCRIPT.findall(page)}
    return sorted(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


def content_security_policy(settings: Settings, hashes: Iterable[str]) -> str:
    """The policy of every page."""
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings.origins)
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": f"'self' {sockets}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    if settings.secure_cookies:
        rules["upgrade-insecure-requests"] = ""
    return "; ".join(f"{name} {value}".strip() for name, value in rules.items())


class Edge:
    """ASGI wrapper around the whole application; see the module's first lines."""

    def __init__(self, app: ASGIApp, settings: Settings, static_dir: Path) -> None:
        self.app = app
        self.settings = settings
        pages = [page.read_bytes() for page in static_dir.rglob("*.html")] if static_dir.is_dir() else []
        self.headers = {
            "content-security-policy": content_security_policy(settings, script_hashes(pages)),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(self), usb=()",
        }
        if settings.secure_cookies:
            self.headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
        self.by_address: Counter[str] = Counter()
        self.by_session: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        new_browser = "" if _cookie(headers, BROWSER_COOKIE) else secrets.token_urlsafe(24)
        scope = self._without_cookies(scope, headers, new_browser)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    answer.setdefault(name, value)
                page = answer.get("content-type", "").startswith("text/html")
                if new_browser and page:
                    answer.append("set-cookie", self.browser_cookie(new_browser))
            await send(message)

        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            if scope["path"] not in SIGNED and not self._same_origin(headers):
                REFUSED.labels(why="origin").inc()
                await PlainTextResponse("This request came from another site.", 403)(scope, receive, dressed)
                return
            length, largest = headers.get("content-length", "0"), _largest(scope["path"])
            if not length.isdigit() or int(length) > largest:
                REFUSED.labels(why="size").inc()
                await PlainTextResponse("That is too large.", 413)(scope, receive, dressed)
                return
            receive = _bounded(receive, largest)
        await self.app(scope, receive, dressed)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        scope = self._without_cookies(scope, headers, "")
        peer = str((scope.get("client") or ("unknown",))[0])
        address = person_address(headers, peer, self.settings.trusted_proxy_hops)
        session = next(
            (value.decode() for name, value in scope["headers"] if name in (PRIVATE_HEADERS[2], PRIVATE_HEADERS[0])), ""
        )
        crowded = self.by_address[address] >= SOCKETS_PER_ADDRESS or (
            session and self.by_session[session] >= SOCKETS_PER_SESSION
        )
        if crowded or not self._same_origin(headers):
            REFUSED.labels(why="sockets" if crowded else "origin").inc()
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        self.by_address[address] += 1
        self.by_session[session] += bool(session)
        SOCKETS.inc()
        try:
            await self.app(scope, _Metered(receive).receive, send)
        finally:
            SOCKETS.dec()
            for counter, key in ((self.by_address, address), (self.by_session, session)):
                counter[key] -= 1
                if counter[key] <= 0:
                    del counter[key]

    def browser_cookie(self, value: str) -> str:
        """The cookie that tells one browser from another during a log-in; it holds no person."""
        return _set_cookie(BROWSER_COOKIE, value, self.settings, BROWSER_COOKIE_SECONDS)

    def _without_cookies(self, scope: Scope, headers: Headers, new_browser: str) -> Scope:
        kept = [(name, value) for name, value in scope["headers"] if name != b"cookie" and name not in PRIVATE_HEADERS]
        token, browser = _cookie(headers, COOKIE), _cookie(headers, BROWSER_COOKIE) or new_browser
        if token:
            kept.append((PRIVATE_HEADERS[0], session_hash(token).encode()))
        if staff := _cookie(headers, STAFF_COOKIE):
            kept.append((PRIVATE_HEADERS[2], session_hash(staff).encode()))
        if browser:
            kept.append((PRIVATE_HEADERS[1], keyed_hash("browser", browser).encode()))
        return {**scope, "headers": kept}

    def _same_origin(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:  # not a browser, or a same-origin navigation
            return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        if origin.rstrip("/") in self.settings.origins:
            return True
        host = headers.get("host", "")
        return not self.settings.production and urlsplit(origin).netloc == host and _loopback(host)


class _Metered:
    """A socket's receiving side with two allowances that refill: frames and bytes. Overdrawn, the socket is closed."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._frames, self._bytes, self._at = FRAMES_BURST, BYTES_BURST, time.monotonic()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        now = time.monotonic()
        passed, self._at = now - self._at, now
        size = len(message.get("text") or message.get("bytes") or "")
        self._frames = min(FRAMES_BURST, self._frames + passed * FRAMES_PER_SECOND) - 1
        self._bytes = min(BYTES_BURST, self._bytes + passed * BYTES_PER_SECOND) - size
        if self._frames < 0 or self._bytes < 0:
            REFUSED.labels(why="flood").inc()
            return {"type": "websocket.disconnect", "code": 1008}
        return message


def _largest(path: str) -> int:
    if path == routes.VERIFICATION:
        return LARGEST_DOCUMENT
    return LARGEST_PHOTO if path.startswith(f"{routes.PHOTOS}/forms/") else LARGEST_BODY


def _bounded(receive: Receive, largest: int) -> Receive:
    """A body that never grows beyond the limit, whatever length was announced or not: beyond it the sender is gone."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= largest else {"type": "http.disconnect"}

    return limited


def person_address(headers: Headers, peer: str, hops: int) -> str:
    """The network address of the person: the trusted proxies' word for it where there are any, else the `peer`'s."""
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    return forwarded[-hops] if hops and len(forwarded) >= hops else peer


def session_cookie(token: str, settings: Settings) -> str:
    """The Set-Cookie value that signs a browser in: HttpOnly, SameSite=Lax, Secure on https, gone with the browser."""
    return _set_cookie(COOKIE, token, settings, None)


def no_session_cookie(settings: Settings) -> str:
    """The Set-Cookie value that takes the session cookie away."""
    return _set_cookie(COOKIE, "", settings, 0)


def staff_cookie(token: str, settings: Settings) -> str:
    """The Set-Cookie value that signs a member of staff in; SameSite=Strict: no link from elsewhere opens the door."""
    return _set_cookie(STAFF_COOKIE, token, settings, None).replace("SameSite=Lax", "SameSite=Strict")


def no_staff_cookie(settings: Settings) -> str:
    """The Set-Cookie value that takes it away."""
    return _set_cookie(STAFF_COOKIE, "", settings, 0)


def _set_cookie(name: str, value: str, settings: Settings, seconds: int | None) -> str:
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if settings.secure_cookies:
        parts.append("Secure")
    return "; ".join(parts)


def _cookie(headers: Headers, name: str) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    value = morsel.value if morsel else ""
    return value if len(value) <= 128 else ""


def _loopback(host: str) -> bool:
    return host.rsplit(":", 1)[0] in ("127.0.0.1", "localhost", "[::1]")
