"""Bank statements: read whatever the bank, and judged by what an honest one must show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.flows import analysis, cells, files, findings, reading
from chezhe.risk.facts.flows.analysis import Analysis
from chezhe.risk.facts.flows.reading import NotAFlow
from chezhe.risk.tests import statements as made
from chezhe.risk.tests.statements import FIRM, HOLDER, Move, honest, move, printed

AUGUST = date(2025, 8, 1)


def judged(moves: list[Move], layout: str = "icbc", name: str = HOLDER, **more: Any) -> Analysis:
    return analysis.analyse(reading.read(printed(moves, layout, **more)), name=name)


def codes(found: Analysis) -> list[str]:
    return [one.code for one in findings.findings(found)]


@pytest.mark.parametrize("layout", ["icbc", "abc", "boc", "ccb"])
@pytest.mark.parametrize("newest_first", [False, True])
def test_an_honest_statement_of_four_banks_tells_the_same(layout: str, newest_first: bool) -> None:
    found = judged(honest(), layout, newest_first=newest_first)
    assert found.flow.layout == layout and found.flow.holder == HOLDER and found.flow.account == made.ACCOUNT
    assert found.is_proof and found.broken is None and found.interest_ok
    assert analysis.facts(found) == {
        "flow_months": 7, "flow_duplicates": 0, "flow_gambling_amount": 0, "flow_lender_debits_monthly": 0, "flow_in_and_out_24h": 0,
        "flow_is_continuous": True, "flow_average_balance": found.average_balance, "flow_interest_ok": True, "flow_top_share": Decimal("1.0000"),
        "flow_monthly_inflow": 12_800_00, "flow_monthly_outflow": 6_500_00, "salary_months_6m": 6, "income_statement_monthly": 12_850_00,
    }


@pytest.mark.parametrize("layout", ["icbc", "abc", "boc", "ccb"])
@pytest.mark.parametrize(("kind", "written"), [
    ("csv", made.csv_of), ("csv", lambda grid: made.csv_of(grid, "utf-8-sig")), ("xlsx", made.xlsx_of), ("pdf", made.pdf_of)])
def test_it_reads_every_file_a_bank_gives_out(layout: str, kind: str, written: Any) -> None:
    grid = printed(honest(), layout)
    read, wanted = reading.read(files.grid_of(written(grid), kind)), reading.read(grid)
    assert [replace(line, row=0) for line in read.lines] == [replace(line, row=0) for line in wanted.lines]
    assert (read.holder, read.account, read.from_on, read.to_on) == (wanted.holder, wanted.account, wanted.from_on, wanted.to_on)


def test_every_fact_of_a_statement_stands_in_the_catalogue() -> None:
    for code, value in analysis.facts(judged(honest())).items():
        assert CATALOGUE[code].read(value) == value


def test_a_balance_that_does_not_follow_is_named_with_its_line() -> None:
    grid = printed(honest())
    grid[9][9] = "99,999.00"
    found = analysis.analyse(reading.read(grid), name=HOLDER)
    assert found.broken is not None and found.broken.row == 10 and found.broken.printed == 99_999_00
    told = analysis.facts(found)
    assert told["flow_is_continuous"] is False and "income_statement_monthly" not in told and "salary_months_6m" not in told
    assert codes(found)[0] == "broken"


def test_a_raised_wage_breaks_the_balance_even_when_it_is_the_last_line() -> None:
    grid = printed(honest())
    grid[-2][8] = "+90,000.00"
    assert analysis.analyse(reading.read(grid), name=HOLDER).broken is not None


def test_a_statement_without_the_banks_interest_proves_nothing() -> None:
    found = judged([one for one in honest() if one.summary != "结息"])
    assert found.interest_ok is False and not found.is_proof and "interest_missing" in codes(found)
    assert analysis.facts(found)["flow_interest_ok"] is False


def test_interest_that_no_bank_would_pay_is_strange() -> None:
    found = judged([replace(one, amount=900_00) if one.summary == "结息" else one for one in honest()])
    assert found.interest_ok is False and "interest_strange" in codes(found)


def test_interest_on_another_day_is_no_interest_of_the_quarter() -> None:
    found = judged(sorted([replace(one, at=one.at + timedelta(days=3)) if one.summary == "结息" else one for one in honest()], key=lambda m: m.at))
    assert found.interest_ok is False


def test_a_line_that_stands_twice_is_told_and_counted_once() -> None:
    grid = printed(honest())
    grid.insert(10, list(grid[9]))
    found = analysis.analyse(reading.read(grid), name=HOLDER)
    assert len(found.flow.duplicates) == 1 and analysis.facts(found)["flow_duplicates"] == 1
    assert not found.is_proof and found.broken is None


def test_money_to_and_fro_on_one_day_is_no_duplicate() -> None:
    pair = [move(AUGUST, 12, 100_00, "张三", "", "转账", 0), move(AUGUST, 12, -100_00, "张三", "", "转账", 0)] * 2
    found = judged(sorted([*honest(), *pair], key=lambda one: one.at.date()), "ccb")
    assert not found.flow.duplicates and found.broken is None


def test_a_statement_of_somebody_else_proves_no_income() -> None:
    found = judged(honest(), name="王小明")
    assert not found.is_proof and "another_holder" in codes(found) and "income_statement_monthly" not in analysis.facts(found)


def test_two_months_are_too_short() -> None:
    found = judged(honest(months=2))
    assert not found.is_proof and "too_short" in codes(found)


def test_transfers_between_own_accounts_and_loans_are_no_income() -> None:
    more = [move(AUGUST, 12, 50_000_00, HOLDER, "6228480000000000001", "转账"), move(AUGUST, 13, 80_000_00, "某某小额贷款有限公司", "", "放款")]
    found = judged(sorted([*honest(), *more], key=lambda one: one.at))
    assert found.sums[0].inflow == 12_500_00 and "loans_received" in codes(found)


def test_a_friend_who_pays_every_month_is_no_employer() -> None:
    moves = [replace(one, party="赵六", summary="转账") if one.summary == "代发工资" else one for one in honest()]
    found = judged(moves)
    assert not found.salaries and found.friends == ("赵六",) and "friend_pays" in codes(found)
    assert found.income_kind == "takings" and found.income == 12_700_00


def test_a_traders_goods_are_taken_from_the_takings_of_the_leaner_months() -> None:
    moves = []
    for number in range(6):
        month = date(2025, 8 + number, 1) if number < 5 else date(2026, 1, 1)
        moves += [move(month, 5, (20_000 + 1_000 * number) * 100, "张三", "", "转账"), move(month, 9, -8_000_00, "批发市场经营部", "", "货款")]
    found = judged(moves)
    assert found.income_kind == "takings" and found.income == 13_000_00 and found.parts.passing == ()


def test_wages_that_jump_about_are_no_wages() -> None:
    sums = iter([9_000_00, 30_000_00, 4_000_00, 22_000_00, 7_000_00, 15_000_00, 50_000_00])
    moves = [replace(one, amount=next(sums)) if one.summary == "代发工资" else one for one in honest()]
    assert not judged(moves).salaries


def test_wages_of_months_that_failed_lower_the_average() -> None:
    moves = [one for one in honest() if not (one.summary == "代发工资" and one.at.month in (11, 12))]
    told = analysis.facts(judged(moves))
    assert told["salary_months_6m"] == 4 and told["income_statement_monthly"] == 8_566_66


def test_gambling_and_lenders_are_counted() -> None:
    more = [move(date(2025, 10, 1), 3, -5_000_00, "幸运娱乐城", "", "充值"), move(date(2025, 11, 1), 3, -1_200_00, "马上消费金融股份有限公司", "", "还款")]
    told = analysis.facts(judged(sorted([*honest(), *more], key=lambda one: one.at)))
    assert told["flow_gambling_amount"] == 5_000_00 and told["flow_lender_debits_monthly"] == 200_00


def test_a_large_sum_that_leaves_again_within_a_day_passed_through_and_is_no_income() -> None:
    more = [move(date(2025, 10, 1), 3, 60_000_00, "李四", "", "转账", 9), move(date(2025, 10, 1), 4, -59_000_00, "周五", "", "转账", 8)]
    found = judged(sorted([*honest(), *more], key=lambda one: one.at))
    assert found.passed_through == 60_000_00 and found.sums[2].inflow == 12_700_00
    late = [more[0], replace(more[1], at=more[0].at + timedelta(hours=25))]
    assert judged(sorted([*honest(), *late], key=lambda one: one.at)).passed_through == 0


@pytest.mark.parametrize(("grid", "code"), [
    ([["hello"]], "unknown_layout"), ([], "unknown_layout"), (printed(honest())[:4], "no_lines"),
    ([*printed(honest())[:4], ["2025-13-40", *[""] * 7, "1.00", "2.00", "", "", ""]], "line"),
    ([*printed(honest())[:4], ["2025-08-01", *[""] * 7, "many", "2.00", "", "", ""]], "line"),
    ([*printed(honest())[:4], ["2025-08-01", *[""] * 7, "1.00", "=1+1", "", "", ""]], "line"),
])
def test_a_file_that_is_no_statement_is_refused_with_the_place(grid: list[list[str]], code: str) -> None:
    with pytest.raises(NotAFlow) as refusal:
        reading.read(grid)
    assert refusal.value.code == code and (refusal.value.row == 5 if code == "line" else True)


@pytest.mark.parametrize(("text", "fen"), [
    ("+1,234.50", 123450), ("-3", -300), ("￥ 0.07", 7), ("1234.5", 123450), ("1,23", None), ("", None), ("1e5", None), ("0.001", None),
    ("99999999999999", None), ("12.340", 1234), ("−5.00", -500), ("１", None)])
def test_sums_are_read_to_the_fen_or_not_at_all(text: str, fen: int | None) -> None:
    assert cells.fen(text) == fen


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04broken", b"%PDF-1.4 broken"])
def test_a_broken_file_is_refused_and_does_not_crash(data: bytes) -> None:
    for kind in ("csv", "xlsx", "pdf"):
        with pytest.raises(NotAFlow):
            reading.read(files.grid_of(data, kind))


def test_the_employer_is_named() -> None:
    found = judged(honest())
    assert [(one.payer, one.months, one.middle) for one in found.salaries] == [(FIRM, found.months[-6:], 12_850_00)]
