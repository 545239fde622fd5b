"""The report of an import: every row, value and circumstance worth telling, as a CSV file that its reader can sort."""

import csv
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from portal.imports.findings import Finding

HEADER = ("line", "external_id", "what", "column", "reason")
KINDS = {"row": "row left out", "value": "value left out", "note": "note"}


class Report:
    """Writes findings as they come; readable by its owner alone, for it names people. `counts` is by kind."""

    def __init__(self, path: Path) -> None:
        """Start the file; an older one of that name is replaced."""
        self.path = path
        self.counts: Counter[str] = Counter()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        path.chmod(0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(HEADER)

    def add(self, findings: Iterable[Finding]) -> None:
        """Write findings, in the order of the file."""
        for finding in sorted(findings, key=lambda one: one.line):
            self.counts[finding.kind] += 1
            what = KINDS[finding.kind]
            self._writer.writerow(
                [finding.line or "", *map(harmless, (finding.external_id, what, finding.field, finding.reason))]
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection); control characters are made visible."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return f"'{shown}" if shown.lstrip()[:1] in {"=", "+", "-", "@", "|", "%"} else shown
