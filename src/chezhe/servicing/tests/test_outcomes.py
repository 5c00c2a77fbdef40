"""The risk room hears what became of loans: report_outcomes, retract_outcome."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chezhe.kernel import clock, events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.risk.registry import evidence
from chezhe.risk.relations import queries as relations
from chezhe.risk.relations.models import Outcome
from chezhe.servicing import queries
from chezhe.servicing.actions.report_outcomes import report_outcomes
from chezhe.servicing.actions.retract_outcome import retract_outcome
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Bank:
    return make_bank()


def told() -> list[tuple[str, str, str]]:
    return list(Outcome.objects.order_by("id").values_list("subject", "kind", "reference"))


def test_a_loan_that_is_ninety_days_late_is_told_once(bank: Bank) -> None:
    loan = lend(bank)
    days_pass(bank, date(2026, 5, 20))
    loan.refresh_from_db()
    assert loan.oldest_due_on is not None
    ninety = loan.oldest_due_on + timedelta(days=90)
    assert report_outcomes(day=ninety - timedelta(days=1), by=SYSTEM) == 0
    assert report_outcomes(day=ninety, by=SYSTEM) == 1 and report_outcomes(day=ninety + timedelta(days=1), by=SYSTEM) == 0
    application = loan.contract.application
    assert application is not None and told() == [(application.subject, "bad", loan.subject)]
    assert report_outcomes(day=date(2027, 1, 15), by=SYSTEM) == 0  # late to the last: nothing good to say after a year
    with pytest.raises(NotPermitted):
        report_outcomes(day=ninety, by=bank.fang)


def test_a_loan_is_good_after_its_year_or_when_it_is_paid_off(bank: Bank) -> None:
    loan = lend(bank)
    assert report_outcomes(day=date(2027, 1, 14), by=SYSTEM) == 0
    events.publish("day.closed", "end_of_day:2027-01-16", {"day": "2027-01-16"})
    events.deliver_all()
    assert [kind for _subject, kind, _reference in told()] == ["good"]
    other = lend(bank, vin="LSVAA2187E2184511", plate="浙A12346")
    Loan.objects.filter(pk=other.pk).update(settled_on=date(2026, 4, 1), status="settled")
    assert report_outcomes(day=date(2026, 4, 2), by=SYSTEM) == 1 and told()[-1][1:] == ("good", other.subject)
    assert loan.subject != other.subject


def test_a_settlement_that_is_reversed_is_told_back_and_told_again_when_it_is_settled_for_good(bank: Bank) -> None:
    loan = lend(bank)
    application, day = loan.contract.application, date(2026, 2, 1)
    assert application is not None
    days_pass(bank, day)
    paid = settle(bank, loan, str(queries.settlement_quote(loan, day).to_pay))
    events.deliver_all()
    assert report_outcomes(day=day, by=SYSTEM) == 1
    told_at = clock.now()
    assert relations.outcomes_of([application.subject], told_at)[application.subject].kind == "good"
    clock.tick(60)
    reverse_repayment(loan_number=loan.number, event_id=paid.pk, reason="扣款被退回", by=bank.fang)
    events.deliver_all()
    assert not relations.outcomes_of([application.subject], clock.now()) and not evidence.outcomes_of([application.subject], clock.now())
    assert relations.outcomes_of([application.subject], told_at), "what was known then stays known"
    assert report_outcomes(day=day, by=SYSTEM) == 0 and not retract_outcome(loan_number=loan.number, day=day, by=SYSTEM)
    clock.tick(60)
    settle(bank, loan, str(queries.settlement_quote(loan, day).to_pay), reference="J2")
    events.deliver_all()
    assert report_outcomes(day=day, by=SYSTEM) == 1 and report_outcomes(day=day, by=SYSTEM) == 0
    assert relations.outcomes_of([application.subject], clock.now())[application.subject].kind == "good"
    with pytest.raises(NotPermitted):
        retract_outcome(loan_number=loan.number, day=day, by=bank.fang)


def test_a_loan_of_more_than_a_year_ran_well_though_its_settlement_is_reversed(bank: Bank) -> None:
    loan = lend(bank)
    assert report_outcomes(day=date(2027, 1, 16), by=SYSTEM) == 1
    assert not retract_outcome(loan_number=loan.number, day=date(2027, 1, 16), by=SYSTEM)
    assert retract_outcome(loan_number=loan.number, day=date(2027, 1, 14), by=SYSTEM)
