"""Changes of a loan that others must agree to: asked for, decided by approval, and applied in the deciding vote."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.approvals import steps as approval_steps
from chezhe.contracts import steps as contract_steps
from chezhe.customers.models import BankAccount
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, moves, numbers, roles, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import chart
from chezhe.servicing import charges, coverage, given, lives, replans, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import CHANGE_PREFIX, Loan, LoanChange
from chezhe.servicing.position import Change, Charge, Position, Refund, VehicleRelease, Waiver
from chezhe.servicing.previews import Preview, preview_news
from chezhe.servicing.states import LOAN, LOAN_CHANGE
from chezhe.servicing.steps import News

APPROVAL_KIND = "loan_change"
# The branch first, then risk management.
BOTH = (roles.BRANCH_MGR, roles.RISK_MANAGER)


class ChangeWaits(BusinessError):
    code = "loan_change_waits"
    sentence = gettext_lazy("这笔贷款已有一项同类申请（%(number)s）在等待审批，请先处理。")


class RefundExceeds(BusinessError):
    code = "refund_exceeds_unapplied"
    field = "amount"
    sentence = gettext_lazy("暂收款只有 %(unapplied)s 元，不能退 %(asked)s 元。")


class DepositExceeded(BusinessError):
    code = "deposit_exceeded"
    field = "amount"
    sentence = gettext_lazy("保证金只有 %(unapplied)s 元，不能退 %(asked)s 元。")


class DepositUseExceeds(BusinessError):
    code = "deposit_use_exceeds"
    field = "amount"
    sentence = gettext_lazy("保证金余额与到期未还中较小的一项是 %(most)s 元，不能抵扣 %(asked)s 元。")


class WaiverExceeds(BusinessError):
    code = "waiver_exceeds_owed"
    field = "amount"
    sentence = gettext_lazy("该项到期未还只有 %(owed)s 元，不能减免 %(asked)s 元。")


class NothingToCome(BusinessError):
    code = "nothing_to_accelerate"
    sentence = gettext_lazy("这笔贷款各期均已到期，无需宣布提前到期。")


class WriteOffTooEarly(BusinessError):
    code = "write_off_too_early"
    sentence = gettext_lazy("逾期 %(dpd)s 天，超过 %(least)s 天才能申请核销。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for, and why; `account` is where a refund goes."""

    kind: str
    change: Change
    reason: str
    amount: Money = Money(0)
    account: BankAccount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a kind of change is decided: `verb` is what the loan must allow, `event` keeps it in the loan's life, `stages` are the
    roles that agree one after the other, `source` is the account that pays, `require` refuses what the position of the day does
    not allow."""

    verb: str
    event: str
    stages: tuple[str, ...]
    source: str = ""
    require: Callable[[Loan, Position, Asked], None]


def _require_refundable(_loan: Loan, position: Position, asked: Asked) -> None:
    given.require_positive(asked.amount)
    assert isinstance(asked.change, Refund)
    held = Money(position.deposit_fen if asked.change.is_deposit else position.unapplied_fen)
    if asked.amount > held:
        raise (DepositExceeded if asked.change.is_deposit else RefundExceeds)(unapplied=held, asked=asked.amount)


def _require_usable(_loan: Loan, position: Position, asked: Asked) -> None:
    given.require_positive(asked.amount)
    most = Money(min(position.deposit_fen, position.due_total_fen))
    if asked.amount > most:
        raise DepositUseExceeds(most=most, asked=asked.amount)


def _require_plan(loan: Loan, position: Position, asked: Asked) -> None:
    replans.require(loan, position, asked.change)


def _require_cover(loan: Loan, position: Position, asked: Asked) -> None:
    assert isinstance(asked.change, VehicleRelease)
    coverage.require(loan, position, asked.change.vehicle)


def _require_something_to_come(_loan: Loan, position: Position, _asked: Asked) -> None:
    if position.next_line is None:
        raise NothingToCome()


def _require_hopeless(loan: Loan, position: Position, _asked: Asked) -> None:
    if position.dpd <= loan.off_book_after_days:
        raise WriteOffTooEarly(dpd=position.dpd, least=loan.off_book_after_days)


def _require_waivable(_loan: Loan, position: Position, asked: Asked) -> None:
    assert isinstance(asked.change, Waiver)
    given.require_positive(asked.amount)
    if asked.change.item is Item.PRINCIPAL:
        raise Invalid(field="item", code="principal_not_waivable", sentence=gettext_lazy("本金不能减免。"))
    owed = sum(due.item_fen(asked.change.item) for due in position.dues)
    if asked.amount.fen > owed:
        raise WaiverExceeds(owed=Money(owed), asked=asked.amount)


def _require_chargeable(loan: Loan, position: Position, asked: Asked) -> None:
    assert isinstance(asked.change, Charge)
    charges.require(loan, charges.Fee(code=asked.change.code, amount=asked.amount, reason=asked.reason), position.as_of)


RULES = {
    "charge": Rule(verb="charge", event="charged", stages=(roles.BRANCH_MGR,), require=_require_chargeable),
    "refund": Rule(verb="refund", event="refunded", stages=(roles.BRANCH_MGR,), require=_require_refundable),
    "waiver": Rule(verb="waive", event="waived", stages=(roles.BRANCH_MGR,), require=_require_waivable),
    "due_day": Rule(verb="replan", event="due_day", stages=(roles.BRANCH_MGR,), require=_require_plan),
    "holiday": Rule(verb="replan", event="holiday", stages=BOTH, require=_require_plan),
    "extension": Rule(verb="replan", event="extended", stages=BOTH, require=_require_plan),
    "deposit_return": Rule(verb="refund", event="refunded", stages=(roles.BRANCH_MGR,), require=_require_refundable),
    "deposit_use": Rule(
        verb="use_deposit", event="deposit_used", stages=(roles.BRANCH_MGR,), source=chart.DEPOSITS_HELD, require=_require_usable),
    "rate_change": Rule(verb="replan", event="repriced", stages=(roles.RISK_MANAGER,), require=_require_plan),
    "vehicle_release": Rule(
        verb="release_vehicle", event="vehicle_released", stages=(roles.RISK_MANAGER,), require=_require_cover),
    "acceleration": Rule(verb="accelerate", event="accelerated", stages=(roles.RISK_MANAGER,), require=_require_something_to_come),
    "write_off": Rule(verb="write_off", event="written_off", stages=BOTH, require=_require_hopeless),
    "restructuring": Rule(verb="restructure", event="restructured", stages=BOTH, require=_require_plan),
}


def label_of(kind: str) -> str:
    """The kind for people."""
    return str(dict(LoanChange.KINDS)[kind])


def require(loan: Loan, asked: Asked, today: date) -> None:
    """Raises what refuses it on the position of the day (409, 422), and ReasonRequired (422) without a reason."""
    given.require_reason(asked.reason)
    LOAN.require(loan.status, RULES[asked.kind].verb)
    RULES[asked.kind].require(loan, lives.standing(loan, max(today, loan.as_of)), asked)


def judge(loan: Loan, asked: Asked, today: date) -> News:
    """What a request would bring if it were agreed to today. Raises what `require` raises, or ChangeWaits (409)."""
    require(loan, asked, today)
    require_none_waits(loan, asked.kind)
    return news_of(asked, "preview", today)


def require_none_waits(loan: Loan, kind: str) -> None:
    """Raises ChangeWaits (409) while a request of this kind waits for approval."""
    waiting = loan.changes.filter(kind=kind, status="proposed").first()
    if waiting is not None:
        raise ChangeWaits(number=waiting.number)


def propose(loan: Loan, asked: Asked, *, by: Actor) -> LoanChange:
    """Ask for a change of a locked loan. Raises what `judge` raises."""
    judge(loan, asked, business_date.current())
    change = LoanChange(
        kind=asked.kind, loan=loan, amount=asked.amount, account=asked.account, asked=values.to_json(asked.change),
        reason=asked.reason.strip(),
    )
    return open_request(change, RULES[asked.kind].stages, approval_kind=APPROVAL_KIND, by=by)


def open_request(change: LoanChange, stages: Iterable[str], *, approval_kind: str, by: Actor) -> LoanChange:
    """Write a change of a locked loan down and ask the roles of `stages` for it, one after the other. Raises ChangeWaits (409)."""
    loan = change.loan
    require_none_waits(loan, change.kind)
    change.number = numbers.next_number(CHANGE_PREFIX, business_date.current())
    change.proposed_by_id, change.proposed_by_name, change.proposed_at = by.user_id, by.name, clock.now()
    change.save()
    moves.record(change.subject, "propose", "", change.status, by=by)
    title = _("%(kind)s：贷款 %(loan)s") % {"kind": label_of(change.kind), "loan": loan.number}
    request = approval_steps.open_request(
        kind=approval_kind, subject=change.subject, title=title, stages=[{"role": role} for role in stages], maker_ids=by.user_ids,
        branch_id=loan.branch_id, amount=change.amount or None, by=by,
    )
    change.approval_number = request.number
    change.save(update_fields=["approval_number"])
    events.publish("loan.change_proposed", loan.subject, {"change": change.number, "kind": change.kind, "loan": loan.number})
    return change


def asked_of(change: LoanChange) -> Asked:
    """The request as it was made."""
    value: Any = values.from_json(positions.CHANGES[RULES[change.kind].event], change.asked)
    return Asked(kind=change.kind, change=value, reason=change.reason, amount=change.amount, account=change.account)


def news_of(asked: Asked, number: str, on: date) -> News:
    """The change as the loan takes it in on `on`; `number` names the request."""
    return News(
        value_on=on, reference=f"change/{number}", amount=asked.amount, source=RULES[asked.kind].source, kind=RULES[asked.kind].event,
        change=asked.change, memo=asked.reason,
    )


def would(change: LoanChange, today: date) -> tuple[Preview, BusinessError | None]:
    """What a change that waits would do if it were agreed to today, and what would refuse the vote."""
    asked, refused = asked_of(change), None
    try:
        require(change.loan, asked, today)
    except BusinessError as refusal:
        refused = refusal
    return preview_news(change.loan, news_of(asked, change.number, today), today), refused


def decide(subject: str, outcome: str, by: Actor) -> LoanChange:
    """Apply what was agreed to, or put it aside, in the transaction of the deciding vote.

    Raises what `require` raises: a position that changed in the meantime refuses the vote.
    """
    return conclude(subject, outcome, _apply, by=by)


def conclude(subject: str, outcome: str, apply: Callable[[Loan, LoanChange, Actor], None], *, by: Actor) -> LoanChange:
    """The deciding vote on a change: agreed to, it is carried out by `apply`, which names its event; then the change moves."""
    number = subject.partition(":")[2]
    loan = Loan.objects.lock(LoanChange.objects.select_related("loan").get(number=number).loan.number)
    change = LoanChange.objects.select_related("account").lock(number)
    if outcome == "approved":
        apply(loan, change, by)
        change.save(update_fields=["event"])
    moves.move(change, LOAN_CHANGE, {"approved": "approve", "withdrawn": "withdraw"}.get(outcome, "reject"), by=by)
    return change


def _apply(loan: Loan, change: LoanChange, by: Actor) -> None:
    today, asked = business_date.current(), asked_of(change)
    require(loan, asked, today)
    change.event = steps.take_in(loan, news_of(asked, change.number, today), today=today, by=by)
    if isinstance(asked.change, VehicleRelease):
        contract_steps.request_vehicle_release(
            contract_number=loan.contract.number, vehicle_number=asked.change.vehicle, reason=change.number, by=by)
