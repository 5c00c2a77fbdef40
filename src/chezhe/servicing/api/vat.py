"""VAT of a month over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.finmath.money import Money
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, In, Out, Page, Yuan, page_of
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger import bookings
from chezhe.ledger.wire import BookingOut, EntriesOut
from chezhe.servicing import monthly
from chezhe.servicing.actions.discard_vat import discard_vat
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.reverse_vat import reverse_vat
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.models import VatLine, VatRun
from chezhe.servicing.tax import permissions, reading, runs
from chezhe.servicing.tax.rules import ITEMS


class VatIn(In):
    as_of: Day


class VatOut(Out):
    number: str
    status: str
    as_of: date
    previous: str | None
    taxpayer: str
    rate: Fraction
    loans: int
    base: Yuan
    tax: Yuan
    deferred: Yuan
    started_by: str
    computed_at: datetime | None
    posted_by: str
    posted_on: date | None


class VatTotalOut(Out):
    product: str
    branch_id: int | None
    item: str
    base: Yuan
    tax: Yuan


class VatProofOut(Out):
    taxed: Yuan
    not_due: Yuan
    taken_back: Yuan
    waived: Yuan
    other: Yuan
    income: Yuan
    difference: Yuan


class VatResultOut(VatOut):
    totals: list[VatTotalOut]
    proof: VatProofOut | None
    to_book: list[BookingOut]


class VatLineOut(Out):
    loan: str
    product: str
    branch: str
    bases: dict[str, Yuan]
    taxes: dict[str, Yuan]
    base: Yuan
    tax: Yuan


@router.get("/vat-runs", response=Page[VatOut], summary="Monthly VAT, newest first")
@needs(permissions.VIEW_VAT)
def vat_runs(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = VatRun.objects.visible_to(request.actor).select_related("previous")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _run)


@router.post("/vat-runs", response={202: VatOut}, summary="Prepare a month's VAT; the worker does it")
@needs(permissions.RUN_VAT)
def run(request: HttpRequest, payload: VatIn) -> tuple[int, dict[str, Any]]:
    return 202, _run(run_vat(as_of=payload.as_of, by=request.actor))


@router.get("/vat-runs/{number}", response=VatResultOut, summary="What a month is taxed on, and the proof against the income accounts")
@needs(permissions.VIEW_VAT)
def vat_run(request: HttpRequest, number: str) -> dict[str, Any]:
    found = _fetch(request, number)
    to_book = bookings.told(monthly.to_book(found, runs.entries_of))
    return {**_run(found), "totals": _totals(found), "proof": _proof(found), "to_book": to_book}


@router.get("/vat-runs/{number}/lines", response=Page[VatLineOut], summary="What a run taxes, loan by loan")
@needs(permissions.VIEW_VAT)
def vat_lines(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = VatLine.objects.visible_to(request.actor).filter(run=_fetch(request, number)).select_related("loan", "product", "branch")
    return page_of(rows, cursor, limit, _line, newest_first=False)


@router.post("/vat-runs/{number}/post", response=VatOut, summary="Book a computed run; not who prepared it")
@needs(permissions.POST_VAT)
def post(request: HttpRequest, number: str) -> dict[str, Any]:
    return _run(post_vat(vat_number=number, by=request.actor))


@router.post("/vat-runs/{number}/post/preview", response=EntriesOut, summary="What posting a run would book; nothing is written")
@needs(permissions.POST_VAT)
def preview_post(request: HttpRequest, number: str) -> dict[str, Any]:
    require_whole_house(request.actor)
    return {"bookings": bookings.told(bookings.proposed(runs.judge(_fetch(request, number), request.actor)))}


@router.post("/vat-runs/{number}/reverse/preview", response=EntriesOut, summary="What taking a run back would book; nothing is written")
@needs(permissions.REVERSE_VAT)
def preview_reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    return {"bookings": bookings.told(runs.would_reverse(_fetch(request, number), payload.reason))}


@router.post("/vat-runs/{number}/discard", response=VatOut, summary="Put a run aside that was not posted")
@needs(permissions.RUN_VAT)
def discard(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _run(discard_vat(vat_number=number, reason=payload.reason, by=request.actor))


@router.post("/vat-runs/{number}/reverse", response=VatOut, summary="Take a posted run back, the latest month first")
@needs(permissions.REVERSE_VAT)
def reverse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _run(reverse_vat(vat_number=number, reason=payload.reason, by=request.actor))


def _fetch(request: HttpRequest, number: str) -> VatRun:
    return VatRun.objects.visible_to(request.actor).select_related("previous").fetch(number)


def _run(row: VatRun) -> dict[str, Any]:
    same = ("number", "status", "as_of", "taxpayer", "rate", "loans", "base", "tax", "deferred", "computed_at", "posted_on")
    return {
        **{name: getattr(row, name) for name in same}, "previous": row.previous.number if row.previous else None,
        "started_by": row.started_by_name, "posted_by": row.posted_by_name,
    }


def _totals(row: VatRun) -> list[dict[str, Any]]:
    return [
        {"product": product, "branch_id": branch, "item": item.value, "base": Money(base), "tax": Money(tax)}
        for (product, branch), parts in reading.totals_of(row.pk).items() for item, (base, tax) in parts.items() if base or tax
    ]


def _proof(row: VatRun) -> dict[str, Any] | None:
    if row.status == "computing":
        return None
    said, difference = runs.proof_of(row)
    return {
        "taxed": row.base, "not_due": Money(said.not_due_fen), "taken_back": Money(said.taken_back_fen), "waived": Money(said.waived_fen),
        "other": Money(said.other_fen), "income": Money(said.income_fen), "difference": Money(difference),
    }


def _line(row: VatLine) -> dict[str, Any]:
    def by_item(sums: list[int]) -> dict[str, Money]:
        return {item.value: Money(fen) for item, fen in zip(ITEMS, sums, strict=True) if fen}

    return {
        "loan": row.loan.number, "product": row.product.code, "branch": row.branch.name, "bases": by_item(row.bases),
        "taxes": by_item(row.taxes), "base": row.base, "tax": row.tax,
    }
