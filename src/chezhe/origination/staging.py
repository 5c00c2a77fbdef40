"""Who agrees to a case that goes to people: what the published table of approval stages answers, read as stages. Pure but for the values
of the approvals room.

Nothing that is missing, broken or contradictory makes it easier: then the strictest stages apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chezhe.approvals.kinds import COMMITTEE
from chezhe.approvals.rules import Stage
from chezhe.kernel import roles

NONE, PANEL = "none", "panel"
PLACES: Final = ("first", "second", "third")
# Reviewer, approver and risk manager, each of whom has to agree.
STRICTEST: Final = (Stage(role=roles.REVIEWER), Stage(role=roles.APPROVER), Stage(role=roles.RISK_MANAGER))
# Whose permission it is to decide applications.
DECIDERS: Final = (roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """The stages of a case, the version and row that gave them, and why they are the strictest where they are."""

    stages: tuple[Stage, ...]
    version: str = ""
    row: int | None = None
    trouble: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """What a request keeps of it."""
        return {"staged_by": self.version, "staged_row": self.row, "staged_trouble": self.trouble}


def strictest(trouble: str, version: str = "") -> Staged:
    """Where no table could say."""
    return Staged(stages=STRICTEST, version=version, trouble=trouble)


def read(outputs: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages of one row: places in their order, votes, rejections, quorum and veto for the last of them.

    Raises ValueError for an answer that is no way to decide: no stage, a role that decides nothing, the same role twice, too few votes.
    """
    named = [str(outputs[place]) for place in PLACES]
    asked = [name for name in named if name != NONE]
    if not asked or named[: len(asked)] != asked or len(set(asked)) != len(asked):
        raise ValueError(f"no stages: {named}")
    stages = [_stage(name) for name in asked]
    stages[-1] = _last(stages[-1], outputs)
    return tuple(Stage.read(stage.as_json()) for stage in stages)


def _stage(name: str) -> Stage:
    if name == PANEL:
        return COMMITTEE
    if name not in DECIDERS:
        raise ValueError(f"decides no application: {name}")
    return Stage(role=name)


def _last(stage: Stage, outputs: Mapping[str, Any]) -> Stage:
    veto = str(outputs["veto"])
    if veto not in (NONE, *DECIDERS):
        raise ValueError(f"may veto nothing: {veto}")
    votes, rejects, quorum = (int(outputs[name]) for name in ("votes", "rejects", "quorum"))
    return replace(stage, votes=votes, rejects=rejects, quorum=quorum, veto="" if veto == NONE else veto)
