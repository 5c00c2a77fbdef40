"""The car went back to the dealer: its commission goes back with it."""

from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import accruing, permissions
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.models import Loan


@action(permissions.RECORD_RETURN)
def record_car_return(*, loan_number: str, returned_on: date, reason: str, business_date: date, by: Actor) -> CommissionLine:
    """Book that a dealer owes the whole commission of a loan back, because the car was returned. Raises what `accruing.judge_return`
    raises."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return accruing.claw_back(accruing.judge_return(loan, returned_on, reason, business_date), by=by)
