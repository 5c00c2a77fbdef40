"""The caps with the figures of a day, on both sides of the dates at which they change."""

from datetime import date
from decimal import Decimal

import pytest

from chezhe.compliance import steps
from chezhe.compliance.rules import PricingFacts
from chezhe.finmath.money import Money
from chezhe.kernel.models import Parameter
from chezhe.kernel.parameters import ParameterMissing
from chezhe.kernel.permission import REGISTRY

pytestmark = pytest.mark.django_db
D = date.fromisoformat


def facts(**changes: object) -> PricingFacts:
    usual: dict[str, object] = {
        "licence_type": "afc", "amount": Money(10_000_000), "ltv_rate": Decimal("0.6"), "term_months": 12,
        "annual_rate": Decimal("0.08"), "all_in_simple": Decimal("0.08"), "all_in_compound": Decimal("0.083"),
        "penalty_multiple": Decimal("1.5"),
    }
    return PricingFacts(**{**usual, **changes})  # type: ignore[arg-type]


def outcome(on: str, **changes: object) -> str:
    """`pass`, `warn CODE…` or `block CODE`."""
    try:
        found = steps.check_pricing(facts(**changes), D(on))
    except steps.CapExceeded as refusal:
        return f"block {refusal.facts['rule']}"
    return " ".join(["warn", *[f.code for f in found]]) if found else "pass"


def cost(simple: str) -> dict[str, object]:
    return {"all_in_simple": Decimal(simple), "all_in_compound": Decimal(simple)}


@pytest.mark.parametrize(
    ("on", "changes", "expected"),
    [
        ("2024-04-02", {"ltv_rate": Decimal("0.81")}, "block LTV_SELF_CONV"),
        ("2024-04-02", {"ltv_rate": Decimal("0.80")}, "pass"),
        ("2024-04-03", {"ltv_rate": Decimal("0.81")}, "pass"),
        ("2024-04-03", {"ltv_rate": Decimal("1.01")}, "block LTV_SELF_CONV"),
        ("2024-04-02", {"energy": "nev", "ltv_rate": Decimal("0.85")}, "pass"),
        ("2024-04-02", {"energy": "nev", "ltv_rate": Decimal("0.86")}, "block LTV_SELF_NEV"),
        ("2024-04-03", {"energy": "nev", "ltv_rate": Decimal("0.86")}, "pass"),
        ("2026-08-01", {"usage": "commercial", "ltv_rate": Decimal("0.71")}, "block LTV_COMM_CONV"),
        ("2026-08-01", {"usage": "commercial", "energy": "nev", "ltv_rate": Decimal("0.75")}, "pass"),
        ("2026-08-01", {"usage": "commercial", "energy": "nev", "ltv_rate": Decimal("0.76")}, "block LTV_COMM_NEV"),
        ("2026-08-01", {"vehicle_condition": "used", "ltv_rate": Decimal("0.71")}, "block LTV_USED"),
        ("2026-08-01", {"vehicle_condition": "used", "energy": "nev", "ltv_rate": Decimal("0.70")}, "pass"),
    ],
)
def test_loan_to_value_by_use_energy_and_age(on: str, changes: dict[str, object], expected: str) -> None:
    assert outcome(on, **changes) == expected


@pytest.mark.parametrize(
    ("on", "changes", "expected"),
    [
        ("2026-01-15", {"term_months": 60}, "pass"), ("2026-01-15", {"term_months": 61}, "block TERM_MAX_NEW"),
        ("2026-01-15", {"vehicle_condition": "used", "term_months": 37}, "block TERM_MAX_USED"),
        ("2026-01-15", {"vehicle_condition": "used", "term_months": 36}, "pass"),
        ("2026-01-15", {"purpose": "stock", "borrower_kind": "dealer", "term_months": 13}, "block TERM_MAX_DEALER"),
        ("2025-03-13", {"licence_type": "bank", "term_months": 84}, "block TERM_MAX_NEW"),
        ("2025-03-14", {"licence_type": "bank", "term_months": 84}, "pass"),
        ("2025-03-14", {"licence_type": "bank", "term_months": 85}, "block TERM_MAX_CONSUMER_TEMP"),
        ("2025-03-14", {"licence_type": "afc", "term_months": 84}, "block TERM_MAX_NEW"),
        ("2025-03-14", {"licence_type": "bank", "usage": "commercial", "term_months": 84}, "block TERM_MAX_NEW"),
    ],
)
def test_term_by_car_lender_and_date(on: str, changes: dict[str, object], expected: str) -> None:
    assert outcome(on, **changes) == expected


@pytest.mark.parametrize("licence", ["bank", "afc", "cfc", "mcc", "flc", "afl", "pawn"])
def test_no_licensed_lender_goes_over_24_per_cent(licence: str) -> None:
    assert outcome("2026-01-15", licence_type=licence, **cost("0.2401")) == "block CAP_ALLIN_24"
    assert not outcome("2026-01-15", licence_type=licence, **cost("0.2400")).startswith("block")


@pytest.mark.parametrize(
    ("on", "rate", "expected"),
    [
        ("2027-12-31", "0.1201", "warn CAP_MCC_LPR4"), ("2027-12-31", "0.1200", "pass"),
        ("2028-01-01", "0.1201", "block CAP_MCC_LPR4"), ("2028-01-01", "0.1200", "pass"),
    ],
)
def test_a_micro_lenders_four_times_lpr_warns_until_it_binds(on: str, rate: str, expected: str) -> None:
    assert outcome(on, licence_type="mcc", **cost(rate)) == expected


def test_a_region_may_bind_its_micro_lenders_earlier() -> None:
    Parameter.objects.create(code="CAP_MCC_LPR4", licence_type="mcc", region="330000", value="4", unit="rate",
                             effective_from=D("2026-07-01"), source="地方通知")
    assert outcome("2026-07-01", licence_type="mcc", region="330000", **cost("0.13")) == "block CAP_MCC_LPR4"
    assert outcome("2026-06-30", licence_type="mcc", region="330000", **cost("0.13")) == "warn CAP_MCC_LPR4"
    assert outcome("2026-07-01", licence_type="mcc", region="440000", **cost("0.13")) == "warn CAP_MCC_LPR4"


@pytest.mark.parametrize(
    ("on", "rate", "expected"),
    [
        # 4 × LPR at signing: 3.85 % → 15.4 % in 2020, 3.1 % → 12.4 % until May 2025, 3.0 % → 12 % since.
        ("2020-08-20", "0.1540", "pass"), ("2020-08-20", "0.1541", "block CAP_LPR4_PRIVATE"),
        ("2025-05-19", "0.1240", "pass"), ("2025-05-20", "0.1240", "block CAP_LPR4_PRIVATE"), ("2025-05-20", "0.1200", "pass"),
    ],
)
def test_a_private_lender_is_held_to_four_times_lpr_at_signing(on: str, rate: str, expected: str) -> None:
    assert outcome(on, licence_type="private", annual_rate=Decimal("0.08"), penalty_multiple=Decimal(1), **cost(rate)) == expected


def test_a_private_loan_before_the_rule_is_refused_rather_than_unlimited() -> None:
    with pytest.raises(ParameterMissing):
        outcome("2020-08-19", licence_type="private")


def test_consumer_finance_is_warned_over_20_per_cent_since_the_guidance() -> None:
    assert outcome("2025-09-30", licence_type="cfc", **cost("0.21")) == "pass"
    assert outcome("2025-10-01", licence_type="cfc", **cost("0.21")) == "warn CAP_CFC_20"
    assert outcome("2025-10-01", licence_type="cfc", **cost("0.20")) == "pass"


def test_the_self_discipline_pact_binds_its_region_and_may_be_made_a_block() -> None:
    terms = {"licence_type": "bank", "region": "410000", **cost("0.0601")}
    assert outcome("2025-05-31", **terms) == "pass"
    assert outcome("2025-06-01", **terms) == "warn CAP_SELF_DISC"
    assert outcome("2025-06-01", **{**terms, "region": "330000"}) == "pass"
    Parameter.objects.create(code="CAP_SELF_DISC_EFFECT", region="410000", value="block", unit="text",
                             effective_from=D("2026-01-01"), source="贷款人政策")
    assert outcome("2026-01-01", **terms) == "block CAP_SELF_DISC"


def test_penalty_multiples_stop_at_one_and_a_half_and_two() -> None:
    assert outcome("2026-01-15", penalty_multiple=Decimal("1.51")) == "block PENALTY_MULT_OVERDUE"
    assert outcome("2026-01-15", misuse_multiple=Decimal("2.01")) == "block PENALTY_MULT_MISUSE"
    assert outcome("2026-01-15", misuse_multiple=Decimal("2.0")) == "pass"


def test_interest_kept_back_from_the_payout_is_refused() -> None:
    assert outcome("2026-01-15", deducted_from_principal=Money(100)) == "block NO_DEDUCTION"


def test_the_refusal_names_rule_limit_actual_and_source() -> None:
    with pytest.raises(steps.CapExceeded) as caught:
        steps.check_pricing(facts(**cost("0.25")), D("2026-01-15"))
    refusal = caught.value
    assert (refusal.code, refusal.http_status) == ("cap_exceeded", 409)
    assert refusal.facts["rule"] == "CAP_ALLIN_24" and refusal.facts["limit"] == "24%" and refusal.facts["actual"] == "25%"
    assert "法发〔2017〕22号" in str(refusal) and "25% 超过上限 24%" in str(refusal)


@pytest.mark.parametrize("code", ["CAP_ALLIN_24", "LTV_SELF_CONV", "TERM_MAX_NEW", "PENALTY_MULT_OVERDUE", "CAP_MEASURE"])
def test_a_day_without_the_figure_refuses(code: str) -> None:
    earliest = Parameter.objects.filter(code=code).order_by("effective_from")[0].effective_from
    with pytest.raises(ParameterMissing):
        steps.check_pricing(facts(), min(earliest, D("2004-01-01")).replace(year=2003))


def test_a_product_may_have_a_tighter_limit_of_its_own() -> None:
    Parameter.objects.create(code="LTV_SELF_CONV", product="P01", value="0.70", unit="rate",
                             effective_from=D("2026-01-01"), source="贷款人政策")
    assert outcome("2026-01-15", product_code="P01", ltv_rate=Decimal("0.71")) == "block LTV_SELF_CONV"
    assert outcome("2026-01-15", product_code="P02", ltv_rate=Decimal("0.71")) == "pass"


def test_nobody_holds_a_permission_to_override_a_cap() -> None:
    words = ("override", "exceed", "bypass", "waive_cap", "cap")
    assert [code for code in REGISTRY if any(word in code.split(".")[1].split("_") for word in words)] == []
