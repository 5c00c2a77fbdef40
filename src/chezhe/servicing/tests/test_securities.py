"""Guarantees follow the loan they stand for: from its payout, when it is called in, and until its last yuan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import events, roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.origination.models import Application
from chezhe.risk.actions.release_security import release_security
from chezhe.risk.guarantees.errors import SecurityNeeded
from chezhe.risk.guarantees.models import Security
from chezhe.risk.guarantees.steps import Offered, decide, offer
from chezhe.servicing import queries, securities
from chezhe.servicing.actions.follow_securities import follow_securities
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import risk
from chezhe.servicing.tests.lending import Bank, days_pass, lend, prepay, settle
from chezhe.servicing.tests.test_calling_in import APRIL, call_in
from chezhe.vehicles import steps as vehicle_steps

pytestmark = pytest.mark.django_db


def guaranteed(bank: Bank, loan: Loan) -> Security:
    given = Offered(kind="guarantor", amount=Money(50_000_00), liability="joint")
    assert loan.contract.application is not None
    subject = loan.contract.application.subject
    security = offer(subject, given, guarantor=person(OUYANG, bank.cast.lin), on=loan.paid_out_on, by=bank.cast.lin)
    return decide(security, "accept", by=bank.cast.chen)


def test_the_period_runs_from_the_last_instalment_and_a_call_moves_it(bank: Bank) -> None:
    loan = lend(bank)
    security = guaranteed(bank, loan)
    events.deliver_all()
    security.refresh_from_db()
    assert (security.matures_on, security.claim_until) == (loan.matures_on, date(2029, 7, 15))
    days_pass(bank, APRIL)
    call_in(bank, loan)
    events.deliver_all()
    security.refresh_from_db()
    assert (security.matures_on, security.claim_until) == (APRIL, date(2026, 10, 1))


def test_the_last_yuan_lets_everybody_go(bank: Bank) -> None:
    loan = lend(bank)
    security = guaranteed(bank, loan)
    days_pass(bank, date(2026, 2, 1))
    settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 2, 1)).to_pay))
    events.deliver_all()
    security.refresh_from_db()
    assert security.status == "released" and not securities.subject_of(loan.number)
    follow_securities(loan_number=loan.number, subject=security.subject_text, business_date=APRIL, by=SYSTEM)


def test_a_loan_without_security_asks_nobody(bank: Bank) -> None:
    loan = lend(bank)
    events.deliver_all()
    assert securities.subject_of(loan.number) == "" and not AuditEntry.objects.filter(verb="servicing.follow_securities").exists()
    with pytest.raises(NotPermitted):
        follow_securities(loan_number=loan.number, subject="application:X", business_date=APRIL, by=risk(bank))


def test_a_security_may_go_once_the_car_alone_covers_what_is_still_owed(bank: Bank) -> None:
    """119 571.48 were agreed to be owed; the car lends 80 000.00. Half of it is paid back before its time."""
    loan = lend(bank)
    application = loan.contract.application
    assert application is not None
    Application.objects.filter(pk=application.pk).update(
        amount=Money(100_000_00), periods=36, annual_rate=Decimal("0.12"), method="equal_instalment", price=Money(90_000_00))
    vehicle_steps.value(
        loan.contract.vehicle, source="in_house", amount=Money(90_000_00), valued_on=date(2026, 2, 1), business_date=date(2026, 2, 1),
        by=bank.cast.gao)
    days_pass(bank, date(2026, 2, 1))
    ke = hire("柯", bank.cast.east, roles.COLLATERAL_OPS, reach=Reach.ALL)
    security = deposited(bank, loan)
    with pytest.raises(SecurityNeeded) as refused:
        release_security(security_number=security.number, reason="客户要求", by=ke)
    owed = securities.owed(application.number, date(2026, 2, 1))
    assert owed is not None and (owed.principal, owed.matures_on) == (Money(100_000_00), loan.matures_on)
    assert refused.value.facts["missing"] == owed.principal + owed.interest - Money(81_000_00)
    prepay(bank, loan, "50000.00", on=date(2026, 2, 1))
    less = securities.owed(application.number, date(2026, 2, 1))
    assert less is not None and less.principal + less.interest < Money(81_000_00)
    assert release_security(security_number=security.number, reason="已提前还款", by=ke).status == "released"
    assert securities.owed("A26-999999-9", date(2026, 2, 1)) is None


def deposited(bank: Bank, loan: Loan) -> Security:
    given = Offered(kind="deposit", amount=Money(50_000_00), holder="保证金专户", proof_number="BZJ-1")
    security = offer(loan.contract.application.subject, given, guarantor=None, on=loan.paid_out_on, by=bank.cast.lin)
    return decide(security, "accept", by=bank.cast.chen)
