"""Reading applications, what they lack and what they come to."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date, moves, rest
from chezhe.kernel.doors import needs
from chezhe.origination import figures, labels, permissions, queries
from chezhe.origination.api.shapes import ApplicationOut, router, rows_of, shape


class GapOut(rest.Out):
    """Something missing; `words` say it in the caller's language."""

    step: str
    code: str
    what: str
    who: str
    words: str


class ApplicationPage(rest.Out):
    items: list[ApplicationOut]
    next_cursor: str | None = None


class FindingOut(rest.Out):
    code: str
    severity: str
    sentence: str


class LineOut(rest.Out):
    period: int
    due_date: date
    principal: rest.Yuan
    interest: rest.Yuan
    fee: rest.Yuan
    total: rest.Yuan
    balance: rest.Yuan


class FiguresOut(rest.Out):
    """What is decided on. `is_frozen` tells that these are the figures of the submission; the plan starts on `on`."""

    is_frozen: bool
    on: rest.Day
    price_base: rest.Yuan
    instalment: rest.Yuan
    interest: rest.Yuan
    fee: rest.Yuan
    upfront_fee: rest.Yuan
    total: rest.Yuan
    ltv: rest.Fraction | None
    dti: rest.Fraction | None
    dti_limit: rest.Fraction | None
    all_in_simple: rest.Fraction | None
    all_in_compound: rest.Fraction | None
    findings: list[FindingOut]


@router.get("", response=ApplicationPage, summary="Applications in reach, newest first")
@needs(permissions.VIEW)
def applications(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE, status: str = "") -> dict[str, Any]:
    rows = rows_of(request)
    return rest.page_of(rows.filter(status=status) if status else rows, cursor, limit, shape)


@router.get("/{number}", response=ApplicationOut, summary="One application")
@needs(permissions.VIEW)
def application(request: HttpRequest, number: str) -> dict[str, Any]:
    return shape(rows_of(request).fetch(number))


@router.get("/{number}/gaps", response=list[GapOut], summary="What is missing before it can be submitted")
@needs(permissions.VIEW)
def gaps(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    found = queries.gaps(rows_of(request).fetch(number), business_date.current())
    return [
        {"step": gap.step, "code": gap.code, "what": gap.what, "who": gap.who, "words": labels.gap_words(gap)} for gap in found
    ]


@router.get("/{number}/figures", response=FiguresOut | None, summary="Instalment, ratios, all-in cost and what the caps say")
@needs(permissions.VIEW)
def read_figures(request: HttpRequest, number: str) -> dict[str, Any] | None:
    row = rows_of(request).fetch(number)
    kept = figures.shown(row, business_date.current())
    if kept is None:
        return None
    sums = ("price_base", "instalment", "interest", "fee", "upfront_fee", "total")
    return {name: _yuan(kept[f"{name}_fen"]) for name in sums} | {
        name: kept[name] for name in ("on", "ltv", "dti", "dti_limit", "all_in_simple", "all_in_compound")
    } | {"is_frozen": kept is row.snapshot, "findings": [
        {"code": stored["code"], "severity": stored["severity"], "sentence": sentence}
        for stored, (_tone, sentence) in zip(kept["findings"], figures.sentences_of(kept), strict=True)
    ]}


@router.get("/{number}/plan", response=list[LineOut], summary="The repayment plan if paid out today; empty while figures are missing")
@needs(permissions.VIEW)
def plan(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    assessment = figures.assess(rows_of(request).fetch(number), business_date.current())
    sums = ("principal", "interest", "fee", "total", "balance")
    return [
        {"period": line.period, "due_date": line.due_date} | {name: _yuan(getattr(line, f"{name}_fen")) for name in sums}
        for line in (assessment.sample.charged.rows if assessment else ())
    ]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@router.get("/{number}/track", response=rest.Page[rest.MoveOut], summary="Every move, oldest first")
@needs(permissions.VIEW)
def track(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of_list(moves.history(rows_of(request).fetch(number).subject), cursor, limit, rest.MoveOut.of)
