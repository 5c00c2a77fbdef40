"""Printing: data and a template become a PDF/A-2b, with the product's own fonts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.errors import BusinessError

PICTURE_PPI = 110
ROOT = Path(__file__).resolve().parents[2]
GLYPHS = Path(__file__).resolve().parent / "glyphs.typ"
_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_OF_PACKAGES = ("noto-serif-sc/400Regular", "noto-serif-sc/700Bold", "noto-sans-sc/400Regular", "noto-sans-sc/700Bold")
# Debian's fonts hold rarer characters of names; used when they are there.
_OF_SYSTEM = ("/usr/share/fonts/opentype/noto",)
_SANS = ("NotoSansSC_400Regular.ttf", "NotoSansCJK-Regular.ttc")


class GlyphMissing(BusinessError):
    code = "glyph_missing"
    http_status = 422
    sentence = _("“%(text)s”无法用现有字体打印。请管理员安装 fonts-noto-cjk 字体，或核对该字是否录错。")


class FontsMissing(BusinessError):
    code = "fonts_missing"
    http_status = 503
    sentence = _("没有找到打印文件所需的中文字体，请管理员运行 npm ci 或安装 fonts-noto-cjk。")


def print_paper(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template inside the product's folder. The same data gives the same bytes.

    Raises GlyphMissing (422) for a character that no font has, rather than printing a box; FontsMissing (503).
    """
    compiler = _compiler(template, data)
    made_on = datetime.fromisoformat(data["made_on"]).replace(tzinfo=clock.SHANGHAI)
    try:
        printed = compiler.compile(format="pdf", pdf_standards=["a-2b"], timestamp=int(made_on.timestamp()))
    except typst.TypstError as failure:
        missing = _MISSING.search(f"{failure.message}\n{failure.diagnostic}")
        if missing is None:
            raise
        raise GlyphMissing(text=missing[1]) from None
    assert isinstance(printed, bytes)
    return printed


def require_glyphs(characters: str) -> None:
    """Raises GlyphMissing (422) naming the first of these characters that no font has, or FontsMissing (503): much faster than printing
    all that they stand in."""
    compiler = _compiler(GLYPHS, {"characters": [one for one in characters if one.isprintable() and not one.isspace()]})
    try:
        compiler.compile(format="pdf", pdf_standards=["a-2b"], timestamp=0)
    except typst.TypstError as failure:
        missing = _MISSING.search(f"{failure.message}\n{failure.diagnostic}")
        if missing is None:
            raise
        raise GlyphMissing(text=missing[1]) from None


def pictures_of(template: Path, data: Mapping[str, Any]) -> list[bytes]:
    """The same paper as PNG, one a page, for the screen."""
    drawn = _compiler(template, data).compile(format="png", ppi=PICTURE_PPI)
    return [drawn] if isinstance(drawn, bytes) else list(drawn or [])


def _compiler(template: Path, data: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        input=str(template), root=str(ROOT), font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folders = [folder for folder in font_folders() if folder.is_dir()]
    if not folders:
        raise FontsMissing()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders])


def font_folders() -> list[Path]:
    """Where fonts may lie: CHEZHE_FONTS (folders joined by :), the front-end packages, Debian's."""
    given = [Path(folder) for folder in os.environ.get("CHEZHE_FONTS", "").split(":") if folder]
    packages = [Path(settings.ROOT) / "node_modules" / "@expo-google-fonts" / name for name in _OF_PACKAGES]
    return [*given, *packages, *map(Path, _OF_SYSTEM)]


def sans_font() -> Path:
    """The file of the sans-serif font. Raises FontsMissing (503)."""
    found = (folder / name for folder in font_folders() for name in _SANS)
    file = next((path for path in found if path.exists()), None)
    if file is None:
        raise FontsMissing()
    return file
