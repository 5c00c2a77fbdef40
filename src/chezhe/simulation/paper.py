"""Scans of papers, as a clerk uploads them: small pictures, a few of each kind, made once and used again."""

from __future__ import annotations

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

VARIANTS = 6
_TINTS = ("#f4f1ea", "#eef3f5", "#f5efe9", "#eff4ee", "#f3eef4", "#f6f4ec")


@cache
def _picture(word: str, variant: int) -> bytes:
    image = Image.new("RGB", (320, 200), _TINTS[variant])
    brush = ImageDraw.Draw(image)
    brush.text((16, 24), f"SPECIMEN {word}", fill="#555555")
    for line in range(6):
        length = 60 + (len(word) * 37 + line * 53 + variant * 71) % 220
        brush.rectangle((16, 60 + line * 20, 16 + length, 66 + line * 20), fill="#bdb8ad")
    content = io.BytesIO()
    image.save(content, "JPEG", quality=70)
    return content.getvalue()


def scan(category: str, variant: int = 0) -> SimpleUploadedFile:
    """A JPEG of a paper of this category, marked as a specimen."""
    return SimpleUploadedFile(f"{category}.jpg", _picture(category, variant % VARIANTS), content_type="image/jpeg")
