"""Opening requests and counting votes, for the actions of every room above."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chezhe.approvals import conflicts, kinds, limits, moving, register, rules, seats
from chezhe.approvals.errors import (
    AlreadyVoted,
    ClaimedByAnother,
    DecidedAlready,
    NotOpener,
    NotThisStage,
    OpinionMissing,
    OpinionTooLong,
    SteppedBack,
    UnknownVerdict,
)
from chezhe.approvals.models import PREFIX, ApprovalRequest, Vote
from chezhe.approvals.states import REQUEST, VERDICTS
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import SamePerson
from chezhe.ui import formats

OPINION_MAX = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What of the subject decides who may agree: `facts` (`product`, `tier`, `ltv` …) are read by limits and lists, `concerns` are the
    subjects in which nobody who votes may have an interest, `exceptions` (code, words) are what an agreement lets pass."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    concerns: Sequence[str] = ()
    exceptions: Sequence[tuple[str, str]] = ()

    def as_json(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.facts.items() if value not in (None, "")}
        return kept | ({"exceptions": [list(pair) for pair in self.exceptions]} if self.exceptions else {})


def open_request(
    *, kind: str, subject: str, title: str, stages: Sequence[rules.Stage | Mapping[str, Any]], maker_ids: Collection[int],
    branch_id: int | None, by: Actor, amount: Money | None = None, due_at: datetime | None = None, owner_id: int | None = None,
    about: About | None = None,
) -> ApprovalRequest:
    """Ask others to agree to `subject` ("application:A26-…"), stage by stage.

    A stage is what `rules.Stage` says. Nobody of `maker_ids`, nor `by`, may vote. `title` is what the inbox shows: no personal data
    beyond a masked name. `owner_id` is whose request it is where the system opens it.
    """
    plan = [stage if isinstance(stage, rules.Stage) else rules.Stage.read(stage) for stage in stages]
    if not plan:
        raise ValueError("a request needs at least one stage")
    at, told = clock.now(), about or About()
    request = ApprovalRequest(
        number=numbers.next_number(PREFIX, at.astimezone(clock.SHANGHAI).date()), kind=kind, subject_text=subject, title=title,
        amount=amount, branch_id=branch_id, opened_by_id=owner_id or by.user_id, opened_by_name=by.name,
        maker_ids=sorted({*maker_ids, *by.user_ids}), stages=[stage.as_json() for stage in plan], about=told.as_json(),
        concerns=list(dict.fromkeys(told.concerns)), opened_at=at, due_at=due_at,
    )
    moving.stand(request, ())
    request.save(force_insert=True)
    moves.record(request.subject, "open", "", "open", by=by)
    return request


def cast_vote(*, request_number: str, verdict: str, opinion: str = "", by: Actor) -> ApprovalRequest:
    """Count one verdict (`agree`, `return`, `reject`) and decide the request when its last stage is done.

    Raises NotFound (404), WrongState (409), SamePerson (409), AlreadyVoted (409), SteppedBack (409), Biased (409), ClaimedByAnother
    (409), NotThisStage (403) or, for a return or rejection without a reason, OpinionMissing (422). Announces `approval.decided` when
    the request is decided.
    """
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    opinion = opinion.strip()
    check_words(verdict, opinion)
    votes = list(request.votes.all())
    _require_open(request, votes)
    _check_voter(request, votes, by)
    moving.resume(request, by)
    votes.append(_write_vote(request, verdict, opinion, by))
    _go_on(request, votes, opinion, by)
    return request


def withdraw(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Take a request back, by one of its makers. Raises NotFound (404), WrongState (409) or NotOpener (403)."""
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    REQUEST.require(request.status, "withdraw")
    if by.kind != "system" and not rules.is_maker(by.user_ids, request.maker_ids):
        raise NotOpener()
    _decide(request, "withdraw", by, "")
    return request


def check_words(verdict: str, opinion: str) -> None:
    """Raise UnknownVerdict, OpinionTooLong or OpinionMissing (422)."""
    if verdict not in VERDICTS:
        raise UnknownVerdict()
    if len(opinion) > OPINION_MAX:
        raise OpinionTooLong(length_max=OPINION_MAX)
    if verdict != "agree" and not opinion.strip():
        raise OpinionMissing()


def _require_open(request: ApprovalRequest, votes: list[Vote]) -> None:
    """Two tabs, two people: whoever comes second is told who decided, and when."""
    if request.status == "open":
        return
    who = votes[-1].voter_name if votes else request.opened_by_name
    raise DecidedAlready(status=REQUEST.label(request.status), who=who, at=formats.moment(request.decided_at))


def _check_voter(request: ApprovalRequest, votes: list[Vote], by: Actor) -> None:
    if by.user_id is None or rules.is_maker(by.user_ids, request.maker_ids):
        raise SamePerson(name=by.name, verb=REQUEST.label("approve"))
    if rules.has_voted(by.user_ids, [vote.people for vote in votes]):
        raise AlreadyVoted(name=by.name)
    if rules.is_maker(by.user_ids, request.recused_ids):
        raise SteppedBack(name=by.name)
    if not seats.turn_of(request, votes).is_of(by.roles, by.user_ids):
        raise NotThisStage(role=request.role_label)
    conflicts.refuse_interest(request, by, clock.today())
    if request.assigned_to is not None and request.assigned_to_id not in by.user_ids:
        raise ClaimedByAnother(name=request.assigned_to.name)


def _write_vote(request: ApprovalRequest, verdict: str, opinion: str, by: Actor) -> Vote:
    stage = request.current_stage
    is_signer = bool(by.user_ids & set(stage.before + stage.after))
    counts = not is_signer and stage.counts_for(by.roles, by.user_ids)
    held = [role for role in stage.all_roles if role in by.roles]
    request.spent_ids = sorted({*request.spent_ids, *by.user_ids})
    return Vote.objects.create(
        request=request, stage=request.stage, user_id=by.user_id, on_behalf_of_id=by.on_behalf_of_id, voter_name=by.name,
        role=("" if is_signer else held[0] if held else "") if counts or is_signer else stage.veto, verdict=verdict, opinion=opinion,
        counts=counts, is_veto=not is_signer and stage.is_veto(by.roles), is_chair=counts and stage.is_chair(by.roles),
        voted_at=clock.now(),
    )


def _go_on(request: ApprovalRequest, votes: list[Vote], opinion: str, by: Actor) -> None:
    """Decide, enter the next stage, or wait for the others."""
    ballots, stages = seats.ballots_of(request, votes), request.stage_list
    verb, stage = rules.next_step(stages, request.stage, ballots)
    if not verb and stage == request.stage:
        verb, stage = rules.next_step(stages, request.stage, ballots, seats.left(request, votes, clock.today()))
    if verb == "approve" and not stages[-1].is_committee and limits.is_over(request, by):
        _lengthen(request, stages, votes, by)
        verb, stage = "", request.stage + 1
    if verb:
        _decide(request, verb, by, opinion)
        return
    if stage != request.stage:
        request.stage, request.assigned_to = stage, None
    moving.stand(request, votes)
    request.save()
    moving.look_for_people(request, votes)


def _lengthen(request: ApprovalRequest, stages: list[rules.Stage], votes: list[Vote], by: Actor) -> None:
    """Whoever agreed may not be the last to agree to so much: somebody who may is asked, too."""
    higher = limits.stage_above(request, votes)
    request.stages = [stage.as_json() for stage in (*stages, higher)]
    moving.note(request, "lengthen", by, words=limits.words(request, by))


def _decide(request: ApprovalRequest, verb: str, by: Actor, reason: str) -> None:
    request.assigned_to, request.stuck_at = None, None
    request.decided_at = clock.now()
    request.save()
    moves.move(request, REQUEST, verb, by=by, reason=reason)
    if request.status == "approved":
        register.enter(request)
    settle = kinds.find(request.kind).settle
    if settle is not None:
        settle(request.subject_text, request.status, by)
    events.publish(
        "approval.decided", request.subject_text,
        {"number": request.number, "kind": request.kind, "subject": request.subject_text, "outcome": request.status},
    )


