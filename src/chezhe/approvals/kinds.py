"""What kinds of requests there are. Rooms register theirs at start-up; this room knows subjects only as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from chezhe.approvals.rules import Stage
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor

Settle = Callable[[str, str, Actor], object]
Vote = Callable[[str, str, str, Mapping[str, str], Actor], object]
# Three of five agree, risk management may stop it, and of a tie the regional manager decides.
COMMITTEE = Stage(
    role=roles.APPROVER, roles=(roles.BRANCH_MGR, roles.REGIONAL_MGR, roles.RISK_MANAGER), votes=3, rejects=3, quorum=3,
    veto=roles.RISK_MANAGER, chair=roles.REGIONAL_MGR,
)
# Whoever else may be named when a stage has too few people left: nobody below who answers for risk, conduct or a region.
STAND_INS = (roles.REGIONAL_MGR, roles.RISK_MANAGER, roles.COMPLIANCE)


@dataclass(frozen=True, slots=True)
class Kind:
    """`url(subject)` is the page of what is approved. `is_decidable` allows voting in the generic inbox; other kinds
    are decided on their own page. `settle(subject, outcome, by)` runs in the transaction of the deciding vote.

    `permission` is what voting on it takes where it is decided. `stand_ins` are the roles that may be named, beside those of the
    stage, when too few people are left; `committee` is asked for more than anybody's limit. `vote(subject, verdict, opinion, more, by)`
    decides a kind with a page of its own from outside that page; `more` is what was typed there beside the opinion.
    `may_be_undone` lets pages hold a verdict for some seconds; where rights follow at once they do not.
    """

    code: str
    label: Any
    url: Callable[[str], str] | None = None
    is_decidable: bool = False
    settle: Settle | None = None
    permission: str = "approvals.vote"
    stand_ins: tuple[str, ...] = STAND_INS
    vote: Vote | None = None
    may_be_undone: bool = True
    committee: Stage = COMMITTEE


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Call it in `AppConfig.ready`; registering a code again replaces it."""
    KINDS[kind.code] = kind
    return kind


def find(code: str) -> Kind:
    """The kind, or a bare one when its room is not part of this installation."""
    return KINDS.get(code) or Kind(code, code)


def choices() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in KINDS.values()]


def place_of(number: str, code: str, subject: str) -> str:
    """Where a request is decided: on the page of its subject, or in the inbox."""
    elsewhere = "" if find(code).is_decidable else subject_url(code, subject)
    return elsewhere or reverse("approvals:request", args=[number])


def subject_url(code: str, subject: str) -> str:
    """The page of the subject; empty when it has none."""
    kind = find(code)
    return kind.url(subject) if kind.url else ""
