"""The yardstick: a Reflex application that does nothing, built and served the way the portal is.

It has one event that changes one number (without a change Reflex answers nothing, and there would be nothing to time),
an empty Tailwind page, and a second page that loads with that event and forgets when it is left. All else is what
Reflex gives.
"""

import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from portal.serving import ROOT, digest
from portal.serving import _npm_registry as npm_registry
from tests.support import processes

STATE = "reflex___state____state.bare___bare____bare_state"
TICK = f"{STATE}.tick"
HOME, SECOND = "/", "/second"

CONFIG = """
import shutil
from pathlib import Path

import reflex as rx

from portal.serving import SameOrigin

config = rx.Config(
    app_name="bare",
    state_manager_mode="memory",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    bun_path=Path(shutil.which("bun")),
    frontend_compression_formats=["gzip", "brotli"],
    plugins=[SameOrigin(), rx.plugins.TailwindV4Plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
"""

APPLICATION = """
from pathlib import Path

import reflex as rx

from portal.http.frontend import FrontendFiles


class BareState(rx.State):
    n: int = 0

    @rx.event
    async def tick(self):
        self.n += 1

    @rx.event
    async def forget(self):
        self.n = 0


def home():
    return rx.el.main(
        rx.el.h1("Bare", class_name="text-2xl"),
        rx.el.button(BareState.n, id="tick", on_click=BareState.tick),
        rx.el.a("Second", href="/second", id="second"),
    )


def second():
    data = rx.cond(BareState.n > 0, rx.el.p(BareState.n, id="data"))
    return rx.el.main(rx.el.h1("Second"), data, on_unmount=BareState.forget)


app = rx.App(api_transformer=lambda app: FrontendFiles(app, Path(".web/build/client").absolute()))
app.add_page(home, route="/", title="Bare")
app.add_page(second, route="/second", title="Second", on_load=BareState.tick)
"""

SERVE = """
import sys

from granian.constants import Interfaces
from granian.server import Server

Server("bare.bare:app", factory=True, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.ASGI).serve()
"""


@dataclass
class BareServer:
    """The bare application in a process of its own; `build` it, use `url` in a `with`."""

    folder: Path
    port: int = field(default_factory=processes.free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The supervising process; its child is the worker."""
        assert self._process is not None
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """Production mode and nothing of the portal's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "REFLEX_"))}
        return kept | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": str(ROOT),
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "REFLEX_DIR": str(self.folder.parent / "reflex"),
        }

    def build(self) -> None:
        """Write the sources and build the frontend, unless they stand. The packages are those of the portal's lock."""
        sources = {"rxconfig.py": CONFIG, "bare/__init__.py": "", "bare/bare.py": APPLICATION, "serve.py": SERVE}
        stamp = self.folder / "built"
        wanted = digest(also=sources.values(), names=("reflex.lock", "requirements.txt"))
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        for name, text in sources.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.lstrip())
        done = subprocess.run(
            [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"],
            cwd=self.folder,
            env=self.environment | npm_registry(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"The bare application could not be built:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        stamp.write_text(wanted)

    def start(self) -> Self:
        """Serve, and return when it answers."""
        serving = {"__REFLEX_SKIP_COMPILE": "true", "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}
        running = self._process = processes.start(
            [sys.executable, "serve.py", str(self.port)],
            self.folder / "server.log",
            env=self.environment | serving,
            cwd=self.folder,
        )
        processes.wait_until(self._answers, 60, "the bare application", lambda: running.poll() is None)
        return self

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            processes.stop(self._process)
            self._process = None

    def restart(self) -> None:
        """End it and serve again, on the same port."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.build()
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False
