"""Changes of a loan that others agree to, over REST."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.finmath.allocation import Item
from chezhe.finmath.terms import Method
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Amount, Fraction, In, Out, Page, Rate, Text, Whole, Yuan, page_of
from chezhe.ledger import bookings
from chezhe.ledger.wire import BookingOut
from chezhe.servicing import changes, permissions, reversals, reversing
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
from chezhe.servicing.api.previewed import PreviewOut, preview_out
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import LoanChange


class AskedOut(Out):
    """What was asked for; what the kind does not know is null. `account` is masked, `event_id` what is to be taken back."""

    fee: str | None = None
    item: str | None = None
    due_day: int | None = None
    months: int | None = None
    method: str | None = None
    annual_rate: Fraction | None = None
    periods: int | None = None
    observed_months: int | None = None
    vehicle: str | None = None
    account: str | None = None
    event_id: int | None = None


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
    asked: AskedOut


class RefusalOut(Out):
    code: str
    detail: str


class ChangeDetailOut(LoanChangeOut):
    """With what it would do if it were agreed to today (`would`), what would refuse that (`refusal`), and what it has booked."""

    would: PreviewOut | None
    refusal: RefusalOut | None
    booked: list[BookingOut]


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


PARTS = ("loan__product_version__product", "account", "event__entry", "paid_event__entry")


@router.get("/loan-changes", response=Page[LoanChangeOut], summary="Changes that others agree to, newest first")
@needs(permissions.VIEW)
def loan_changes(
    request: HttpRequest, status: str = "", kind: str = "", loan: str = "", cursor: str = "", limit: int = PAGE_SIZE,
) -> dict[str, Any]:
    rows = LoanChange.objects.visible_to(request.actor).select_related("loan", "account")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(loan__number=loan) if loan else rows
    return page_of(rows, cursor, limit, _change)


@router.get("/loan-changes/{number}", response=ChangeDetailOut, summary="One change of a loan")
@needs(permissions.VIEW)
def loan_change(request: HttpRequest, number: str) -> dict[str, Any]:
    return _detail(LoanChange.objects.visible_to(request.actor).select_related(*PARTS).fetch(number))


@router.post("/loans/{number}/refunds", response={201: ChangeDetailOut}, summary="Ask for unapplied cash to be paid back")
@needs(permissions.REQUEST_REFUND)
def refund(request: HttpRequest, number: str, payload: RefundIn) -> tuple[int, dict[str, Any]]:
    asked = request_refund(
        loan_number=number, amount=payload.amount, account_tail=payload.account_tail, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post(
    "/loans/{number}/fees", response={201: EventOut, 202: ChangeDetailOut},
    summary="Charge a fee beside the plan, due today; 202 when others have to agree first",
)
@needs(permissions.CHARGE_FEE)
def charge(request: HttpRequest, number: str, payload: FeeIn) -> tuple[int, dict[str, Any]]:
    fee = Fee(code=payload.fee, amount=payload.amount, reason=payload.reason)
    done = charge_fee(loan_number=number, fee=fee, by=request.actor)
    return (202, _detail(done)) if isinstance(done, LoanChange) else (201, event_out(done))


@router.post("/loans/{number}/waivers", response={201: ChangeDetailOut}, summary="Ask for something owed to be forgiven")
@needs(permissions.REQUEST_WAIVER)
def waiver(request: HttpRequest, number: str, payload: WaiverIn) -> tuple[int, dict[str, Any]]:
    asked = request_waiver(
        loan_number=number, item=Item(payload.item), amount=payload.amount, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/due-day-changes", response={201: ChangeDetailOut}, summary="Ask for another due day of the month")
@needs(permissions.REQUEST_PLAN_CHANGE)
def due_day(request: HttpRequest, number: str, payload: DueDayIn) -> tuple[int, dict[str, Any]]:
    asked = request_due_day_change(loan_number=number, due_day=payload.due_day, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/holidays", response={201: ChangeDetailOut}, summary="Ask for months without instalments")
@needs(permissions.REQUEST_PLAN_CHANGE)
def holiday(request: HttpRequest, number: str, payload: HolidayIn) -> tuple[int, dict[str, Any]]:
    asked = request_holiday(loan_number=number, months=payload.months, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/extensions", response={201: ChangeDetailOut}, summary="Ask for the loan to end later")
@needs(permissions.REQUEST_PLAN_CHANGE)
def extension(request: HttpRequest, number: str, payload: ExtensionIn) -> tuple[int, dict[str, Any]]:
    asked = request_extension(
        loan_number=number, months=payload.months, annual_rate=payload.annual_rate, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/restructurings", response={201: ChangeDetailOut}, summary="Ask for a new plan on the whole debt")
@needs(permissions.REQUEST_RESTRUCTURING)
def restructuring(request: HttpRequest, number: str, payload: RestructuringIn) -> tuple[int, dict[str, Any]]:
    asked = request_restructuring(
        loan_number=number, method=Method(payload.method), annual_rate=payload.annual_rate, periods=payload.periods,
        reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/rate-changes", response={201: ChangeDetailOut}, summary="Ask for another rate from the next instalment on")
@needs(permissions.REQUEST_RATE_CHANGE)
def rate_change(request: HttpRequest, number: str, payload: RateChangeIn) -> tuple[int, dict[str, Any]]:
    asked = request_rate_change(loan_number=number, annual_rate=payload.annual_rate, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/acceleration", response={201: ChangeDetailOut}, summary="Ask for the whole loan to be called in")
@needs(permissions.REQUEST_ACCELERATION)
def acceleration(request: HttpRequest, number: str, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    return 201, _detail(request_acceleration(loan_number=number, reason=payload.reason, by=request.actor))


@router.post("/loans/{number}/write-off", response={201: ChangeDetailOut}, summary="Ask for a loan to be written off, its claim kept")
@needs(permissions.REQUEST_WRITE_OFF)
def write_off(request: HttpRequest, number: str, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    return 201, _detail(request_write_off(loan_number=number, reason=payload.reason, by=request.actor))


@router.post("/loans/{number}/vehicle-releases", response={201: ChangeDetailOut}, summary="Ask for one of several mortgaged cars to go")
@needs(permissions.REQUEST_VEHICLE_RELEASE)
def vehicle_release(request: HttpRequest, number: str, payload: VehicleReleaseIn) -> tuple[int, dict[str, Any]]:
    asked = request_vehicle_release(
        loan_number=number, vehicle_number=payload.vehicle_number, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post(
    "/loans/{number}/events/{event_id}/reverse", response={201: EventOut, 202: ChangeDetailOut},
    summary="Take a payment back; 202 for what others agreed to, who have to agree again",
)
@needs(permissions.REVERSE)
def reverse(request: HttpRequest, number: str, event_id: int, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    done = reverse_repayment(loan_number=number, event_id=event_id, reason=payload.reason, by=request.actor)
    return (202, _detail(done)) if isinstance(done, LoanChange) else (201, event_out(done))


@router.post("/loans/{number}/deposit-uses", response={201: ChangeDetailOut}, summary="Ask for the deposit to pay what is owed")
@needs(permissions.REQUEST_DEPOSIT_USE)
def deposit_use(request: HttpRequest, number: str, payload: DepositUseIn) -> tuple[int, dict[str, Any]]:
    asked = request_deposit_use(loan_number=number, amount=payload.amount, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loans/{number}/deposit-returns", response={201: ChangeDetailOut}, summary="Ask for the deposit to be paid back")
@needs(permissions.REQUEST_REFUND)
def deposit_return(request: HttpRequest, number: str, payload: RefundIn) -> tuple[int, dict[str, Any]]:
    asked = request_deposit_return(
        loan_number=number, amount=payload.amount, account_tail=payload.account_tail, reason=payload.reason, by=request.actor)
    return 201, _detail(asked)


@router.post("/loan-changes/{number}/pay-refund", response=ChangeDetailOut, summary="Order the payout of an agreed refund")
@needs(permissions.PAY_REFUND)
def pay(request: HttpRequest, number: str) -> dict[str, Any]:
    return _detail(pay_refund(change_number=number, by=request.actor))


@router.post("/loan-changes/{number}/cancel-refund", response=ChangeDetailOut, summary="Give a refund up that was not paid")
@needs(permissions.CANCEL_REFUND)
def cancel(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _detail(cancel_refund(change_number=number, reason=payload.reason, by=request.actor))


def _change(row: LoanChange) -> dict[str, Any]:
    same = ("number", "status", "kind", "amount", "reason", "proposed_at", "event_id")
    return {
        **{name: getattr(row, name) for name in same}, "loan": row.loan.number, "approval": row.approval_number,
        "payout": row.payout_number, "proposed_by": row.proposed_by_name, "asked": _asked(row),
    }


def _asked(row: LoanChange) -> dict[str, Any]:
    asked = None if row.kind == reversals.KIND else changes.asked_of(row).change
    known = {name: getattr(asked, name, None) for name in AskedOut.model_fields}
    plain = {name: getattr(value, "value", value) for name, value in known.items()}
    account = f"{row.account.bank_name} {row.account.masked}" if row.account else None
    return {**plain, "fee": getattr(asked, "code", None), "account": account, "event_id": row.reverses_id}


def _detail(row: LoanChange) -> dict[str, Any]:
    would, refused = reversing.would(row, business_date.current()) if row.status == "proposed" else (None, None)
    booked = [event.entry for event in (row.event, row.paid_event) if event]
    return {
        **_change(row), "would": preview_out(row.loan, would) if would else None,
        "booked": bookings.told(bookings.posted(filter(None, booked))),
        "refusal": {"code": refused.code, "detail": str(refused)} if refused else None,
    }
