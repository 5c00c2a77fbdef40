"""What people decide, what banks and channels answer and what the house books by the month, interrupted at every write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.contracts.models import Contract
from chezhe.documents.tests.people import hire
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.finmath.terms import Method
from chezhe.kernel import jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.payments.actions.settle_debits import settle_debits
from chezhe.payments.debits.answers import Answer
from chezhe.payments.debits.models import Debit
from chezhe.servicing import queries
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.actions.apply_repricing import apply_repricing
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.follow_debit import follow_debit
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.settle_refund import settle_refund
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.tests.debiting import DUE, mandate, morning, until
from chezhe.servicing.tests.deciding import agree, ask_refund, risk, someone
from chezhe.servicing.tests.lending import TERMS, Bank, days_pass, lend, pay, receipt
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_provisions import computed
from chezhe.servicing.tests.test_refinancing import renewal
from chezhe.servicing.tests.test_repricing import OTHER_CAR, lpr, propose
from chezhe.servicing.tests.test_repricing import agree as agree_to_batch
from chezhe.servicing.tests.test_security_money import leave, use
from chezhe.servicing.tests.test_vat import prepared
from chezhe.servicing.tests.test_vehicle_release import ask as ask_release
from chezhe.servicing.tests.test_vehicle_release import second_car, valued
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.actions.take_chunk import take_chunk
from chezhe.takeover.tests.bringing import submitted
from chezhe.takeover.tests.old_books import AS_OF, many
from tests.faults.cutting import Act, cut_at_each_write
from tests.faults.facts import FAULTS, Tell

pytestmark = pytest.mark.django_db
LATER, HOPELESS, MONTH_END = date(2026, 3, 2), date(2026, 5, 20), date(2026, 1, 31)


def late(bank: Bank, until: date = LATER) -> Loan:
    """A loan of which nothing has been paid."""
    loan = lend(bank)
    days_pass(bank, until)
    return loan


def last_vote(change: LoanChange, voter: Actor) -> Act:
    """The vote that applies it."""
    return lambda: cast_vote(request_number=change.approval_number, verdict="agree", opinion="已核对", by=voter)


def restructuring(bank: Bank, loan: Loan) -> LoanChange:
    asked = request_restructuring(
        loan_number=loan.number, method=Method.EQUAL_INSTALMENT, annual_rate=TERMS.plan.annual_rate, periods=24, reason="失业", by=bank.fang)
    return agree(asked, bank.cast.gao)


# ---- what people decide -----------------------------------------------------------------------------------------


def written_off(bank: Bank) -> Act:
    asked = request_write_off(loan_number=late(bank, HOPELESS).number, reason="借款人失联", by=bank.fang)
    return last_vote(agree(asked, bank.cast.gao), risk(bank))


def restructured(bank: Bank) -> Act:
    return last_vote(restructuring(bank, late(bank)), risk(bank))


def called_in(bank: Bank) -> Act:
    return last_vote(request_acceleration(loan_number=late(bank).number, reason="车辆去向不明", by=bank.fang), risk(bank))


def change_taken_back(bank: Bank) -> Act:
    loan = late(bank)
    event = agree(restructuring(bank, loan), risk(bank)).event
    assert event is not None
    asked = reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="误录", by=bank.fang)
    assert isinstance(asked, LoanChange)
    return last_vote(agree(asked, bank.cast.gao), risk(bank))


def refund_agreed(bank: Bank) -> LoanChange:
    loan = late(bank)
    pay(bank, loan, "4000.00", LATER)
    return agree(ask_refund(bank, loan, 50_000), bank.cast.gao)


def refund_let_go(bank: Bank) -> Act:
    change, funding = refund_agreed(bank), someone(bank, "付", roles.FUNDING)
    return lambda: pay_refund(change_number=change.number, by=funding)


def refund_answered(bank: Bank) -> Act:
    change = refund_agreed(bank)
    pay_refund(change_number=change.number, by=someone(bank, "付", roles.FUNDING))
    return lambda: settle_refund(change_number=change.number, outcome="paid", on=LATER, by=SYSTEM)


def refinanced(bank: Bank) -> Act:
    loan = late(bank)
    pay(bank, loan, str(queries.current_position(loan, LATER).due_total_fen / 100), LATER)
    contract = renewal(bank, Loan.objects.get(pk=loan.pk))
    rest = contract.principal - fix_refinancing(contract_number=contract.number, by=bank.fang).payoff
    Contract.objects.filter(pk=contract.pk).update(status="effective", effective_on=LATER)
    return lambda: activate_loan(contract_number=contract.number, amount=rest, paid_on=LATER, by=SYSTEM)


# ---- fees, plans, rates and security --------------------------------------------------------------------------------


def charged(bank: Bank) -> Act:
    loan = late(bank)
    return lambda: charge_fee(loan_number=loan.number, fee=Fee(code="legal", amount=Money(30_000), reason="起诉立案"), by=bank.fang)


def waived(bank: Bank) -> Act:
    asked = request_waiver(loan_number=late(bank).number, item=Item.INTEREST, amount=Money(10_000), reason="客户住院", by=bank.fang)
    return last_vote(asked, bank.cast.gao)


def due_day_changed(bank: Bank) -> Act:
    return last_vote(request_due_day_change(loan_number=lend(bank).number, due_day=20, reason="发薪日改变", by=bank.fang), bank.cast.gao)


def given_a_holiday(bank: Bank) -> Act:
    asked = request_holiday(loan_number=lend(bank).number, months=2, reason="住院两个月", by=bank.fang)
    return last_vote(agree(asked, bank.cast.gao), risk(bank))


def extended(bank: Bank) -> Act:
    asked = request_extension(loan_number=lend(bank).number, months=6, reason="收入下降", by=bank.fang)
    return last_vote(agree(asked, bank.cast.gao), risk(bank))


def rate_changed(bank: Bank) -> Act:
    loan = lend(bank)
    days_pass(bank, date(2026, 2, 1))
    return last_vote(request_rate_change(loan_number=loan.number, annual_rate=Decimal("0.09"), reason="LPR 下调", by=bank.fang), risk(bank))


def deposit_taken(bank: Bank) -> Act:
    loan = late(bank)
    given = receipt("5000.00", LATER, "D1", kind="deposited")
    return lambda: take_deposit(loan_number=loan.number, receipt=given, by=bank.fang)


def deposit_used(bank: Bank) -> Act:
    loan = lend(bank)
    leave(bank, loan, "5000.00")
    days_pass(bank, LATER)
    return last_vote(use(bank, loan, 332_143), bank.cast.gao)


def insured(bank: Bank) -> Act:
    loan = late(bank)
    given = receipt("4000.00", LATER, "P1", kind="insured", payer="某财产保险公司")
    return lambda: record_insurance_proceeds(loan_number=loan.number, receipt=given, by=bank.fang)


def subsidised(bank: Bank) -> Act:
    loan = late(bank)
    return lambda: grant_subsidy(loan_number=loan.number, period=1, by=bank.fang)


def subsidy_paid(bank: Bank) -> Act:
    grant_subsidy(loan_number=late(bank).number, period=1, by=bank.fang)
    given = receipt("50.00", LATER, "T1")
    return lambda: record_subsidy_payment(month=date(2026, 2, 1), receipt=given, by=bank.fang)


def vehicle_released(bank: Bank) -> Act:
    loan = lend(bank)
    valued(second_car(bank, loan), 20_000_000)
    return last_vote(ask_release(bank, loan, loan.contract.vehicle), risk(bank))


# ---- banks and channels -----------------------------------------------------------------------------------------


def line_matched(bank: Bank) -> Act:
    loan = late(bank)
    file = imported(bank, "2026-03-01,500.00,S9,李四,,还车贷")
    post_bank_file(file_number=file.number, by=bank.fang)
    return lambda: match_receipt(bank_serial_number="S9", loan_number=loan.number, reason="来电确认", by=bank.fang)


def collected(bank: Bank) -> list[Answer]:
    """An order has left at eight, and the channel has taken the money."""
    lend(bank)
    mandate(bank, "804")
    with morning(bank) as world:
        until(world, 8)
    debit = Debit.objects.get()
    return [Answer(reference=debit.reference, outcome="collected", collected=debit.amount, on=DUE, serial="CH-1", is_register=True)]


def debit_settled(bank: Bank) -> Act:
    said = collected(bank)
    return lambda: settle_debits(said=said, by=SYSTEM)


def debit_booked(bank: Bank) -> Act:
    said = collected(bank)
    settle_debits(said=said, by=SYSTEM)
    return lambda: follow_debit(reference=said[0].reference, by=SYSTEM)


# ---- by the month, and in batches -------------------------------------------------------------------------------


def second(bank: Bank) -> Actor:
    return hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL)


def provided(bank: Bank) -> Act:
    late(bank, date(2026, 2, 3))
    run, by = computed(bank, MONTH_END), second(bank)
    return lambda: post_provision(provision_number=run.number, by=by)


def taxed(bank: Bank) -> Act:
    late(bank, date(2026, 3, 3))
    by = second(bank)
    post_vat(vat_number=prepared(bank, MONTH_END).number, by=by)
    run = prepared(bank, date(2026, 2, 28))
    return lambda: post_vat(vat_number=run.number, by=by)


def funded(bank: Bank) -> Act:
    late(bank, date(2026, 2, 2))
    return lambda: post_funding(as_of=MONTH_END, by=bank.fang)


def repriced(bank: Bank) -> Act:
    floating = replace(TERMS, floating=Floating(base="LPR1Y", spread_rate=Decimal("0.09"), cadence=Cadence.MONTHLY))
    lend(bank, floating)
    lend(bank, floating, **OTHER_CAR)
    lpr("0.0290", date(2026, 1, 20))
    days_pass(bank, date(2026, 2, 1))
    with jobs.in_line():
        batch = agree_to_batch(propose(date(2026, 2, 1))[0], risk(bank))
    return lambda: apply_repricing(batch_number=batch.number, by=SYSTEM)


def taken_over(bank: Bank) -> Act:
    with jobs.in_line():
        book = submitted(many(3, as_of=AS_OF), bank.fang)
        approve_book(takeover_number=book.number, by=second(bank))
    return lambda: take_chunk(takeover_number=book.number, attempt=1, chunk=0, by=SYSTEM)


DEEDS = (
    written_off, restructured, called_in, change_taken_back, refund_let_go, refund_answered, refinanced, charged, waived, due_day_changed,
    given_a_holiday, extended, rate_changed, deposit_taken, deposit_used, insured, subsidised, subsidy_paid, vehicle_released,
    line_matched, debit_settled, debit_booked, provided, taxed, funded, repriced, taken_over,
)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_fault_at_any_write_leaves_nothing_behind(bank: Bank, deed: Callable[[Bank], Act], record_property: Tell) -> None:
    writes = cut_at_each_write(deed(bank))
    print(f"\n{deed.__name__}: cut at each of {writes} writes")
    record_property(FAULTS, {"deeds": 1, "writes cut": writes})
