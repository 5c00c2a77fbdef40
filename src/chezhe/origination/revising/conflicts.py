"""Two people in one step: whoever saves second sees what both wrote, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chezhe.kernel.editing import StaleEdit
from chezhe.origination.models import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One field that was changed meanwhile: what stood there, what the other wrote and when, and what was typed now."""

    field: str
    label: Any
    base: str
    theirs: str
    mine: str
    who: str
    at: datetime


class EditConflict(StaleEdit):
    """The form was filled from an older version; `conflicts` says what is another one now, `version` which is the newest."""

    def __init__(self, stale: StaleEdit, conflicts: list[Conflict]) -> None:
        super().__init__(what=[str(one.label) for one in conflicts], **{k: v for k, v in stale.facts.items() if k != "what"})
        self.conflicts, self.version = conflicts, stale.facts["version"]
        for one in conflicts:
            self.facts |= {f"{one.field}.{name}": getattr(one, name) for name in ("base", "theirs", "mine", "who")}


def require_version(application: Application, version: int, typed: Mapping[str, Any]) -> None:
    """Raises EditConflict (409) when the locked row is not the one the form was filled from, with what was typed beside it."""
    try:
        application.require_version(version)
    except StaleEdit as stale:
        raise EditConflict(stale, _since(application, version, typed)) from None


def _since(application: Application, version: int, typed: Mapping[str, Any]) -> list[Conflict]:
    by_field: dict[str, list[Any]] = {}
    for change in application.changes.filter(version__gt=version).order_by("id"):
        by_field.setdefault(change.field, []).append(change)
    return [
        Conflict(
            field=field, label=found[0].label, base=found[0].before, theirs=found[-1].after, mine=str(typed.get(field, ""))[:200],
            who=found[-1].changed_by_name, at=found[-1].changed_at,
        )
        for field, found in by_field.items()
    ]
