"""The provision of a month over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.finmath.money import Money
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, In, Out, Page, Yuan, page_of
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger import bookings
from chezhe.ledger.wire import BookingOut, EntriesOut
from chezhe.servicing import monthly, permissions
from chezhe.servicing.actions.discard_provision import discard_provision
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.reverse_provision import reverse_provision
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.models import ProvisionLine, ProvisionRun
from chezhe.servicing.quality import provisions
from chezhe.servicing.quality.rules import CLASSES, REASONS


class ProvisionIn(In):
    as_of: Day


class ProvisionOut(Out):
    number: str
    status: str
    as_of: date
    previous: str | None
    loans: int
    exposure: Yuan
    expected_loss: Yuan
    regulatory: Yuan
    allowance: Yuan
    started_by: str
    computed_at: datetime | None
    posted_by: str
    posted_on: date | None


class BridgeOut(Out):
    opening: Yuan
    charged: Yuan
    written_off: Yuan
    recovered: Yuan
    other: Yuan
    closing: Yuan
    difference: Yuan


class ProvisionResultOut(ProvisionOut):
    figures: dict[str, str]
    summary: dict[str, dict[str, dict[str, int]]]
    movement: dict[str, dict[str, dict[str, int]]]
    ledger: BridgeOut | None
    to_book: list[BookingOut]


class ProvisionLineOut(Out):
    loan: str
    product: str
    branch: str
    days_past_due: int
    asset_class: str
    stage: int
    reasons: dict[str, str]
    exposure: Yuan
    loss_share: Fraction
    discount: Fraction
    expected_loss: Yuan
    regulatory: Yuan
    allowance: Yuan


@router.get("/provisions", response=Page[ProvisionOut], summary="Monthly provisions, newest first")
@needs(permissions.VIEW_PROVISIONS)
def provision_runs(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = ProvisionRun.objects.visible_to(request.actor).select_related("previous")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _run)


@router.post("/provisions", response={202: ProvisionOut}, summary="Work out a month's provision; the worker does it")
@needs(permissions.RUN_PROVISION)
def run(request: HttpRequest, payload: ProvisionIn) -> tuple[int, dict[str, Any]]:
    return 202, _run(run_provision(as_of=payload.as_of, by=request.actor))


@router.get("/provisions/{number}", response=ProvisionResultOut, summary="What a run found and how the allowance moved, in fen")
@needs(permissions.VIEW_PROVISIONS)
def provision(request: HttpRequest, number: str) -> dict[str, Any]:
    found = _fetch(request, number)
    kept = {"figures": found.figures, "summary": found.summary, "movement": found.movement}
    return {**_run(found), **kept, "ledger": _ledger(found), "to_book": bookings.told(monthly.to_book(found, provisions.entries_of))}


@router.get("/provisions/{number}/lines", response=Page[ProvisionLineOut], summary="What a run found, loan by loan")
@needs(permissions.VIEW_PROVISIONS)
def provision_lines(
    request: HttpRequest, number: str, asset_class: str = "", stage: int | None = None, cursor: str = "", limit: int = PAGE_SIZE,
) -> dict[str, Any]:
    rows = ProvisionLine.objects.visible_to(request.actor).filter(run=_fetch(request, number)).select_related("loan", "product", "branch")
    rows = rows.filter(asset_class=asset_class) if asset_class else rows
    rows = rows.filter(stage=stage) if stage in (1, 2, 3) else rows
    return page_of(rows, cursor, limit, _line, newest_first=False)


@router.post("/provisions/{number}/post", response=ProvisionOut, summary="Book a computed run; not who started it")
@needs(permissions.POST_PROVISION)
def post(request: HttpRequest, number: str) -> dict[str, Any]:
    return _run(post_provision(provision_number=number, by=request.actor))


@router.post("/provisions/{number}/post/preview", response=EntriesOut, summary="What posting a run would book; nothing is written")
@needs(permissions.POST_PROVISION)
def preview_post(request: HttpRequest, number: str) -> dict[str, Any]:
    require_whole_house(request.actor)
    return {"bookings": bookings.told(bookings.proposed(provisions.judge(_fetch(request, number), request.actor)))}


@router.post("/provisions/{number}/reverse/preview", response=EntriesOut, summary="What taking a run back would book; nothing is written")
@needs(permissions.REVERSE_PROVISION)
def preview_reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    return {"bookings": bookings.told(provisions.would_reverse(_fetch(request, number), payload.reason))}


@router.post("/provisions/{number}/discard", response=ProvisionOut, summary="Put a run aside that was not posted")
@needs(permissions.RUN_PROVISION)
def discard(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _run(discard_provision(provision_number=number, reason=payload.reason, by=request.actor))


@router.post("/provisions/{number}/reverse", response=ProvisionOut, summary="Take a posted run back, the latest first")
@needs(permissions.REVERSE_PROVISION)
def reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _run(reverse_provision(provision_number=number, reason=payload.reason, by=request.actor))


def _fetch(request: HttpRequest, number: str) -> ProvisionRun:
    return ProvisionRun.objects.visible_to(request.actor).select_related("previous").fetch(number)


def _run(row: ProvisionRun) -> dict[str, Any]:
    same = ("number", "status", "as_of", "loans", "exposure", "expected_loss", "regulatory", "allowance", "computed_at", "posted_on")
    return {
        **{name: getattr(row, name) for name in same}, "previous": row.previous.number if row.previous else None,
        "started_by": row.started_by_name, "posted_by": row.posted_by_name,
    }


def _ledger(row: ProvisionRun) -> dict[str, Any] | None:
    if row.status not in ("computed", "posted"):
        return None
    rows, difference = provisions.bridge_of(row)
    return {**{name: Money(fen) for name, fen in rows.items()}, "difference": Money(difference)}


def _line(row: ProvisionLine) -> dict[str, Any]:
    same = ("days_past_due", "asset_class", "stage", "exposure", "loss_share", "discount", "expected_loss", "regulatory", "allowance")
    reasons = {reason: CLASSES[at].value for reason, at in zip(REASONS, row.grades, strict=True) if at}
    return {
        **{name: getattr(row, name) for name in same}, "loan": row.loan.number, "product": row.product.code, "branch": row.branch.name,
        "reasons": reasons,
    }
