"""The acceptance cases that are plans, asked the way a user asks: `chezhe quote`, one array in, one array out."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

LOAN = {"principal": "100000.00", "start_date": "2026-01-15"}
EMI = LOAN | {"method": "equal_instalment", "annual_rate": "0.12", "periods": 36}
FLAT = LOAN | {"method": "flat_equal", "periods": 36}
STUB = LOAN | {"method": "equal_instalment", "annual_rate": "0.12", "periods": 12, "start_date": "2026-03-20", "due_day": 10}
NINE = LOAN | {"method": "equal_instalment", "annual_rate": "0.09", "periods": 36}
UPFRONT = {"code": "service", "amount": "1500.00", "when": "upfront"}
GUARANTEE = {"code": "guarantee", "amount": "100.00", "when": "monthly"}
RENT = LOAN | {"method": "rent_in_advance", "annual_rate": "0.12", "periods": 36}
INTEREST_ONLY = LOAN | {"method": "interest_only_bullet", "annual_rate": "0.12", "periods": 12}
BULLET = LOAN | {"method": "bullet", "annual_rate": "0.09", "periods": 6}

TERMS: dict[str, dict[str, Any]] = {
    "AC-01": EMI,
    "AC-01 zero": EMI | {"annual_rate": "0"},
    "AC-02": EMI | {"method": "equal_principal"},
    "AC-03 30/360": INTEREST_ONLY,
    "AC-03 act/360": INTEREST_ONLY | {"day_count": "act/360"},
    "AC-03 act/365": INTEREST_ONLY | {"day_count": "act/365"},
    "AC-04 30/360": BULLET,
    "AC-04 act/360": BULLET | {"day_count": "act/360"},
    "AC-04 act/365": BULLET | {"day_count": "act/365"},
    "AC-05": FLAT | {"flat_monthly_rate": "0.0065"},
    "AC-05 fee": FLAT | {"flat_monthly_rate": "0.0065", "fees": [{"code": "handling", "amount": "3000.00", "when": "upfront"}]},
    "AC-05 YU7": FLAT | {"principal": "203600.00", "flat_annual_rate": "0.01", "periods": 84},
    "AC-06": EMI | {"method": "balloon", "balloon": "40000.00"},
    "AC-07": {
        "principal": "120000.00", "method": "stepped", "annual_rate": "0.09", "periods": 24, "start_date": "2026-01-15",
        "steps": [{"from": 1, "factor": "1"}, {"from": 13, "factor": "1.2"}],
    },
    "AC-08 21 days": STUB | {"stub": {"basis": "act/360", "level": "full_periods", "skip_below_days": 15}},
    "AC-08 skipped": STUB | {"stub": {"basis": "act/360", "level": "full_periods", "skip_below_days": 30}},
    "AC-08 named": STUB | {"stub": {"basis": "act/360"}, "first_due_date": "2026-05-10"},
    "AC-08 month end": EMI | {"start_date": "2026-01-31", "periods": 6},
    "AC-12 reduce": EMI | {"principal": "50558.46", "periods": 24, "start_date": "2027-01-15"},
    "AC-12 shorten": {k: v for k, v in EMI.items() if k != "periods"}
    | {"principal": "50558.46", "instalment": "3321.43", "start_date": "2027-01-15"},
    "AC-13": INTEREST_ONLY | {"annual_rate": "0.13", "periods": 6, "start_date": "2027-01-15"},
    "AC-14": EMI | {"principal": "70558.46", "annual_rate": "0.10", "start_date": "2027-04-15"},
    "AC-15": NINE,
    "AC-15 upfront": NINE | {"fees": [UPFRONT]},
    "AC-15 both": NINE | {"fees": [UPFRONT, GUARANTEE]},
    "AC-15 guarantee": NINE | {"fees": [GUARANTEE]},
    "AC-16": EMI | {"principal": "200000.00", "annual_rate": "0.036", "subsidy": {"rate": "0.01", "cap_per_year": "3000.00"}},
    "AC-17": RENT,
    "AC-17 deposit": RENT | {"deposit": {"amount": "5000.00", "refund": "last_rent"}},
}  # fmt: skip

FLAT_TABLE = [
    ("0.0025", 36, "5.6814", "5.8317"), ("0.0025", 60, "5.6418", "5.7900"), ("0.0045", 36, "10.0226", "10.4960"),
    ("0.0050", 12, "10.8964", "11.4574"), ("0.0050", 24, "11.1267", "11.7120"), ("0.0050", 36, "11.0825", "11.6631"),
    ("0.0060", 36, "13.1739", "13.9992"), ("0.0080", 36, "17.2510", "18.6825"), ("0.0100", 12, "21.4572", "23.6984"),
    ("0.0100", 36, "21.1999", "23.3861"),
]  # fmt: skip
FLAT_MAX = {
    "0.12": {12: "0.005515", 24: "0.005406", 36: "0.005436", 48: "0.005500", 60: "0.005577"},
    "0.24": {12: "0.011226", 24: "0.011204", 36: "0.011455", 48: "0.011768", 60: "0.012101"},
}


def chezhe(name: str, request: object) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "chezhe.cli.main", name], input=json.dumps(request), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def quotes() -> dict[str, Any]:
    return dict(zip(TERMS, chezhe("quote", list(TERMS.values())), strict=True))


def percent(rate: str) -> str:
    return str((Decimal(rate) * 100).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def line(quote: Any, period: int) -> tuple[str, str, str, str]:
    row = quote["rows"][period - 1]
    assert row["period"] == period
    return row["total"], row["principal"], row["interest"], row["balance"]


def test_every_case_is_answered_and_its_parts_make_the_whole(quotes: dict[str, Any]) -> None:
    for name, quote in quotes.items():
        assert "error" not in quote, (name, quote)
        rows, totals = quote["rows"], quote["totals"]
        for part in ("principal", "interest", "fee", "total"):
            assert sum(Decimal(row[part]) for row in rows) == Decimal(totals[part]), name
        assert rows[-1]["balance"] == "0.00" and totals["principal"] == TERMS[name]["principal"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (1, ("3321.43", "2321.43", "1000.00", "97678.57")),
        (2, ("3321.43", "2344.64", "976.79", "95333.93")),
        (12, ("3321.43", "2589.95", "731.48", "70558.46")),
        (13, ("3321.43", "2615.85", "705.58", "67942.61")),
        (35, ("3321.43", "3255.98", "65.45", "3288.57")),
        (36, ("3321.46", "3288.57", "32.89", "0.00")),
    ],
)
def test_ac01_equal_instalment(quotes: dict[str, Any], period: int, expected: tuple[str, ...]) -> None:
    assert line(quotes["AC-01"], period) == expected


def test_ac01_totals_and_rates(quotes: dict[str, Any]) -> None:
    totals, rates = quotes["AC-01"]["totals"], quotes["AC-01"]["rates"]
    assert (totals["total"], totals["interest"]) == ("119571.51", "19571.51")
    assert [percent(rates[name]) for name in ("simple", "compound", "xirr")] == ["12.0000", "12.6825", "12.6960"]
    zero = quotes["AC-01 zero"]
    assert {line(zero, k)[0] for k in range(1, 36)} == {"2777.78"} and line(zero, 36)[0] == "2777.70"


def test_ac02_equal_principal(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-02"]
    shown = [(line(quote, k)[0], line(quote, k)[2]) for k in (1, 2, 35, 36)]
    assert shown == [("3777.78", "1000.00"), ("3750.00", "972.22"), ("2833.33", "55.55"), ("2805.48", "27.78")]
    assert (quote["totals"]["interest"], quote["totals"]["total"]) == ("18499.99", "118499.99")


def test_ac03_interest_only(quotes: dict[str, Any]) -> None:
    thirty = quotes["AC-03 30/360"]
    assert {line(thirty, k)[0] for k in range(1, 12)} == {"1000.00"} and line(thirty, 12)[0] == "101000.00"
    interest = {basis: [row["interest"] for row in quotes[f"AC-03 {basis}"]["rows"]][:3] for basis in ("act/360", "act/365")}
    assert interest == {"act/360": ["1033.33", "933.33", "1033.33"], "act/365": ["1019.18", "920.55", "1019.18"]}
    assert quotes["AC-03 act/360"]["totals"]["interest"] == "12166.64"
    assert quotes["AC-03 act/365"]["totals"]["interest"] == "12000.01"


@pytest.mark.parametrize(("basis", "interest"), [("30/360", "4500.00"), ("act/360", "4525.00"), ("act/365", "4463.01")])
def test_ac04_bullet(quotes: dict[str, Any], basis: str, interest: str) -> None:
    (row,) = quotes[f"AC-04 {basis}"]["rows"]
    assert (row["due_date"], row["interest"], row["principal"]) == ("2026-07-15", interest, "100000.00")


def test_ac05_flat(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-05"]
    assert line(quote, 1)[:3] == ("3427.78", "2777.78", "650.00") and line(quote, 36)[0] == "3427.70"
    assert quote["totals"]["total"] == "123400.00"
    assert (percent(quote["rates"]["simple"]), percent(quote["rates"]["compound"])) == ("14.2060", "15.1685")
    with_fee = quotes["AC-05 fee"]
    assert with_fee["totals"]["net_advance"] == "97000.00" and with_fee["rates"]["simple"] == quote["rates"]["simple"]
    rates = with_fee["rates"]
    assert (percent(rates["all_in_simple"]), percent(rates["all_in_compound"])) == ("16.3658", "17.6510")


def test_ac05_matches_the_published_offer(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-05 YU7"]
    assert line(quote, 1)[0] == "2593.48"
    assert (quote["totals"]["interest"], quote["totals"]["total"]) == ("14252.28", "217852.28")
    assert percent(quote["rates"]["simple"]) == "1.9335"


def test_ac05_table_of_flat_rates() -> None:
    asked = [FLAT | {"flat_monthly_rate": rate, "periods": months} for rate, months, _, _ in FLAT_TABLE]
    found = [(percent(q["rates"]["simple"]), percent(q["rates"]["compound"])) for q in chezhe("quote", asked)]
    assert found == [(simple, compound) for _, _, simple, compound in FLAT_TABLE]


@pytest.mark.parametrize("cap", FLAT_MAX)
def test_ac05_highest_flat_rates_under_a_cap(cap: str) -> None:
    for months, highest in FLAT_MAX[cap].items():
        over = str(Decimal(highest) + Decimal("0.000001"))
        kept, broken = chezhe("quote", [FLAT | {"flat_monthly_rate": rate, "periods": months} for rate in (highest, over)])
        assert Decimal(kept["rates"]["simple"]) <= Decimal(cap) < Decimal(broken["rates"]["simple"])


def test_ac06_balloon(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-06"]
    assert line(quote, 1)[:3] == ("2392.86", "1392.86", "1000.00") and line(quote, 35)[3] == "41973.06"
    assert line(quote, 36)[:3] == ("42392.79", "41973.06", "419.73") and quote["totals"]["interest"] == "26142.89"


def test_ac07_stepped(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-07"]
    assert {line(quote, k)[0] for k in range(1, 13)} == {"5004.17"} and line(quote, 12)[3] == "68666.74"
    assert {line(quote, k)[0] for k in range(13, 24)} == {"6005.00"} and line(quote, 24)[0] == "6005.09"
    assert quote["totals"]["interest"] == "12110.13" and percent(quote["rates"]["simple"]) == "9.0000"


def test_ac08_stub(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-08 21 days"]
    assert quote["rows"][0]["due_date"] == "2026-04-10"
    assert line(quote, 1)[:3] == ("8584.88", "7884.88", "700.00")
    assert line(quote, 2)[0] == "8884.88" and line(quote, 12)[0] == "8884.85"
    assert quote["totals"]["interest"] == "6318.53" and percent(quote["rates"]["xirr"]) == "12.6734"
    for name in ("AC-08 skipped", "AC-08 named"):
        assert quotes[name]["rows"][0]["due_date"] == "2026-05-10"
        assert line(quotes[name], 1)[:3] == ("9584.88", "7884.88", "1700.00")


def test_ac08_month_ends_keep_their_anchor(quotes: dict[str, Any]) -> None:
    dues = [row["due_date"] for row in quotes["AC-08 month end"]["rows"]]
    assert dues == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"]


def test_ac12_after_a_partial_prepayment(quotes: dict[str, Any]) -> None:
    reduced, shortened = quotes["AC-12 reduce"], quotes["AC-12 shorten"]
    assert (line(reduced, 1)[0], line(reduced, 24)[0], reduced["totals"]["interest"]) == ("2379.96", "2380.02", "6560.64")
    assert len(shortened["rows"]) == 17 and line(shortened, 16)[0] == "3321.43"
    assert (line(shortened, 17)[0], shortened["totals"]["interest"]) == ("1982.60", "4567.02")


def test_ac13_extension(quotes: dict[str, Any]) -> None:
    rows = quotes["AC-13"]["rows"]
    assert [row["interest"] for row in rows] == ["1083.33"] * 6 and rows[-1]["due_date"] == "2027-07-15"


def test_ac14_restructured_plan(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-14"]
    assert (line(quote, 1)[0], line(quote, 36)[0], quote["totals"]["interest"]) == ("2276.72", "2276.86", "11403.60")


@pytest.mark.parametrize(
    ("case", "simple", "compound"),
    [
        ("AC-15", "9.0000", "9.3807"),
        ("AC-15 upfront", "10.0358", "10.5105"),
        ("AC-15 both", "12.1776", "12.8809"),
        ("AC-15 guarantee", "11.1288", "11.7143"),
    ],
)
def test_ac15_all_in_cost(quotes: dict[str, Any], case: str, simple: str, compound: str) -> None:
    rates = quotes[case]["rates"]
    assert (percent(rates["all_in_simple"]), percent(rates["all_in_compound"])) == (simple, compound)
    assert percent(rates["simple"]) == "9.0000"
    assert (line(quotes["AC-15"], 1)[0], line(quotes["AC-15"], 36)[0]) == ("3179.97", "3180.11")


def test_ac16_subsidy(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-16"]
    assert line(quote, 1)[0] == "5869.28" and line(quote, 1)[2] == "600.00"
    assert quote["totals"]["subsidy"] == "3137.23"


def test_ac17_rent_in_advance(quotes: dict[str, Any]) -> None:
    quote = quotes["AC-17"]
    assert quote["rows"][0]["due_date"] == "2026-01-15"
    assert line(quote, 1)[:3] == ("3288.55", "3288.55", "0.00")
    assert line(quote, 2)[2] == "967.11" and line(quote, 36)[0] == "3288.37"
    deposit = quotes["AC-17 deposit"]["rates"]
    # 13.1863 and 14.0132 % if all 36 rents were 3 288.55; the last one is 18 fen less, which moves the fourth decimal.
    for kind in ("", "all_in_"):
        assert (percent(deposit[f"{kind}simple"]), percent(deposit[f"{kind}compound"])) == ("13.1862", "14.0131")
