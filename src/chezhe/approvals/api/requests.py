"""Requests with their votes: to read, to decide, to take back."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from chezhe.approvals import permissions, queries
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.hold_verdict import hold_verdict
from chezhe.approvals.actions.undo_verdict import undo_verdict
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.approvals.models import ApprovalRequest, HeldVerdict
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Yuan, page_of

router = Router()


class VoteOut(Out):
    stage: int
    role: str
    voter: str
    verdict: str
    opinion: str
    voted_at: datetime


class HandlingOut(Out):
    verb: str
    stage: int
    by: str
    to: str
    words: str
    handled_at: datetime


class RequestOut(Out):
    number: str
    kind: str
    subject: str
    title: str
    amount: Yuan | None
    branch: str | None
    opened_by: str
    opened_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    status: str
    stage: int
    stage_role: str
    stage_roles: list[str]
    stage_names: str
    assigned_to: str
    paused_at: datetime | None
    pause_reason: str
    urged_count: int
    stuck_at: datetime | None
    votes: list[VoteOut]
    handlings: list[HandlingOut]


class RequestPage(Out):
    items: list[RequestOut]
    next_cursor: str | None = None


class VoteIn(In):
    verdict: Literal["agree", "return", "reject"]
    opinion: str = Field(default="", max_length=2000)


class HeldOut(Out):
    request: str
    verdict: str
    opinion: str
    status: str
    refusal: str
    held_at: datetime
    applies_at: datetime


WITH = ("votes", "handlings")


def out(row: ApprovalRequest) -> RequestOut:
    """A request as programs read it."""
    votes = [
        VoteOut(stage=v.stage, role=v.role, voter=v.voter_name, verdict=v.verdict, opinion=v.opinion, voted_at=v.voted_at)
        for v in row.votes.all()
    ]
    done = [
        HandlingOut(verb=h.verb, stage=h.stage, by=h.user_name, to=h.other_name, words=h.words, handled_at=h.handled_at)
        for h in row.handlings.all()
    ]
    return RequestOut(
        number=row.number, kind=row.kind, subject=row.subject_text, title=row.title, amount=row.amount,
        branch=row.branch.code if row.branch else None, opened_by=row.opened_by_name, opened_at=row.opened_at, due_at=row.due_at,
        decided_at=row.decided_at, status=row.status, stage=row.stage, stage_role=row.stage_role, stage_roles=row.stage_roles,
        stage_names=row.stage_names, assigned_to=row.assigned_to.username if row.assigned_to else "", paused_at=row.paused_at,
        pause_reason=row.pause_reason, urged_count=row.urged_count, stuck_at=row.stuck_at, votes=votes, handlings=done,
    )


def _held(row: HeldVerdict) -> HeldOut:
    return HeldOut(
        request=row.request.number, verdict=row.verdict, opinion=row.opinion, status=row.status, refusal=row.refusal,
        held_at=row.held_at, applies_at=row.applies_at,
    )


Box = Literal["waiting", "claimed", "free", "done", "mine", "copied", "stuck", "all"]
_BOXES = {
    "waiting": queries.waiting_for, "claimed": queries.claimed_by, "free": queries.claimable, "done": queries.decided_by,
    "mine": queries.opened_by, "copied": queries.copied_to, "stuck": queries.stuck, "all": ApprovalRequest.objects.visible_to,
}


@router.get("/requests", response=RequestPage, summary="Requests within reach, or my to-do and done ones")
@needs(permissions.VIEW)
def requests(request: HttpRequest, box: Box = "waiting", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    rows = _BOXES[box](request.actor)
    return page_of(rows.select_related("branch", "assigned_to").prefetch_related(*WITH), cursor, limit, out)


@router.get("/requests/{number}", response=RequestOut, summary="One request with its votes")
@needs(permissions.VIEW)
def read(request: HttpRequest, number: str) -> RequestOut:
    rows = ApprovalRequest.objects.visible_to(request.actor)
    return out(rows.select_related("branch", "assigned_to").prefetch_related(*WITH).fetch(number))


@router.post("/requests/{number}/votes", response={201: RequestOut}, summary="Agree, return or reject")
@needs(permissions.VOTE)
def vote(request: HttpRequest, number: str, payload: VoteIn) -> Status[RequestOut]:
    return Status(201, out(cast_vote(request_number=number, verdict=payload.verdict, opinion=payload.opinion, by=request.actor)))


@router.post("/requests/{number}/held", response={201: HeldOut}, summary="A verdict that may still be taken back")
@needs(permissions.HANDLE)
def hold(request: HttpRequest, number: str, payload: VoteIn) -> Status[HeldOut]:
    return Status(201, _held(hold_verdict(
        request_number=number, verdict=payload.verdict, opinion=payload.opinion, by=request.actor)))


@router.post("/requests/{number}/undo", response=HeldOut, summary="Take one's own held verdict back")
@needs(permissions.HANDLE)
def undo(request: HttpRequest, number: str) -> HeldOut:
    return _held(undo_verdict(request_number=number, by=request.actor))


@router.post("/requests/{number}/withdraw", response=RequestOut, summary="Take one's own request back")
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str) -> RequestOut:
    return out(withdraw_request(request_number=number, by=request.actor))
