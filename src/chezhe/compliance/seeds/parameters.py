"""Reads `parameters.toml` into the dated parameter table."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chezhe.kernel.models import Parameter

FILE = Path(__file__).with_name("parameters.toml")
# How sure we are of a figure, in words that the compliance officer can act on.
CONFIDENCE = {"L": "已对照条文原文", "V": "据公开资料核对", "K": "据一般知识，待复核", "D": "默认值，由贷款人调整"}


def rows() -> Iterator[Parameter]:
    """Unsaved rows of the file, in its order."""
    for code, figure in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for row in figure["rows"]:
            yield _row(code, figure["unit"], row)


def _row(code: str, unit: str, row: dict[str, Any]) -> Parameter:
    note = "；".join(filter(None, [row.get("note", ""), CONFIDENCE[row["confidence"]]]))
    return Parameter(
        code=code, unit=unit, value=row["value"], effective_from=row["from"], effective_to=row.get("to"),
        licence_type=row.get("licence_type", ""), region=row.get("region", ""), product=row.get("product", ""),
        source=row["source"], note=note,
    )


def sow() -> None:
    """Add the rows that are missing; a row that exists stays as it is, whatever it says."""
    key = ("code", "licence_type", "region", "product", "effective_from")
    held = set(Parameter.objects.values_list(*key))
    Parameter.objects.bulk_create([row for row in rows() if tuple(getattr(row, name) for name in key) not in held])
