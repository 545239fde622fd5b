"""Photographs made anew: what comes out is a fresh picture, and nothing else that was in the file."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from portal.gateways import images
from portal.gateways.images import NoPicture, TooLarge, remake

ROOT = Path(__file__).parents[2]
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


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description gps='45.5,-122.6'/></x:xmpmeta>"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_kind_is_turned_upright(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    fresh = remake(picture(kind, (60, 40), exif=exif))
    assert (fresh.width, fresh.height) == ((60, 40) if orientation < 5 else (40, 60))
    with Image.open(BytesIO(fresh.content)) as read:
        corner = read.getpixel((3, 3))
    assert isinstance(corner, tuple)
    red = {1: True, 2: False, 3: False, 4: True, 5: True, 6: True, 7: False, 8: False}[orientation]
    assert (corner[0] > corner[2]) == red


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_notes_profiles_and_thumbnails_are_gone(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    notes = PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    notes.add_text("Comment", "a secret note")
    how: dict[str, Any] = {"pnginfo": notes} if kind == "PNG" else {"xmp": XMP}
    given = picture(kind, icc_profile=profile, **how)
    assert b"-122.6" in given
    fresh = remake(given).content
    for trace in (b"-122.6", b"xmp", b"secret", b"ICC_PROFILE", b"Exif", b"Adobe"):
        assert trace not in fresh, trace
    with Image.open(BytesIO(fresh)) as read:
        assert set(read.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "hidden", [b"<html><script>alert(1)</script>", b"*/=alert(1);/*", b"PK\x03\x04evil.exe", b"%PDF-1.7"]
)
def test_what_is_hidden_behind_a_picture_stays_behind(kind: str, hidden: bytes) -> None:
    fresh = remake(picture(kind) + hidden).content
    assert hidden not in fresh
    assert fresh.startswith(b"\xff\xd8\xff\xe0")
    assert fresh.endswith(b"\xff\xd9")


def test_a_script_in_a_comment_of_a_jpeg_is_gone() -> None:
    fresh = remake(picture("JPEG", comment=b"*/=alert(document.cookie);/*")).content
    assert b"alert" not in fresh


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_moving_pictures_the_first_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue", "green")]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    with Image.open(BytesIO(remake(out.getvalue()).content)) as read:
        assert getattr(read, "n_frames", 1) == 1
        assert read.convert("RGB").getpixel((5, 5))[0] > 240  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]


def test_of_a_phones_picture_with_a_second_one_in_it_the_first_is_kept() -> None:
    out = BytesIO()
    first, second = Image.new("RGB", (30, 20), "red"), Image.new("RGB", (30, 20), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    fresh = remake(out.getvalue())
    assert (fresh.width, fresh.height) == (30, 20)
    assert len(fresh.content) < len(out.getvalue())


def test_sixteen_bits_of_grey_keep_their_light() -> None:
    out = BytesIO()
    Image.new("I;16", (30, 20), 30_000).save(out, "PNG")
    with Image.open(BytesIO(remake(out.getvalue()).content)) as read:
        light = read.convert("L").getpixel((5, 5))
    assert isinstance(light, int)
    assert 110 < light < 125


def test_the_largest_picture_costs_little_memory() -> None:
    """A PNG of 39 megapixels, with transparency: 156 MB when it is read, twice while it is made smaller, and a strip
    between (measured 420). In a process of its own."""
    script = (
        "import io\nfrom PIL import Image\nfrom portal.gateways.images import remake\n"
        "out = io.BytesIO()\nImage.new('RGBA', (7800, 5000), (9, 9, 9, 128)).save(out, 'PNG', compress_level=1)\n"
        "content = out.getvalue()\nopen('/proc/self/clear_refs', 'w').write('5')\n"  # the peak counts from here
        "fresh = remake(content)\nassert max(fresh.width, fresh.height) == 3000\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1][:-3])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 450, "megabytes"


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x00\x00\x18ftypheic" + bytes(99), b"II*\x00" + bytes(99), b"\xff\xd8\xff",
     b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>1</script></html>", b"%PDF-1.7", b"GIF89a",
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


def test_a_note_that_unpacks_to_far_more_is_not_unpacked() -> None:
    """A PNG with a compressed comment of 100 megabytes."""
    packed = zlib.compressobj(9)
    bomb = b"".join([*(packed.compress(bytes(10_000_000)) for _ in range(10)), packed.flush()])
    data = b"Comment\x00\x00" + bomb
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    whole = picture("PNG")
    with pytest.raises(NoPicture):
        remake(whole[:33] + chunk + whole[33:])


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(TooLarge):
        remake(bytes(images.LARGEST_BYTES + 1))


def test_a_large_photograph_is_made_smaller() -> None:
    fresh = remake(picture("JPEG", (4_000, 2_000)))
    assert max(fresh.width, fresh.height) <= images.LONGEST_EDGE
    assert fresh.width == 2 * fresh.height
