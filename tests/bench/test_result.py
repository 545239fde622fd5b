"""The bench's own arithmetic: medians, ratios, aims, and the file that others read."""

import json
from pathlib import Path

from tests.bench.result import Limit, Result, result, table, write


def test_a_figure_is_the_median_against_the_baselines_median() -> None:
    one = result("page load", [3.0, 9.0, 4.0], "ms", [1.0, 2.0, 50.0], Limit(most_times=2.5))
    assert (one.value, one.baseline, one.ratio, one.met, one.samples) == (4.0, 2.0, 2.0, True, 3)


def test_every_aim_must_be_met() -> None:
    limit = Limit(most_times=1.4, most=260)
    assert result("bytes", [200], "KB", [160], limit).met
    assert not result("bytes", [250], "KB", [160], limit).met
    assert not result("bytes", [270], "KB", [260], limit).met
    assert not result("rows", [9], "", limit=Limit(least=10)).met
    assert result("no aim", [9], "").met is None


def test_the_table_says_which_aim_was_missed() -> None:
    lines = table([result("rows", [9], "rows", limit=Limit(least=10))]).splitlines()
    assert lines[1].split() == ["rows", "9.00", "rows", "≥", "10", "NO", "1"]


def test_the_file_holds_value_unit_baseline_and_ratio(tmp_path: Path) -> None:
    write([Result("a", 4, "ms", 2), Result("b", 5, "")], tmp_path / "var" / "bench.json")
    assert json.loads((tmp_path / "var" / "bench.json").read_text()) == {
        "a": {"value": 4, "unit": "ms", "baseline": 2, "ratio": 2.0},
        "b": {"value": 5, "unit": "", "baseline": None, "ratio": None},
    }
