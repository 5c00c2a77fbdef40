"""The risk room hears what became of loans: report_outcomes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.risk.relations.models import Outcome
from chezhe.servicing.actions.report_outcomes import report_outcomes
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank

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
