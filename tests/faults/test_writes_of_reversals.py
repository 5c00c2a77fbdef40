"""Taking back what was booked, interrupted at every write: nothing is half taken back, and done again it comes to the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.finmath.money import Money
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.kernel import jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.apply_repricing import apply_repricing
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.actions.reverse_funding import reverse_funding
from chezhe.servicing.actions.reverse_provision import reverse_provision
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.reverse_repricing import reverse_repricing
from chezhe.servicing.actions.reverse_subsidy_payment import reverse_subsidy_payment
from chezhe.servicing.actions.reverse_vat import reverse_vat
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.actions.undo_repricing import undo_repricing
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, LoanChange, LoanEvent, Repricing
from chezhe.servicing.tests.deciding import agree, risk
from chezhe.servicing.tests.lending import TERMS, Bank, days_pass, lend, receipt
from chezhe.servicing.tests.test_provisions import computed
from chezhe.servicing.tests.test_repricing import OTHER_CAR, lpr, propose
from chezhe.servicing.tests.test_repricing import agree as agree_to_batch
from chezhe.servicing.tests.test_vat import prepared
from tests.faults.cutting import Act, cut_at_each_write
from tests.faults.facts import FAULTS, Tell
from tests.faults.test_writes_of_changes import HOPELESS, LATER, MONTH_END, late, refund_agreed, second, subsidised

pytestmark = pytest.mark.django_db
WRONG = "误录"


def back(bank: Bank, loan: Loan, kind: str) -> Act:
    """The newest event of a kind is taken back by whoever may alone, or by the last vote of those who have to agree."""
    event = LoanEvent.objects.filter(loan=loan, kind=kind).latest("pk")
    asked = {"loan_number": loan.number, "event_id": event.pk, "reason": WRONG, "by": bank.fang}
    if kind != "written_off":
        return lambda: reverse_repayment(**asked)
    change = reverse_repayment(**asked)
    assert isinstance(change, LoanChange)
    agree(change, bank.cast.gao)
    return lambda: cast_vote(request_number=change.approval_number, verdict="agree", opinion="已核对", by=risk(bank))


def fee_back(bank: Bank) -> Act:
    loan = late(bank)
    charge_fee(loan_number=loan.number, fee=Fee(code="legal", amount=Money(30_000), reason="起诉立案"), by=bank.fang)
    return back(bank, loan, "charged")


def deposit_back(bank: Bank) -> Act:
    loan = late(bank)
    take_deposit(loan_number=loan.number, receipt=receipt("5000.00", LATER, "D1", kind="deposited"), by=bank.fang)
    return back(bank, loan, "deposited")


def proceeds_back(bank: Bank) -> Act:
    loan = late(bank)
    record_insurance_proceeds(loan_number=loan.number, receipt=receipt("4000.00", LATER, "P1", kind="insured", payer="某保险公司"), by=bank.fang)
    return back(bank, loan, "insured")


def write_off_back(bank: Bank) -> Act:
    loan = late(bank, HOPELESS)
    agree(agree(request_write_off(loan_number=loan.number, reason="借款人失联", by=bank.fang), bank.cast.gao), risk(bank))
    return back(bank, loan, "written_off")


def refund_back(bank: Bank) -> Act:
    change = refund_agreed(bank)
    return lambda: cancel_refund(change_number=change.number, reason=WRONG, by=bank.fang)


def subsidy_back(bank: Bank) -> Act:
    subsidised(bank)()
    paid = record_subsidy_payment(month=date(2026, 2, 1), receipt=receipt("50.00", LATER, "T1"), by=bank.fang)
    return lambda: reverse_subsidy_payment(entry_number=paid.number, reason=WRONG, by=bank.fang)


def provision_back(bank: Bank) -> Act:
    late(bank, date(2026, 2, 3))
    run = post_provision(provision_number=computed(bank, MONTH_END).number, by=second(bank))
    return lambda: reverse_provision(provision_number=run.number, reason=WRONG, by=bank.fang)


def vat_back(bank: Bank) -> Act:
    late(bank, date(2026, 2, 3))
    run = post_vat(vat_number=prepared(bank, MONTH_END).number, by=second(bank))
    return lambda: reverse_vat(vat_number=run.number, reason=WRONG, by=bank.fang)


def funding_back(bank: Bank) -> Act:
    late(bank, date(2026, 2, 2))
    run = post_funding(as_of=MONTH_END, by=bank.fang)
    return lambda: reverse_funding(funding_number=run.number, reason=WRONG, by=bank.fang)


def repricing_back(bank: Bank) -> Act:
    floating = replace(TERMS, floating=Floating(base="LPR1Y", spread_rate=Decimal("0.09"), cadence=Cadence.MONTHLY))
    lend(bank, floating)
    lend(bank, floating, **OTHER_CAR)
    lpr("0.0290", date(2026, 1, 20))
    days_pass(bank, date(2026, 2, 1))
    with jobs.in_line():
        number = agree_to_batch(propose(date(2026, 2, 1))[0], risk(bank)).number
        while Repricing.objects.get(number=number).status != "applied":
            apply_repricing(batch_number=number, by=SYSTEM)
        asked = reverse_repricing(batch_number=number, reason=WRONG, by=bank.fang)
        cast_vote(request_number=asked.reverse_approval_number, verdict="agree", opinion="确实录错", by=risk(bank))
    return lambda: undo_repricing(batch_number=number, by=SYSTEM)


DEEDS = (
    fee_back, deposit_back, proceeds_back, write_off_back, refund_back, subsidy_back, provision_back, vat_back, funding_back, repricing_back)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_fault_at_any_write_of_a_reversal_leaves_nothing_behind(bank: Bank, deed: Callable[[Bank], Act], record_property: Tell) -> None:
    writes = cut_at_each_write(deed(bank))
    print(f"\n{deed.__name__}: cut at each of {writes} writes")
    record_property(FAULTS, {"deeds": 1, "writes cut": writes})
