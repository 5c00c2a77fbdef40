"""Every row of the tables that pick one (tier, price, limit, route): a case that it answers, and the nearest that another row does.

The figures are those of the policy as people know it; nothing is read from the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from chezhe.policies.tests.rows import Row, require, require_all, table

YUAN = 100


def tier(number: int, score: int, is_thin: bool, says: str, *nexts: tuple[Mapping[str, Any], tuple[int, ...]]) -> Row:
    return Row(number, {"score": score, "bureau_is_thin": is_thin}, {"tier": says}, nexts)


def price(number: int, of: str, ltv: str, periods: int, says: str, *nexts: tuple[Mapping[str, Any], tuple[int, ...]]) -> Row:
    return Row(number, {"tier": of, "ltv": Decimal(ltv), "periods": periods}, {"rate_step": Decimal(says)}, nexts)


def limit(number: int, who: str, says: str, *nexts: tuple[Mapping[str, Any], tuple[int, ...]]) -> Row:
    """`who` is tier, borrower, purpose and use of the car; `says` the step, yuan, debt to income, hours, guarantor, wired and wireless GPS."""
    step, yuan, dti, hours, guarantor, wired, wireless = says.split()
    return Row(number, dict(zip(("tier", "borrower_kind", "purpose", "car_usage"), who.split(), strict=True)), {
        "ltv_step": Decimal(step), "amount_max": int(yuan) * YUAN, "dti_max": Decimal(dti), "sla_hours": int(hours),
        "guarantor_needed": guarantor == "yes", "gps_wired": int(wired), "gps_wireless": int(wireless),
    }, nexts)


def route(number: int, unknown: int, exceptions: int, of: str, yuan: int, says: str, *nexts: tuple[Mapping[str, Any], tuple[int, ...]]) -> Row:
    hits = {"unknown_facts": unknown, "exceptions": exceptions, "tier": of, "amount": yuan * YUAN}
    return Row(number, hits, {"route": says}, nexts)


HIGH, LOW, LONG, SHORT = {"ltv": Decimal("0.6001")}, {"ltv": Decimal("0.6")}, {"periods": 37}, {"periods": 36}
PRIVATE, FREIGHT, BUYING, SPENDING = (
    {"car_usage": "non_commercial"}, {"car_usage": "freight"}, {"purpose": "purchase"}, {"purpose": "consumption"})
TIER = (
    tier(1, 650, True, "B", ({"score": 649}, (3,)), ({"bureau_is_thin": False}, (2,)), ({"borrower_kind": "company"}, (2,))),
    tier(2, 650, False, "A", ({"score": 649}, (3,))), tier(3, 620, False, "B", ({"score": 619}, (4,)), ({"score": 649}, (3,))),
    tier(4, 580, False, "C", ({"score": 579}, (5,)), ({"score": 619}, (4,))), tier(5, 579, False, "D", ({"score": 580}, (4,))),
)
PRICING = (
    price(1, "A", "0.6", 36, "-0.01", (LONG, (2,)), (HIGH, (3,)), ({"tier": "B"}, (5,))),
    price(2, "A", "0.6", 37, "-0.005", (SHORT, (1,)), (HIGH, (4,))), price(3, "A", "0.6001", 36, "-0.005", (LOW, (1,)), (LONG, (4,))),
    price(4, "A", "0.6001", 37, "0", (LOW, (2,)), (SHORT, (3,))),
    price(5, "B", "0.6", 36, "0", (LONG, (6,)), (HIGH, (7,)), ({"tier": "A"}, (1,))),
    price(6, "B", "0.6", 37, "0.005", (SHORT, (5,)), (HIGH, (8,))), price(7, "B", "0.6001", 36, "0.005", (LOW, (5,)), (LONG, (8,))),
    price(8, "B", "0.6001", 37, "0.01", (LOW, (6,)), (SHORT, (7,))),
    price(9, "C", "0.6", 36, "0.015", (LONG, (10,)), (HIGH, (11,)), ({"tier": "D"}, (13,))),
    price(10, "C", "0.6", 37, "0.02", (SHORT, (9,)), (HIGH, (12,))), price(11, "C", "0.6001", 36, "0.02", (LOW, (9,)), (LONG, (12,))),
    price(12, "C", "0.6001", 37, "0.03", (LOW, (10,)), (SHORT, (11,))), price(13, "D", "0.6", 36, "0.04", ({"tier": "C"}, (9,))),
)
LIMITS = (
    limit(1, "A person consumption non_commercial", "0 200000 0.6 24 no 1 0", (BUYING, (2,)), (FREIGHT, (3,)), ({"tier": "B"}, (4,))),
    limit(2, "A person purchase non_commercial", "0.05 500000 0.6 24 no 1 0", (SPENDING, (1,)), (FREIGHT, (3,)),
          ({"car_usage": "commercial_to_private"}, (2,))),
    limit(3, "A person purchase ride_hail", "0 300000 0.6 24 no 1 1", (PRIVATE, (2,)), (SPENDING, (3,))),
    limit(4, "B person consumption commercial_to_private", "0 150000 0.5 48 no 1 1", (BUYING, (5,)), (FREIGHT, (6,))),
    limit(5, "B person business non_commercial", "0 400000 0.5 48 no 1 1", (SPENDING, (4,)), (FREIGHT, (6,)), ({"tier": "A"}, (2,))),
    limit(6, "B person purchase taxi", "-0.05 250000 0.5 48 no 1 1", (PRIVATE, (5,))),
    limit(7, "C person purchase non_commercial", "-0.1 200000 0.5 72 yes 1 2", (FREIGHT, (8,)), ({"tier": "B"}, (5,))),
    limit(8, "C person purchase rental", "-0.15 150000 0.5 72 yes 1 2", (PRIVATE, (7,))),
    limit(9, "A company business freight", "0 3000000 0.6 48 yes 1 1", ({"tier": "B"}, (10,)), ({"borrower_kind": "person"}, (3,))),
    limit(10, "B company business freight", "-0.05 2000000 0.5 72 yes 1 1", ({"tier": "A"}, (9,)), ({"tier": "C"}, (11,))),
    limit(11, "C company working_capital non_commercial", "-0.1 1000000 0.5 96 yes 1 2", ({"tier": "B"}, (10,)), ({"tier": "D"}, (12,))),
    limit(12, "D person purchase non_commercial", "-0.2 50000 0.4 120 yes 1 2", ({"tier": "C"}, (7,)), ({"borrower_kind": "company"}, (12,))),
)
ROUTE = (
    route(1, 0, 0, "D", 200_001, "decline", ({"amount": 200_000 * YUAN}, (2,)), ({"tier": "C"}, (12,))),
    route(2, 0, 0, "D", 200_000, "committee", ({"amount": 20_000_001}, (1,)), ({"tier": "C"}, (12,))),
    route(3, 0, 3, "A", 50_000, "committee", ({"exceptions": 2}, (5,)), ({"tier": "D"}, (2,))),
    route(4, 0, 1, "C", 50_000, "committee", ({"exceptions": 0}, (12,)), ({"tier": "B"}, (5,))),
    route(5, 0, 2, "A", 50_000, "double_review", ({"exceptions": 3}, (3,)), ({"exceptions": 0}, (8,)), ({"tier": "C"}, (4,))),
    route(6, 1, 0, "C", 50_000, "double_review", ({"unknown_facts": 0}, (12,)), ({"tier": "B"}, (7,))),
    route(7, 1, 0, "A", 50_000, "review", ({"unknown_facts": 0}, (8,)), ({"exceptions": 1}, (5,))),
    route(8, 0, 0, "A", 100_000, "auto_approve", ({"amount": 10_000_001}, (9,)), ({"unknown_facts": 1}, (7,)), ({"exceptions": 1}, (5,)),
          ({"tier": "B"}, (10,))),
    route(9, 0, 0, "A", 100_001, "review", ({"amount": 100_000 * YUAN}, (8,))),
    route(10, 0, 0, "B", 300_000, "review", ({"amount": 30_000_001}, (11,)), ({"tier": "A"}, (9,))),
    route(11, 0, 0, "B", 300_001, "double_review", ({"amount": 300_000 * YUAN}, (10,)), ({"tier": "C"}, (13,))),
    route(12, 0, 0, "C", 300_000, "double_review", ({"amount": 30_000_001}, (13,)), ({"tier": "B"}, (10,))),
    route(13, 0, 0, "C", 300_001, "committee", ({"amount": 300_000 * YUAN}, (12,)), ({"tier": "B"}, (11,))),
)
PICKING = {"tier": TIER, "pricing": PRICING, "limits": LIMITS, "route": ROUTE}


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, rows in PICKING.items() for case in rows], ids=str)
def test_a_row_answers_its_own_case_and_another_row_the_nearest(code: str, case: Row) -> None:
    require(code, case, {"borrower_kind": "person"})


@pytest.mark.parametrize("code", PICKING)
def test_no_row_of_a_table_that_picks_is_without_a_case(code: str) -> None:
    require_all(code, PICKING[code])


@pytest.mark.parametrize(("code", "case"), [(code, case) for code in ("tier", "limits") for case in PICKING[code]], ids=str)
def test_what_answers_for_a_person_answers_for_a_sole_trader_too(code: str, case: Row) -> None:
    if case.hits.get("borrower_kind", "person") == "person":
        assert table(code).evaluate({**case.hits, "borrower_kind": "sole_trader"}).rows_hit == (case.number,)
