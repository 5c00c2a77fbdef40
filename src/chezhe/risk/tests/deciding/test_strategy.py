"""From facts to a verdict: what is approved, referred and declined, and that nothing unknown ever helps."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from chezhe.risk.deciding import caps, record
from chezhe.risk.deciding.rules import decide
from chezhe.risk.deciding.values import APPROVED, DECLINED, REFERRED, STAGES, TABLES, Bounds, Given, Scorer, Strategy
from chezhe.risk.tests.deciding.cases import BOUNDS, CARD_INPUTS, GOOD, LIMITS, Broken, Card, burdened, case, strategy


def test_a_good_borrower_is_approved_at_a_lower_rate() -> None:
    verdict = decide(case())
    assert (verdict.outcome, verdict.route, verdict.tier, verdict.reasons, verdict.unknown) == (APPROVED, "auto_approve", "A", (), ())
    assert verdict.terms.annual_rate == Decimal("0.11") and verdict.terms.ltv_max == Decimal("0.75")
    assert [stage.name for stage in verdict.stages] == list(STAGES)
    scoring = verdict.scoring
    assert scoring is not None and scoring.base + sum(part.points for part in scoring.parts) == scoring.score


@pytest.mark.parametrize(("changes", "reasons"), [
    ({"has_enforcement": True}, ("R04",)), ({"bureau_overdue_now": True, "bureau_missed_in_row_24m": 3}, ("R05", "R06")),
    ({"face_verified": False}, ("R12",)), ({"age_years": 17}, ("R01",)),
])
def test_a_known_bad_fact_declines_with_its_reason(changes: dict[str, Any], reasons: tuple[str, ...]) -> None:
    verdict = decide(case(**changes))
    assert (verdict.outcome, verdict.route, verdict.reasons) == (DECLINED, "decline", reasons)


def test_a_known_bad_fact_declines_although_others_are_unknown() -> None:
    verdict = decide(case(has_enforcement=True, without=("bureau_overdue_now", "bureau_score")))
    assert (verdict.outcome, verdict.reasons) == (DECLINED, ("R04",))
    assert verdict.unknown == ("bureau_overdue_now", "bureau_score")


def test_a_suspicion_is_looked_at_by_two() -> None:
    verdict = decide(case(same_phone_people=4))
    assert (verdict.outcome, verdict.route, verdict.reasons) == (REFERRED, "double_review", ("R12",))


def test_a_low_score_is_declined_only_on_known_facts() -> None:
    bad = {"bureau_score": 100, "bureau_hard_inquiries_3m": 9, "employer_months": 1}
    verdict = decide(case(**bad))
    assert (verdict.outcome, verdict.tier, verdict.reasons) == (DECLINED, "D", ("R10", "R15"))
    assert decide(case(**bad, without=("employer_months",))).outcome == REFERRED


@pytest.mark.parametrize("code", sorted({*GOOD} - {"monthly_debt", "income_verified_monthly"}))
def test_every_fact_that_is_wanting_refers_and_is_named(code: str) -> None:
    verdict = decide(case(without=(code,)))
    if code in ("all_in_compound",):  # the annualisation that does not count here
        return
    assert verdict.outcome == REFERRED and code in verdict.unknown


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_table_refers(name: str) -> None:
    verdict = decide(case(judged_by=strategy(policies={**strategy().policies, name: None})))
    assert verdict.outcome == REFERRED and (name, "policy_missing") in list(verdict.troubles)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_breaks_refers(name: str) -> None:
    class Breaking:
        table = None

        def evaluate(self, facts: Any) -> Any:
            raise ZeroDivisionError

    policies = dict(strategy().policies)
    policies[name] = replace(policies[name], table=Breaking())
    verdict = decide(case(judged_by=strategy(policies=policies)))
    assert verdict.outcome == REFERRED and (name, "table_broken:ZeroDivisionError") in list(verdict.troubles)


@pytest.mark.parametrize(("model", "trouble"), [
    (Broken(), "model_broken:RuntimeError"), (None, "model_missing"), ("high", "score_out_of_range"),
])
def test_a_model_that_cannot_be_believed_refers(model: Any, trouble: str) -> None:
    if model == "high":
        scorer = Scorer(name="card", content_hash="x", model=Card(), inputs=tuple(CARD_INPUTS), points_min=0, points_max=600)
    else:
        scorer = model and Scorer(name="card", content_hash="x", model=model, inputs=tuple(CARD_INPUTS), points_min=0, points_max=900)
    verdict = decide(case(judged_by=strategy(scorer=scorer)))
    assert verdict.outcome == REFERRED and ("score", trouble) in list(verdict.troubles) and "score" in verdict.unknown


def test_legal_limits_that_cannot_be_read_refer() -> None:
    verdict = decide(case(bounds=replace(BOUNDS, limits=None)))
    assert verdict.outcome == REFERRED and ("caps", "limits_missing") in list(verdict.troubles)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"ltv": "0.71", "amount": 7_100_000}, "R15"), ({"periods": 37}, "R21"), ({"penalty_multiple": "1.6"}, "R21"),
    ({"all_in_simple": "0.40", "annual_rate": "0.17"}, "R21"),
])
def test_nobody_lends_above_a_legal_cap(changes: dict[str, Any], reason: str) -> None:
    verdict = decide(case(**changes))
    assert verdict.outcome == DECLINED and reason in verdict.reasons


def test_a_price_above_the_cap_is_cut_where_the_product_allows_it_and_a_person_agrees() -> None:
    verdict = decide(case(all_in_simple="0.25", annual_rate="0.17"))
    assert (verdict.outcome, verdict.reasons) == (REFERRED, ("R21",))
    assert verdict.terms.annual_rate is not None and verdict.terms.annual_rate <= Decimal("0.16")


def test_a_licence_that_cannot_lend_declines() -> None:
    verdict = decide(case(bounds=Bounds(licence_type="service", region="", limits=())))
    assert (verdict.outcome, verdict.reasons) == (DECLINED, ("R02",))


def test_more_than_the_income_carries_is_referred_with_what_would_be_lent() -> None:
    verdict = decide(case(**burdened("0.75")))
    assert (verdict.outcome, verdict.reasons) == (REFERRED, ("R09",))
    assert verdict.terms.amount_max_fen is not None and 0 < verdict.terms.amount_max_fen < 6_000_000


def test_a_table_that_rewards_absence_approves_nothing() -> None:
    from chezhe.risk.tests.deciding.cases import table

    friendly = table("tier", "FIRST", [("bureau_score", "integer"), ("score", "integer")], [("tier", "text")],
                     (["null", "-"], ['"A"']), (["-", "-"], ['"D"']))
    policies = dict(strategy().policies)
    policies["tier"] = replace(policies["tier"], table=friendly)
    verdict = decide(case(judged_by=strategy(policies=policies), without=("bureau_score",)))
    assert verdict.outcome == REFERRED and "bureau_score" in verdict.unknown


# ---- properties -----------------------------------------------------------------------------------------------

WORSE = {
    "age_years": [35, 30, 64, 66, 17], "has_enforcement": [False, True], "bureau_overdue_now": [False, True],
    "bureau_missed_in_row_24m": [0, 2, 3, 9], "same_phone_people": [0, 2, 3, 40], "face_verified": [True, False],
    "bureau_score": [900, 720, 600, 300, 0], "bureau_hard_inquiries_3m": [0, 1, 3, 9], "employer_months": [400, 60, 12, 0],
    "amount": [6_000_000, 9_000_000, 40_000_000], "ltv": ["0.1", "0.6", "0.69", "0.75", "0.9"], "dti": ["0.1", "0.35", "0.55", "0.9"],
    "annual_rate": ["0.18", "0.12", "0.10", "0.05"], "all_in_simple": ["0.1", "0.2", "0.25", "0.5"], "periods": [12, 36, 37, 60],
    "region": ["华东", "境外"],
}


@st.composite
def askings(draw: Any) -> dict[str, Any]:
    return {code: draw(st.sampled_from(values)) for code, values in WORSE.items()}


@settings(max_examples=300, deadline=None)
@given_any(askings(), st.sets(st.sampled_from(sorted(GOOD))))
def test_removing_facts_never_turns_another_answer_into_an_approval(asked: dict[str, Any], gone: set[str]) -> None:
    whole, less = decide(case(**asked)), decide(case(**asked, without=tuple(gone)))
    assert less.outcome != APPROVED or (whole.outcome == APPROVED and not less.unknown)


@settings(max_examples=200, deadline=None)
@given_any(askings(), st.sampled_from(["bureau_score", "bureau_hard_inquiries_3m", "employer_months"]))
def test_a_worse_fact_never_gives_a_better_tier(asked: dict[str, Any], code: str) -> None:
    tiers = [decide(case(**{**asked, code: value})).tier for value in WORSE[code]]
    assert tiers == sorted(tiers)


@settings(max_examples=300, deadline=None)
@given_any(askings())
def test_nothing_above_a_cap_is_approved(asked: dict[str, Any]) -> None:
    asked["ltv"] = str(Decimal(asked["amount"]) / 10_000_000)
    one = case(**asked)
    verdict = decide(one)
    if verdict.outcome == APPROVED:
        from chezhe.compliance.rules import judge

        assert not [finding for finding in judge(caps.pricing_facts(one), LIMITS) if finding.is_block]
        assert verdict.terms.annual_rate is not None and verdict.terms.annual_rate <= one.value("annual_rate")
        assert verdict.terms.amount_max_fen is not None and verdict.terms.amount_max_fen >= one.value("amount")


@settings(max_examples=100, deadline=None)
@given_any(askings(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(asked: dict[str, Any], rng: random.Random) -> None:
    one = case(**asked)
    shuffled = list(one.facts.items())
    rng.shuffle(shuffled)
    assert record.canonical(decide(replace(one, facts=dict(shuffled)))) == record.canonical(decide(one))


RUBBISH = ["", "  ", "12", "abc", 12.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), True, [], {}, "2099-01-01", None]
FITTING = {"text": str, "boolean": bool}


@settings(max_examples=400, deadline=None)
@given_any(st.sampled_from(sorted({*GOOD} - {"all_in_compound", "monthly_debt", "income_verified_monthly"})), st.sampled_from(RUBBISH))
def test_rubbish_is_unknown_even_where_the_facts_room_let_it_pass(code: str, rubbish: Any) -> None:
    good = case()
    if isinstance(rubbish, FITTING.get(good.facts[code].type, type(None))) and rubbish not in ("", "  ", None):
        return
    verdict = decide(replace(good, facts={**good.facts, code: replace(good.facts[code], value=rubbish)}))
    assert verdict.outcome != APPROVED and code in verdict.unknown


@pytest.mark.parametrize("code", ["amount", "price_base", "periods"])
@pytest.mark.parametrize("nothing", [0, -1])
def test_a_loan_of_nothing_is_no_loan(code: str, nothing: int) -> None:
    good = case()
    verdict = decide(replace(good, facts={**good.facts, code: replace(good.facts[code], value=nothing)}))
    assert verdict.outcome == REFERRED and code in verdict.unknown


def test_no_income_carries_no_loan() -> None:
    verdict = decide(case(counted_income_monthly=0))
    assert verdict.outcome != APPROVED and "R09" in verdict.reasons


def test_a_fact_with_a_fault_counts_as_unknown_and_is_named() -> None:
    good = case()
    stale = Given(value=None, raw=720, type="integer", source="bureau", known_at="2025-01-01T00:00:00+08:00", fault="stale")
    verdict = decide(replace(good, facts={**good.facts, "bureau_score": stale}))
    assert verdict.outcome == REFERRED and "bureau_score" in verdict.unknown


# ---- the record -----------------------------------------------------------------------------------------------


def heading() -> record.Heading:
    from datetime import date

    return record.Heading(
        number="DC26-000001-0", subject="application:A26-000001-0", kind="live", decided_at="2026-03-16T10:00:00+08:00", on=date(2026, 3, 16),
    )


@settings(max_examples=100, deadline=None)
@given_any(askings(), st.sets(st.sampled_from(sorted(GOOD)), max_size=4))
def test_a_record_decided_again_gives_the_same_bytes(asked: dict[str, Any], gone: set[str]) -> None:
    one = case(**asked, without=tuple(gone))
    kept = record.write(heading(), one, (), decide(one))
    told = record.read(kept.body)
    tables = {name: policy.table for name, policy in one.strategy.policies.items() if policy}
    again = replace(
        one, facts=record.facts_of(told), strategy=record.strategy_with(told, tables, Card()), bounds=record.bounds_of(told),
    )
    made = record.write(record.heading_of(told), again, record.figures_of(told), decide(again))
    assert made == kept


def test_an_unknown_strategy_is_a_record_too() -> None:
    one = replace(case(), strategy=Strategy(policies={}, scorer=None), bounds=replace(BOUNDS, limits=None))
    kept = record.write(heading(), one, (), decide(one))
    told = record.read(kept.body)
    assert told["model"] is None and told["bounds"]["limits"] is None and told["verdict"]["outcome"] == REFERRED
