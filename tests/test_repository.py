"""What the repository may hold, and what a newcomer must find in it."""

import json
import re
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

from portal.settings import Settings
from scripts import licences, lock, secret_scan

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ("reflex.lock/", "requirements.txt", "requirements-dev.txt")

# Places of one machine, and package indexes other than the public ones a tool knows by itself.
MACHINE_PATHS = re.compile(r"(?<![\w.{}-])/(?:work|root|home/\w+|Users/\w+|tmp/(?:brief|web-|var-)\w*)/")
INDEX_SETTINGS = re.compile(
    r"(?m)^\s*--(?:extra-)?index-url|^\s*--find-links|registry\.(?!npmjs\.org)[a-z0-9-]+\.[a-z]+"
)


@lru_cache
def tracked() -> tuple[str, ...]:
    """Every file that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


@lru_cache
def texts() -> dict[str, str]:
    """The text files among them that people write."""
    found = {}
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content and not name.startswith(GENERATED):
            found[name] = content.decode()
    return found


def test_nobody_writes_javascript() -> None:
    written = [name for name in tracked() if re.search(r"\.(?:[cm]?[jt]sx?|vue|svelte)$", name)]
    assert not written, f"Declare it in Python, in a component's add_imports and add_hooks: {written}"


def test_no_file_knows_one_machine() -> None:
    found = [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0].strip()}"
        for name, text in texts().items()
        if name != "tests/test_repository.py"
        for pattern in (MACHINE_PATHS, INDEX_SETTINGS)
        for hit in pattern.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_no_lock_names_an_index() -> None:
    for name in tracked():
        if name.startswith("requirements"):
            assert not INDEX_SETTINGS.search((ROOT / name).read_text()), name
    lockfile = ROOT / "reflex.lock" / "bun.lock"
    addresses = set(re.findall(r"https?://[^/\"]+", lockfile.read_text())) - {"https://registry.npmjs.org"}
    assert not addresses, f"reflex.lock was made against {addresses}: build again with the public registry's answers"


def test_links_in_the_documents_lead_somewhere() -> None:
    broken = []
    for name, text in texts().items():
        if not name.endswith(".md"):
            continue
        for target in re.findall(r"(?<!`)\]\(([^)\s#]+)(?:#[^)]*)?\)|<img[^>]+src=\"([^\"]+)\"", text):
            address = next(filter(None, target))
            if not re.match(r"[a-z]+:", address) and not (ROOT / name).parent.joinpath(address).exists():
                broken.append(f"{name}: {address}")
    assert not broken, "\n".join(broken)


def test_the_readme_opens_with_a_picture_and_the_two_commands() -> None:
    opening = "\n".join((ROOT / "README.md").read_text().splitlines()[:30])
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)|<img[^>]+src=\"([^\"]+)\"", opening)
    assert picture, "README.md should open with a screenshot"
    assert "make run" in opening
    assert "make test" in opening


def test_every_requirement_is_pinned_and_hashed() -> None:
    assert not lock.problems()


def test_every_setting_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"(?m)^#?\s?([A-Z][A-Z0-9_]+)=", example))
    settings = {str(field.alias) for field in Settings.model_fields.values()}
    assert settings - named == set(), "missing from .env.example"
    assert {name for name in named - settings if name.startswith("PORTAL_")} == set(), "not a setting any more"


def test_the_example_holds_no_secret() -> None:
    filled = re.findall(r"(?m)^#?\s?(\w*(?:KEY|TOKEN|PASSWORD|SECRET)\w*)=(\S+)", (ROOT / ".env.example").read_text())
    assert not filled


def test_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text()))
    assert {"run", "dev", "test", "test-long", "check", "bench", "lock", "screenshots", "help", "clean"} <= targets
    for name, text in texts().items():
        if name.endswith(".md"):
            named = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"(?m)^(?:\$ )?make ([a-z-]+)", text))
            assert named <= targets, name


def test_the_frontend_is_locked() -> None:
    package = json.loads((ROOT / "reflex.lock" / "package.json").read_text())
    loose = {
        n: v for n, v in {**package["dependencies"], **package["devDependencies"]}.items() if not re.match(r"v?\d", v)
    }
    assert not loose


def test_files_that_run_may_run() -> None:
    for name in ("scripts/install", "scripts/test", ".ci/run"):
        mode = subprocess.run(
            ["git", "ls-files", "-s", name], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
        assert mode.startswith("100755"), name


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "key = 'sk_" + "live_" + "a1B2c3D4e5F6g7H8i9J0'",
        "SG." + "a" * 22 + "." + "b" * 43,
        "AC" + "0123456789abcdef" * 2,
        "url = 'postgresql://portal:" + "correcthorse@db.example/portal'",
        'password = "' + 'correct-horse-battery"',
    ],
)
def test_the_secret_scan_finds(line: str) -> None:
    assert secret_scan.in_line(line)


@pytest.mark.parametrize(
    "line", ["password: str", "PORTAL_SECRET_KEY=", "redis://:{password}@127.0.0.1:1/0", "api_key = settings.key"]
)
def test_the_secret_scan_leaves_alone(line: str) -> None:
    assert secret_scan.in_line(line) is None


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "AGPL-3.0", "MIT AND GPL-2.0", "UNKNOWN", "Proprietary", "SSPL-1.0"]
)
def test_the_licence_list_refuses(licence: str) -> None:
    assert not licences.fits(licence)


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0 OR GPL-3.0", "MIT AND PSF-2.0", "BSD License"])
def test_the_licence_list_takes(licence: str) -> None:
    assert licences.fits(licence)
