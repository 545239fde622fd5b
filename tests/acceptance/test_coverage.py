"""Every promise that is kept today has a test that carries its number."""

import ast
from collections.abc import Iterator

from tests.support.portal_server import ROOT

# P12 and P13 the patient's half, and staff's on the command line.
TODAY = {f"P{number}" for numbers in (range(1, 43), range(67, 75), range(76, 80)) for number in numbers}
TODAY |= {f"S{number}" for numbers in (range(1, 10), range(15, 17), range(20, 29)) for number in numbers}


def promises() -> Iterator[tuple[str, str]]:
    """Each promise that a test's mark names, with the test."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise":
                        yield from ((ast.literal_eval(number), node.name) for number in mark.args)


def test_every_promise_of_today_has_a_test() -> None:
    kept: dict[str, list[str]] = {}
    for number, test in promises():
        kept.setdefault(number, []).append(test)
    assert TODAY - set(kept) == set(), "promised and not shown"
    assert set(kept) - TODAY == set(), "shown and not in the list"
