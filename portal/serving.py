"""Build the frontend once, then serve it and the portal from one process on one port.

What was found about Reflex here, and why it is done this way, is in docs/decisions/0002-serving.md.
"""

import fcntl
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("portal", "assets", "rxconfig.py", "requirements.txt")
LOCK = ("reflex.lock",)  # read by a build, and written by it when the sources ask for another package
APP = "portal.portal:app"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

_ADDRESS = re.compile(r"""(["'`])(?P<scheme>http|ws)s?://[^/"'`]+(?P<path>/[^"'`]*)\1""")

_SCRIPT_PRELOAD = re.compile(r'<link (?P<rest>rel="modulepreload")')


class SameOrigin(Plugin):
    """Makes the built frontend call the address it was loaded from, so that one build serves any host and port.

    Reflex writes the backend's address, port included, into one small chunk of the build.
    """

    def post_build(self, **context: Any) -> None:
        """Rewrite that chunk; raise RuntimeError when Reflex no longer writes it the way it did."""
        chunks = list((context["static_dir"] / "assets").glob("reflex-env-*.js"))
        if not chunks:
            raise RuntimeError("The build has no reflex-env chunk: see where this Reflex keeps the backend's address.")
        for chunk in chunks:
            text, found = _ADDRESS.subn(_relative_to_page, chunk.read_text())
            if not found:
                raise RuntimeError(f"{chunk.name} holds no backend address: see how this Reflex writes it.")
            chunk.write_text(text)


class PaintFirst(Plugin):
    """Lets the stylesheet and the typefaces of a page arrive before its scripts: the HTML is whole, and shows as soon
    as it is dressed. Left alone, browsers fetch all at once, and on a slow line the page waits for what moves it.
    """

    def post_build(self, **context: Any) -> None:
        """Mark the script preloads of every built page; raise RuntimeError when a build has none."""
        found = 0
        for page in context["static_dir"].rglob("*.html"):
            text, marked = _SCRIPT_PRELOAD.subn(r'<link fetchpriority="low" \g<rest>', page.read_text())
            found += marked
            page.write_text(text)
        if not found:
            raise RuntimeError("The built pages preload no scripts: see how this Reflex asks for them.")


def _relative_to_page(address: re.Match[str]) -> str:
    origin = "location.origin" if address["scheme"] == "http" else 'location.origin.replace(/^http/,"ws")'
    return f'{origin}+"{address["path"]}"'


def web_dir() -> Path:
    """Where the frontend is built."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR") or ROOT / ".web")


def digest(also: Iterable[str] = (), names: Iterable[str] = SOURCES) -> str:
    """SHA-256 over what a build is made from; `also` says what lies outside the files, such as settings."""
    total = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for word in also:
        total.update(b"\0" + word.encode())
    for path in sorted(_files(names)):
        total.update(b"\0" + str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = ROOT / name
        yield from (part for part in path.rglob("*") if part.is_file() and "__pycache__" not in part.parts)
        if path.is_file():
            yield path


def build(also: Iterable[str] = ()) -> bool:
    """Build the frontend unless what stands there is made from the same sources. Return whether it was built.

    Raises RuntimeError with the tail of the log when the build fails.
    """
    sources, stamp = digest(also), web_dir() / "build" / "portal.sha256"  # Reflex empties `build` before it builds
    with _locked(web_dir()):
        if stamp.is_file() and stamp.read_text() == sources + digest(names=LOCK):
            return False
        done = subprocess.run(
            [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"],
            cwd=ROOT,
            env=_environment() | _npm_registry(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise RuntimeError("The frontend could not be built:\n" + "\n".join(done.stdout.splitlines()[-40:]))
        stamp.write_text(sources + digest(names=LOCK))
    return True


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve pages, socket and our HTTP routes until a signal ends it; a worker that dies is replaced.

    Raises OSError when the port is taken: the server would share it silently with whoever has it.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
    os.chdir(ROOT)
    os.environ.update(_environment())
    os.environ.update({"__REFLEX_SKIP_COMPILE": "true", "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"})
    Server(
        APP,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def _environment() -> dict[str, str]:
    """Ours, in production mode, with the virtual environment's node and bun first, and no calls home."""
    return _certificates() | {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }


def _certificates() -> dict[str, str]:
    """node and bun trust a list of their own; what this system trusts besides (a company's proxy) is added."""
    return {"NODE_EXTRA_CA_CERTS": str(SYSTEM_CERTIFICATES)} if SYSTEM_CERTIFICATES.is_file() else {}


def _npm_registry() -> dict[str, str]:
    """The registry npm is set up for; Reflex would otherwise time several and might choose another."""
    npm = shutil.which("npm", path=_environment()["PATH"])
    if npm is None or "NPM_CONFIG_REGISTRY" in os.environ:
        return {}
    asked = subprocess.run([npm, "config", "get", "registry"], capture_output=True, text=True, env=_environment())
    return {"NPM_CONFIG_REGISTRY": asked.stdout.strip()} if asked.returncode == 0 and asked.stdout.strip() else {}


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One build at a time for each build directory; the second waits and then finds the first one's result."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".portal-build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
