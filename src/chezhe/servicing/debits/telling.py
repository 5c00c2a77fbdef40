"""What a borrower hears when a debit has failed: how much, why in plain words, and what to do."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.messaging.models import Message
from chezhe.payments.debits.states import FAILURES
from chezhe.servicing import reminding
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.models import Loan


def say_failed(loan: Loan, one: LoanDebit, *, by: Actor) -> Message | None:
    """One message a day and reason, through the messaging gate; None when no number is known or the lender does not tell."""
    if not reminding.are_wanted(clock.today()):
        return None
    missing = Money(one.amount.fen - one.collected.fen)
    facts = {"amount": missing.format(grouped=True), "reason": plain_words(one.reason_code, loan.customer.language)}
    return reminding.send("debit_failed", loan, facts, f"{loan.number}:{one.day.isoformat()}:{one.reason_code}", by=by)


def plain_words(code: str, language: str) -> str:
    """The reason in the borrower's language; a code that we do not know is the bank's affair."""
    with translation.override(language):
        return str(FAILURES.get(code) or _("银行未能完成扣款"))
