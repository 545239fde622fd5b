"""Every act that the code writes into the audit log has words: the code itself is walked for their names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain import audit

PORTAL = Path(__file__).parents[2] / "portal"
NAME = re.compile(r"[a-z][a-z_-]*\.[a-z_]+|denied|fault")
# Where the name of an act is not written out beside the call: which it can be.
COMPOSED = {
    "services/signing.py": {"form.signed", "form.witnessed"},
    "services/appointments.py": set[str](),  # named where `_done` is called, see below
    "work.py": set[str](),
    "demo/records.py": set[str](),  # listed in its table, and known to the portal's own code
    "security/intake.py": set[str](),
}


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node, getattr(node.func, "attr", getattr(node.func, "id", ""))


def strings(node: ast.expr) -> Iterator[str]:
    """The words that an expression can be, as far as they are written out."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


#: Functions that write to the log, and where the name of the act stands among their arguments.
WRITERS = {"audit": 0, "viewed": 1, "audit_event": 2, "_done": None, "_audit": None, "_note_act": None}


def written() -> dict[str, str]:
    """The names of acts in the code, each with a place of it."""
    found: dict[str, str] = {}
    for path in sorted(PORTAL.rglob("*.py")):
        place = path.relative_to(PORTAL).as_posix()
        for call, name in calls(path):
            if name not in WRITERS or not call.args:
                continue
            position = WRITERS[name]
            given = call.args if position is None else call.args[position : position + 1]
            for argument in given:
                found |= {word: place for word in strings(argument) if NAME.fullmatch(word)}
    found |= {action: place for place, actions in COMPOSED.items() for action in actions}
    return found


def test_every_act_of_the_code_has_words() -> None:
    missing = {action: place for action, place in written().items() if action not in audit.ACTS}
    assert not missing, f"Give these words in portal/domain/audit.py: {missing}"


def test_no_name_is_composed_unseen() -> None:
    """A name that is put together at run time is listed above, or nobody would notice that it has no words."""
    for path in sorted(PORTAL.rglob("*.py")):
        place = path.relative_to(PORTAL).as_posix()
        for call, name in calls(path):
            position = WRITERS.get(name)
            if position is None or place in COMPOSED or len(call.args) <= position:
                continue
            argument = call.args[position]
            assert not isinstance(argument, ast.JoinedStr), f"{place}:{call.lineno}: list what it can be in COMPOSED"
            if not list(strings(argument)):
                assert _handed_on(path, argument), f"{place}:{call.lineno}: list what it can be in COMPOSED"


def _handed_on(path: Path, argument: ast.expr) -> bool:
    """Whether the name comes as a parameter of a helper named in `WRITERS`, or is assigned in words nearby."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not isinstance(argument, ast.Name):
        return False
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef)
            and node.name in WRITERS
            and argument.id in {a.arg for a in node.args.args}
        ):
            return True
        if isinstance(node, ast.Assign) and argument.id in {getattr(target, "id", "") for target in node.targets}:
            return all(word in audit.ACTS for word in strings(node.value) if "." in word)
    return False


@pytest.mark.parametrize("action", sorted(audit.ACTS))
def test_words_are_whole_with_and_without_the_thing_s_name(action: str) -> None:
    for words in (audit.words(action), audit.words(action, "HydraFacial Consent")):
        assert words[0].isupper()
        assert "{" not in words


def test_an_unknown_act_is_said_as_it_is_written() -> None:
    assert audit.words("wallet.credit_added") == "Wallet credit added"


def test_details_are_said_in_words_and_bounded() -> None:
    said = audit.detail_words(
        {"fields": ["street", "postal_code"], "channel": "sms", "sha256": "ab" * 32, "why": "x" * 900}
    )
    assert said.startswith("street, postal code. texts. xxx")
    assert "abab" not in said
    assert len(said) < 200


def test_every_kind_has_a_name_and_acts() -> None:
    assert set(audit.KIND_NAMES) == set(audit.Kind)
    assert all(audit.actions_of(kind) for kind in audit.Kind)
