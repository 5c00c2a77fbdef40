"""`chezhe drawings [--check]`: draw docs/architecture from the code, or say which drawing the code has left behind."""

from __future__ import annotations

import importlib
import os
import sys
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

from chezhe.cli.commands import _texts
from chezhe.cli.commands._surroundings import ROOT
from chezhe.kernel.machine import Machine

FOLDER = ROOT / "docs" / "architecture"
SOURCE = ROOT / "src" / "chezhe"
WIDTH, ROW, BOX, MARGIN = 900, 40, 30, 20
STYLE = """
  text { font: 14px system-ui, "Noto Sans CJK SC", sans-serif; fill: #1f2933 }
  .paper { fill: #ffffff } .note { font-size: 12px; fill: #616e7c }
  .tables { fill: #dbeafe; stroke: #2f6fb2 } .plain { fill: #eef2f6; stroke: #7b8794 } .pure { fill: #e3f5e6; stroke: #3b8a4c }
  .unbuilt { fill: none; stroke: #9aa5b1; stroke-dasharray: 4 3 } .faint { fill: #7b8794 }
""".strip("\n")
LEGEND = (("tables", "keeps tables"), ("plain", "keeps none"), ("pure", "without Django"), ("unbuilt", "not built yet"))


def run(argv: list[str]) -> int:
    """0 when drawn or up to date, 1 when `--check` finds one that is not, 2 for another word."""
    if argv not in ([], ["--check"]):
        sys.stderr.write("chezhe drawings [--check]\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chezhe.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql:///unused")
    import django

    _texts.compile_all()
    django.setup()
    for path in stale():
        print(path.relative_to(ROOT))
        if not argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(drawings()[path.name], encoding="utf-8")
    return 1 if stale() else 0


def drawings() -> dict[str, str]:
    """Each drawing's file name and what the code says it should be. Needs Django set up."""
    return {"map.svg": map_of(layers()), "machines.md": machines()}


def stale(folder: Path = FOLDER) -> list[Path]:
    """The drawings that are missing or say something else than the code."""
    kept = {name: (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else "" for name in drawings()}
    return [folder / name for name, said in drawings().items() if kept[name] != said]


def layers() -> list[list[str]]:
    """The rooms from the top of the house to the ground, as the import rules have them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["containers"] == ["chezhe"])
    return [[name.strip(" ()") for name in row.split("|")] for row in rows]


def map_of(rows: list[list[str]]) -> str:
    """The house as SVG: one storey a layer; a room may import those below it, never those above or beside it."""
    height = MARGIN * 2 + ROW * (len(rows) + 1)
    boxes = [box for storey, row in enumerate(rows) for box in _boxes(row, MARGIN + ROW * storey)]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        "<title>The rooms of Chezhe: a room may import those below it</title>",
        f"<style>\n{STYLE}\n</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        *boxes,
        *_legend(MARGIN + ROW * len(rows)),
        "</svg>\n",
    ])


def _boxes(row: list[str], top: int) -> Iterator[str]:
    width = (WIDTH - 2 * MARGIN - 10 * (len(row) - 1)) // len(row)
    for place, room in enumerate(row):
        left = MARGIN + place * (width + 10)
        kind = _kind(room)
        label = escape(f"{room}  {_title(room)}".strip())
        faint = ' class="faint"' if kind == "unbuilt" else ""
        yield f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{BOX}" rx="5"/>'
        yield f'<text{faint} x="{left + width // 2}" y="{top + 20}" text-anchor="middle">{label}</text>'


def _legend(top: int) -> Iterator[str]:
    for place, (kind, label) in enumerate(LEGEND):
        left = MARGIN + place * 150
        yield f'<rect class="{kind}" x="{left}" y="{top + 8}" width="20" height="14" rx="3"/>'
        yield f'<text class="note" x="{left + 28}" y="{top + 20}">{label}</text>'
    yield f'<text class="note" x="{WIDTH - MARGIN}" y="{top + 20}" text-anchor="end">imports point downward only ↓</text>'


def _kind(room: str) -> str:
    """How the room is drawn: a word of the legend."""
    folder = SOURCE / room
    if not (folder / "__init__.py").exists():
        return "unbuilt"
    if (folder / "models.py").exists():
        return "tables"
    return "plain" if (folder / "apps.py").exists() or room in ("cli", "config") else "pure"


def _title(room: str) -> str:
    """The room's Chinese name; empty for one without Django or not built."""
    from django.apps import apps

    title = _source(apps.get_app_config(room).verbose_name) if apps.is_installed(f"chezhe.{room}") else ""
    return "" if title == room else title


def machines() -> str:
    """Every room's machines as one page, in the order of a loan's life."""
    from chezhe.config.rooms import WITH_DJANGO

    found = [part for room in WITH_DJANGO if (SOURCE / room / "states.py").exists() for part in _machines_of(room)]
    return "\n".join([
        "# Machines: what things may become",
        "",
        "Written by `chezhe drawings` from every room's `states.py`; not by hand. A move that is not drawn is refused (409) with the",
        "moves that are possible. Only what somebody decided is a status; overdue or expiring is computed for a date.",
        "",
        *found,
    ])


def _machines_of(room: str) -> Iterator[str]:
    module = importlib.import_module(f"chezhe.{room}.states")
    for name, machine in vars(module).items():
        if isinstance(machine, Machine):
            yield f"## {room}: {_both(machine.subject)}\n"
            yield f"`{name}` in `src/chezhe/{room}/states.py`\n"
            yield f"```mermaid\n{machine.mermaid()}\n```\n"
            yield "| status | 简体中文 | English |\n|---|---|---|"
            for status in machine.statuses:
                label = machine.labels.get(status, status)
                yield f"| `{status}` | {_source(label)} | {_english(label)} |"
            yield ""


def _both(sentence: object) -> str:
    return f"{_source(sentence)} {_english(sentence)}".strip()


def _english(sentence: object) -> str:
    """What an English page shows; empty where it would show the Chinese."""
    from django.utils import translation

    with translation.override("en"):
        english = str(sentence)
    return "" if english == _source(sentence) else english


def _source(sentence: object) -> str:
    """A marked sentence in the language it was written in."""
    from django.utils import translation

    with translation.override(None):
        return str(sentence)
