"""The portal as its operator runs it: a process of its own, with its own port, database and `var`."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.support import processes
from tests.support.beside import Beside

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
PASSCODE = r"^(\d{6}) is your"  # how a message with a passcode begins
_CLI = "import sys; from portal.cli import main; main(sys.argv[1:], standalone_mode=False)"


@dataclass
class PortalServer:
    """One portal. `start` it, use `url`, `kill` and `start` it again, `stop` it; or use it in a `with`."""

    var: Path
    database_url: str = ""
    redis_url: str = ""
    workers: int = 1
    demo: bool = True
    like: Path | None = None  # the `var` of a portal that is prepared: begin with a copy of it (the database is there)
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=processes.free_port)
    _process: "subprocess.Popen[bytes] | None" = None
    _beside: Beside | None = None

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The supervising process; its children are the workers."""
        return self._process.pid if self._process else None

    @property
    def log(self) -> str:
        """Everything it has printed, start-ups included."""
        path = self.var / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        """What its processes run with: nothing of the machine's own portal settings."""
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PORTAL_", "REFLEX_", "__REFLEX_"))
        }
        return ours | {
            "PORTAL_ENV": "development",
            "PORTAL_VAR": str(self.var),
            "PORTAL_DATABASE_URL": self.database_url,
            "PORTAL_REDIS_URL": self.redis_url,
            "PORTAL_WORKERS": str(self.workers),
            "PORTAL_PORT": str(self.port),
            "PORTAL_PUBLIC_URL": self.url,
            "REFLEX_WEB_WORKDIR": str(web_dir()),
            "REFLEX_DIR": str(web_dir().parent / "reflex"),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    def command(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run `python -m portal …` beside it, on its database and `var`."""
        done = subprocess.run(
            [sys.executable, "-m", "portal", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if check and done.returncode:
            raise AssertionError(
                f"portal {' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
            )
        return done

    def cli(self, *words: str) -> str:
        """What `python -m portal …` prints, run by the process that stands ready: what is asked of it is the point, not
        how it starts."""
        return self.beside().run(_CLI, *words)

    def beside(self) -> Beside:
        """A process with its settings, database and keys that runs what a test asks for, as long as the `with`."""
        if self._beside is None:
            self._beside = Beside(self.environment, ROOT, self.var / "beside.log")
        return self._beside

    def prepare(self) -> None:
        """Bring the schema up to date and, unless told otherwise, load the demo practice; or copy what has both."""
        self.var.mkdir(parents=True, exist_ok=True)
        if self.like is not None:
            shutil.copytree(self.like, self.var, dirs_exist_ok=True)
            return
        self.command("migrate")
        if self.demo:
            self.command("demo", "--once")

    def start(self) -> Self:
        """Serve, and return when it answers that it is well."""
        command = [sys.executable, "-m", "portal", "serve", "--no-build", "--port", str(self.port)]
        self._process = processes.start(command, self.var / "server.log", env=self.environment, cwd=ROOT)
        running = self._process
        try:
            processes.wait_until(self.healthy, START_SECONDS, "the portal", lambda: running.poll() is None)
        except (RuntimeError, TimeoutError) as error:
            self.stop()
            raise AssertionError(f"{error}. The end of its log:\n{self.log[-4000:]}") from error
        return self

    def healthy(self) -> bool:
        """Whether `/_health` answers 200."""
        return processes.answers(f"{self.url}/_health")

    def stop(self) -> None:
        """End it as a supervisor does, with SIGTERM."""
        if self._process is not None:
            processes.stop(self._process)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut does: the supervisor and every worker at once."""
        if self._process is not None:
            processes.kill(self._process)
            self._process = None

    def __enter__(self) -> Self:
        self.prepare()
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._beside is not None:
            self._beside.end()

    def outbox(self) -> list[dict[str, Any]]:
        """Everything that was sent, newest first: `{id, at, channel, to, subject, text}` each."""
        with urllib.request.urlopen(f"{self.url}/dev/outbox.json", timeout=5) as answer:
            return json.load(answer)

    def known(self) -> set[str]:
        """The ids of everything that was sent."""
        return {str(message["id"]) for message in self.outbox()}

    def sent(self, known: Collection[str] = (), *, to: str = "", saying: str = "") -> list[dict[str, Any]]:
        """Messages that are not among those `known` by id, to somebody, with some words (a pattern); newest first."""
        return [
            message
            for message in self.outbox()
            if str(message["id"]) not in known
            and to in ("", message["to"])
            and re.search(saying, f"{message['subject'] or ''}\n{message['text']}", re.MULTILINE)
        ]

    def message(self, known: Collection[str] = (), *, to: str = "", saying: str = "") -> dict[str, Any]:
        """Wait for such a message, and take the newest. Others may come between: a reminder that falls due."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = self.sent(known, to=to, saying=saying)
            return bool(found)

        processes.wait_until(there, 10, f"a message {to} {saying}")
        return found[0]

    def newest_code(self, known: Collection[str], to: str = "") -> str:
        """The six digits of the next code, past the messages `known` by id."""
        message = self.message(known, to=to, saying=PASSCODE)
        found = re.search(PASSCODE, f"{message['subject'] or ''}\n{message['text']}", re.MULTILINE)
        assert found
        return found[1]


def web_dir() -> Path:
    """Where the frontend of every test server is built: once, kept between runs, made anew when its sources change."""
    return Path(
        os.environ.get("PORTAL_TEST_WEB") or Path(tempfile.gettempdir()) / f"portal-test-web-{os.getuid()}" / "web"
    )


def build_frontend() -> None:
    """Build the frontend for the test servers unless it stands."""
    web_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portal-build-") as var:
        server = PortalServer(Path(var), demo=False)
        server.prepare()
        server.command("build")
