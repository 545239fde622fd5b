"""Draw the portal's mark, the halo, as icons: python scripts/mark.py. The result, in assets/, is committed.

Four discs of light that step outward from one point, in the colours of assets/tokens.css (light, default practice).
"""

from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).parent.parent / "assets"
#: Outermost first: radius in parts of the width, colour (brand, two steps of light over it, light).
DISCS = ((2.0, "#6f2e56"), (0.57, "#a06f82"), (0.379, "#d0b1ae"), (0.196, "#fff4dc"))
CENTRE = (0.62, 0.36)
SMOOTH = 4  # drawn larger, then reduced


def svg() -> str:
    """The mark as a round picture of 32 units."""
    x, y = (32 * part for part in CENTRE)
    discs = "".join(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{32 * r:.2f}" fill="{colour}"/>' for r, colour in DISCS)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><clipPath id="o"><circle cx="16" cy="16" r="16"/>'
        f'</clipPath><g clip-path="url(#o)">{discs}</g></svg>\n'
    )


def square(size: int) -> Image.Image:
    """The mark filling a square, as phones want it: they round the corners by themselves."""
    side = size * SMOOTH
    image = Image.new("RGB", (side, side))
    draw = ImageDraw.Draw(image)
    x, y = (side * part for part in CENTRE)
    for part, colour in DISCS:
        r = side * part
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    (ASSETS / "favicon.svg").write_text(svg())
    for name, size in (("apple-touch-icon", 180), ("icon-192", 192), ("icon-512", 512)):
        square(size).quantize(64).save(ASSETS / f"{name}.png", optimize=True)
    square(32).save(ASSETS / "favicon.ico", sizes=[(16, 16), (32, 32)])
