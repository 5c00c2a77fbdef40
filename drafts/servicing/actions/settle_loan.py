"""The borrower settles early."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import chart
from chezhe.servicing import permissions, queries, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import LOAN


class PayoffDiffers(BusinessError):
    code = "payoff_differs"
    http_status = 409
    field = "amount"
    sentence = _("%(on)s 结清须付 %(payoff)s 元，实收 %(given)s 元不符；请重新试算后再提交。")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementReceipt:
    """The money that settles: `channel` is cash or bank, `reference` the slip's or the bank's number."""

    amount: Money
    channel: str
    reference: str
    payer: str = ""


@action(permissions.SETTLE)
def settle_loan(*, loan_number: str, receipt: SettlementReceipt, by: Actor) -> LoanEvent:
    """Close the loan today for exactly the payoff that was quoted for today, and ask for the mortgage's release."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    LOAN.require(loan.status, "settle")
    today = business_date.current()
    ready = steps.bring_up_to(loan, today, by=by)
    payoff = queries.payoff_of(loan, ready, today)
    if receipt.amount != payoff.to_pay:
        raise PayoffDiffers(on=today, payoff=payoff.to_pay, given=receipt.amount)
    source = chart.CASH if receipt.channel == "cash" else chart.BANK
    after, effects = positions.close(ready, receipt.amount.fen, today, source)
    reference = f"settle/{loan.number}/{receipt.reference}"
    entry = steps.book(loan, effects, event="early_settlement", reference=reference, on=today, by=by)
    event = steps.record(
        loan, "settled", value_on=today, posted_on=today, reference=reference, by=by, amount=receipt.amount, source=source,
        payer=receipt.payer, entry=entry, facts=payoff.as_json(),
    )
    steps.store(loan, after)
    steps.finish(loan, "settle", by=by)
    return event
