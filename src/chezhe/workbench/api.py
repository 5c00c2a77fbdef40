"""Search and waiting work over the API."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router

from chezhe.finmath.money import Money
from chezhe.kernel import clock, rest
from chezhe.kernel.action import label_of
from chezhe.kernel.doors import needs
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.worklist import Waiting
from chezhe.ui.formats import fen_of
from chezhe.workbench import finders, permissions, queries, shelf
from chezhe.workbench.actions.choose_default_view import choose_default_view
from chezhe.workbench.actions.edit_view import edit_view
from chezhe.workbench.actions.remove_view import remove_view
from chezhe.workbench.actions.save_view import save_view
from chezhe.workbench.actions.subscribe_view import subscribe_view
from chezhe.workbench.actions.unsubscribe_view import unsubscribe_view
from chezhe.workbench.models import NAME_MAX, QUERY_MAX, SavedView, Subscription

router = Router()


class SearchIn(rest.In):
    q: str = Field(max_length=finders.TEXT_MAX)


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
    since_at: datetime | None
    amount: rest.Yuan | None


class PileOut(rest.Out):
    key: str
    label: str
    verb: str
    count: int
    late: int
    url: str
    first: list[WaitingOut]


@router.post("/search", response=AnswerOut, summary="Find customers, vehicles, numbers, leads, dealers and pages; masked")
@needs(None)
def search(request: HttpRequest, payload: SearchIn) -> dict[str, Any]:
    answer = finders.search(request.actor, payload.q)
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
        {"key": card.key, "label": str(card.label), "verb": str(card.verb), "count": card.count, "late": card.late,
         "url": card.url, "first": [_shape(line.waiting) for line in card.lines]}
        for card in queries.cards(request.actor, clock.now())
    ]


def _shape(waiting: Waiting) -> dict[str, Any]:
    fen = fen_of(waiting.amount)
    return {
        "title": str(waiting.title), "detail": str(waiting.detail), "url": waiting.url,
        "due_at": waiting.due_at, "since_at": waiting.since_at,
        "amount": None if fen is None else Money(fen),
    }


class ViewIn(rest.In):
    """`query` is what stands behind the question mark of the list's address."""

    path: str = Field(max_length=200)
    name: str = Field(max_length=NAME_MAX)
    query: str = Field(default="", max_length=QUERY_MAX)
    role: rest.Text[40] = ""
    is_default: rest.Flag = False


class ViewEditIn(rest.In):
    name: rest.Text[NAME_MAX]
    role: rest.Text[40] = ""


class DefaultIn(rest.In):
    path: rest.Text[200]
    key: rest.Text[12] = ""


class ViewOut(rest.Out):
    key: str
    name: str
    path: str
    query: str
    role: str
    is_mine: bool
    is_default: bool


@router.get("/views", response=rest.Page[ViewOut], summary="Saved views: one's own and those shared with one's role")
@needs(permissions.KEEP_VIEWS)
def views(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(shelf.with_default(request.actor), cursor, limit, lambda row: _view(row, request))


@router.post("/views", response={201: ViewOut}, summary="Keep a list's filters, columns and sorting under a name; the same name replaces")
@needs(permissions.KEEP_VIEWS)
def keep_view(request: HttpRequest, payload: ViewIn) -> tuple[int, dict[str, Any]]:
    row = save_view(list_key=shelf.list_key(payload.path), by=request.actor, **payload.dict())
    return 201, _view(shelf.with_default(request.actor).get(pk=row.pk), request)


@router.put("/views/default", response={204: None}, summary="Open a list with this view from now on; without a key as it is declared")
@needs(permissions.KEEP_VIEWS)
def open_with(request: HttpRequest, payload: DefaultIn) -> tuple[int, None]:
    choose_default_view(list_key=shelf.list_key(payload.path), view_key=payload.key, by=request.actor)
    return 204, None


@router.patch("/views/{key}", response=ViewOut, summary="Rename one's own view, or change who else sees it")
@needs(permissions.KEEP_VIEWS)
def change_view(request: HttpRequest, key: str, payload: ViewEditIn) -> dict[str, Any]:
    row = edit_view(view_key=key, name=payload.name, role=payload.role, by=request.actor)
    return _view(shelf.with_default(request.actor).get(pk=row.pk), request)


@router.post("/views/{key}/remove", response={204: None}, summary="Throw one's own view away")
@needs(permissions.KEEP_VIEWS)
def throw_view_away(request: HttpRequest, key: str) -> tuple[int, None]:
    remove_view(view_key=key, by=request.actor)
    return 204, None


class SubscriptionOut(rest.Out):
    """`rows` is None before the first morning, and when the list is not open to the caller any more."""

    key: str
    name: str
    path: str
    query: str
    counted_on: date | None
    rows: int | None
    change: int | None


@router.get("/subscriptions", response=rest.Page[SubscriptionOut], summary="Views the caller has subscribed to, with this morning's rows")
@needs(permissions.KEEP_VIEWS)
def subscriptions(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(queries.subscriptions(request.actor), cursor, limit, _subscription)


@router.post("/views/{key}/subscribe", response={201: SubscriptionOut}, summary="Have a view counted every morning at 08:30")
@needs(permissions.KEEP_VIEWS)
def subscribe(request: HttpRequest, key: str) -> tuple[int, dict[str, Any]]:
    return 201, _subscription(subscribe_view(view_key=key, by=request.actor))


@router.post("/views/{key}/unsubscribe", response={204: None}, summary="Count a view no longer")
@needs(permissions.KEEP_VIEWS)
def unsubscribe(request: HttpRequest, key: str) -> tuple[int, None]:
    unsubscribe_view(view_key=key, by=request.actor)
    return 204, None


def _subscription(row: Subscription) -> dict[str, Any]:
    view = row.view
    return {"key": view.key, "name": view.name, "path": view.path, "query": view.query, "counted_on": row.counted_on, "rows": row.rows,
            "change": row.change}


def _view(row: SavedView, request: HttpRequest) -> dict[str, Any]:
    shown = shelf.shown(row, request.actor)
    return {"key": row.key, "name": row.name, "path": row.path, "query": row.query, "role": row.role,
            "is_mine": shown.is_mine, "is_default": shown.is_default}


class AuditOut(rest.Out):
    recorded_at: datetime
    actor: str
    on_behalf_of: str
    verb: str
    verb_label: str
    subject: str
    outcome: str
    facts: dict[str, Any]
    reason: str
    request_id: str


@router.get("/audit", response=rest.Page[AuditOut], summary="The audit trail, newest first; of one subject or one verb")
@needs(permissions.READ_AUDIT)
def audit_trail(
    request: HttpRequest, subject: str = "", verb: str = "", cursor: str = "", limit: int = rest.PAGE_SIZE
) -> dict[str, Any]:
    entries = AuditEntry.objects.all()
    if subject:
        entries = entries.filter(subject=subject)
    if verb:
        entries = entries.filter(verb=verb)
    return rest.page_of(entries, cursor, limit, _audit_entry)


def _audit_entry(entry: AuditEntry) -> dict[str, Any]:
    names = ("recorded_at", "on_behalf_of", "verb", "subject", "outcome", "facts", "reason", "request_id")
    return {"actor": entry.actor_name, "verb_label": label_of(entry.verb), **{name: getattr(entry, name) for name in names}}
