"""Search and waiting work over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router

from chezhe.finmath.money import Money
from chezhe.kernel import clock, rest
from chezhe.kernel.doors import needs
from chezhe.kernel.worklist import Waiting
from chezhe.ui.formats import fen_of
from chezhe.workbench import queries

router = Router()


class SearchIn(rest.In):
    q: str = Field(max_length=queries.TEXT_MAX)


class HitOut(rest.Out):
    kind: str
    number: str
    title: str
    detail: str
    url: str


class GroupOut(rest.Out):
    key: str
    label: str
    hits: list[HitOut]


class AnswerOut(rest.Out):
    groups: list[GroupOut]
    misread: str


class WaitingOut(rest.Out):
    title: str
    detail: str
    url: str
    due_at: datetime | None
    amount: rest.Yuan | None


class PileOut(rest.Out):
    key: str
    label: str
    count: int
    url: str
    first: list[WaitingOut]


@router.post("/search", response=AnswerOut, summary="Find customers, vehicles, numbers, leads, dealers and pages; masked")
@needs(None)
def search(request: HttpRequest, payload: SearchIn) -> dict[str, Any]:
    answer = queries.search(request.actor, payload.q)
    groups = [
        {"key": group.key, "label": str(group.label), "hits": [
            {"kind": h.kind, "number": h.number, "title": str(h.title), "detail": str(h.detail), "url": h.url} for h in group.hits
        ]}
        for group in answer.groups
    ]
    return {"groups": groups, "misread": answer.misread}


@router.get("/todo", response=list[PileOut], summary="What waits for the caller, by kind")
@needs(None)
def todo(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"key": card.key, "label": str(card.label), "count": card.count, "url": card.url,
         "first": [_shape(line.waiting) for line in card.lines]}
        for card in queries.cards(request.actor, clock.now())
    ]


def _shape(waiting: Waiting) -> dict[str, Any]:
    fen = fen_of(waiting.amount)
    return {
        "title": str(waiting.title), "detail": str(waiting.detail), "url": waiting.url, "due_at": waiting.due_at,
        "amount": None if fen is None else Money(fen),
    }
