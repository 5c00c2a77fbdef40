"""Income and debts, and a company's accounts: the sums of the trade, to the fen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chezhe.risk.facts import enterprise
from chezhe.risk.facts.burden import Burden, Payer, burden, card_payment
from chezhe.risk.facts.catalogue import CATALOGUE

LIN = Payer("Lin", income=12_500_00, monthly_debt=2_100_00, card_balance=0)


def test_the_textbook_case_owes_43_37_percent_of_what_it_earns() -> None:
    found = burden([LIN], 3_321_43)
    assert found.total == 5_421_43 and found.dti == Decimal("0.433715") and f"{found.dti:.2%}" == "43.37%"


def test_a_tenth_of_a_card_balance_is_a_monthly_payment() -> None:
    found = burden([replace(LIN, card_balance=30_000_01)], 3_321_43)
    assert found.cards == 3_000_01 and found.dti == Decimal("0.673716")
    assert card_payment(0) == 0 and card_payment(1) == 1


def test_a_jointly_liable_spouse_brings_income_and_debts() -> None:
    spouse = Payer("Wang", income=7_500_00, monthly_debt=900_00, card_balance=0)
    assert burden([LIN, spouse], 3_321_43) == Burden(20_000_00, 3_000_00, 0, 3_321_43, Decimal("0.316072"))


def test_somebody_who_is_not_liable_brings_neither() -> None:
    friend = Payer("Zhao", income=90_000_00, monthly_debt=1_00, card_balance=None, is_liable=False)
    assert burden([LIN, friend], 3_321_43) == burden([LIN], 3_321_43)


def test_without_the_borrowers_income_there_is_no_ratio_and_it_is_named() -> None:
    found = burden([replace(LIN, income=None)], 3_321_43)
    assert found.dti is None and found.missing == (("Lin", "income_verified_monthly"),)
    assert burden([replace(LIN, income=0)], 3_321_43).dti is None


def test_unknown_debts_of_anybody_liable_leave_no_ratio() -> None:
    spouse = Payer("Wang", income=None, monthly_debt=None, card_balance=None)
    found = burden([LIN, spouse], 3_321_43)
    assert found.dti is None and found.missing == (("Wang", "monthly_debt"), ("Wang", "bureau_card_balance"))
    assert found.uncounted == ("Wang",)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_rounding_never_helps_over_a_limit(income: int, debt: int, instalment: int) -> None:
    found = burden([Payer("A", income, debt, 0)], instalment)
    assert found.dti is not None and found.dti * income >= debt + instalment


def test_the_working_capital_need_of_the_orders_annex_comes_out_to_the_fen() -> None:
    cycle = enterprise.Cycle(inventory=60, receivable=75, prepaid=10, payable=45, advances=5)
    found = enterprise.working_capital(
        revenue=12_000_000_00, margin_rate=Decimal("0.10"), growth_rate=Decimal("0.08"), cycle=cycle, own=1_200_000_00, loans=800_000_00,
        other=200_000_00,
    )
    assert cycle.days == 95 and found == enterprise.Need(need=3_078_000_00, line=878_000_00)


def test_who_has_more_than_it_needs_is_lent_nothing() -> None:
    cycle = enterprise.Cycle(10, 10, 0, 0, 0)
    found = enterprise.working_capital(
        revenue=3_600_00, margin_rate=Decimal(0), growth_rate=Decimal(0), cycle=cycle, own=10_000_00)
    assert found == enterprise.Need(need=200_00, line=0)


ACCOUNTS = enterprise.Accounts(
    revenue=12_000_000_00, cost_of_sales=9_000_000_00, profit_before_tax=1_200_000_00, interest_expense=150_000_00,
    current_assets=5_000_000_00, inventory=1_500_000_00, receivable=2_500_000_00, prepaid=250_000_00, total_assets=8_000_000_00,
    current_liabilities=2_500_000_00, total_liabilities=4_400_000_00, payable=1_125_000_00, advances=166_666_67,
)


def test_the_ratios_of_a_sound_company() -> None:
    assert enterprise.ratios(ACCOUNTS) == {
        "profit_margin": Decimal("0.1000"), "debt_ratio": Decimal("0.5500"), "current_ratio": Decimal("2.0000"),
        "quick_ratio": Decimal("1.3000"), "interest_cover": Decimal("9.0000"), "receivable_turns": Decimal("4.8000"),
        "inventory_turns": Decimal("6.0000"),
    }
    assert enterprise.cycle_of(ACCOUNTS) == enterprise.Cycle(60, 75, 10, 45, 5)
    assert set(enterprise.ratios(ACCOUNTS)) <= set(CATALOGUE) and enterprise.contradictions(ACCOUNTS) == []


def test_a_ratio_over_nothing_is_unknown_and_not_infinite() -> None:
    bare = replace(ACCOUNTS, interest_expense=0, inventory=0, current_liabilities=0, payable=0, advances=0)
    assert not {"interest_cover", "inventory_turns", "current_ratio", "quick_ratio"} & set(enterprise.ratios(bare))
    assert enterprise.cycle_of(replace(ACCOUNTS, revenue=0)) is None


def test_parts_that_are_greater_than_their_whole_are_named() -> None:
    assert enterprise.contradictions(replace(ACCOUNTS, inventory=6_000_000_00)) == ["inventory"]
