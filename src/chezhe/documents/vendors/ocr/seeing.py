"""From a photo to lines of ink: an even ground, straight lines, and where each line has its pieces. Only pixels are looked at."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

Ink = np.ndarray[Any, np.dtype[np.float32]]

SIDE = 1500
PIXELS_MAX = 40_000_000
_ANGLE_MAX, _FAINTEST = 9.0, 0.16
_THRESHOLD = 0.38


class NoPicture(ValueError):
    """The bytes are no picture that can be opened."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ink (0 paper, 1 black) with the place of its upper left corner on the straightened page."""

    ink: Ink
    left: int
    top: int

    @property
    def height(self) -> int:
        return int(self.ink.shape[0])

    @property
    def right(self) -> int:
        return self.left + int(self.ink.shape[1])

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Page:
    """`lines` from top to bottom; `contrast` (0..1) is how much darker the ink is than the paper."""

    lines: list[Line]
    contrast: float


def seen(data: bytes) -> Page:
    """What a picture shows. Raises NoPicture."""
    ink, contrast = _inked(_grey(data))
    if contrast < _FAINTEST:
        return Page([], contrast)
    straight = _turned(ink, -_angle(ink))
    return Page(_lines(straight), contrast)


def _grey(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
            if picture.width * picture.height > PIXELS_MAX or min(picture.size) < 40:
                raise NoPicture
            grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture from None
    # Always of one size: what the glyphs are compared at does not depend on the camera.
    scale = SIDE / max(grey.size)
    return grey.resize((max(1, round(grey.width * scale)), max(1, round(grey.height * scale))), Image.Resampling.LANCZOS)


def _inked(grey: Image.Image) -> tuple[Ink, float]:
    """How much darker each place is than the paper around it, stretched to 0..1, and by how much it was stretched."""
    small = grey.resize((max(8, grey.width // 12), max(8, grey.height // 12)), Image.Resampling.BOX)
    ground = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(3)).resize(grey.size, Image.Resampling.BILINEAR)
    paper = np.asarray(ground, dtype=np.float32)
    ink = np.clip(1 - np.asarray(grey, dtype=np.float32) / np.maximum(paper, 1), 0, 1)
    darkest = float(np.percentile(ink, 99.0))
    return np.clip((ink - 0.12 * darkest) / max(darkest * 0.82, 1e-3), 0, 1), darkest


def _angle(ink: Ink) -> float:
    """By how many degrees the lines rise: the turn at which rows are either full of ink or empty."""
    whole = Image.fromarray((ink * 255).astype(np.uint8))
    small, large = whole.reduce(4), whole.reduce(2)

    def sharpness(angle: float, picture: Image.Image) -> float:
        rows = np.asarray(picture.rotate(-angle, Image.Resampling.BILINEAR), dtype=np.float32).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-_ANGLE_MAX, _ANGLE_MAX + 0.1, 1.0), key=lambda angle: sharpness(angle, small))
    middle = max(coarse + np.arange(-0.75, 0.76, 0.25), key=lambda angle: sharpness(angle, small))
    return float(max(middle + np.arange(-0.2, 0.21, 0.1), key=lambda angle: sharpness(angle, large)))


def _turned(ink: Ink, angle: float) -> Ink:
    if abs(angle) < 0.04:
        return ink
    turned = Image.fromarray(ink).rotate(angle, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(turned, dtype=np.float32), 0, 1)


def _lines(ink: Ink) -> list[Line]:
    """Pieces of ink of the size of characters, joined to lines; frames, portraits and specks are left out."""
    from scipy import ndimage  # type: ignore[import-untyped]

    labels, _count = ndimage.label(ink > _THRESHOLD, structure=np.ones((3, 3)))
    boxes = ndimage.find_objects(labels)
    heights = np.array([box[0].stop - box[0].start for box in boxes] or [0])
    widths = np.array([box[1].stop - box[1].start for box in boxes] or [0])
    tall = heights[(heights > 9) & (heights < 110) & (widths < 140)]
    if tall.size < 6:
        return []
    size = float(np.percentile(tall, 70))
    fits = (heights <= 2.6 * size) & (widths <= 4 * size) & ((heights >= 0.12 * size) | (widths >= 0.2 * size)) & (heights * widths > 8)
    kept = np.zeros(len(boxes) + 1, dtype=bool)
    kept[1:] = fits
    mask = kept[labels]
    joined = ndimage.maximum_filter(mask.view(np.uint8), size=(max(3, int(size * 0.22)), int(size * 1.5)))
    areas, _count = ndimage.label(joined)
    found = [line for number, area in enumerate(ndimage.find_objects(areas), start=1)
             if (line := _line(np.where(mask[area] & (areas[area] == number), ink[area], 0.0), area, size)) is not None]
    return sorted(found, key=lambda line: (line.top, line.left))


def _line(ink: Ink, area: tuple[slice, slice], size: float) -> Line | None:
    """The line cut to its ink; None for what is too low to be one."""
    rows, columns = np.nonzero(ink.max(axis=1) > _THRESHOLD)[0], np.nonzero(ink.max(axis=0) > _THRESHOLD)[0]
    if rows.size == 0 or rows[-1] - rows[0] < 0.4 * size:
        return None
    top, bottom, left, right = max(0, rows[0] - 1), rows[-1] + 2, max(0, columns[0] - 1), columns[-1] + 2
    return Line(ink[top:bottom, left:right], area[1].start + int(left), area[0].start + int(top))
