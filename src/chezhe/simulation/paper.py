"""Scans of papers, as a clerk uploads them: small pictures with a word on them."""

from __future__ import annotations

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


@cache
def _picture(word: str) -> bytes:
    image = Image.new("RGB", (320, 200), "#f4f1ea")
    ImageDraw.Draw(image).text((16, 90), f"SPECIMEN {word}", fill="#555555")
    content = io.BytesIO()
    image.save(content, "JPEG", quality=70)
    return content.getvalue()


def scan(category: str) -> SimpleUploadedFile:
    """A JPEG of a paper of this category, marked as a specimen."""
    return SimpleUploadedFile(f"{category}.jpg", _picture(category), content_type="image/jpeg")
