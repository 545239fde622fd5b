"""Manners for the built frontend: no redirect in front of a page, and files that never change are kept."""

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOREVER = "public, max-age=31536000, immutable"  # files under /assets carry a hash of their content in their name
A_WEEK = "public, max-age=604800"
ASK_FIRST = "no-cache"  # pages: kept, but the server is asked whether they changed

KEPT_A_WEEK = ("/fonts/", "/icons/", "/favicon")


class FrontendFiles:
    """ASGI wrapper for `rx.App(api_transformer=...)`, outside everything that answers for the frontend.

    A prerendered page lies in a directory, so the file server answers `/login` with a redirect to `http://…/login/`:
    one more round trip, and the wrong scheme behind a proxy that ends TLS.
    """

    def __init__(self, app: ASGIApp, static_dir: Path) -> None:
        self.app = app
        pages = static_dir.rglob("index.html")
        self.pages = frozenset(f"/{page.parent.relative_to(static_dir).as_posix()}" for page in pages) - {"/."}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def with_lifetime(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 206, 304):
                headers = MutableHeaders(scope=message)
                if lifetime := _lifetime(path, headers.get("content-type", "")):
                    headers.setdefault("cache-control", lifetime)
            await send(message)

        if path in self.pages:
            scope = {**scope, "path": f"{path}/"}
        await self.app(scope, receive, with_lifetime)


def _lifetime(path: str, content_type: str) -> str | None:
    if path.startswith("/assets/"):
        return FOREVER
    if path.startswith(KEPT_A_WEEK):
        return A_WEEK
    return ASK_FIRST if content_type.startswith("text/html") else None
