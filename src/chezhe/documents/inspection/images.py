"""Pictures are decoded and encoded anew: what is kept holds pixels and nothing else, no EXIF, no place, no tail."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from chezhe.documents import errors, kinds
from chezhe.documents.inspection import polyglots
from chezhe.documents.kinds import Kind

# A JPEG can be decoded at a fraction of its size, so a 108-megapixel phone photo costs no more than a scan.
PIXELS_MAX = {"jpeg": 120_000_000, "png": 40_000_000, "webp": 40_000_000}
SIDE_MAX = 4_000  # an A4 page scanned at 300 dpi is 3,508 high
_PILLOW = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_DECODING_FAILS = (OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError, TypeError, KeyError, Image.DecompressionBombError)


def re_encoded(kind: Kind, data: bytes) -> tuple[bytes, int, int]:
    """The clean bytes, width and height. Raises FileDamaged, FileDisguised or ImageTooManyPixels (422)."""
    if polyglots.hides_something(data):
        raise errors.FileDisguised()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=[_PILLOW[kind.code]])
        _require_size(kind, *picture.size)
        return _clean(kind, picture)
    except Image.DecompressionBombError:
        raise errors.ImageTooManyPixels(limit=PIXELS_MAX[kind.code] // 1_000_000) from None
    except _DECODING_FAILS:
        raise errors.FileDamaged(found=kind.name) from None


def _require_size(kind: Kind, width: int, height: int) -> None:
    """The header alone tells the size: nothing has been decoded yet."""
    if width * height > PIXELS_MAX[kind.code]:
        raise errors.ImageTooManyPixels(limit=PIXELS_MAX[kind.code] // 1_000_000)


def _clean(kind: Kind, picture: Image.Image) -> tuple[bytes, int, int]:
    if max(picture.size) > SIDE_MAX:
        picture.draft("RGB", (SIDE_MAX, SIDE_MAX))
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    if max(picture.size) > SIDE_MAX:
        picture.thumbnail((SIDE_MAX, SIDE_MAX))
    has_alpha = kind is not kinds.JPEG and picture.mode in ("RGBA", "LA", "PA", "P")
    mode = "RGBA" if has_alpha else "RGB"
    bare = picture if picture.mode == mode else picture.convert(mode)
    # Only the pixels go over: EXIF, XMP, comments, colour profile and extra frames stay behind.
    bare.info = {}
    out = io.BytesIO()
    bare.save(out, format=_PILLOW[kind.code], **_OPTIONS[kind.code])
    return out.getvalue(), *bare.size


_OPTIONS: dict[str, dict[str, int]] = {"jpeg": {"quality": 88}, "png": {"compress_level": 6}, "webp": {"quality": 88, "method": 2}}
