"""Files that people upload: scans, each one different, and those that must be refused."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from PIL import Image, ImageDraw

_shades = count()


def scan(folder: Path, name: str) -> Path:
    """A JPEG of a paper with its name written on it."""
    shade = next(_shades)
    picture = Image.new("RGB", (480, 300), (244 - shade % 40, 241, 234 - shade // 40))
    ImageDraw.Draw(picture).text((20, 140), f"SPECIMEN {name} {shade}", fill="#555555")
    path = folder / f"{name}-{shade}.jpg"
    picture.save(path, "JPEG", quality=70)
    return path


def nothing(folder: Path) -> Path:
    path = folder / "空文件.jpg"
    path.write_bytes(b"")
    return path


def scripted_drawing(folder: Path) -> Path:
    path = folder / "图.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', encoding="utf-8")
    return path
