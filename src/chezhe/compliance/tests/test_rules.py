"""The cap engine's comparisons, without a database."""

from decimal import Decimal

import pytest

from chezhe.compliance import rules
from chezhe.compliance.rules import Limit, Need, PricingFacts
from chezhe.finmath.money import Money


def facts(**changes: object) -> PricingFacts:
    usual: dict[str, object] = {
        "licence_type": "mcc", "amount": Money(10_000_000), "ltv_rate": Decimal("0.5"), "term_months": 36,
        "annual_rate": Decimal("0.12"), "all_in_simple": Decimal("0.12"), "all_in_compound": Decimal("0.126825"),
    }
    return PricingFacts(**{**usual, **changes})  # type: ignore[arg-type]


def said(finding: rules.Finding) -> str:
    return finding.text % {"measured": finding.measured, **finding.figures}


def cost_limit(value: str, code: str = "CAP_ALLIN_24", effect: str = "block", starts: str = "") -> Limit:
    return Limit(Need(code, "cost"), Decimal(value), "source", effect, starts)


@pytest.mark.parametrize(
    ("car", "code"),
    [
        (("new", "private", "conventional"), "LTV_SELF_CONV"), (("new", "private", "nev"), "LTV_SELF_NEV"),
        (("new", "commercial", "conventional"), "LTV_COMM_CONV"), (("new", "commercial", "nev"), "LTV_COMM_NEV"),
        (("used", "private", "nev"), "LTV_USED"), (("used", "commercial", "conventional"), "LTV_USED"),
    ],
)
def test_a_purchase_stands_under_the_limit_of_its_car(car: tuple[str, str, str], code: str) -> None:
    condition, usage, energy = car
    needs = rules.applicable(facts(vehicle_condition=condition, usage=usage, energy=energy))
    assert [need.code for need in needs if need.measure == "ltv"] == [code]


@pytest.mark.parametrize(
    ("changes", "ltv", "term"),
    [
        ({"purpose": "consumption"}, "LTV_SECURED", "TERM_MAX_CONSUMER"),
        ({"purpose": "business"}, "LTV_SECURED", "TERM_MAX_BUSINESS"),
        ({"purpose": "working_capital", "borrower_kind": "company"}, "LTV_SECURED", "TERM_MAX_WC"),
        ({"purpose": "stock", "borrower_kind": "dealer"}, "LTV_STOCK", "TERM_MAX_DEALER"),
        ({"licence_type": "flc", "vehicle_condition": "used"}, "LTV_LEASE", "TERM_MAX_LEASE"),
        ({"vehicle_condition": "used"}, "LTV_USED", "TERM_MAX_USED"),
    ],
)
def test_what_is_no_plain_purchase_has_limits_of_its_own(changes: dict[str, object], ltv: str, term: str) -> None:
    codes = {need.measure: need.code for need in rules.applicable(facts(**changes))}
    assert (codes["ltv"], codes["term"]) == (ltv, term)


@pytest.mark.parametrize("licence", sorted(rules.LENDERS))
def test_every_licensed_lender_stands_under_24_per_cent(licence: str) -> None:
    assert "CAP_ALLIN_24" in {need.code for need in rules.applicable(facts(licence_type=licence))}


def test_a_private_lender_stands_under_four_times_lpr_alone() -> None:
    costs = [need for need in rules.applicable(facts(licence_type="private")) if need.measure == "cost"]
    assert [(need.code, need.times) for need in costs] == [("CAP_LPR4_PRIVATE", "LPR1Y")]


@pytest.mark.parametrize("licence", ["guarantor", "service"])
def test_who_has_no_right_to_lend_is_refused_before_any_figure(licence: str) -> None:
    (finding,) = rules.judge(facts(licence_type=licence), [])
    assert finding.code == "LICENCE_CANNOT_LEND" and finding.is_block


@pytest.mark.parametrize(("rate", "blocked"), [("0.2399", False), ("0.24", False), ("0.2401", True)])
def test_the_cost_cap_is_strict(rate: str, blocked: bool) -> None:
    found = rules.check_cost(facts(all_in_simple=Decimal(rate), all_in_compound=Decimal("0.2")), cost_limit("0.24"))
    assert any(f.is_block for f in found) is blocked


def test_rounding_lines_to_the_fen_breaks_no_cap() -> None:
    # A nominal 24 % of 100,000.00 comes out a hair above 24 % once each of its lines is rounded half up.
    hair = facts(all_in_simple=Decimal("0.2400010"), all_in_compound=Decimal("0.2"))
    more = facts(all_in_simple=Decimal("0.2400013"), all_in_compound=Decimal("0.2"))
    assert rules.check_cost(hair, cost_limit("0.24")) == []
    assert rules.check_cost(more, cost_limit("0.24"))[0].is_block
    assert rules.rounding_allowance(hair) == Decimal("0.0000012")
    assert rules.rounding_allowance(facts(amount=None)) == 0


def test_the_other_annualisation_warns_where_the_measured_one_passes() -> None:
    (finding,) = rules.check_cost(facts(all_in_simple=Decimal("0.23"), all_in_compound=Decimal("0.2559")), cost_limit("0.24"))
    assert (finding.severity, finding.measure) == ("warn", "all_in_compound")
    found = rules.check_cost(
        facts(all_in_simple=Decimal("0.23"), all_in_compound=Decimal("0.2559")), cost_limit("0.24"), measure="compound"
    )
    assert [(f.severity, f.measure) for f in found] == [("block", "all_in_compound")]


def test_a_cost_that_cannot_be_computed_is_refused() -> None:
    (finding,) = rules.check_cost(facts(all_in_simple=None), cost_limit("0.24"))
    assert finding.code == "COST_UNKNOWN" and finding.is_block


def test_a_private_loan_is_held_to_the_cap_by_contract_rate_overdue_rate_and_total() -> None:
    limit = cost_limit("0.12", "CAP_LPR4_PRIVATE")
    dear = facts(licence_type="private", annual_rate=Decimal("0.121"), all_in_simple=Decimal("0.11"), all_in_compound=Decimal("0.11"))
    late = facts(licence_type="private", annual_rate=Decimal("0.10"), penalty_multiple=Decimal("1.3"),
                 all_in_simple=Decimal("0.11"), all_in_compound=Decimal("0.11"))
    assert [(f.measure, f.severity) for f in rules.check_cost(dear, limit)] == [("annual_rate", "block")]
    assert [(f.measure, f.severity) for f in rules.check_cost(late, limit)] == [("penalty_rate", "block")]


def test_a_licensed_lenders_penalty_over_the_cap_only_warns_because_claims_are_cut() -> None:
    high = facts(annual_rate=Decimal("0.18"), penalty_multiple=Decimal("1.5"), all_in_simple=Decimal("0.18"),
                 all_in_compound=Decimal("0.1956"))
    assert [(f.measure, f.severity, f.actual) for f in rules.check_cost(high, cost_limit("0.24"))] == [
        ("penalty_rate", "warn", Decimal("0.270"))
    ]


def test_ltv_is_measured_on_the_price_base_and_never_assumed() -> None:
    limit = Limit(Need("LTV_USED", "ltv"), Decimal("0.70"), "source")
    at = facts(amount=Money(7_000_000), price_base=Money(10_000_000), ltv_rate=None)
    over = facts(amount=Money(7_000_001), price_base=Money(10_000_000), ltv_rate=None)
    assert rules.check_ltv(at, [limit]) == []
    assert rules.check_ltv(over, [limit])[0].code == "LTV_USED"
    assert rules.check_ltv(facts(ltv_rate=None), [limit])[0].code == "VALUE_UNKNOWN"
    nothing = rules.check_ltv(facts(price_base=Money(0)), [limit])[0]
    assert nothing.is_block and nothing.figures["actual"] == "∞"


def test_the_price_base_is_the_lower_of_the_two_prices() -> None:
    assert rules.price_base("new", actual=Money(100), published=Money(90)) == Money(90)
    assert rules.price_base("used", actual=Money(80), valuation=Money(90)) == Money(80)
    with pytest.raises(ValueError):
        rules.price_base("used", actual=Money(80))


def test_the_longest_term_of_the_applicable_rules_counts() -> None:
    limits = [Limit(Need("TERM_MAX_NEW", "term"), Decimal(60), "s"), Limit(Need("TERM_MAX_CONSUMER_TEMP", "term"), Decimal(84), "s")]
    assert rules.check_term(facts(term_months=84), limits) == []
    assert rules.check_term(facts(term_months=85), limits)[0].limit == 84
    assert rules.check_term(facts(term_months=61), limits[:1])[0].code == "TERM_MAX_NEW"


def test_nothing_is_kept_back_from_the_principal() -> None:
    (finding,) = rules.check_deduction(facts(deducted_from_principal=Money(1)))
    assert finding.is_block and finding.code == "NO_DEDUCTION" and finding.figures["actual"] == "0.01"
    assert rules.check_deduction(facts(upfront_fees=Money(150_000))) == []


def test_blocks_come_first_and_every_finding_fills_its_sentence() -> None:
    limits = [cost_limit("0.10", "CAP_CFC_20", "warn"), Limit(Need("TERM_MAX_NEW", "term"), Decimal(12), "s")]
    found = rules.judge(facts(), limits)
    assert [f.is_block for f in found] == sorted((f.is_block for f in found), reverse=True) and len(found) == 2
    assert said(found[1]) == "综合年化成本（单利） 12% 超过上限 10%，请留意。"
    assert said(found[0]) == "期限 36 超过上限 12，不能办理。"


def test_a_cap_that_begins_later_says_when() -> None:
    (finding,) = rules.check_cost(facts(all_in_simple=Decimal("0.13")), cost_limit("0.12", "CAP_MCC_LPR4", "warn", "2028-01-01"))
    assert finding.severity == "warn" and "自 2028-01-01 起" in said(finding)


@pytest.mark.parametrize("name", sorted(rules.CHOICES))
def test_an_unknown_word_slips_past_no_rule(name: str) -> None:
    with pytest.raises(ValueError):
        facts(**{name: "other"})
