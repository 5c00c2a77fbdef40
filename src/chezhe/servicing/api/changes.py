"""Changes of a loan that others agree to, over REST."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.finmath.allocation import Item
from chezhe.finmath.terms import Method
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Amount, In, Out, Page, Rate, Text, Whole, Yuan, page_of
from chezhe.servicing import permissions
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_deposit_return import request_deposit_return
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_refund import request_refund
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.actions.request_vehicle_release import request_vehicle_release
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.api.loans import EventOut, event_out, router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import LoanChange


class LoanChangeOut(Out):
    number: str
    status: str
    kind: str
    loan: str
    amount: Yuan
    reason: str
    approval: str
    payout: str
    event_id: int | None
    proposed_by: str
    proposed_at: datetime


class RefundIn(In):
    amount: Amount
    account_tail: Text[4] = ""
    reason: Text[300]


class FeeIn(In):
    fee: Literal["legal", "collection", "towing", "valuation", "insurance", "papers", "other"]
    amount: Amount
    reason: Text[300]


class DepositUseIn(In):
    amount: Amount
    reason: Text[300]


class WaiverIn(In):
    item: Literal["fee", "penalty", "compound", "interest"]
    amount: Amount
    reason: Text[300]


class VehicleReleaseIn(In):
    vehicle_number: Text[40]
    reason: Text[300]


class DueDayIn(In):
    due_day: Whole
    reason: Text[300]


class HolidayIn(In):
    months: Whole
    reason: Text[300]


class ExtensionIn(HolidayIn):
    annual_rate: Rate | None = None


class RateChangeIn(In):
    annual_rate: Rate
    reason: Text[300]


class RestructuringIn(In):
    method: Literal["equal_instalment", "equal_principal"]
    annual_rate: Rate
    periods: Whole
    reason: Text[300]


@router.get("/loan-changes", response=Page[LoanChangeOut], summary="Changes that others agree to, newest first")
@needs(permissions.VIEW)
def loan_changes(
    request: HttpRequest, status: str = "", kind: str = "", loan: str = "", cursor: str = "", limit: int = PAGE_SIZE,
) -> dict[str, Any]:
    rows = LoanChange.objects.visible_to(request.actor).select_related("loan")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(loan__number=loan) if loan else rows
    return page_of(rows, cursor, limit, _change)


@router.get("/loan-changes/{number}", response=LoanChangeOut, summary="One change of a loan")
@needs(permissions.VIEW)
def loan_change(request: HttpRequest, number: str) -> dict[str, Any]:
    return _change(LoanChange.objects.visible_to(request.actor).select_related("loan").fetch(number))


@router.post("/loans/{number}/refunds", response={201: LoanChangeOut}, summary="Ask for unapplied cash to be paid back")
@needs(permissions.REQUEST_REFUND)
def refund(request: HttpRequest, number: str, payload: RefundIn) -> tuple[int, dict[str, Any]]:
    asked = request_refund(
        loan_number=number, amount=payload.amount, account_tail=payload.account_tail, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post(
    "/loans/{number}/fees", response={201: EventOut, 202: LoanChangeOut},
    summary="Charge a fee beside the plan, due today; 202 when others have to agree first",
)
@needs(permissions.CHARGE_FEE)
def charge(request: HttpRequest, number: str, payload: FeeIn) -> tuple[int, dict[str, Any]]:
    fee = Fee(code=payload.fee, amount=payload.amount, reason=payload.reason)
    done = charge_fee(loan_number=number, fee=fee, by=request.actor)
    return (202, _change(done)) if isinstance(done, LoanChange) else (201, event_out(done))


@router.post("/loans/{number}/waivers", response={201: LoanChangeOut}, summary="Ask for something owed to be forgiven")
@needs(permissions.REQUEST_WAIVER)
def waiver(request: HttpRequest, number: str, payload: WaiverIn) -> tuple[int, dict[str, Any]]:
    asked = request_waiver(
        loan_number=number, item=Item(payload.item), amount=payload.amount, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/due-day-changes", response={201: LoanChangeOut}, summary="Ask for another due day of the month")
@needs(permissions.REQUEST_PLAN_CHANGE)
def due_day(request: HttpRequest, number: str, payload: DueDayIn) -> tuple[int, dict[str, Any]]:
    asked = request_due_day_change(loan_number=number, due_day=payload.due_day, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/holidays", response={201: LoanChangeOut}, summary="Ask for months without instalments")
@needs(permissions.REQUEST_PLAN_CHANGE)
def holiday(request: HttpRequest, number: str, payload: HolidayIn) -> tuple[int, dict[str, Any]]:
    asked = request_holiday(loan_number=number, months=payload.months, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/extensions", response={201: LoanChangeOut}, summary="Ask for the loan to end later")
@needs(permissions.REQUEST_PLAN_CHANGE)
def extension(request: HttpRequest, number: str, payload: ExtensionIn) -> tuple[int, dict[str, Any]]:
    asked = request_extension(
        loan_number=number, months=payload.months, annual_rate=payload.annual_rate, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/restructurings", response={201: LoanChangeOut}, summary="Ask for a new plan on the whole debt")
@needs(permissions.REQUEST_RESTRUCTURING)
def restructuring(request: HttpRequest, number: str, payload: RestructuringIn) -> tuple[int, dict[str, Any]]:
    asked = request_restructuring(
        loan_number=number, method=Method(payload.method), annual_rate=payload.annual_rate, periods=payload.periods,
        reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/rate-changes", response={201: LoanChangeOut}, summary="Ask for another rate from the next instalment on")
@needs(permissions.REQUEST_RATE_CHANGE)
def rate_change(request: HttpRequest, number: str, payload: RateChangeIn) -> tuple[int, dict[str, Any]]:
    asked = request_rate_change(loan_number=number, annual_rate=payload.annual_rate, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/acceleration", response={201: LoanChangeOut}, summary="Ask for the whole loan to be called in")
@needs(permissions.REQUEST_ACCELERATION)
def acceleration(request: HttpRequest, number: str, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    return 201, _change(request_acceleration(loan_number=number, reason=payload.reason, by=request.actor))


@router.post("/loans/{number}/write-off", response={201: LoanChangeOut}, summary="Ask for a loan to be written off, its claim kept")
@needs(permissions.REQUEST_WRITE_OFF)
def write_off(request: HttpRequest, number: str, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    return 201, _change(request_write_off(loan_number=number, reason=payload.reason, by=request.actor))


@router.post("/loans/{number}/vehicle-releases", response={201: LoanChangeOut}, summary="Ask for one of several mortgaged cars to go")
@needs(permissions.REQUEST_VEHICLE_RELEASE)
def vehicle_release(request: HttpRequest, number: str, payload: VehicleReleaseIn) -> tuple[int, dict[str, Any]]:
    asked = request_vehicle_release(
        loan_number=number, vehicle_number=payload.vehicle_number, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post(
    "/loans/{number}/events/{event_id}/reverse", response={201: EventOut, 202: LoanChangeOut},
    summary="Take a payment back; 202 for what others agreed to, who have to agree again",
)
@needs(permissions.REVERSE)
def reverse(request: HttpRequest, number: str, event_id: int, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    done = reverse_repayment(loan_number=number, event_id=event_id, reason=payload.reason, by=request.actor)
    return (202, _change(done)) if isinstance(done, LoanChange) else (201, event_out(done))


@router.post("/loans/{number}/deposit-uses", response={201: LoanChangeOut}, summary="Ask for the deposit to pay what is owed")
@needs(permissions.REQUEST_DEPOSIT_USE)
def deposit_use(request: HttpRequest, number: str, payload: DepositUseIn) -> tuple[int, dict[str, Any]]:
    asked = request_deposit_use(loan_number=number, amount=payload.amount, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loans/{number}/deposit-returns", response={201: LoanChangeOut}, summary="Ask for the deposit to be paid back")
@needs(permissions.REQUEST_REFUND)
def deposit_return(request: HttpRequest, number: str, payload: RefundIn) -> tuple[int, dict[str, Any]]:
    asked = request_deposit_return(
        loan_number=number, amount=payload.amount, account_tail=payload.account_tail, reason=payload.reason, by=request.actor)
    return 201, _change(asked)


@router.post("/loan-changes/{number}/pay-refund", response=LoanChangeOut, summary="Order the payout of an agreed refund")
@needs(permissions.PAY_REFUND)
def pay(request: HttpRequest, number: str) -> dict[str, Any]:
    return _change(pay_refund(change_number=number, by=request.actor))


@router.post("/loan-changes/{number}/cancel-refund", response=LoanChangeOut, summary="Give a refund up that was not paid")
@needs(permissions.CANCEL_REFUND)
def cancel(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _change(cancel_refund(change_number=number, reason=payload.reason, by=request.actor))


def _change(row: LoanChange) -> dict[str, Any]:
    same = ("number", "status", "kind", "amount", "reason", "proposed_at", "event_id")
    return {
        **{name: getattr(row, name) for name in same}, "loan": row.loan.number, "approval": row.approval_number,
        "payout": row.payout_number, "proposed_by": row.proposed_by_name,
    }
