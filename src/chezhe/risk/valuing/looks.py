"""What is on a picture, in 64 bits: the same photo saved anew, made smaller or a little lighter has nearly the same hash."""

from __future__ import annotations

import io

from PIL import Image

SIDE = 8
# Two photos of different cars differ in about half of the bits; a copy in hardly any.
SAME_BITS_MAX = 3


def look_of(data: bytes) -> str:
    """Sixteen hexadecimal digits: whether each of 8 × 8 places is brighter than its left neighbour (difference hash)."""
    with Image.open(io.BytesIO(data)) as picture:
        grey = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    points = grey.tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            at = row * (SIDE + 1) + column
            bits = bits << 1 | (points[at + 1] > points[at])
    return f"{bits:016x}"


def quarters(look: str) -> tuple[str, str, str, str]:
    """Two looks that differ in three bits at most have one of these in common."""
    return look[:4], look[4:8], look[8:12], look[12:]


def is_blank(look: str) -> bool:
    """A wall, a hand over the lens: nothing on it to tell pictures apart by."""
    return int(look, 16).bit_count() <= SAME_BITS_MAX


def differing_bits(one: str, other: str) -> int:
    """0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
