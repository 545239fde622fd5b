"""What was measured: a line each, as a table for eyes and as JSON for machines."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `baseline` is what the bare application (or the bare tool) took in the same run."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    aim: str = ""  # in the words of the table, for example "≤ 6.0×"
    met: bool | None = None
    samples: int = 1

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return self.value / self.baseline if self.baseline else None


@dataclass(frozen=True, slots=True)
class Limit:
    """What a figure should reach: at most or at least so many times the baseline, and so many of its own unit."""

    most_times: float | None = None
    most: float | None = None
    least: float | None = None


def result(
    name: str,
    values: Sequence[float],
    unit: str,
    baselines: Sequence[float] = (),
    limit: Limit | None = None,
) -> Result:
    """The median of the samples against the median of the baseline's."""
    value = statistics.median(values)
    baseline = statistics.median(baselines) if baselines else None
    limit = limit or Limit()
    words, met = [], []
    if limit.most_times is not None and baseline:
        words.append(f"≤ {limit.most_times:g}×")
        met.append(value <= limit.most_times * baseline)
    if limit.most is not None:
        words.append(f"≤ {limit.most:,g}")
        met.append(value <= limit.most)
    if limit.least is not None:
        words.append(f"≥ {limit.least:,g}")
        met.append(value >= limit.least)
    return Result(name, value, unit, baseline, " and ".join(words), all(met) if met else None, len(values))


def table(results: Iterable[Result]) -> str:
    """Lines of even columns: name, value, baseline, ratio, aim, whether it was met, samples."""
    rows = [("", "ours", "bare", "ratio", "aim", "", "samples")]
    for one in results:
        rows.append(
            (
                one.name,
                f"{_number(one.value)} {one.unit}",
                _number(one.baseline) if one.baseline is not None else "",
                f"{one.ratio:.2f}×" if one.ratio is not None else "",
                one.aim,
                "" if one.met is None else ("yes" if one.met else "NO"),
                f"{one.samples}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  "
        + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)).rstrip()
        for row in rows
    )


def write(results: Iterable[Result], path: Path) -> None:
    """`{name: {value, unit, baseline, ratio}}`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    figures = {
        one.name: {
            "value": round(one.value, 4),
            "unit": one.unit,
            "baseline": None if one.baseline is None else round(one.baseline, 4),
            "ratio": None if one.ratio is None else round(one.ratio, 3),
        }
        for one in results
    }
    path.write_text(json.dumps(figures, indent=2) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
