"""HTML to PDF, in processes of their own.

Layout is slow, greedy and driven by text that people wrote: in a process of its own it cannot hold up an event, eat the
portal's memory or read its secrets, and one that runs away is killed. At most two run. They start with the first
document and are replaced after many, so that nothing piles up.
"""

import atexit
import os
import queue
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from portal.gateways.errors import GatewayError, PermanentFailure, TemporaryFailure

STYLESHEET = Path(__file__).parents[1] / "documents" / "pdf.css"
LARGEST_HTML_BYTES = 4_000_000
DOCUMENTS_PER_WORKER = 200
_WORKER = Path(__file__).with_name("pdf_worker.py")
_LENGTH = struct.Struct(">I")
# What a C library needs to find its fonts and caches; nothing else of ours is passed on.
_ENVIRONMENT = ("HOME", "PATH", "LANG", "LC_ALL", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class PdfRenderer:
    """A bounded pool of rendering processes. Blocking: call it from a thread, never from the event loop."""

    def __init__(self, workers: int = 2, timeout_seconds: float = 20, patience_seconds: float = 60) -> None:
        self._timeout = timeout_seconds
        self._patience = patience_seconds
        # Last in, first out: one process serves as long as one is enough.
        self._slots: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._slots.put(None)
        atexit.register(self.close)

    def render(self, html: str) -> bytes:
        """The PDF/UA-1 of `html`, styled by `STYLESHEET`; the same HTML gives the same bytes.

        Raises `PermanentFailure` for a document that cannot be drawn, or not in time, and `TemporaryFailure` when
        all processes stay busy or one died.
        """
        content = html.encode()
        if len(content) > LARGEST_HTML_BYTES:
            raise PermanentFailure("The document is too long to be made into a PDF.")
        try:
            worker = self._slots.get(timeout=self._patience)
        except queue.Empty:
            raise TemporaryFailure("All PDF processes are busy.") from None
        try:
            worker = worker or _Worker()
            return worker.render(content, self._timeout)
        finally:
            if worker and worker.spent:
                worker.stop()
                worker = None
            self._slots.put(worker)

    def close(self) -> None:
        """Stop the processes; a later `render` starts new ones."""
        for _ in range(self._slots.qsize()):
            if worker := self._slots.get_nowait():
                worker.stop()
            self._slots.put(None)


class _Worker:
    """One rendering process and the pipe to it."""

    def __init__(self) -> None:
        # A killed process cleans up nothing: what it unpacked lies in a folder of its own, removed with it.
        self._scratch = tempfile.mkdtemp(prefix="portal-pdf-")
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_WORKER), str(STYLESHEET), self._scratch],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the layout engine's remarks quote documents
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"TMPDIR": self._scratch},
            cwd="/",
            start_new_session=True,
        )
        self._left = DOCUMENTS_PER_WORKER

    @property
    def spent(self) -> bool:
        """Whether it should not be used again: it died, or did its share."""
        return self._left <= 0 or self._process.poll() is not None

    def render(self, content: bytes, timeout: float) -> bytes:
        self._left -= 1
        overdue = threading.Event()

        def kill() -> None:
            overdue.set()
            self._process.kill()

        timer = threading.Timer(timeout, kill)
        timer.start()
        try:
            answer = self._exchange(content)
        except (OSError, EOFError):
            self.stop()
            raise self._why(overdue.is_set(), timeout) from None
        finally:
            timer.cancel()
        if answer[:1] != b"+":
            raise PermanentFailure(f"The document could not be made into a PDF ({answer[1:].decode()}).")
        return answer[1:]

    def stop(self) -> None:
        """End the process and reap it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):  # what was still to be written went with the process
                    pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _exchange(self, content: bytes) -> bytes:
        to_worker, from_worker = self._process.stdin, self._process.stdout
        if not (to_worker and from_worker):
            raise EOFError
        to_worker.write(_LENGTH.pack(len(content)) + content)
        to_worker.flush()
        head = from_worker.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            raise EOFError
        size = _LENGTH.unpack(head)[0]
        answer = from_worker.read(size)
        if len(answer) < size:
            raise EOFError
        return answer

    @staticmethod
    def _why(overdue: bool, timeout: float) -> GatewayError:
        if overdue:
            return PermanentFailure(f"The document was not a PDF within {timeout:g} seconds.")
        return TemporaryFailure("The PDF process ended unexpectedly.")
