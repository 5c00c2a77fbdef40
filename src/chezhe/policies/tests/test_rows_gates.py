"""Every row of the gates (pre-screen, knock-out, fraud) with a case that it alone catches and the nearest one that it lets go.

The figures are those of the policy as people know it; nothing is read from the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from chezhe.policies.tests.rows import Row, require, require_all, table

NONE: tuple[int, ...] = ()
CAR = {
    "product": "P02", "car_age_months": 30, "car_mileage_km": 56_000, "car_mileage_conflict": False, "car_title_clear": True,
    "car_mortgaged_elsewhere": False, "car_vin_match": True, "car_plate_match": True, "car_major_accident": False, "car_flood": False,
    "car_fire": False, "car_insured": True, "ltv": Decimal("0.65"), "forward_ltv_max": Decimal("0.8"), "same_vin_applications": 0,
    "watch_list_hit": False, "parties_barred": False, "parties_in_arrears": False, "parties_listed": False, "on_blacklist": False,
    "purpose": "business", "channel": "direct", "guarantor_applications": 0, "plate_other_vins": 0,
}
PERSON: dict[str, Any] = CAR | {
    "borrower_kind": "person", "age_years": 35, "is_local": True, "id_verified": True, "face_verified": True, "card_verified": True,
    "has_enforcement": False, "has_consumption_ban": False, "has_court_case": False, "bureau_overdue_now": False,
    "bureau_overdue_amount_now": 0, "bureau_bad_debt": False, "bureau_missed_in_row_24m": 0, "bureau_missed_total_24m": 0,
    "lenders_applied_30d": 0, "lenders_applied_90d": 0, "bureau_hard_inquiries_3m": 0, "dti": Decimal("0.4"),
    "income_verified_monthly": 1_000_000, "income_gap_rate": Decimal("0.1"), "income_contradicted": False, "flow_interest_ok": True, "phone_name_match": True,
    "phone_months": 60, "flow_is_continuous": True, "flow_gambling_amount": 0, "same_phone_people": 0, "same_device_people": 0,
    "same_card_people": 0, "same_address_people": 0, "same_employer_phone_people": 0, "ring_size": 1, "ring_bad_rate": Decimal(0),
    "employer_bad_people": 0, "employer_bad_rate": Decimal(0),
    "trade_is_own": True, "trade_status": "active", "trade_months": 60, "trade_tax_arrears": 0,
}
COMPANY: dict[str, Any] = CAR | {
    "borrower_kind": "company", "company_status": "active", "company_months": 60, "company_has_enforcement": False, "tax_arrears": 0,
    "company_overdue_now": False, "company_bad_debt": False, "debt_ratio": Decimal("0.5"), "interest_cover": Decimal(4),
    "revenue_tax_gap_rate": Decimal("0.05"), "revenue_flow_gap_rate": Decimal("0.05"), "beneficial_owner_unknown": False, "same_phone_companies": 0, "owners_on_blacklist": False,
}
AT_DEALER = {"purpose": "purchase", "channel": "dealer", "dealer_status": "active", "dealer_months": 24,
             "dealer_first_payment_default_rate": Decimal("0.01")}


def row(number: int, hits: Mapping[str, Any], says: str, *nexts: tuple[Mapping[str, Any], tuple[int, ...]]) -> Row:
    outcome, reason = says.split()
    return Row(number, hits, [{"outcome": outcome, "reason": reason}], nexts)


def flag(number: int, code: str, bad: bool, says: str, **more: Any) -> Row:
    """A row about a yes or no: the other answer passes."""
    return row(number, {code: bad, **more}, says, ({code: not bad}, NONE))


def used_only(number: int, code: str, bad: bool, says: str) -> Row:
    """The same of a used car; of a new one nobody asks."""
    return row(number, {code: bad}, says, ({code: not bad}, NONE), ({"product": "P01"}, NONE))


def limit(number: int, code: str, over: Any, still: Any, says: str, **more: Any) -> Row:
    """A row about a limit: the first value over it, and the last that passes."""
    return row(number, {code: over, **more}, says, ({code: still}, NONE))


FIRM = {"borrower_kind": "company"}
TRADE = {"borrower_kind": "sole_trader"}
PRESCREEN = (
    limit(1, "age_years", 17, 18, "decline R01"), limit(2, "age_years", 66, 65, "refer R01"),
    row(3, {"company_status": "suspended", **FIRM}, "decline R01", ({"company_status": "active"}, NONE)),
    limit(4, "company_months", 11, 12, "refer R01", **FIRM),
    flag(5, "trade_is_own", False, "decline R26", **TRADE),
    row(6, {"trade_status": "revoked", **TRADE}, "decline R26", ({"trade_status": "active"}, NONE), ({"trade_status": "suspended"}, (6,)),
        ({"borrower_kind": "person"}, NONE)),
    row(7, {"trade_months": 5, **TRADE}, "decline R26", ({"trade_months": 6}, (8,)), ({"borrower_kind": "person"}, NONE)),
    row(8, {"trade_months": 6, **TRADE}, "refer R26", ({"trade_months": 12}, NONE), ({"trade_months": 11}, (8,)), ({"trade_months": 5}, (7,))),
    flag(9, "on_blacklist", True, "decline R03"),
    row(10, {"purpose": "working_capital"}, "decline R18", ({"purpose": "business"}, NONE), (FIRM, NONE)),
    row(11, {"purpose": "consumption", **FIRM}, "decline R18", ({"purpose": "working_capital"}, NONE), ({"borrower_kind": "person"}, NONE)),
    row(12, {"purpose": "consumption", **TRADE}, "decline R18", ({"purpose": "business"}, NONE), ({"borrower_kind": "person"}, NONE)),
    flag(13, "is_local", False, "refer R19"),
    row(14, {**AT_DEALER, "dealer_status": "suspended"}, "decline R23", ({"dealer_status": "active"}, NONE), ({"channel": "direct"}, NONE),
        ({"purpose": "consumption"}, NONE), ({"dealer_status": "exited"}, (14,))),
    row(15, {**AT_DEALER, "dealer_months": 6, "dealer_first_payment_default_rate": Decimal("0.0501")}, "refer R23",
        ({"dealer_first_payment_default_rate": Decimal("0.05")}, NONE), ({"dealer_months": 5}, NONE), ({"channel": "direct"}, NONE)),
    row(16, {"car_age_months": 121}, "decline R13", ({"car_age_months": 120}, (17,)), ({"product": "P01"}, NONE)),
    row(17, {"car_age_months": 97}, "refer R13", ({"car_age_months": 96}, NONE), ({"car_age_months": 120}, (17,)), ({"product": "P01"}, NONE)),
)
OVERDUE = {"bureau_overdue_now": True}
KNOCKOUT = (
    flag(1, "id_verified", False, "decline R01"), flag(2, "face_verified", False, "refer R01"), flag(3, "card_verified", False, "refer R01"),
    flag(4, "has_enforcement", True, "decline R04"), flag(5, "has_consumption_ban", True, "decline R04"),
    flag(6, "has_court_case", True, "refer R04"),
    flag(7, "company_has_enforcement", True, "decline R04", **FIRM), limit(8, "tax_arrears", 1, 0, "refer R04", **FIRM),
    limit(9, "trade_tax_arrears", 1, 0, "refer R04", **TRADE),
    row(10, {**OVERDUE, "bureau_overdue_amount_now": 100_001}, "decline R05", ({"bureau_overdue_amount_now": 100_000}, (11,)),
        ({"bureau_overdue_now": False}, NONE)),
    row(11, {**OVERDUE, "bureau_overdue_amount_now": 100_000}, "refer R05", ({"bureau_overdue_amount_now": 100_001}, (10,)),
        ({"bureau_overdue_now": False}, NONE)),
    flag(12, "bureau_bad_debt", True, "decline R05"),
    flag(13, "company_overdue_now", True, "decline R05", **FIRM), flag(14, "company_bad_debt", True, "refer R05", **FIRM),
    row(15, {"bureau_missed_in_row_24m": 3}, "decline R06", ({"bureau_missed_in_row_24m": 2}, (17,))),
    limit(16, "bureau_missed_total_24m", 6, 5, "decline R06"),
    row(17, {"bureau_missed_in_row_24m": 2, "bureau_missed_total_24m": 5}, "refer R06", ({"bureau_missed_in_row_24m": 1}, NONE),
        ({"bureau_missed_total_24m": 6}, (16,)), ({"bureau_missed_in_row_24m": 3}, (15,))),
    row(18, {"lenders_applied_30d": 8}, "decline R07", ({"lenders_applied_30d": 7}, (19,))),
    row(19, {"lenders_applied_30d": 4}, "refer R07", ({"lenders_applied_30d": 3}, NONE), ({"lenders_applied_30d": 8}, (18,))),
    row(20, {"lenders_applied_30d": 3, "lenders_applied_90d": 15}, "refer R07", ({"lenders_applied_90d": 14}, NONE),
        ({"lenders_applied_30d": 4}, (19,))),
    limit(21, "bureau_hard_inquiries_3m", 7, 6, "decline R08"), limit(22, "dti", Decimal("0.6001"), Decimal("0.6"), "decline R09"),
    limit(23, "debt_ratio", Decimal("0.7001"), Decimal("0.7"), "refer R09", **FIRM),
    limit(24, "interest_cover", Decimal("1.4999"), Decimal("1.5"), "refer R09", **FIRM),
    limit(25, "income_verified_monthly", 199_999, 200_000, "decline R11"),
    limit(26, "income_gap_rate", Decimal("0.5001"), Decimal("0.5"), "refer R11"), flag(27, "flow_interest_ok", False, "refer R11"),
    row(28, {"revenue_tax_gap_rate": Decimal("0.2001"), **FIRM}, "refer R11", ({"revenue_tax_gap_rate": Decimal("0.2")}, NONE),
        ({"revenue_tax_gap_rate": Decimal("-0.2")}, NONE), ({"revenue_tax_gap_rate": Decimal("-0.2001")}, (28,))),
    row(29, {"revenue_flow_gap_rate": Decimal("0.2001"), **FIRM}, "refer R11", ({"revenue_flow_gap_rate": Decimal("0.2")}, NONE),
        ({"revenue_flow_gap_rate": Decimal("-0.2")}, NONE), ({"revenue_flow_gap_rate": Decimal("-0.2001")}, (29,))),
    row(30, {"car_mileage_km": 200_001}, "decline R13", ({"car_mileage_km": 200_000}, NONE), ({"product": "P01"}, NONE)),
    used_only(31, "car_mileage_conflict", True, "refer R13"), used_only(32, "car_title_clear", False, "decline R14"),
    used_only(33, "car_mortgaged_elsewhere", True, "decline R14"), limit(34, "ltv", Decimal("1.0001"), Decimal(1), "decline R15"),
    limit(35, "forward_ltv_max", Decimal("1.1001"), Decimal("1.1"), "refer R15"), used_only(36, "car_vin_match", False, "decline R16"),
    used_only(37, "car_plate_match", False, "decline R16"), used_only(38, "car_major_accident", True, "decline R17"),
    used_only(39, "car_flood", True, "decline R17"), used_only(40, "car_fire", True, "decline R17"),
    used_only(41, "car_insured", False, "refer R20"), flag(42, "watch_list_hit", True, "decline R22"),
    flag(43, "beneficial_owner_unknown", True, "refer R22", **FIRM), flag(44, "parties_barred", True, "refer R04"),
    flag(45, "parties_in_arrears", True, "refer R05"), flag(46, "parties_listed", True, "decline R22"),
    # The gap to the verified income alone lets it go: it alone catches it.
    row(47, {"income_contradicted": True, "income_gap_rate": Decimal("0.5")}, "refer R11", ({"income_contradicted": False}, NONE), (FIRM, NONE)),
)
FRAUD = (
    flag(1, "phone_name_match", False, "refer R12"), limit(2, "phone_months", 2, 3, "refer R12"),
    flag(3, "flow_is_continuous", False, "refer R12"),
    row(4, {"flow_gambling_amount": 1}, "refer R12", ({"flow_gambling_amount": 0}, NONE), ({"flow_gambling_amount": 499_999}, (4,)),
        ({"flow_gambling_amount": 500_000}, (5,))),
    row(5, {"flow_gambling_amount": 500_000}, "decline R12", ({"flow_gambling_amount": 499_999}, (4,))),
    limit(6, "same_phone_people", 1, 0, "refer R12"),
    row(7, {"same_device_people": 2}, "refer R12", ({"same_device_people": 1}, NONE), ({"same_device_people": 4}, (7,)),
        ({"same_device_people": 5}, (8,))),
    row(8, {"same_device_people": 5}, "decline R12", ({"same_device_people": 4}, (7,))),
    limit(9, "same_card_people", 1, 0, "refer R12"), limit(10, "same_address_people", 6, 5, "refer R12"),
    limit(11, "same_employer_phone_people", 10, 9, "refer R12"),
    row(12, {"same_vin_applications": 1}, "refer R12", ({"same_vin_applications": 0}, NONE), (FIRM, (12,))),
    row(13, {"ring_size": 5, "ring_bad_rate": Decimal("0.2001")}, "decline R12", ({"ring_size": 4}, NONE),
        ({"ring_bad_rate": Decimal("0.2")}, NONE)),
    row(14, {"ring_size": 10, "ring_bad_rate": Decimal("0.2")}, "refer R12", ({"ring_size": 9}, NONE),
        ({"ring_bad_rate": Decimal("0.2001")}, (13,))),
    row(15, {"same_phone_companies": 1, **FIRM}, "refer R12", ({"same_phone_companies": 0}, NONE), ({"borrower_kind": "person"}, NONE)),
    row(16, {"same_card_people": 1, **FIRM}, "refer R12", ({"same_card_people": 0}, NONE), ({"borrower_kind": "person"}, (9,))),
    flag(17, "owners_on_blacklist", True, "decline R03", **FIRM),
    row(18, {"ring_size": 5, "ring_bad_rate": Decimal("0.2001"), **FIRM}, "decline R12", ({"ring_size": 4}, (20,)),
        ({"ring_bad_rate": Decimal("0.2")}, (19,)), ({"borrower_kind": "person"}, (13,))),
    row(19, {"ring_size": 5, "ring_bad_rate": Decimal("0.2"), **FIRM}, "refer R12", ({"ring_bad_rate": Decimal("0.2001")}, (18,)),
        ({"ring_bad_rate": Decimal(0)}, NONE), ({"ring_size": 4}, (20,)), ({"borrower_kind": "person"}, NONE)),
    row(20, {"ring_size": 2, "ring_bad_rate": Decimal("0.0001"), **FIRM}, "refer R12", ({"ring_bad_rate": Decimal(0)}, NONE),
        ({"ring_size": 5}, (19,)), ({"ring_size": 1}, NONE), ({"borrower_kind": "person"}, NONE)),
    row(21, {"guarantor_applications": 3}, "refer R12", ({"guarantor_applications": 2}, NONE), (FIRM, (21,))),
    row(22, {"plate_other_vins": 1}, "refer R12", ({"plate_other_vins": 0}, NONE), (FIRM, (22,))),
    row(23, {"employer_bad_people": 3, "employer_bad_rate": Decimal("0.2001")}, "refer R12", ({"employer_bad_people": 2}, NONE),
        ({"employer_bad_rate": Decimal("0.2")}, NONE), (FIRM, NONE)),
)
GATES = {"prescreen": PRESCREEN, "knockout": KNOCKOUT, "fraud": FRAUD}


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, rows in GATES.items() for case in rows], ids=str)
def test_a_row_catches_its_own_case_alone_and_lets_the_nearest_go(code: str, case: Row) -> None:
    require(code, case, COMPANY | PERSON if case.hits.get("borrower_kind") != "company" else PERSON | COMPANY)


@pytest.mark.parametrize("code", GATES)
def test_no_row_of_a_gate_is_without_a_case(code: str) -> None:
    require_all(code, GATES[code])


@pytest.mark.parametrize("code", GATES)
@pytest.mark.parametrize("clean", [PERSON, COMPANY], ids=["person", "company"])
def test_whoever_is_clean_passes(code: str, clean: dict[str, Any]) -> None:
    assert table(code).evaluate({**COMPANY, **PERSON, **clean}).rows_hit == ()


def test_a_clean_sole_trader_passes_every_gate() -> None:
    for code in GATES:
        assert table(code).evaluate({**COMPANY, **PERSON, **TRADE}).rows_hit == (), code


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, rows in GATES.items() for case in rows], ids=str)
def test_what_catches_a_person_catches_a_sole_trader_too(code: str, case: Row) -> None:
    """Working capital is a company's purpose: of a sole trader another row says so."""
    if "borrower_kind" in case.hits or case.hits == {"purpose": "working_capital"}:
        return
    assert case.number in table(code).evaluate({**COMPANY, **PERSON, **case.hits, **TRADE}).rows_hit


@pytest.mark.parametrize("name", ["trade_is_own", "trade_status", "trade_months"])
def test_a_trade_that_nobody_could_tell_of_is_looked_at_and_named(name: str) -> None:
    found = table("prescreen").evaluate({**COMPANY, **PERSON, **TRADE, name: None})
    assert found.outcome == "refer" and found.unknown == (name,)
    assert table("prescreen").evaluate({**COMPANY, **PERSON, name: None}).outcome == "none"


def test_of_a_trade_that_somebody_else_runs_no_more_need_be_known() -> None:
    found = table("prescreen").evaluate({
        **COMPANY, **PERSON, **TRADE, "trade_is_own": False, "trade_status": None, "trade_months": None})
    assert (found.outcome, found.rows_hit) == ("matched", (5,))
