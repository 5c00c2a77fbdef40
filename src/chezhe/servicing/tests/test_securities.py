"""Guarantees follow the loan they stand for: from its payout, when it is called in, and until its last yuan."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.risk.guarantees.models import Security
from chezhe.risk.guarantees.steps import Offered, decide, offer
from chezhe.servicing import queries, securities
from chezhe.servicing.actions.follow_securities import follow_securities
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import risk
from chezhe.servicing.tests.lending import Bank, days_pass, lend, settle
from chezhe.servicing.tests.test_calling_in import APRIL, call_in

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
