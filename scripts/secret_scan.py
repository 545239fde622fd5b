"""Looks through every file that git knows for keys, tokens and passwords that should not be there.

A line that must hold something of the kind (a public test value) ends with the comment `not-a-secret: why`.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

PATTERNS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY",
    "a Stripe secret": r"\b(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[0-9A-Za-z]{24,}",
    "a Twilio secret": r"\bSK[0-9a-f]{32}\b|\bAC[0-9a-f]{32}\b",
    "a SendGrid key": r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\bgh[pousr]_[0-9A-Za-z]{30,}|\bgithub_pat_[0-9A-Za-z_]{40,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}",
    "a Slack token": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "a signed token": r"\beyJ[0-9A-Za-z_-]{16,}\.eyJ[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}",
    "a password in an address": r"\b[a-z][a-z0-9+]*://[^\s/:@\"'{}<>]+:(?!\*)[^\s/:@\"'{}<>$]{3,}@(?!127\.0\.0\.1|localhost)",
    "a password in the open": (
        r"(?i:\b(?:password|passwd|secret|api_?key|auth_?token)\b[\"']?\s*[:=]\s*[\"'][^\s\"'{}<>]{12,}[\"'])"
    ),
}
EXCUSED = "not-a-secret:"
_ANY = re.compile("|".join(f"(?P<p{number}>{pattern})" for number, pattern in enumerate(PATTERNS.values())))


def findings(root: Path) -> list[str]:
    """`path:line: what it looks like`, without the value itself."""
    return [f"{path.relative_to(root)}:{number}: {kind}" for path in _files(root) for number, kind in _in_text(path)]


def in_line(line: str) -> str | None:
    """What kind of secret a line seems to hold."""
    if EXCUSED in line or (found := _ANY.search(line)) is None:
        return None
    return list(PATTERNS)[int((found.lastgroup or "p0")[1:])]


def _in_text(path: Path) -> Iterator[tuple[int, str]]:
    content = path.read_bytes()
    if b"\0" in content[:8192]:
        return
    for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
        if kind := in_line(line):
            yield number, kind


def _files(root: Path) -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=root, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (root / name).is_file():
            yield root / name
