"""`make lock`: compile requirements*.in into requirements*.txt, every version pinned and every file hashed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*])?==([^\s;\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*])?(?:==(\S+))?", re.MULTILINE)


class Unreachable(Exception):
    """The package index does not answer."""


def compile_to(source: str, target: Path) -> None:
    """Compile one set, keeping the versions that `target` has wherever they fit. `Unreachable` without an index."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"]
    command += ["--custom-compile-command", "make lock", source, "-o", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=_environment())
    if done.returncode:
        raise Unreachable(done.stderr.strip().splitlines()[0] if done.stderr.strip() else "uv failed")


def outdated() -> list[str]:
    """The compiled files that compiling again would change."""
    changed = []
    with tempfile.TemporaryDirectory(prefix="portal-lock-") as place:
        for source, compiled in SETS.items():
            again = Path(place) / compiled
            shutil.copyfile(ROOT / compiled, again)
            compile_to(source, again)
            if _meaning(again) != _meaning(ROOT / compiled):
                changed.append(compiled)
    return changed


def problems() -> list[str]:
    """What is wrong with the compiled files as they stand, found without any network."""
    found = []
    pins = {name: _pins(ROOT / name) for name in SETS.values()}
    for name, pinned in pins.items():
        found += [
            f"{name}: {package} has no hash" for package, (_, rest) in pinned.items() if "--hash=sha256:" not in rest
        ]
    for source, compiled in SETS.items():
        for package, version in _asked(ROOT / source).items():
            if package not in pins[compiled]:
                found.append(f"{compiled}: {package} is asked for in {source} and not pinned")
            elif version and pins[compiled][package][0] != version:
                found.append(f"{compiled}: {package} is {pins[compiled][package][0]}, {source} says {version}")
    run, dev = pins["requirements.txt"], pins["requirements-dev.txt"]
    for package, (version, rest) in run.items():
        elsewhere_only = package not in dev and rest.lstrip().startswith(";")  # another Python or system asks for it
        if not elsewhere_only and dev.get(package, ("",))[0] != version:
            found.append(f"requirements-dev.txt: {package} differs from requirements.txt")
    return found


def _pins(path: Path) -> dict[str, tuple[str, str]]:
    return {_normal(found[1]): (found[2], found[3]) for found in _PIN.finditer(path.read_text())}


def _asked(path: Path) -> dict[str, str]:
    return {_normal(found[1]): found[2] or "" for found in _ASKED.finditer(path.read_text())}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _meaning(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _environment() -> dict[str, str]:
    """uv asks the index that pip is set up for; the compiled file names none."""
    index = (
        os.environ.get("PIP_INDEX_URL")
        or subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
        ).stdout.strip()
    )
    return {**({"UV_DEFAULT_INDEX": index} if index else {}), **os.environ}


def main() -> None:
    """Compile both sets, the tests' after the portal's so that they agree."""
    for source, compiled in SETS.items():
        compile_to(source, ROOT / compiled)
        print(f"{compiled}: {len(_pins(ROOT / compiled))} packages")


if __name__ == "__main__":
    main()
