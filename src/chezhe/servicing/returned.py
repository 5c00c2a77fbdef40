"""A payout that came back after its loan had begun: the loan is held, goes on when the money has gone once more, or never was.

While it is held nothing of the loan runs: no interest, no penalty, no instalment, no reminder, no debit. When the money has gone again the
plan begins on that day, so that nobody pays interest for days without money; a charge by the month is the plan's own and stays.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.models import Contract
from chezhe.contracts.paying import returning
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, events
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, require_reason
from chezhe.ledger.bookings import Booking
from chezhe.servicing import lives, previews, steps
from chezhe.servicing.commission import accruing
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import PayoutResumed, PayoutReturned, PayoutUndone
from chezhe.servicing.previews import Preview
from chezhe.servicing.states import LOAN
from chezhe.servicing.steps import News

REASON_MAX = 200


class LoanHasMoney(BusinessError):
    code = "held_loan_has_money"
    sentence = _("贷款 %(number)s 名下还有保证金、暂收款或到期费用，请先处理，再撤销放款。")


class OldLoanPaidOff(BusinessError):
    code = "held_loan_refinances"
    sentence = _("贷款 %(number)s 放款时已结清旧贷款，不能撤销；请更换账户重放。")


class LoanNotBegun(BusinessError):
    code = "loan_not_begun"
    sentence = _("合同 %(contract)s 的贷款尚未建立，放款退回须在其后登记。")


def loan_of(contract_number: str) -> Loan | None:
    """The loan of a contract, locked; None before it began."""
    found = Loan.objects.filter(contract__number=contract_number).values_list("number", flat=True).first()
    return Loan.objects.select_related("contract", "product_version__product").lock(found) if found else None


def is_held(contract_number: str) -> bool:
    """Whether the contract's loan waits for its money to go once more."""
    return Loan.objects.filter(contract__number=contract_number, status="held").exists()


def begun_on(loan: Loan) -> date:
    """The day on which the money went the last time."""
    again = loan.events.filter(kind="resumed").order_by("-value_on", "-id").first()
    return again.value_on if again else loan.paid_out_on


def hold(loan: Loan, reference: str, reason: str, *, by: Actor) -> LoanEvent | None:
    """Stop a locked, running loan as of the day on which its money went; one that is held, or cannot be, stays as it is."""
    if not LOAN.allows(loan.status, "hold") or lives.stood_on(loan, begun_on(loan)).recognised:
        return None
    news = News(value_on=begun_on(loan), reference=f"hold/{reference}", kind="held", change=PayoutReturned(), memo=reason)
    event = steps.take_in(loan, news, today=business_date.current(), by=by)
    events.publish("loan.held", loan.subject, {"number": loan.number, "contract": loan.contract.number})
    return event


def resume(loan: Loan, paid_on: date, reference: str, *, by: Actor) -> LoanEvent | None:
    """Let a locked loan that is held begin on the day on which its money went again; another stays as it is."""
    if not LOAN.allows(loan.status, "let_go"):
        return None
    news = News(value_on=paid_on, reference=f"resume/{reference}", kind="resumed", change=PayoutResumed())
    event = steps.take_in(loan, news, today=business_date.current(), by=by)
    events.publish("loan.resumed", loan.subject, {"number": loan.number, "paid_on": paid_on.isoformat()})
    return event


def undoing(loan: Loan, reason: str, today: date) -> News:
    """What undoing a payout is for the loan. Raises ReasonRequired (422), WrongState, OldLoanPaidOff, LoanHasMoney or MoneyIsOut (409)."""
    LOAN.require(loan.status, "undo")
    reason = require_reason(reason, most=REASON_MAX)
    returning.require_all_back(loan.contract)
    if getattr(loan.contract, "refinancing", None) is not None:
        raise OldLoanPaidOff(number=loan.number)
    position = lives.stood_on(loan, today)
    if position.unapplied_fen or position.deposit_fen or position.dues:
        raise LoanHasMoney(number=loan.number)
    return News(value_on=today, reference=f"undo/{loan.number}", kind="undone", change=PayoutUndone(), amount=Money(0), memo=reason)


def undo(loan: Loan, contract: Contract, reason: str, *, by: Actor) -> LoanEvent:
    """Take the activation of a locked loan back: the money that came back stands against its principal, the contract is void, the dealer's
    commission goes back. Raises what `undoing` raises."""
    today = business_date.current()
    news = undoing(loan, reason, today)
    returning.give_up(contract, news.memo, by=by)
    event = steps.take_in(loan, news, today=today, by=by)
    accruing.never_lent(loan, by=by)
    events.publish("loan.undone", loan.subject, {"number": loan.number, "contract": contract.number})
    return event


def preview(loan: Loan, reason: str, today: date) -> tuple[Preview, tuple[Booking, ...]]:
    """What undoing it would do: to the loan, and to the dealer's commission. Raises what `undoing` raises."""
    said = previews.preview_news(loan, undoing(loan, reason, today), today)
    found = accruing.judge(loan, accruing.NEVER, today)
    return said, (*said.bookings, *([found.booking()] if found else ()))
