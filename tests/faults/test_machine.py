"""Whatever happens to loans in whatever order: row, fold, ledger and an exercise book (`exercise_book`) say the same after every
step, to the fen, and the books balance. Hypothesis chooses the steps; what it finds becomes a test of the servicing room."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from chezhe.finmath.allocation import COST_FIRST, PRINCIPAL_FIRST, AllocationMode, AllocationRule
from chezhe.finmath.penalty import GraceMode, PenaltyRule
from chezhe.finmath.terms import DayCount, Method, Stub
from chezhe.products.models import Product, ProductVersion
from chezhe.servicing.endofday import runs
from chezhe.servicing.tests.lending import FEE, TERMS, Bank, lend, with_plan
from chezhe.servicing.tests.test_end_of_day import CARS
from tests.faults.facts import FAULTS, Tell
from tests.faults.machine_bank import BankSteps
from tests.faults.machine_decisions import DecisionSteps
from tests.faults.machine_lender import Lender
from tests.faults.machine_money import MoneySteps

GRACE = PenaltyRule(annual_rate=Decimal("0.18"), grace_days=5, grace_mode=GraceMode.RETROACTIVE)
ACROSS = AllocationRule(order=COST_FIRST, mode=AllocationMode.BY_ITEM, late_order=PRINCIPAL_FIRST, late_after_days=60)
PLANS = [
    with_plan(TERMS, periods=18, due_day=10, stub=Stub(basis=DayCount.ACT_360)),
    replace(with_plan(
        TERMS, method=Method.EQUAL_PRINCIPAL, periods=6, day_count=DayCount.ACT_ACT, due_day=31, stub=Stub(basis=DayCount.ACT_ACT),
    ), penalty=GRACE),
    with_plan(TERMS, method=Method.INTEREST_ONLY_BULLET, periods=3, day_count=DayCount.ACT_365),
    replace(with_plan(TERMS, method=Method.BALLOON, periods=9, balloon_fen=4_000_000, day_count=DayCount.ACT_360, fees=(FEE,)),
            allocation=ACROSS),
    with_plan(TERMS, method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065"), periods=12, due_day=5),
    with_plan(TERMS, method=Method.BULLET, periods=4),
]

# Of the first loan and the one with a balloon the penalty follows the rate.
MULTIPLES = [Decimal("1.5"), None, None, Decimal("1.5"), None, None]


class Everything(MoneySteps, DecisionSteps, BankSteps):
    """All that may happen to a loan."""


def machine_of(bank: Bank) -> type[Lender]:
    """The steps on a new book of one loan a plan."""
    _following_product()
    book = [
        lend(bank, plan, product="T02" if multiple else "T01", vin=CARS[at], plate=f"沪A{at}{at}{at}{at}{at}")
        for at, (plan, multiple) in enumerate(zip(PLANS, MULTIPLES, strict=True))
    ]
    return type("Lender", (Everything,), {"bank": bank, "plans": PLANS, "multiples": MULTIPLES, "book": book, "told": Counter()})


def _following_product() -> None:
    """T02: as T01, with a penalty that follows the rate."""
    first = ProductVersion.objects.get(number="T01-v1")
    version = ProductVersion(
        product=Product.objects.create(code="T02", name="浮动产品", english="Floating product"), version=1, number="T02-v1",
        status="published", effective_from=first.effective_from, drafted_at=first.drafted_at,
    )
    version.write(replace(first.terms, penalty=replace(first.terms.penalty, follows_rate=True)))
    version.save()


def live(bank: Bank, monkeypatch: pytest.MonkeyPatch, tell: Tell, *, examples: int, steps: int, least: int, **more: Any) -> None:
    """At least so many steps, set by set, not one by one: the close of a day is the one of a large house."""
    monkeypatch.setattr(runs, "FEW", 0)
    monkeypatch.setattr(runs, "SHARD_LOANS", 4)
    machine, began = machine_of(bank), time.monotonic()
    machine.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck), **more,
    )
    run_state_machine_as_test(machine, settings=machine.TestCase.settings)
    tell(FAULTS, {"steps": machine.told["step"]})
    told = ", ".join(f"{name} {count}" for name, count in machine.told.most_common())
    assert machine.told["step"] >= least
    print(f"\n{machine.told['step']} steps in {time.monotonic() - began:.0f} s: {told}")


@pytest.mark.django_db
def test_some_hundred_steps(bank: Bank, monkeypatch: pytest.MonkeyPatch, record_property: Tell) -> None:
    live(bank, monkeypatch, record_property, examples=6, steps=39, least=150, derandomize=True)


@pytest.mark.long
@pytest.mark.django_db
def test_ten_thousand_steps(bank: Bank, monkeypatch: pytest.MonkeyPatch, record_property: Tell) -> None:
    live(bank, monkeypatch, record_property, examples=210, steps=60, least=10_000, print_blob=True)
