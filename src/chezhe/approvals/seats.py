"""Who could still vote on a request, and who else could be named: people, counted with dates, reach and rights as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from chezhe.approvals import conflicts, kinds, rules
from chezhe.approvals.models import ApprovalRequest, Vote
from chezhe.staff import queries as staff_queries
from chezhe.staff.models import RoleGrant, User


@dataclass(frozen=True, slots=True)
class Seat:
    """One person with the roles by which they could vote."""

    user_id: int
    username: str
    name: str
    roles: frozenset[str]


def ballots_of(request: ApprovalRequest, votes: Iterable[Vote]) -> list[rules.Ballot]:
    """The votes of the stage that a request is at."""
    return [rules.Ballot(v.verdict, v.counts, v.is_veto, v.is_chair, v.people) for v in votes if v.stage == request.stage]


def turn_of(request: ApprovalRequest, votes: Iterable[Vote]) -> rules.Turn:
    """Whose turn it is."""
    return rules.turn(request.current_stage, ballots_of(request, votes))


# The grants by which a kind of request may be voted on, by (permission, branch): for whoever counts many requests at one moment.
Census = dict[tuple[str, int | None], list[RoleGrant]]


def able(request: ApprovalRequest, on: date, census: Census | None = None) -> list[Seat]:
    """Everybody who holds the right to vote on this kind, reaches the branch, and neither made it nor stepped back nor is biased."""
    found: dict[int, list[str]] = {}
    people: dict[int, User] = {}
    for grant in _grants(request, on, {} if census is None else census):
        found.setdefault(grant.user_id, []).append(grant.role)
        people[grant.user_id] = grant.user
    barred = {*request.maker_ids, *request.recused_ids, *conflicts.biased(request.concerns, found, on)}
    return [Seat(i, people[i].username, people[i].name, frozenset(held)) for i, held in found.items() if i not in barred]


def _grants(request: ApprovalRequest, on: date, census: Census) -> list[RoleGrant]:
    key = (kinds.find(request.kind).permission, request.branch_id)
    if key not in census:
        census[key] = staff_queries.seated(*key, on=on)
    return census[key]


def voters(request: ApprovalRequest, votes: Iterable[Vote], on: date, census: Census | None = None) -> list[Seat]:
    """Those whose turn it is and who have not voted."""
    votes = list(votes)
    whose, spent = turn_of(request, votes), {i for vote in votes for i in vote.people}
    return [seat for seat in able(request, on, census) if seat.user_id not in spent and whose.is_of(seat.roles, {seat.user_id})]


def left(request: ApprovalRequest, votes: Iterable[Vote], on: date, census: Census | None = None) -> int:
    """How many could still bring the stage nearer; a mere veto holder could not."""
    votes = list(votes)
    stage, whose = request.current_stage, turn_of(request, votes)
    return sum(whose.is_signing or stage.counts_for(seat.roles, {seat.user_id}) for seat in voters(request, votes, on, census))


def others(request: ApprovalRequest, votes: Iterable[Vote], on: date) -> list[Seat]:
    """Those who could be asked to sign, too: whoever has the right to vote and has not voted."""
    spent = {i for vote in votes for i in vote.people} | set(request.current_stage.before + request.current_stage.after)
    return [seat for seat in able(request, on) if seat.user_id not in spent]


def stand_ins(request: ApprovalRequest, votes: Iterable[Vote], on: date) -> list[Seat]:
    """Those who could be named in the place of somebody who is missing: of the stage's roles, or of those that the kind lets stand in."""
    fitting = {*request.current_stage.all_roles, *kinds.find(request.kind).stand_ins}
    whose = turn_of(request, votes)
    return [seat for seat in others(request, votes, on) if seat.roles & fitting and not whose.is_of((), {seat.user_id})]


def is_stuck(request: ApprovalRequest, votes: Iterable[Vote], on: date, census: Census | None = None) -> bool:
    """Whether too few are left who could decide it."""
    votes = list(votes)
    return rules.is_stuck(request.current_stage, ballots_of(request, votes), left(request, votes, on, census))


def changed(on: date) -> Iterator[str]:
    """The open requests about which the calendar or the team has changed whether anybody is left, or whose holder is no longer able."""
    census: Census = {}
    for request in ApprovalRequest.objects.filter(status="open").prefetch_related("votes").order_by("id").iterator(chunk_size=500):
        votes = list(request.votes.all())
        if is_stuck(request, votes, on, census) != (request.stuck_at is not None) or has_lost_holder(request, votes, on, census):
            yield request.number


def has_lost_holder(request: ApprovalRequest, votes: Iterable[Vote], on: date, census: Census | None = None) -> bool:
    """Whether whoever has claimed it could no longer vote: gone, out of office, or without the right."""
    if request.assigned_to_id is None:
        return False
    return all(seat.user_id != request.assigned_to_id for seat in voters(request, votes, on, census))
