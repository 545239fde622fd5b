"""The rooms of the package and who may import whom. A wrong import fails with a sentence on what the rule is for."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"

# Top-level helpers that are open to all; the domain takes those alone that stay true without a portal around them.
ANYONE = frozenset({"errors", "clock", "dates", "ids", "live", "metrics", "money", "routes", "settings"})
PURE = frozenset({"errors", "money"})
# Every room, the rooms it may call, and why no others.
ROOMS: dict[str, tuple[frozenset[str], str]] = {
    "domain": (frozenset(), "rules are true without a database, a browser or a vendor: standard library only"),
    "models": (frozenset({"domain", "security"}), "tables know rules and field encryption, and nothing above them"),
    "work": (frozenset({"models", "domain"}), "the unit of work carries rows, not use cases"),
    "queries": (frozenset({"domain", "models", "work"}), "reads shape rows and change nothing"),
    "services": (
        frozenset({"domain", "models", "work", "queries", "security", "documents", "mails"}),
        "writes never send: what leaves the building is an outbox row that a job delivers",
    ),
    "gateways": (frozenset(), "a gateway knows its vendor and nobody's business; values are handed to it"),
    "documents": (
        frozenset({"domain"}),
        "a document is a typed value, a template and bytes; rows are composed elsewhere",
    ),
    "mails": (frozenset({"domain"}), "a message is a typed value; whom it concerns is decided in services"),
    "security": (
        frozenset({"domain", "models", "work", "queries", "state"}),
        "the guard asks who acts, and decides no business",
    ),
    "jobs": (
        frozenset({"domain", "models", "work", "queries", "services", "gateways", "documents", "mails", "security"}),
        "jobs deliver and run use cases; they draw nothing",
    ),
    "http": (
        frozenset(
            {"domain", "models", "work", "queries", "services", "security", "documents", "gateways", "serving", "jobs"}
        ),
        "routes parse, call a use case and answer",
    ),
    "state": (
        frozenset({"domain", "work", "queries", "services", "security", "components"}),
        "a state calls use cases through the bridge; tables and vendors are not its business",
    ),
    "components": (frozenset({"state"}), "components are given vars; they look nothing up"),
    "pages": (frozenset({"components", "state"}), "a page places things; what it shows comes from its state"),
    "imports": (
        frozenset({"domain", "models", "work", "queries", "services", "security"}),
        "an import reads a file and writes rows; what they mean is in the domain",
    ),
    "demo": (
        frozenset({"domain", "models", "work", "queries", "services", "security", "documents", "jobs", "gateways"}),
        "the demo practice is built through the services",
    ),
}
# One file, one more room, and why.
EXCEPTIONS = {
    ("state/bridge.py", "jobs"): "after a commit the bridge wakes whoever delivers messages",
    ("gateways/__init__.py", "security"): "`build` chooses by settings and hands each gateway its key",
    (
        "services/documents.py",
        "gateways",
    ): "sealing runs after the commit, is retried until it stands, and sends nothing",
    ("services/captcha.py", "gateways"): "checking an answer sends nothing, and must spend it in the same transaction",
}
# Rules that rest on a library of pure data and grammar, offline and without a portal around it.
DATA_LIBRARIES = {"domain/contacts.py": frozenset({"phonenumbers", "email_validator"})}
# Wiring: the composition root, the command line, and the plumbing of serving.
FREE = frozenset({"portal", "cli", "__main__", "serving", ""})
WEB = frozenset({"reflex", "reflex_base", "starlette"})
MAY_KNOW_THE_WEB = frozenset({"state", "components", "pages", "http", "security", "jobs", *FREE})
# Only these open the door to a vendor; everything else hands them plain values.
VENDORS = frozenset({"twilio", "sendgrid", "stripe", "smtplib", "weasyprint", "pyhanko"})


def _room(path: Path) -> str:
    parts = path.relative_to(PORTAL).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports anywhere, with its line; imports for type checkers count too."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names if node.module == "portal")


def _complaint(room: str, module: str) -> str | None:
    """What is wrong with this import from this room; None when it is as it should be."""
    top, _, rest = module.partition(".")
    if top == "portal":
        other = rest.partition(".")[0]
        if room in FREE or other in {room, ""} or other in (PURE if room == "domain" else ANYONE):
            return None
        allowed, why = ROOMS.get(room, (frozenset[str](), "this room is not in the table: give it a row"))
        return None if other in allowed else f"portal.{room} must not import portal.{other}: {why}."
    if room == "domain" and top not in sys.stdlib_module_names:
        return f"portal.domain must not import {top}: {ROOMS['domain'][1]}."
    if top in WEB and room not in MAY_KNOW_THE_WEB:
        return f"portal.{room} must not import {top}: what is true and what happens know no browser."
    if top in VENDORS and room not in {"gateways", "documents"}:
        return f"portal.{room} must not import {top}: vendors are spoken to in portal.gateways."
    return None


FILES = sorted(PORTAL.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_the_right_way(path: Path) -> None:
    excused = {f"portal.{room}" for name, room in EXCEPTIONS if name == path.relative_to(PORTAL).as_posix()}
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {complaint}"
        for line, module in _imports(path)
        if (complaint := _complaint(_room(path), module))
        and ".".join(module.split(".")[:2]) not in excused
        and module.partition(".")[0] not in DATA_LIBRARIES.get(path.relative_to(PORTAL).as_posix(), ())
    ]
    assert not wrong, "\n" + "\n".join(dict.fromkeys(wrong))


def test_every_room_has_a_row() -> None:
    rooms = {_room(path) for path in FILES} - FREE - ANYONE
    assert rooms <= ROOMS.keys(), f"Give these a row in the table above: {sorted(rooms - ROOMS.keys())}"


@pytest.mark.parametrize(
    ("room", "module"),
    [
        ("domain", "sqlmodel"),
        ("domain", "portal.models"),
        ("services", "portal.state.session"),
        ("services", "portal.gateways.sms"),
        ("queries", "reflex"),
        ("pages", "portal.queries.dashboard"),
        ("components", "portal.services.billing"),
        ("state", "portal.models"),
        ("gateways", "portal.models"),
        ("jobs", "twilio.rest"),
        ("models", "portal.services.billing"),
        ("unheard_of", "portal.models"),
    ],
)
def test_a_wrong_import_is_named(room: str, module: str) -> None:
    assert _complaint(room, module)


@pytest.mark.parametrize(
    ("room", "module"),
    [
        ("domain", "dataclasses"),
        ("services", "portal.models"),
        ("state", "portal.services.signin"),
        ("pages", "portal.components.ui"),
        ("gateways", "twilio.rest"),
        ("queries", "portal.errors"),
        ("cli", "portal.demo"),
    ],
)
def test_a_right_import_is_let_through(room: str, module: str) -> None:
    assert _complaint(room, module) is None
