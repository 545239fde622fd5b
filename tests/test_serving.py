"""One build for every address, made anew only when it must be."""

import socket
from pathlib import Path

import pytest

from portal import serving

CHUNK = (
    "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,TRANSPORT:`websocket`};export{e as t};"
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    return tmp_path


def test_the_build_calls_the_address_it_was_loaded_from(built: Path) -> None:
    chunk = built / "assets" / "reflex-env-abc.js"
    chunk.write_text(CHUNK)
    serving.SameOrigin().post_build(static_dir=built)
    assert chunk.read_text() == (
        'var e={PING:location.origin+"/ping",EVENT:location.origin.replace(/^http/,"ws")+"/_event",'
        "TRANSPORT:`websocket`};export{e as t};"
    )


def test_a_reflex_that_writes_no_such_chunk_stops_the_build(built: Path) -> None:
    with pytest.raises(RuntimeError, match="no reflex-env chunk"):
        serving.SameOrigin().post_build(static_dir=built)


def test_a_reflex_that_writes_it_differently_stops_the_build(built: Path) -> None:
    (built / "assets" / "reflex-env-abc.js").write_text("var e=somewhere()")
    with pytest.raises(RuntimeError, match="holds no backend address"):
        serving.SameOrigin().post_build(static_dir=built)


def test_pages_show_before_their_scripts_arrive(built: Path) -> None:
    page = built / "login" / "index.html"
    page.parent.mkdir()
    page.write_text('<link href="/a.css" rel="preload"/><link rel="modulepreload" href="/assets/root.js"/>')
    serving.PaintFirst().post_build(static_dir=built)
    assert page.read_text() == (
        '<link href="/a.css" rel="preload"/><link fetchpriority="low" rel="modulepreload" href="/assets/root.js"/>'
    )


def test_a_reflex_that_preloads_no_scripts_stops_the_build(built: Path) -> None:
    (built / "index.html").write_text("<main></main>")
    with pytest.raises(RuntimeError, match="preload no scripts"):
        serving.PaintFirst().post_build(static_dir=built)


def test_what_a_build_is_made_from_changes_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "ROOT", tmp_path)
    (tmp_path / "portal" / "__pycache__").mkdir(parents=True)
    source = tmp_path / "portal" / "page.py"
    source.write_text("one")
    first = serving.digest()
    (tmp_path / "portal" / "__pycache__" / "page.pyc").write_text("compiled")
    assert serving.digest() == first
    assert serving.digest(["production"]) != first
    source.write_text("two")
    assert serving.digest() != first


def test_a_taken_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serving.serve("127.0.0.1", taken.getsockname()[1])
