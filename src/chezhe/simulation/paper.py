"""Scans of papers, as a clerk uploads them: small pictures, a few of each kind, made once and used again."""

from __future__ import annotations

import io
from datetime import date, timedelta
from functools import cache
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from chezhe.invented import person, statements
from chezhe.risk.vendors.statements import writing

VARIANTS = 6
BANKS = ("icbc", "abc", "boc", "ccb")
STATEMENT_DAYS = 210
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


def photo(category: str, vin: str) -> SimpleUploadedFile:
    """What the camera sees of this car in this place: no two cars look alike."""
    image = Image.frombytes("L", (9, 8), Random(f"{vin} {category}").randbytes(72)).resize((180, 160), Image.Resampling.BICUBIC)
    content = io.BytesIO()
    image.convert("RGB").save(content, "JPEG", quality=60)
    return SimpleUploadedFile(f"{category}.jpg", content.getvalue(), content_type="image/jpeg")


def statement(id_number: str, on: date) -> SimpleUploadedFile:
    """The bank statement that this person would hand in: seven months up to yesterday, true or not."""
    life = person(id_number)
    bank = BANKS[life.chance.whole("statement", 0, len(BANKS) - 1)]
    account, last = statements.account_number(life, bank), on - timedelta(days=1)
    first = last - timedelta(days=STATEMENT_DAYS)
    holder = writing.Holder(name=life.name, account=account, first=first, last=last)
    content = writing.write(bank, holder, statements.told(life, account, first, last))
    return SimpleUploadedFile(f"{bank}.csv", content, content_type="text/csv")
