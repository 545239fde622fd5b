"""`make bench`, or `python -m tests.bench [words]`: measure, print a table, write var/bench.json."""

import os
import sys
import tempfile
import time
from pathlib import Path

# The measured portal has a folder, a database and settings of its own. This comes before anything reads settings.
OUT = Path(os.environ.get("PORTAL_VAR") or "var").absolute() / "bench.json"
for _name in [name for name in os.environ if name.startswith("PORTAL_") and name != "PORTAL_TEST_WEB"]:
    del os.environ[_name]
os.environ |= {"PORTAL_VAR": tempfile.mkdtemp(prefix="portal-bench-"), "REFLEX_TELEMETRY_ENABLED": "false"}

from portal.settings import Settings
from tests.bench import browsing, clients, events, filling, memory, paper, pushes, statements, visits
from tests.bench.result import Limit, Result, result, table, write
from tests.bench.stage import PEOPLE, Stage, stage

Settings.model_config["env_file"] = None

GROUPS = {
    "statements": statements.measure,
    "paper": paper.measure,
    "events": events.measure,
    "filling": filling.measure,
    "browser": browsing.measure,
    "visits": visits.measure,
    "clients": clients.measure,
    "live": pushes.measure,
    "memory": memory.measure,
}


def main(words: list[str]) -> int:
    """Run the groups that are named, or all; 0 whatever the figures are."""
    unknown = set(words) - set(GROUPS)
    if unknown:
        print(f"There is no group called {', '.join(sorted(unknown))}: {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    found: list[Result] = []
    print("Building and filling both applications", file=sys.stderr, flush=True)
    with stage() as made:
        found.append(_import(made))
        for name, measure in GROUPS.items():
            if not words or name in words:
                started = time.monotonic()
                found += measure(made)
                print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(table(found))
    write(found, OUT)
    print(f"Written to {OUT}")
    return 0


def _import(made: Stage) -> Result:
    return result("people imported a minute", [60 * PEOPLE / made.import_seconds], "rows", limit=Limit(least=10_000))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
