"""What a change of a loan would do if it were agreed to today, over REST: the same body as the request, the same refusals, and nothing
is written."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from chezhe.finmath.allocation import Item
from chezhe.finmath.terms import Method
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import require_reason
from chezhe.servicing import changes, judging, permissions, refunds, requests
from chezhe.servicing.api.changes import (
    DepositUseIn,
    DueDayIn,
    ExtensionIn,
    FeeIn,
    HolidayIn,
    RateChangeIn,
    RefundIn,
    RestructuringIn,
    VehicleReleaseIn,
    WaiverIn,
)
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.api.money_previews import would
from chezhe.servicing.api.previewed import PreviewOut, preview_out
from chezhe.servicing.changes import Asked
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, LoanChange


def _would(request: HttpRequest, number: str, ask: Callable[[Loan], Asked]) -> dict[str, Any]:
    return would(request, number, lambda loan, today: changes.judge(loan, ask(loan), today))


@router.post("/loans/{number}/fees/preview", response=PreviewOut, summary="What a fee beside the plan would do; nothing is written")
@needs(permissions.CHARGE_FEE)
def fee(request: HttpRequest, number: str, payload: FeeIn) -> dict[str, Any]:
    wanted = Fee(code=payload.fee, amount=payload.amount, reason=payload.reason)
    return would(request, number, lambda loan, today: judging.fee(loan, wanted, today))


@router.post("/loans/{number}/refunds/preview", response=PreviewOut, summary="What a refund would do; nothing is written")
@needs(permissions.REQUEST_REFUND)
def refund(request: HttpRequest, number: str, payload: RefundIn) -> dict[str, Any]:
    return _would(request, number, lambda loan: refunds.asked(loan, payload.amount, payload.account_tail, payload.reason))


@router.post("/loans/{number}/waivers/preview", response=PreviewOut, summary="What a waiver would do; nothing is written")
@needs(permissions.REQUEST_WAIVER)
def waiver(request: HttpRequest, number: str, payload: WaiverIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.waiver(item=Item(payload.item), amount=payload.amount, reason=payload.reason))


@router.post("/loans/{number}/due-day-changes/preview", response=PreviewOut, summary="What another due day would do; nothing is written")
@needs(permissions.REQUEST_PLAN_CHANGE)
def due_day(request: HttpRequest, number: str, payload: DueDayIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.due_day(due_day=payload.due_day, reason=payload.reason))


@router.post(
    "/loans/{number}/holidays/preview", response=PreviewOut, summary="What months without instalments would do; nothing is written",
)
@needs(permissions.REQUEST_PLAN_CHANGE)
def holiday(request: HttpRequest, number: str, payload: HolidayIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.holiday(months=payload.months, reason=payload.reason))


@router.post("/loans/{number}/extensions/preview", response=PreviewOut, summary="What a later end would do; nothing is written")
@needs(permissions.REQUEST_PLAN_CHANGE)
def extension(request: HttpRequest, number: str, payload: ExtensionIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.extension(
        months=payload.months, annual_rate=payload.annual_rate, reason=payload.reason))


@router.post(
    "/loans/{number}/restructurings/preview", response=PreviewOut, summary="What a new plan on the whole debt would do; nothing is written",
)
@needs(permissions.REQUEST_RESTRUCTURING)
def restructuring(request: HttpRequest, number: str, payload: RestructuringIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.restructuring(
        method=Method(payload.method), annual_rate=payload.annual_rate, periods=payload.periods, reason=payload.reason))


@router.post("/loans/{number}/rate-changes/preview", response=PreviewOut, summary="What another rate would do; nothing is written")
@needs(permissions.REQUEST_RATE_CHANGE)
def rate_change(request: HttpRequest, number: str, payload: RateChangeIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.rate_change(annual_rate=payload.annual_rate, reason=payload.reason))


@router.post("/loans/{number}/acceleration/preview", response=PreviewOut, summary="What calling the loan in would do; nothing is written")
@needs(permissions.REQUEST_ACCELERATION)
def acceleration(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.acceleration(reason=payload.reason))


@router.post("/loans/{number}/write-off/preview", response=PreviewOut, summary="What writing the loan off would do; nothing is written")
@needs(permissions.REQUEST_WRITE_OFF)
def write_off(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.write_off(reason=payload.reason))


@router.post("/loans/{number}/vehicle-releases/preview", response=PreviewOut, summary="What letting a car go would do; nothing is written")
@needs(permissions.REQUEST_VEHICLE_RELEASE)
def vehicle_release(request: HttpRequest, number: str, payload: VehicleReleaseIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.vehicle_release(
        vehicle=payload.vehicle_number, reason=payload.reason))


@router.post("/loans/{number}/deposit-uses/preview", response=PreviewOut, summary="What using the deposit would do; nothing is written")
@needs(permissions.REQUEST_DEPOSIT_USE)
def deposit_use(request: HttpRequest, number: str, payload: DepositUseIn) -> dict[str, Any]:
    return _would(request, number, lambda _loan: requests.deposit_use(amount=payload.amount, reason=payload.reason))


@router.post(
    "/loans/{number}/deposit-returns/preview", response=PreviewOut, summary="What paying the deposit back would do; nothing is written",
)
@needs(permissions.REQUEST_REFUND)
def deposit_return(request: HttpRequest, number: str, payload: RefundIn) -> dict[str, Any]:
    return _would(request, number, lambda loan: refunds.asked(
        loan, payload.amount, payload.account_tail, payload.reason, is_deposit=True))


@router.post("/loan-changes/{number}/pay-refund/preview", response=PreviewOut, summary="What is booked when the bank has paid a refund")
@needs(permissions.PAY_REFUND)
def pay(request: HttpRequest, number: str) -> dict[str, Any]:
    row = _change(request, number)
    refunds.require_payable(row, request.actor)
    return preview_out(row.loan, refunds.preview_payment(row, business_date.current()))


@router.post("/loan-changes/{number}/cancel-refund/preview", response=PreviewOut, summary="What giving a refund up would do")
@needs(permissions.CANCEL_REFUND)
def cancel(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    row = _change(request, number)
    refunds.require_cancellable(row)
    require_reason(payload.reason)
    return preview_out(row.loan, refunds.preview_cancelling(row, business_date.current()))


def _change(request: HttpRequest, number: str) -> LoanChange:
    rows = LoanChange.objects.visible_to(request.actor)
    return rows.select_related("loan__product_version__product", "account", "event__entry").fetch(number)
