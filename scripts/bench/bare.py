"""The yardstick: a Reflex application with one no-op event and one empty Tailwind page, served as the portal is."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import processes
from tests.support.portal_server import ROOT

RXCONFIG = """
import shutil
from pathlib import Path
import reflex as rx
from portal.serving import SameOrigin
config = rx.Config(
    app_name="bare", telemetry_enabled=False, show_built_with_reflex=False, state_manager_mode="memory",
    bun_path=Path(shutil.which("bun")), frontend_compression_formats=["gzip", "brotli"],
    plugins=[SameOrigin(), rx.plugins.TailwindV4Plugin()], disable_plugins=[rx.plugins.SitemapPlugin],
)
"""
APPLICATION = """
import reflex as rx
from portal.http.frontend import FrontendFiles
from portal.serving import web_dir

class Bare(rx.State):
    count: int = 0

    @rx.event
    async def tick(self):
        self.count += 1

def index() -> rx.Component:
    return rx.el.main(rx.el.button("tick", on_click=Bare.tick), rx.el.output(Bare.count))

app = rx.App(api_transformer=lambda asgi: FrontendFiles(asgi, web_dir() / "build" / "client"))
app.add_page(index, route="/")
"""
SERVE = """
import sys
from pathlib import Path
from portal import serving
serving.ROOT, serving.APP = Path.cwd(), "bare.bare:app"
serving.build()
serving.serve("127.0.0.1", int(sys.argv[1]))
"""


@contextmanager
def server(place: Path) -> Iterator[tuple[str, int]]:
    """Build and serve it in a directory of its own; gives its address and the id of its process."""
    (place / "bare").mkdir(parents=True)
    (place / "rxconfig.py").write_text(RXCONFIG)
    (place / "bare" / "__init__.py").touch()
    (place / "bare" / "bare.py").write_text(APPLICATION)
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "REFLEX_", "__REFLEX_"))
    }
    env = ours | {"PYTHONPATH": f"{place}{os.pathsep}{ROOT}", "REFLEX_WEB_WORKDIR": str(place / "web")}
    port = processes.free_port()
    process = processes.start([sys.executable, "-c", SERVE, str(port)], place / "log", env=env, cwd=place)
    try:
        processes.wait_until(
            lambda: processes.answers(f"http://127.0.0.1:{port}/_health"),
            180,
            f"the bare application (its log: {place / 'log'})",
            lambda: process.poll() is None,
        )
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        processes.stop(process)
