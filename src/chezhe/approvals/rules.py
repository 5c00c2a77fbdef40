"""Counting votes: who may vote, when a stage is decided, what the whole comes to. Plain values, no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote of a stage: `counts` for the threshold, `is_veto` ends the stage when it rejects. `people` stand behind it; of a tie
    the one that `is_chair` decides."""

    verdict: str
    counts: bool = True
    is_veto: bool = False
    is_chair: bool = False
    people: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Stage:
    """`votes` agreeing people pass it, `rejects` rejections end it, neither before `quorum` of them have voted; one rejection by a
    holder of `veto` ends it at once. A committee of five that needs three: `votes=3, rejects=3`.

    Who votes: holders of `role` or of one of `roles`, and `members` by name (user ids). When all have voted and neither threshold is
    reached, the holder of `chair` decides. `before` and `after` have to sign, too: ahead of the others, or once they agree.
    """

    role: str = ""
    votes: int = 1
    rejects: int = 1
    veto: str = ""
    roles: tuple[str, ...] = ()
    quorum: int = 0
    members: tuple[int, ...] = ()
    chair: str = ""
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Stage:
        """From JSON of these names, what is not said as above; raises ValueError for what can never be decided."""
        several = {name: tuple(stored.get(name, ())) for name in ("roles", "members", BEFORE, AFTER)}
        stage = cls(
            stored.get("role", ""), stored.get("votes", 1), stored.get("rejects", 1), stored.get("veto", ""),
            quorum=stored.get("quorum", 0), chair=stored.get("chair", ""), **several,
        )
        can_vote = bool(stage.all_roles or stage.members)
        too_few = not stage.all_roles and max(stage.votes, stage.quorum) > len(stage.members)
        if not can_vote or too_few or stage.votes < 1 or stage.rejects < 1 or stage.quorum < 0:
            raise ValueError(f"not a stage: {stored!r}")
        return stage

    def as_json(self) -> dict[str, Any]:
        """The four that every stage has, and of the others what is set."""
        more = {name: getattr(self, name) for name in ("quorum", "chair")}
        more |= {name: list(getattr(self, name)) for name in ("roles", "members", BEFORE, AFTER)}
        base = {"role": self.role, "votes": self.votes, "rejects": self.rejects, "veto": self.veto}
        return base | {name: value for name, value in more.items() if value}

    @property
    def all_roles(self) -> tuple[str, ...]:
        """The roles whose agreement counts, each once."""
        return tuple(dict.fromkeys(filter(None, (self.role, *self.roles))))

    @property
    def is_committee(self) -> bool:
        """Whether one agreement is not enough."""
        return max(self.votes, self.quorum) > 1

    def is_veto(self, roles: Collection[str]) -> bool:
        return bool(self.veto) and self.veto in roles

    def is_chair(self, roles: Collection[str]) -> bool:
        return bool(self.chair) and self.chair in roles

    def counts_for(self, roles: Collection[str], ids: Collection[int] = ()) -> bool:
        """Whether an agreement of this person brings the stage nearer: a mere veto holder's or a signer's does not."""
        return bool(set(self.all_roles) & set(roles) or set(self.members) & set(ids))

    def joined_by(self, user_id: int) -> Stage:
        """With one more member by name."""
        return replace(self, members=(*self.members, user_id))

    def signed_by(self, user_id: int, place: str) -> Stage:
        """With one more who has to sign, `before` or `after` the others."""
        signers: dict[str, Any] = {place: (*getattr(self, place), user_id)}
        return replace(self, **signers)

    def swapped(self, old: int, new: int) -> Stage:
        """With another person in every seat that one holds by name."""
        several: dict[str, Any] = {name: tuple(new if i == old else i for i in getattr(self, name)) for name in ("members", BEFORE, AFTER)}
        return replace(self, **several)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is in a stage: holders of these roles, these people by name. `is_signing` while only signers are waited for."""

    roles: tuple[str, ...]
    people: tuple[int, ...]
    is_signing: bool = False

    def is_of(self, roles: Collection[str], ids: Collection[int]) -> bool:
        return bool(set(self.roles) & set(roles) or set(self.people) & set(ids))


def turn(stage: Stage, ballots: Iterable[Ballot]) -> Turn:
    """First those who sign before, then the stage itself, then those who sign after."""
    ballots = list(ballots)
    signed = _signed(ballots)
    ahead = tuple(i for i in stage.before if i not in signed)
    if ahead:
        return Turn((), ahead, is_signing=True)
    behind = tuple(i for i in stage.after if i not in signed)
    if behind and _main(stage, ballots) == "approve":
        return Turn((), behind, is_signing=True)
    return Turn(tuple(filter(None, (*stage.all_roles, stage.veto))), stage.members)


def stage_outcome(stage: Stage, ballots: Iterable[Ballot], left: int | None = None) -> str:
    """`approve`, `reject`, `return`, or empty while the stage is undecided. One return sends everything back.

    `left` is how many people could still vote, None where nobody has counted them: at nought the chair decides what is open.
    """
    ballots = list(ballots)
    if any(b.verdict == "return" for b in ballots):
        return "return"
    if any(b.verdict == "reject" and (b.is_veto or _is_signer(stage, b)) for b in ballots):
        return "reject"
    outcome = _main(stage, ballots) or (_chaired(stage, ballots) if left == 0 else "")
    if outcome == "approve" and not set(stage.before + stage.after) <= _signed(ballots):
        return ""
    return outcome


def _main(stage: Stage, ballots: Sequence[Ballot]) -> str:
    """What those whose votes count have come to."""
    counted = [b.verdict for b in ballots if b.counts]
    if len(counted) < stage.quorum:
        return ""
    if counted.count("reject") >= stage.rejects:
        return "reject"
    return "approve" if counted.count("agree") >= stage.votes else ""


def _chaired(stage: Stage, ballots: Sequence[Ballot]) -> str:
    if sum(b.counts for b in ballots) < stage.quorum:
        return ""
    said = next((b.verdict for b in ballots if b.is_chair), "")
    return {"agree": "approve", "reject": "reject"}.get(said, "")


def _is_signer(stage: Stage, ballot: Ballot) -> bool:
    return bool(ballot.people & set(stage.before + stage.after))


def _signed(ballots: Sequence[Ballot]) -> set[int]:
    return {i for b in ballots if b.verdict == "agree" for i in b.people}


def is_stuck(stage: Stage, ballots: Iterable[Ballot], left: int) -> bool:
    """Whether the people who could still vote are too few for a decision in favour, so that others have to be named. The chair
    decides where the votes do not suffice, but not before the quorum."""
    ballots = list(ballots)
    if left == 0 or turn(stage, ballots).is_signing:
        return left == 0
    counted = [b.verdict for b in ballots if b.counts]
    if len(counted) + left < stage.quorum:
        return True
    return counted.count("agree") + left < stage.votes and not stage.chair


def next_step(stages: Sequence[Stage], at: int, ballots: Iterable[Ballot], left: int | None = None) -> tuple[str, int]:
    """What happens after a vote of stage `at`: (verb, stage). An empty verb means the request stays open."""
    outcome = stage_outcome(stages[at], ballots, left)
    if outcome == "approve" and at + 1 < len(stages):
        return "", at + 1
    return outcome, at


def is_maker(voter_ids: Collection[int], maker_ids: Collection[int]) -> bool:
    """Maker ≠ checker, through delegation too: both people behind a vote count."""
    return bool(set(voter_ids) & set(maker_ids))


def has_voted(voter_ids: Collection[int], earlier: Iterable[Collection[int]]) -> bool:
    """Whether anybody behind this vote stands behind an earlier one."""
    return any(set(voter_ids) & set(people) for people in earlier)


def moved_due(due_at: datetime | None, paused_at: datetime, at: datetime) -> datetime | None:
    """The time limit after a pause: later by as long as it lasted."""
    return None if due_at is None else due_at + max(at - paused_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit: of a role or of one person, in one branch or in all (None), for one product or all (empty), in whole fen."""

    role: str
    user_id: int | None
    branch_id: int | None
    product: str
    most: int

    @property
    def nearness(self) -> tuple[bool, bool, bool]:
        """The more is said of a case, the nearer: the person, then the branch, then the product."""
        return (self.user_id is not None, self.branch_id is not None, bool(self.product))


def bound_of(bounds: Sequence[Bound], roles: Collection[str], user_ids: Collection[int]) -> int | None:
    """The limit of somebody: their own by name before any of their roles, of several roles the highest; None where none names them.

    `bounds` come oldest first: of two that say the same of the same, the later counts.
    """
    mine = [b for b in bounds if b.user_id in user_ids]
    if mine:
        return _nearest(mine)
    found = [_nearest([b for b in bounds if b.role == role]) for role in sorted(roles) if any(b.role == role for b in bounds)]
    return max(found, default=None)


def _nearest(bounds: Sequence[Bound]) -> int:
    return max(enumerate(bounds), key=lambda pair: (pair[1].nearness, pair[0]))[1].most


def roles_up_to(bounds: Sequence[Bound], amount: int) -> list[str]:
    """The roles whose limit suffices for an amount, the smallest limit first."""
    named = dict.fromkeys(b.role for b in bounds if b.role)
    found = [(bound_of(bounds, {role}, ()) or 0, role) for role in named]
    return [role for most, role in sorted(found) if most >= amount]
