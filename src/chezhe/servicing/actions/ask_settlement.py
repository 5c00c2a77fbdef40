"""A borrower says on which day the loan is to be settled early."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, queries
from chezhe.servicing.early import asking
from chezhe.servicing.early.models import SettlementAsk


@action(permissions.ASK_SETTLEMENT, label=_("提出提前结清"))
def ask_settlement(*, loan_number: str, settles_on: date, amount: Money, by: Actor) -> SettlementAsk:
    """Note the day and the sum, which must be what that day asks to the fen; an earlier word for another day is replaced.

    Raises NotFound (404), SumChanged, WrongState or ChangedSince (409), NotQuotable (422).
    """
    loan = queries.locked(loan_number, by)
    queries.require_own(loan, by)
    return asking.ask(loan, settles_on, amount, business_date.current(), by=by)
