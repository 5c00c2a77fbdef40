"""The doors that book a dealer's commission."""

from __future__ import annotations

from collections.abc import Callable

from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.record_car_return import record_car_return
from chezhe.servicing.commission import accruing
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.commissioning import AFTER, JANUARY, approved, brought, drawn, planned, second
from chezhe.servicing.tests.doors_of_money import WHY, Case
from chezhe.servicing.tests.lending import Bank, days_pass
from chezhe.servicing.tests.returning import came_back
from chezhe.servicing.tests.test_repricing import OTHER_CAR


def _sold(bank: Bank) -> Loan:
    made = brought(bank, planned(bank).dealer, vin=OTHER_CAR["vin"], plate=OTHER_CAR["plate"])
    days_pass(bank, AFTER)
    return made


def _returned(bank: Bank) -> Loan:
    sold = _sold(bank)
    record_car_return(loan_number=sold.number, returned_on=JANUARY, reason="退车退款", business_date=AFTER, by=bank.fang)
    return sold


def approving_case(bank: Bank, _loan: Loan) -> Case:
    _returned(bank)
    return Case(f"servicing/commission-statements/{drawn(bank).number}/approve", {"invoice_number": ""}, by=second)


def reversing_case(bank: Bank, _loan: Loan) -> Case:
    _returned(bank)
    return Case(f"servicing/commission-statements/{approved(bank).number}/reverse", WHY)


def car_case(bank: Bank, _loan: Loan) -> Case:
    return Case(f"servicing/loans/{_sold(bank).number}/car-return", {"returned_on": AFTER.isoformat(), **WHY})


def early_case(bank: Bank, _loan: Loan) -> Case:
    """Nobody can have taken a car back before it was sold."""
    return Case(f"servicing/loans/{_sold(bank).number}/car-return", {"returned_on": "2026-01-01", **WHY})


def undoing_case(bank: Bank, loan: Loan) -> Case:
    """The payout of a dealer's loan came back: the commission goes with it."""
    assert loan.contract.application is not None
    loan.contract.application.dealer = planned(bank).dealer
    loan.contract.application.save(update_fields=["dealer"])
    accruing.accrue(loan, loan.principal, by=SYSTEM)
    days_pass(bank, AFTER)
    return Case(f"servicing/loans/{came_back(bank, loan).number}/undo-payout", WHY)


CASES: dict[str, Callable[[Bank, Loan], Case]] = {
    "commission statement": approving_case, "commission statement taken back": reversing_case, "car returned": car_case,
    "payout undone": undoing_case,
}
BAD: dict[str, Callable[[Bank, Loan], Case]] = {"car returned before it was sold": early_case}
