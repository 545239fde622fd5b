"""Pages come without a redirect, and browsers keep what never changes."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from portal.http.frontend import A_WEEK, ASK_FIRST, FOREVER, FrontendFiles


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    for name in (
        "index.html",
        "login/index.html",
        "staff/login/index.html",
        "assets/app-1a2b.js",
        "fonts/sans.woff2",
        "robots.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    files = Starlette(routes=[Mount("/", StaticFiles(directory=tmp_path, html=True))])
    transport = httpx.ASGITransport(FrontendFiles(files, tmp_path))
    return httpx.AsyncClient(transport=transport, base_url="http://portal.example")


@pytest.mark.parametrize("address", ["/login", "/login/", "/staff/login", "/"])
async def test_a_page_is_served_at_once(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)
    assert answer.status_code == 200
    assert answer.text == f"{address.strip('/')}/index.html".lstrip("/")


@pytest.mark.parametrize(
    ("address", "lifetime"),
    [("/login", ASK_FIRST), ("/assets/app-1a2b.js", FOREVER), ("/fonts/sans.woff2", A_WEEK), ("/robots.txt", None)],
)
async def test_how_long_a_browser_keeps_it(client: httpx.AsyncClient, address: str, lifetime: str | None) -> None:
    assert (await client.get(address)).headers.get("cache-control") == lifetime


@pytest.mark.parametrize("address", ["/assets/gone.js", "/nothing"])
async def test_what_is_not_there_is_not_kept(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers
