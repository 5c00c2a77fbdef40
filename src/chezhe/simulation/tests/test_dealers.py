"""A dealer's customer: the payout goes to dealer and insurer, the dealer earns, is paid by the month, and owes back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from chezhe.contracts.models import Disbursement, PayeeAccount
from chezhe.kernel import business_date, clock
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import proof
from chezhe.servicing.commission.models import CommissionLine, CommissionStatement
from chezhe.servicing.models import Loan
from chezhe.simulation import borrowers, dealers, headquarters, lives
from chezhe.simulation.crew import Alone
from chezhe.simulation.lives import Life
from chezhe.simulation.tests.living import evening, hurry, scene_on
from chezhe.simulation.tracks import Track

START = date(2026, 3, 2)


def sold(crew: Alone) -> tuple[Track, Loan]:
    """A loan for a car that a dealer sold."""
    business_date.open_day(START)
    with clock.at(datetime.combine(START, time(9), clock.SHANGHAI)):
        headquarters.take_on_dealers(scene_on(crew, START))
    return hurry(crew, START, suits=bought)


def bought(life: Life) -> bool:
    return life.product_code == "P01"


def through_a_dealer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls was sent by a dealer: `hurry` knows other sources."""
    invent = lives.invent
    monkeypatch.setattr(lives, "invent", lambda rng, code, day, _sources: invent(rng, code, day, ("dealer",)))


def test_the_dealer_and_the_insurer_are_paid_and_the_dealer_earns(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    through_a_dealer(monkeypatch)
    track, loan = sold(crew)
    legs = list(Disbursement.objects.get(number=track.disbursement).legs.select_related("payee"))
    assert [leg.payee.kind for leg in legs if leg.payee] == ["dealer", "insurer"] and {leg.status for leg in legs} == {"paid"}
    assert sum(leg.amount.fen for leg in legs) == loan.principal.fen
    assert set(PayeeAccount.objects.values_list("status", flat=True)) == {"verified"}
    earned = CommissionLine.objects.get()
    assert earned.amount.fen == min(600_000, loan.principal.fen * 2 // 100)
    assert proof.first_difference(loan) == ""


def test_a_month_is_settled_and_an_early_payoff_takes_some_of_it_back(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    through_a_dealer(monkeypatch)
    track, loan = sold(crew)
    track.loan = loan.number
    april = date(2026, 4, 8)
    business_date.open_day(april)
    with clock.at(datetime.combine(april, time(10), clock.SHANGHAI)):
        scene = scene_on(crew, april)
        dealers.settle_commission(scene)
        assert scene.counts["commission_statements"] == scene.counts["commission_paid"] == 1
        borrowers._settle(track, Loan.objects.get(pk=loan.pk), scene)
    evening(crew, april)
    assert CommissionStatement.objects.get().status == "paid"
    back = CommissionLine.objects.get(kind="early_settlement")
    assert back.amount.fen < 0 and back.held_months == 1
    may = date(2026, 5, 8)
    business_date.open_day(may)
    with clock.at(datetime.combine(may, time(10), clock.SHANGHAI)):
        scene = scene_on(crew, may)
        dealers.settle_commission(scene)
    assert scene.counts["commission_clawbacks"] == 1 and not scene.counts["commission_paid"]
    assert not ledger_queries.trial_balance(may).difference


def test_a_car_that_comes_back_costs_the_dealer_the_commission_once(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    through_a_dealer(monkeypatch)
    sold(crew)
    day = START + timedelta(days=20)
    business_date.open_day(day)
    with clock.at(datetime.combine(day, time(10), clock.SHANGHAI)):
        for _time in range(2):
            dealers.take_a_car_back(scene_on(crew, day))
    assert sum(line.amount.fen for line in CommissionLine.objects.all()) == 0
    assert list(CommissionLine.objects.order_by("id").values_list("kind", flat=True)) == ["accrued", "car_returned"]
