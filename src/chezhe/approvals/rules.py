"""Counting votes: who may vote, when a stage is decided, what the whole comes to. Plain values, no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """`votes` agreeing holders of `role` pass it, `rejects` rejections end it; one rejection by a holder of
    `veto` ends it at once. A committee of five that needs three: `votes=3, rejects=3`."""

    role: str
    votes: int = 1
    rejects: int = 1
    veto: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Stage:
        """From JSON `{"role", "votes"?, "rejects"?, "veto"?}`; raises ValueError for what can never be decided."""
        stage = cls(stored["role"], stored.get("votes", 1), stored.get("rejects", 1), stored.get("veto", ""))
        if not stage.role or stage.votes < 1 or stage.rejects < 1:
            raise ValueError(f"not a stage: {stored!r}")
        return stage

    def as_json(self) -> dict[str, Any]:
        return {"role": self.role, "votes": self.votes, "rejects": self.rejects, "veto": self.veto}

    def may_vote(self, roles: Collection[str]) -> bool:
        return self.role in roles or self.is_veto(roles)

    def is_veto(self, roles: Collection[str]) -> bool:
        return bool(self.veto) and self.veto in roles

    def counts_for(self, roles: Collection[str]) -> bool:
        """Whether an agreement of this person brings the stage nearer: a mere veto holder's does not."""
        return self.role in roles


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote of a stage: `counts` for the quorum, `is_veto` ends the stage when it rejects."""

    verdict: str
    counts: bool = True
    is_veto: bool = False


def stage_outcome(stage: Stage, ballots: Iterable[Ballot]) -> str:
    """`approve`, `reject`, `return`, or empty while the stage is undecided. One return sends everything back."""
    ballots = list(ballots)
    if any(b.verdict == "return" for b in ballots):
        return "return"
    rejections = [b for b in ballots if b.verdict == "reject"]
    if any(b.is_veto for b in rejections) or sum(b.counts for b in rejections) >= stage.rejects:
        return "reject"
    agreements = sum(b.verdict == "agree" and b.counts for b in ballots)
    return "approve" if agreements >= stage.votes else ""


def next_step(stages: Sequence[Stage], at: int, ballots: Iterable[Ballot]) -> tuple[str, int]:
    """What happens after a vote of stage `at`: (verb, stage). An empty verb means the request stays open."""
    outcome = stage_outcome(stages[at], ballots)
    if outcome == "approve" and at + 1 < len(stages):
        return "", at + 1
    return outcome, at


def is_maker(voter_ids: Collection[int], maker_ids: Collection[int]) -> bool:
    """Maker ≠ checker, through delegation too: both people behind a vote count."""
    return bool(set(voter_ids) & set(maker_ids))


def has_voted(voter_ids: Collection[int], earlier: Iterable[Collection[int]]) -> bool:
    """Whether anybody behind this vote stands behind an earlier one."""
    return any(set(voter_ids) & set(people) for people in earlier)
