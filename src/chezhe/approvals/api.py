"""Approvals over REST: `/api/v1/approvals/…`."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from chezhe.approvals import permissions, queries
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.approvals.models import ApprovalRequest
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
    votes: list[VoteOut]


class RequestPage(Out):
    items: list[RequestOut]
    next_cursor: str | None = None


class VoteIn(In):
    verdict: Literal["agree", "return", "reject"]
    opinion: str = Field(default="", max_length=2000)


def _out(row: ApprovalRequest) -> RequestOut:
    votes = [
        VoteOut(stage=v.stage, role=v.role, voter=v.voter_name, verdict=v.verdict, opinion=v.opinion, voted_at=v.voted_at)
        for v in row.votes.all()
    ]
    return RequestOut(
        number=row.number, kind=row.kind, subject=row.subject_text, title=row.title, amount=row.amount,
        branch=row.branch.code if row.branch else None, opened_by=row.opened_by_name, opened_at=row.opened_at, due_at=row.due_at,
        decided_at=row.decided_at, status=row.status, stage=row.stage, stage_role=row.stage_role, votes=votes,
    )


@router.get("/requests", response=RequestPage, summary="Requests within reach, or my to-do and done ones")
@needs(permissions.VIEW)
def requests(
    request: HttpRequest, box: Literal["waiting", "done", "mine", "all"] = "waiting", cursor: str = "", limit: int = PAGE_SIZE
) -> dict[str, object]:
    rows = {
        "waiting": queries.waiting_for, "done": queries.decided_by, "mine": queries.opened_by,
        "all": ApprovalRequest.objects.visible_to,
    }[box](request.actor)
    return page_of(rows.select_related("branch").prefetch_related("votes"), cursor, limit, _out)


@router.get("/requests/{number}", response=RequestOut, summary="One request with its votes")
@needs(permissions.VIEW)
def read(request: HttpRequest, number: str) -> RequestOut:
    rows = ApprovalRequest.objects.visible_to(request.actor)
    return _out(rows.select_related("branch").prefetch_related("votes").fetch(number))


@router.post("/requests/{number}/votes", response={201: RequestOut}, summary="Agree, return or reject")
@needs(permissions.VOTE)
def vote(request: HttpRequest, number: str, payload: VoteIn) -> Status[RequestOut]:
    return Status(201, _out(cast_vote(request_number=number, verdict=payload.verdict, opinion=payload.opinion, by=request.actor)))


@router.post("/requests/{number}/withdraw", response=RequestOut, summary="Take one's own request back")
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str) -> RequestOut:
    return _out(withdraw_request(request_number=number, by=request.actor))
