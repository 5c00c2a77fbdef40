"""Compile every room's translations: `.po` to `.mo` beside it, only what changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[2]


def compile_all(source: Path = SOURCE) -> list[Path]:
    """The files that were compiled. A broken file raises OSError or ValueError naming it."""
    return [_compile(path) for path in sorted(source.glob("*/locale/*/LC_MESSAGES/*.po")) if _is_stale(path)]


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns


def _compile(path: Path) -> Path:
    """Written aside and renamed, so that test runs side by side never read half a file."""
    draft = path.with_suffix(f".mo.{os.getpid()}")
    polib.pofile(str(path), check_for_duplicates=True).save_as_mofile(str(draft))
    draft.replace(path.with_suffix(".mo"))
    return path


if __name__ == "__main__":
    for compiled in compile_all():
        sys.stdout.write(f"{compiled}\n")
