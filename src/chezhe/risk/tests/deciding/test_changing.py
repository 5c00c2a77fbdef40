"""What would change the answer: every proposal is a case that the strategy decided so."""

from __future__ import annotations

from decimal import Decimal

from chezhe.risk.deciding import changing
from chezhe.risk.deciding.rules import decide
from chezhe.risk.deciding.values import APPROVED
from chezhe.risk.tests.deciding.cases import burdened, case


def test_an_approved_case_needs_no_change() -> None:
    one = case()
    assert changing.proposals(one, decide(one)) == []


def test_less_money_is_proposed_where_the_income_does_not_carry_it() -> None:
    one = case(**burdened("0.66"))
    found = {proposal.what: proposal for proposal in changing.proposals(one, decide(one))}
    less = found["amount"]
    assert less.is_approval and isinstance(less.value, int) and 0 < less.value < 6_000_000
    # One step more would not do.
    assert decide(changing.with_amount(one, less.value + changing.AMOUNT_STEP_FEN)).outcome != APPROVED
    assert decide(changing.with_amount(one, less.value)).outcome == APPROVED


def test_a_co_borrower_or_a_longer_term_is_proposed_too() -> None:
    one = case(**burdened("0.62"), periods=12)
    found = {proposal.what: proposal for proposal in changing.proposals(one, decide(one))}
    assert found["income"].is_approval and found["periods"].is_approval and found["periods"].value == 18
    more = int(found["income"].value)
    assert decide(changing.with_income(one, more - changing.INCOME_STEP_FEN)).outcome != APPROVED


def test_the_price_of_policy_is_proposed_to_whoever_asks_for_less() -> None:
    one = case(annual_rate="0.10", all_in_simple="0.11")
    (first, *_) = changing.proposals(one, decide(one))
    assert (first.what, first.value, first.is_approval) == ("rate", Decimal("0.11"), True)


def test_nothing_is_proposed_against_what_nobody_can_change() -> None:
    one = case(has_enforcement=True)
    assert changing.proposals(one, decide(one)) == []


def test_an_unknown_fact_is_not_changed_into_a_known_one() -> None:
    one = case(without=("dti", "counted_income_monthly"))
    assert not [proposal for proposal in changing.proposals(one, decide(one)) if proposal.is_approval]
