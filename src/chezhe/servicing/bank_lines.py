"""One receipt of a bank file moves from suspense to a loan."""

from __future__ import annotations

from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.ledger import chart
from chezhe.payments import steps as payment_steps
from chezhe.payments.models import BankLine
from chezhe.servicing import steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import LOAN


def apply(line: BankLine, loan_number: str, *, by: Actor) -> LoanEvent:
    """Spread a locked line's money over the loan; the line says where it went.

    Money that came before the payout counts from the day of payout. Raises NotFound (404) and WrongState (409).
    """
    loan = Loan.objects.visible_to(by).lock(loan_number)
    LOAN.require(loan.status, "repay")
    money = steps.News(
        amount=line.amount, value_on=max(line.value_on, loan.begun_on), source=chart.SUSPENSE,
        reference=f"bank-line/{line.bank_serial}", payer=line.payer_name, memo=line.memo, facts={"bank_serial": line.bank_serial},
    )
    event = steps.take_in(loan, money, today=business_date.current(), by=by)
    payment_steps.match_line(line, subject=loan.subject, outcome=loan.number, by=by)
    return event
