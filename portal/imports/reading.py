"""Reading a CSV file that others made: line by line, with limits, and with a reason for whatever cannot be read.

A record that cannot be read never takes its neighbours with it: after a quotation mark that is not closed, reading
starts again on the next line of the file.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from portal.errors import PortalError

LONGEST_LINE = 64 * 1024  # bytes of a line, characters of a record
MOST_COLUMNS = 200
DELIMITERS = ",;\t|"


class Unreadable(PortalError):
    """The file as a whole cannot be taken; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number of the line it starts on, and its cells by column; or `problem`, why it cannot be read."""

    line: int
    cells: dict[str, str]
    problem: str = ""


class Source:
    """A CSV file whose header has been understood: `columns` as they stand in it, then `records()`, once."""

    @classmethod
    @contextmanager
    def open(cls, path: Path, required: frozenset[str]) -> Iterator[Self]:
        """Open the file for as long as it is read. Raises `Unreadable` when it is not one of the documented format."""
        try:
            file = path.open("rb")
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror}.") from None
        with file:
            yield cls(file, required)

    def __init__(self, file: BinaryIO, required: frozenset[str]) -> None:
        """Read the header. Raises `Unreadable`, as `open` does."""
        self._lines = _Lines(file)
        header = next(self._lines, "")
        self._delimiter = max(DELIMITERS, key=header.count)
        try:
            cells = next(csv.reader([header], delimiter=self._delimiter, strict=True), [])
        except csv.Error:
            raise Unreadable("The first line is not a header that can be read: name the columns there.") from None
        self.columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
        missing = sorted(required - set(self.columns))
        if missing:
            found = ", ".join(self.columns)[:300] or "nothing"
            raise Unreadable(f"The header has no column {', '.join(missing)}. It has: {found}.")
        twice = sorted({name for name in self.columns if name and self.columns.count(name) > 1})
        if twice:
            raise Unreadable(f"The header names {', '.join(twice)} twice.")
        if len(self.columns) > MOST_COLUMNS:
            raise Unreadable(f"The header has more than {MOST_COLUMNS} columns.")

    @property
    def read_bytes(self) -> int:
        """How far reading has come, in bytes of the file."""
        return self._lines.read_bytes

    def records(self) -> Iterator[Record]:
        """Every record after the header, blank lines left out."""
        for first in self._lines:
            if first.strip():
                yield self._record(self._lines.number, first)

    def _record(self, start: int, first: str) -> Record:
        if len(first.encode("utf-8", "surrogateescape")) > LONGEST_LINE:
            return Record(start, {}, "the line is longer than 64 KB")
        taken = [first]
        try:
            cells = next(csv.reader(self._until_complete(taken), delimiter=self._delimiter, strict=True))
            problem = self._problem(cells)
        except csv.Error:
            problem = "a quotation mark is not closed, or stands where none may stand"
        if problem:
            self._lines.give_back(taken[1:])
            return Record(start, {}, problem)
        return Record(start, {name: cell.strip() for name, cell in zip(self.columns, cells, strict=True) if name})

    def _problem(self, cells: list[str]) -> str:
        if len(cells) != len(self.columns):
            return f"it has {len(cells)} values where the header has {len(self.columns)} columns"
        if any("\0" in cell for cell in cells):
            return "it holds NUL characters"
        try:
            "".join(cells).encode()
        except UnicodeEncodeError:
            return "it is not UTF-8 text: save the file as “CSV UTF-8” and run the import again"
        return ""

    def _until_complete(self, taken: list[str]) -> Iterator[str]:
        """Feed the CSV reader, and remember what it took; a record that grows past the limit ends in the middle."""
        yield taken[0]
        size = len(taken[0])
        while size <= LONGEST_LINE and (more := next(self._lines, None)) is not None:
            taken.append(more)
            size += len(more)
            yield more


class _Lines:
    """The physical lines of a file, numbered; some can be given back to be read again.

    Bytes that are not UTF-8 come through as lone surrogates, so that only the record they are in is refused.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.read(3)
        file.seek(3 if start == codecs.BOM_UTF8 else 0)
        if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            raise Unreadable("The file is UTF-16. Save it as “CSV UTF-8” and run the import again.")
        self._waiting: deque[str] = deque()
        self.number = 0  # of the line given last
        self.read_bytes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def _read(self) -> str:
        """The next line; of one that is too long only its beginning, and the rest is passed over."""
        line = part = self._file.readline(LONGEST_LINE + 1)
        self.read_bytes += len(part)
        while len(part) > LONGEST_LINE and not part.endswith(b"\n"):
            part = self._file.readline(LONGEST_LINE + 1)
            self.read_bytes += len(part)
        return line.decode("utf-8", "surrogateescape")
