"""The portal as a process: it starts, survives a power cut, and replaces a worker that died."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.support import processes
from tests.support.portal_server import PortalServer
from tests.support.postgres import Postgres


@pytest.fixture
def bare(frontend: Path, tmp_path: Path) -> PortalServer:
    return PortalServer(tmp_path, demo=False)


def runs(pid: int) -> bool:
    """Whether it is there and has not ended."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def workers(server: PortalServer) -> set[int]:
    """The processes that answer, by id."""
    assert server.pid is not None
    return {child.pid for child in psutil.Process(server.pid).children()}


def test_it_comes_back_after_a_power_cut_on_the_same_port(bare: PortalServer) -> None:
    with bare as server:
        (worker,) = workers(server)
        server.kill()
        assert not runs(worker)
        assert not server.healthy()
        server.start()
        assert server.healthy()


def test_a_worker_that_died_is_replaced(bare: PortalServer) -> None:
    with bare as server:
        (worker,) = workers(server)
        os.kill(worker, signal.SIGKILL)
        processes.wait_until(lambda: workers(server) - {worker} != set() and server.healthy(), 30, "the new worker")


def test_a_second_server_on_the_same_port_is_refused(bare: PortalServer, tmp_path: Path) -> None:
    with bare as server:
        second = PortalServer(tmp_path, demo=False, port=server.port)
        refused = second.command("serve", "--no-build", "--port", str(server.port), check=False)
        assert refused.returncode == 1
        assert f"Port {server.port} is taken" in refused.stderr


def test_it_stops_when_it_is_told_to(bare: PortalServer) -> None:
    with bare as server:
        here = workers(server)
        server.stop()
        assert not any(runs(worker) for worker in here)


def test_two_workers_share_postgres_and_redis(
    frontend: Path, tmp_path: Path, postgres_server: Postgres, redis_url: str
) -> None:
    database = postgres_server.create()
    with PortalServer(tmp_path, postgres_server.url(database), redis_url, workers=2, demo=False) as server:
        assert len(workers(server)) == 2
        assert server.outbox() == []
    postgres_server.drop(database)
