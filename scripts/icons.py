"""Write portal/components/ui/icon_paths.py: each Lucide icon that the portal draws, as one path.

    python scripts/icons.py DIRECTORY [NAME ...]

DIRECTORY holds the SVG files of the npm package lucide-static (ISC licence). The names already in the file are
written again, the given ones are added; `ruff format` the result. Circles, lines and rectangles become path commands,
so that an icon is one short string.
"""

import re
import sys
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it ships no types

TARGET = Path(__file__).parent.parent / "portal" / "components" / "ui" / "icon_paths.py"
HEAD = '''"""The icons that the portal draws: Lucide (ISC), 24 grid, one path each. Written by scripts/icons.py."""

PATHS: dict[str, str] = {
'''


def n(value: float) -> str:
    """A coordinate without needless zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def circle(cx: float, cy: float, rx: float, ry: float) -> str:
    """An ellipse as two arcs."""
    half = f"a{n(rx)} {n(ry)} 0 1 0 "
    return f"M{n(cx - rx)} {n(cy)}{half}{n(2 * rx)} 0{half}{n(-2 * rx)} 0Z"


def rectangle(x: float, y: float, width: float, height: float, r: float) -> str:
    """A rectangle with round corners of radius r."""
    if not r:
        return f"M{n(x)} {n(y)}h{n(width)}v{n(height)}h{n(-width)}Z"
    arc, w, h = f"a{n(r)} {n(r)} 0 0 1 ", width - 2 * r, height - 2 * r
    return (
        f"M{n(x + r)} {n(y)}h{n(w)}{arc}{n(r)} {n(r)}v{n(h)}{arc}{n(-r)} {n(r)}"
        f"h{n(-w)}{arc}{n(-r)} {n(-r)}v{n(-h)}{arc}{n(r)} {n(-r)}Z"
    )


def absolute_start(d: str) -> str:
    """The path starting with `M`: a first `m` is absolute alone, but relative once another path stands before it."""
    start = re.match(r"m\s*(-?[\d.]+)[\s,]*(-?(?:\d+\.?\d*|\.\d+))\s*", d)
    if not start:
        return d
    rest = d[start.end() :]
    return f"M{start[1]} {start[2]}" + (f"l{rest}" if rest[:1] in "-.0123456789" and rest else rest)


def entry(name: str, path: str) -> str:
    """One line of the dictionary, or several where the path is long."""
    if len(path) <= 90:
        return f'    "{name}": "{path}",\n'
    pieces = "".join(f'        "{path[i : i + 100]}"\n' for i in range(0, len(path), 100))
    return f'    "{name}": (\n{pieces}    ),\n'


def as_path(shape: etree._Element) -> str:
    """The path commands that draw one SVG element.

    Raises:
        ValueError: for an element that Lucide did not use when this was written.
    """
    tag = shape.tag.rpartition("}")[2]
    at = {name: float(value) for name, value in shape.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
    if tag == "path":
        return absolute_start(shape.attrib["d"])
    if tag == "line":
        return f"M{n(at['x1'])} {n(at['y1'])}L{n(at['x2'])} {n(at['y2'])}"
    if tag == "circle":
        return circle(at["cx"], at["cy"], at["r"], at["r"])
    if tag == "ellipse":
        return circle(at["cx"], at["cy"], at["rx"], at["ry"])
    if tag == "rect":
        return rectangle(at.get("x", 0), at.get("y", 0), at["width"], at["height"], at.get("rx", at.get("ry", 0)))
    if tag in ("polyline", "polygon"):
        return "M" + " ".join(shape.attrib["points"].replace(",", " ").split()) + ("Z" if tag == "polygon" else "")
    raise ValueError(f"no rule for <{tag}>")


def main(source: Path, added: list[str]) -> None:
    """Write the icons that are already known and the added ones, in alphabetical order."""
    known = re.findall(r'^    "([a-z0-9-]+)":', TARGET.read_text(), re.MULTILINE) if TARGET.exists() else []
    lines = []
    for name in sorted({*known, *added}):
        shapes = etree.fromstring((source / f"{name}.svg").read_bytes())
        path = "".join(as_path(shape) for shape in shapes.iterchildren(tag=etree.Element))
        lines.append(entry(name, path))
    TARGET.write_text(HEAD + "".join(lines) + "}\n")
    print(f"{len(lines)} icons")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
