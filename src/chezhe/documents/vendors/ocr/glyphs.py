"""What characters look like in the house's font, and how much a piece of ink is like each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Grid = np.ndarray[Any, np.dtype[np.float32]]

TRACE = 0.3  # less ink than this is paper
_COARSE, _FINE = 18, 32
_EM = 44
_BEST, _CLOSER = 8, 24
_FURTHER = "冯邓闫阎幢镇淄濮阳鄞亳衢邯郸嘉兖佟邵郝邱龚鲍邢瞿臧昊轩梓琪琳瑶璐晗睿颖馨雯萱莹淼鑫婷倩蕾薇桦圳珺婧"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./:¥"
# How much one em of difference in height and width counts beside the likeness of the shape.
_OF_SIZE = 0.5


@dataclass(frozen=True, slots=True)
class Glyphs:
    """All characters of a font: rows of length 1, coarse (proportions kept) and fine (stretched), heights and widths in em."""

    characters: str
    coarse: Grid
    fine: Grid
    heights: Grid
    widths: Grid


@dataclass(frozen=True, slots=True)
class Likeness:
    """The characters that a piece of ink is most like, best first, with how much (1 is the same)."""

    characters: str
    scores: tuple[float, ...]


@lru_cache(maxsize=2)
def of_font(font: Path) -> Glyphs:
    """The 3,755 common characters, further ones of names and places, capitals, digits and signs. Raises OSError without the font."""
    face = ImageFont.truetype(str(font), _EM)
    common = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell)).decode("gb2312", "ignore")
    characters = "".join(dict.fromkeys(SIGNS + common + _FURTHER))
    drawn = [_drawn(character, face) for character in characters]
    heights = np.array([one.shape[0] / _EM for one in drawn], dtype=np.float32)
    widths = np.array([one.shape[1] / _EM for one in drawn], dtype=np.float32)
    return Glyphs(
        characters, np.stack([_proportioned(one) for one in drawn]), np.stack([_stretched(one) for one in drawn]), heights, widths)


def _drawn(character: str, face: ImageFont.FreeTypeFont) -> Grid:
    canvas = Image.new("L", (_EM * 2, _EM * 2))
    ImageDraw.Draw(canvas).text((_EM // 2, _EM // 4), character, font=face, fill=255)
    return trimmed(np.asarray(canvas, dtype=np.float32) / np.float32(255))


def trimmed(ink: Grid) -> Grid:
    """A piece of ink without the paper around it."""
    rows, columns = np.flatnonzero(ink.max(axis=1) > TRACE), np.flatnonzero(ink.max(axis=0) > TRACE)
    return ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1] if rows.size else ink[:1, :1]


def _proportioned(ink: Grid) -> Grid:
    """In the middle of a square, as wide and as high as it is."""
    scale = _COARSE / max(ink.shape)
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    square = np.zeros((_COARSE, _COARSE), dtype=np.float32)
    left, top = (_COARSE - size[0]) // 2, (_COARSE - size[1]) // 2
    square[top:top + size[1], left:left + size[0]] = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BILINEAR))
    return _unit(square)


def _stretched(ink: Grid) -> Grid:
    """Filling a square: a pixel more or less at its edge moves nothing within."""
    return _unit(np.asarray(Image.fromarray(ink).resize((_FINE, _FINE), Image.Resampling.BILINEAR)))


def _unit(square: Grid) -> Grid:
    vector = square.ravel() - square.mean()
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)


def likenesses(pieces: list[Grid], em: float, glyphs: Glyphs) -> list[Likeness]:
    """What each piece is like, when characters are `em` pixels large: by its outline first, then the closest ones in detail."""
    heights = np.array([[piece.shape[0] / em] for piece in pieces], dtype=np.float32)
    widths = np.array([[piece.shape[1] / em] for piece in pieces], dtype=np.float32)
    sizes = _OF_SIZE * (np.abs(heights - glyphs.heights) + np.abs(widths - glyphs.widths))
    coarse = np.stack([_proportioned(piece) for piece in pieces]) @ glyphs.coarse.T - sizes
    closer = np.argpartition(-coarse, _CLOSER, axis=1)[:, :_CLOSER]
    fine = np.stack([_stretched(piece) for piece in pieces])
    found = []
    for at, places in enumerate(closer):
        scores = 0.35 * coarse[at, places] + 0.65 * (glyphs.fine[places] @ fine[at] - sizes[at, places])
        ranked = np.argsort(-scores)[:_BEST]
        found.append(Likeness("".join(glyphs.characters[places[k]] for k in ranked), tuple(float(scores[k]) for k in ranked)))
    return found
