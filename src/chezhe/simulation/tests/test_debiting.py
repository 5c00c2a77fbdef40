"""On the morning of the demo some borrowers who owe something have signed a mandate, and the day's debits are planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest

from chezhe.kernel import clock, jobs
from chezhe.kernel.testing import moment
from chezhe.payments.debits.models import Mandate
from chezhe.servicing.models import LoanDebit
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank
from chezhe.simulation import debiting

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 16)


@pytest.fixture
def bank() -> Iterator[Bank]:
    with clock.at(moment("2026-02-16 08:40")), jobs.in_line():
        yield make_bank()


def test_whoever_owes_something_signs_once_and_the_rest_of_the_day_is_planned(bank: Bank) -> None:
    loan = lend(bank)
    days_pass(bank, DAY)
    noted: list[str] = []
    scene = SimpleNamespace(today=DAY, who=lambda _permission, _branch, role: bank.cast.lin, note=noted.append)
    for _ in range(2):
        debiting.plan_today(scene)  # type: ignore[arg-type]
    assert noted == ["mandates"] and Mandate.objects.get().customer_id == loan.customer_id
    assert list(LoanDebit.objects.order_by("turn").values_list("turn", "status")) == [(1, "planned"), (2, "planned")]
