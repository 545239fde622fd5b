"""Photographs made anew: what comes out is a fresh picture, and nothing else that was in the file."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from portal.gateways import images
from portal.gateways.images import NoPicture, TooLarge, remake

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def picture(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: Any) -> bytes:
    """A picture of one kind, red on the left and blue on the right."""
    made = Image.new(mode, size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"),
                                            ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")])  # fmt: skip
def test_every_kind_becomes_a_fresh_jpeg(kind: str, mode: str) -> None:
    made = Image.new(mode, (60, 40))
    out = BytesIO()
    made.save(out, kind)
    fresh = remake(out.getvalue())
    assert (fresh.media_type, fresh.width, fresh.height) == ("image/jpeg", 60, 40)
    with Image.open(BytesIO(fresh.content)) as read:
        assert (read.format, read.mode, read.size) == ("JPEG", "RGB", (60, 40))


def test_what_the_camera_wrote_is_gone_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "Secret Camera", 6  # turned by a quarter
    exif.get_ifd(GPS)[2] = (45.0, 30.0, 12.0)
    given = picture("JPEG", exif=exif, comment=b"a note of the photographer")
    assert b"Secret Camera" in given
    fresh = remake(given)
    assert (fresh.width, fresh.height) == (40, 60)
    assert b"Secret" not in fresh.content
    assert b"note of" not in fresh.content
    assert b"Exif" not in fresh.content
    with Image.open(BytesIO(fresh.content)) as read:
        assert not read.getexif()
        assert read.getpixel((20, 5))[0] > 200  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
        assert read.getpixel((20, 55))[2] > 200  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]


def test_what_is_hidden_behind_a_picture_stays_behind() -> None:
    given = picture("PNG") + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in remake(given).content


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>1</script></html>", b"%PDF-1.7", b"GIF89a",
     picture("GIF"), picture("BMP"), picture("TIFF"), picture("JPEG")[:300], picture("PNG")[:70]],
)  # fmt: skip
def test_what_is_no_photograph_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture):
        remake(content)


def _bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 4_001), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge):
        remake(_bomb(*size))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(TooLarge):
        remake(bytes(images.LARGEST_BYTES + 1))


def test_a_large_photograph_is_made_smaller() -> None:
    fresh = remake(picture("JPEG", (4_000, 2_000)))
    assert max(fresh.width, fresh.height) <= images.LONGEST_EDGE
    assert fresh.width == 2 * fresh.height
