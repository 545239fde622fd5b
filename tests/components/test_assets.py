"""The public files: small fonts that have the letters we need, and no address that leads nowhere."""

import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from portal.components.layout.app import PRELOADED_FONTS
from portal.components.ui.icon_paths import PATHS

ASSETS = Path("assets")
TOKENS = (ASSETS / "tokens.css").read_text()
COMPONENTS = (ASSETS / "components.css").read_text()


def letters(name: str) -> set[int]:
    """The characters that a font file can draw."""
    return set(TTFont(ASSETS / "fonts" / f"{name}.woff2").getBestCmap())


def test_the_preloaded_fonts_stay_small():
    sizes = [(ASSETS / "fonts" / f"{name}.woff2").stat().st_size for name in PRELOADED_FONTS]
    assert sum(sizes) <= 45_000


@pytest.mark.parametrize("name", PRELOADED_FONTS)
def test_the_base_file_has_what_we_write(name: str):
    assert {ord(c) for c in "Lumière Aesthetics (503) 555-0142 $1,985.00 – é ñ ü ß Å … • ™"} <= letters(name)


@pytest.mark.parametrize("family", ["hanken-grotesk", "ysabeau"])
def test_the_extended_file_has_european_names(family: str):
    assert {ord(c) for c in "ŁłŐőȘșŽžČčĞğĪīĄąŞşŃń"} <= letters(f"{family}-latin-ext-wght-normal")


@pytest.mark.parametrize("url", sorted(set(re.findall(r'url\("(/[^"]+)"\)', TOKENS))))
def test_every_font_of_the_stylesheet_exists(url: str):
    assert (ASSETS / url.lstrip("/")).is_file()


def test_every_custom_property_is_defined():
    both = TOKENS + COMPONENTS
    used = set(re.findall(r"var\((--[\w-]+)", both))
    python = "".join(path.read_text() for path in Path("portal").rglob("*.py"))
    inline = {f"--{name}" for name in re.findall(r"\b_(\w+)=", python)} | set(re.findall(r'"(--[\w-]+)":', python))
    defined = set(re.findall(r"(--[\w-]+)\s*:", both)) | inline
    with_default = set(re.findall(r"var\((--[\w-]+)\s*,", both))
    assert used - defined - with_default == set()


def test_the_stylesheets_ask_no_other_host():
    assert re.findall(r"(?:url\(|@import)[^;)]*https?://(?!www\.w3\.org)", TOKENS + COMPONENTS) == []


def test_the_manifest_names_files_that_exist():
    manifest = json.loads((ASSETS / "manifest.webmanifest").read_text())
    assert all((ASSETS / icon["src"].lstrip("/")).is_file() for icon in manifest["icons"])


def test_icon_paths_start_with_an_absolute_move():
    assert all(path.startswith("M") for path in PATHS.values())
