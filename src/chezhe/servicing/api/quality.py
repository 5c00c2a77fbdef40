"""Asset quality over REST."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Page, Text, Yuan, page_of
from chezhe.servicing import permissions
from chezhe.servicing.actions.downgrade_loan import downgrade_loan
from chezhe.servicing.actions.request_class_lift import request_class_lift
from chezhe.servicing.api.loans import fetch, router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.models import ClassDowngrade
from chezhe.servicing.quality import grading
from chezhe.servicing.quality import pages as quality_pages


class ReasonOut(Out):
    reason: str
    asset_class: str


class QualityOut(Out):
    loan: str
    on: date
    asset_class: str | None
    stage: int | None
    reasons: list[ReasonOut]
    provided_on: date | None
    allowance: Yuan | None


class DowngradeIn(In):
    asset_class: Literal["special_mention", "substandard", "doubtful", "loss"]
    reason: Text[300]


class DowngradeOut(Out):
    number: str
    status: str
    loan: str
    asset_class: str
    reason: str
    downgraded_on: date
    downgraded_by: str
    approval: str
    lifted_on: date | None


@router.get("/loans/{number}/quality", response=QualityOut, summary="A loan's class and stage today, each reason, its allowance")
@needs(permissions.VIEW)
def quality(request: HttpRequest, number: str) -> dict[str, Any]:
    loan, today = fetch(request, number), business_date.current()
    found, line = grading.quality_of(loan, today), quality_pages.last_line(loan)
    reasons = [{"reason": reason, "asset_class": given.value} for reason, given in found.reasons] if found else []
    return {
        "loan": loan.number, "on": today, "asset_class": found.asset_class.value if found else None,
        "stage": found.stage if found else None,
        "reasons": reasons, "provided_on": line.run.as_of if line else None, "allowance": line.allowance if line else None,
    }


@router.post("/loans/{number}/downgrades", response={201: DowngradeOut}, summary="Hold a loan in a worse class")
@needs(permissions.DOWNGRADE)
def downgrade(request: HttpRequest, number: str, payload: DowngradeIn) -> tuple[int, dict[str, Any]]:
    made = downgrade_loan(loan_number=number, asset_class=payload.asset_class, reason=payload.reason, by=request.actor)
    return 201, _downgrade(made)


@router.get("/downgrades", response=Page[DowngradeOut], summary="Downgrades, newest first")
@needs(permissions.VIEW)
def downgrades(request: HttpRequest, status: str = "", loan: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = ClassDowngrade.objects.visible_to(request.actor).select_related("loan")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(loan__number=loan) if loan else rows
    return page_of(rows, cursor, limit, _downgrade)


@router.get("/downgrades/{number}", response=DowngradeOut, summary="One downgrade")
@needs(permissions.VIEW)
def one_downgrade(request: HttpRequest, number: str) -> dict[str, Any]:
    return _downgrade(ClassDowngrade.objects.visible_to(request.actor).select_related("loan").fetch(number))


@router.post("/downgrades/{number}/lift", response=DowngradeOut, summary="Ask for a downgrade to be lifted; others agree to it")
@needs(permissions.REQUEST_CLASS_LIFT)
def lift(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _downgrade(request_class_lift(downgrade_number=number, reason=payload.reason, by=request.actor))


def _downgrade(row: ClassDowngrade) -> dict[str, Any]:
    same = ("number", "status", "asset_class", "reason", "downgraded_on", "lifted_on")
    return {
        **{name: getattr(row, name) for name in same}, "loan": row.loan.number, "downgraded_by": row.downgraded_by_name,
        "approval": row.approval_number,
    }
