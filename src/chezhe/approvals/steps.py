"""Opening requests and counting votes, for the actions of every room above."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from chezhe.approvals import kinds, rules
from chezhe.approvals.errors import AlreadyVoted, NotOpener, NotThisStage, OpinionMissing, OpinionTooLong, UnknownVerdict
from chezhe.approvals.models import PREFIX, ApprovalRequest, Vote
from chezhe.approvals.states import REQUEST, VERDICTS
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import SamePerson

OPINION_MAX = 2000


def open_request(
    *, kind: str, subject: str, title: str, stages: Sequence[rules.Stage | Mapping[str, Any]], maker_ids: Collection[int],
    branch_id: int | None, by: Actor, amount: Money | None = None, due_at: datetime | None = None, owner_id: int | None = None,
) -> ApprovalRequest:
    """Ask others to agree to `subject` ("application:A26-…"), stage by stage.

    A stage is `{"role", "votes"?, "rejects"?, "veto"?}`. Nobody of `maker_ids`, nor `by`, may vote. `title` is what the
    inbox shows: no personal data beyond a masked name. `owner_id` is whose request it is where the system opens it.
    """
    plan = [stage if isinstance(stage, rules.Stage) else rules.Stage.read(stage) for stage in stages]
    if not plan:
        raise ValueError("a request needs at least one stage")
    at = clock.now()
    request = ApprovalRequest.objects.create(
        number=numbers.next_number(PREFIX, at.astimezone(clock.SHANGHAI).date()), kind=kind, subject_text=subject, title=title,
        amount=amount, branch_id=branch_id, opened_by_id=owner_id or by.user_id, opened_by_name=by.name,
        maker_ids=sorted({*maker_ids, *by.user_ids}), stages=[stage.as_json() for stage in plan],
        stage_role=plan[0].role, stage_veto=plan[0].veto, opened_at=at, due_at=due_at,
    )
    moves.record(request.subject, "open", "", "open", by=by)
    return request


def cast_vote(*, request_number: str, verdict: str, opinion: str = "", by: Actor) -> ApprovalRequest:
    """Count one verdict (`agree`, `return`, `reject`) and decide the request when its last stage is done.

    Raises NotFound (404), WrongState (409), SamePerson (409), AlreadyVoted (409), NotThisStage (403) or, for a return
    or rejection without a reason, OpinionMissing (422). Announces `approval.decided` when the request is decided.
    """
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    opinion = opinion.strip()
    _check_words(verdict, opinion)
    REQUEST.require(request.status, {"agree": "approve"}.get(verdict, verdict))
    votes = list(request.votes.all())
    _check_voter(request, votes, by)
    votes.append(_write_vote(request, verdict, opinion, by))
    ballots = [rules.Ballot(v.verdict, v.counts, v.is_veto) for v in votes if v.stage == request.stage]
    verb, stage = rules.next_step(request.stage_list, request.stage, ballots)
    if verb:
        _decide(request, verb, by, opinion)
    elif stage != request.stage:
        _enter_stage(request, stage)
    return request


def withdraw(*, request_number: str, by: Actor) -> ApprovalRequest:
    """Take a request back, by one of its makers. Raises NotFound (404), WrongState (409) or NotOpener (403)."""
    request = ApprovalRequest.objects.visible_to(by).lock(request_number)
    REQUEST.require(request.status, "withdraw")
    if by.kind != "system" and not rules.is_maker(by.user_ids, request.maker_ids):
        raise NotOpener()
    _decide(request, "withdraw", by, "")
    return request


def _check_words(verdict: str, opinion: str) -> None:
    if verdict not in VERDICTS:
        raise UnknownVerdict()
    if len(opinion) > OPINION_MAX:
        raise OpinionTooLong(length_max=OPINION_MAX)
    if verdict != "agree" and not opinion:
        raise OpinionMissing()


def _check_voter(request: ApprovalRequest, votes: list[Vote], by: Actor) -> None:
    if by.user_id is None or rules.is_maker(by.user_ids, request.maker_ids):
        raise SamePerson(name=by.name, verb=REQUEST.label("approve"))
    if rules.has_voted(by.user_ids, [vote.people for vote in votes]):
        raise AlreadyVoted(name=by.name)
    if not request.current_stage.may_vote(by.roles):
        raise NotThisStage(role=request.role_label)


def _write_vote(request: ApprovalRequest, verdict: str, opinion: str, by: Actor) -> Vote:
    stage = request.current_stage
    counts = stage.counts_for(by.roles)
    return Vote.objects.create(
        request=request, stage=request.stage, user_id=by.user_id, on_behalf_of_id=by.on_behalf_of_id, voter_name=by.name,
        role=stage.role if counts else stage.veto, verdict=verdict, opinion=opinion, counts=counts,
        is_veto=stage.is_veto(by.roles), voted_at=clock.now(),
    )


def _enter_stage(request: ApprovalRequest, stage: int) -> None:
    request.stage = stage
    request.stage_role, request.stage_veto = request.current_stage.role, request.current_stage.veto
    request.save(update_fields=["stage", "stage_role", "stage_veto"])


def _decide(request: ApprovalRequest, verb: str, by: Actor, reason: str) -> None:
    moves.move(request, REQUEST, verb, by=by, reason=reason)
    request.decided_at = clock.now()
    request.save(update_fields=["decided_at"])
    settle = kinds.find(request.kind).settle
    if settle is not None:
        settle(request.subject_text, request.status, by)
    events.publish(
        "approval.decided", request.subject_text,
        {"number": request.number, "kind": request.kind, "subject": request.subject_text, "outcome": request.status},
    )
