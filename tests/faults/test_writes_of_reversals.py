"""Taking back what was booked, interrupted at every write: nothing is half taken back, and done again it comes to the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.kernel import jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.actions.reverse_funding import reverse_funding
from chezhe.servicing.actions.reverse_provision import reverse_provision
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.reverse_repricing import reverse_repricing
from chezhe.servicing.actions.reverse_subsidy_payment import reverse_subsidy_payment
from chezhe.servicing.actions.reverse_vat import reverse_vat
from chezhe.servicing.actions.undo_repricing import undo_repricing
from chezhe.servicing.models import LoanChange, LoanEvent, Repricing
from chezhe.servicing.tests.deciding import agree, risk
from chezhe.servicing.tests.lending import Bank
from tests.faults.cutting import Act, cut_at_each_write
from tests.faults.facts import FAULTS, Tell
from tests.faults.test_writes_of_changes import (
    charged,
    deposit_taken,
    funded,
    insured,
    last_vote,
    provided,
    refund_agreed,
    repriced,
    subsidy_paid,
    taxed,
    written_off,
)

pytestmark = pytest.mark.django_db
WRONG = "误录"


def back(bank: Bank, booked: Callable[[Bank], Act], kind: str) -> Act:
    """What a deed booked is taken back by whoever may alone, or by the last vote of those who have to agree."""
    booked(bank)()
    event = LoanEvent.objects.select_related("loan").filter(kind=kind).latest("pk")
    asked = {"loan_number": event.loan.number, "event_id": event.pk, "reason": WRONG, "by": bank.fang}
    if kind != "written_off":
        return lambda: reverse_repayment(**asked)
    change = reverse_repayment(**asked)
    assert isinstance(change, LoanChange)
    return last_vote(agree(change, bank.cast.gao), risk(bank))


def fee_back(bank: Bank) -> Act:
    return back(bank, charged, "charged")


def deposit_back(bank: Bank) -> Act:
    return back(bank, deposit_taken, "deposited")


def proceeds_back(bank: Bank) -> Act:
    return back(bank, insured, "insured")


def write_off_back(bank: Bank) -> Act:
    return back(bank, written_off, "written_off")


def refund_back(bank: Bank) -> Act:
    change = refund_agreed(bank)
    return lambda: cancel_refund(change_number=change.number, reason=WRONG, by=bank.fang)


def subsidy_back(bank: Bank) -> Act:
    paid = subsidy_paid(bank)()
    return lambda: reverse_subsidy_payment(entry_number=paid.number, reason=WRONG, by=bank.fang)


def provision_back(bank: Bank) -> Act:
    run = provided(bank)()
    return lambda: reverse_provision(provision_number=run.number, reason=WRONG, by=bank.fang)


def vat_back(bank: Bank) -> Act:
    run = taxed(bank)()
    return lambda: reverse_vat(vat_number=run.number, reason=WRONG, by=bank.fang)


def funding_back(bank: Bank) -> Act:
    run = funded(bank)()
    return lambda: reverse_funding(funding_number=run.number, reason=WRONG, by=bank.fang)


def repricing_back(bank: Bank) -> Act:
    apply = repriced(bank)
    with jobs.in_line():
        number = apply().number
        while Repricing.objects.get(number=number).status != "applied":
            apply()
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
