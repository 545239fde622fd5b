"""What gateway tests share."""

import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gateways import stand_in
from tests.gateways.stand_in import StandIn
from tests.support import processes

ROOT = Path(__file__).parents[2]
SPECS = ROOT.parent / "shared" / "data" / "specs"
TOOLS = ROOT / "var" / "tools"
PRISM = "@stoplight/prism-cli@5.16.0"


@pytest.fixture
def server() -> Iterator[StandIn]:
    """An HTTP server of the test's own."""
    with stand_in.running() as one:
        yield one


@pytest.fixture(scope="session")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Start Prism for one of the vendors' specifications: `prism("twilio-messages")` is the stand-in's address."""
    if not SPECS.is_dir():
        pytest.skip("The vendors' OpenAPI documents are not beside this clone (../shared/data/specs).")
    command = _installed_prism()
    started = []

    def start(name: str) -> str:
        port = processes.free_port()
        url = f"http://127.0.0.1:{port}"
        spec = SPECS / f"{name}.openapi.json"
        log = tmp_path_factory.mktemp("prism") / "log"
        process = processes.start([*command, "mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(spec)], log)
        started.append(process)
        processes.wait_until(lambda: _answers(url), 60, "Prism", lambda: process.poll() is None)
        return url

    yield start
    for process in started:
        processes.stop(process)


def _installed_prism() -> list[str]:
    """Prism's command, installed once under var/tools with the npm of this virtual environment."""
    binary = TOOLS / "node_modules" / ".bin" / "prism"
    node = Path(sys.prefix) / "bin" / "node"
    npm = Path(sys.prefix) / "bin" / "npm"
    if not binary.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run([npm, "install", "--prefix", TOOLS, *options, PRISM], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"Prism could not be installed from the npm registry: {done.stderr.decode()[-200:]}")
    return [str(node if node.exists() else shutil.which("node")), str(binary.resolve())]


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
