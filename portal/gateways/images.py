"""Photographs made anew: what was uploaded is read as a picture, and a fresh JPEG of it is what is kept.

Whatever the camera wrote beside the picture (place, time, device), and whatever somebody hid in the file, stays behind.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps

from portal.gateways.errors import GatewayError

LARGEST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
LONGEST_EDGE = 3_000  # pixels: enough to look closely
QUALITY = 88
SMALL_EDGE = 640  # pixels: a picture on paper, some 4 cm wide
READABLE = ("JPEG", "PNG", "WEBP")
JPEG = "image/jpeg"


class NoPicture(GatewayError):
    """The file is no picture of a kind that we read, or it is broken."""


class TooLarge(GatewayError):
    """More bytes or more pixels than we take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; `width` and `height` in pixels, the way up it is looked at."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The name that storage will know it by."""
        return hashlib.sha256(self.content).hexdigest()


def remake(content: bytes) -> Picture:
    """The picture in `content` as a fresh JPEG: turned upright, in sRGB, at most `LONGEST_EDGE` on its longer side.

    What it is is decided by the bytes, never by a name. Raises `TooLarge` before anything is decoded, and `NoPicture`.
    """
    if len(content) > LARGEST_BYTES:
        raise TooLarge("The file is too large.")
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on wherever it is loaded: half pictures would pass
    try:
        with Image.open(BytesIO(content), formats=READABLE) as image:
            _measure(image)
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG is decoded no larger than it is needed
            fresh = _fresh(image)
    except GatewayError:
        raise
    except Image.DecompressionBombError:
        raise TooLarge("The picture has too many pixels.") from None
    except Exception as broken:  # decoders raise whatever they meet: a file that is no picture is no fault of ours
        raise NoPicture("This is no picture that can be read.") from broken
    out = BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), JPEG, fresh.width, fresh.height)


def small(content: bytes) -> bytes:
    """A picture of ours (`remake`) as a small JPEG for paper. The same picture gives the same bytes."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as image:
            image.draft("RGB", (SMALL_EDGE, SMALL_EDGE))
            picture = image.convert("RGB")
    except Exception as broken:
        raise NoPicture("This is no picture that can be read.") from broken
    picture.thumbnail((SMALL_EDGE, SMALL_EDGE), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _measure(image: Image.Image) -> None:
    """By what the head of the file says, before anything is decoded; a decoder gives no more than that."""
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge("The picture has too many pixels.")


def _fresh(image: Image.Image) -> Image.Image:
    """The pixels alone, on a new picture. It is made smaller first: what follows costs memory by its size."""
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "PA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode.startswith("I;16"):  # 16 bits of grey
        image = image.point(lambda light: light / 256, "L")
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    upright: Image.Image = ImageOps.exif_transpose(image)
    if upright.mode == "RGBA":
        opaque = Image.new("RGB", upright.size, "white")
        opaque.paste(upright, mask=upright.getchannel("A"))
        upright = opaque
    if profile and upright.mode == "RGB":
        upright = _in_srgb(upright, profile)
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright.convert("RGB"))
    return fresh


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours as they were taken; skin is looked at closely. A profile that cannot be read is left out."""
    try:
        wide: Any = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(image, wide, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image
