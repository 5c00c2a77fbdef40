"""How sure a suggestion is, and why; and a day added up: pure values."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.payments.reconciliation import rules, suggesting
from chezhe.payments.reconciliation.rules import Flow, Gap, Piece, Stated
from chezhe.payments.reconciliation.suggesting import Sight

DAY = date(2026, 3, 16)
BANK, BOOKS = frozenset(["bank"]), frozenset(["ledger"])


def sight(key: int, sides: frozenset[str], fen: int = 100_000, days: int = 0, name: str = "", tail: str = "", words: str = "") -> Sight:
    return Sight(key, sides, DAY + timedelta(days=days), fen, frozenset([name] if name else []), frozenset([tail] if tail else []), words)


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("王建国", "王建国", 2), ("王*国", "王建国", 1), ("*建国", "王建国", 1), ("王*", "王建国", 0), ("王*国", "李建国", 0), ("", "王建国", 0),
    ("杭州某某(中国)公司", "杭州某某（中国）公司", 2), ("王建军", "王建国", 0),
])
def test_names_are_compared_star_by_star(one: str, other: str, alike: int) -> None:
    assert suggesting.likeness(one, other) == suggesting.likeness(other, one) == alike


def test_confidence_is_the_sum_of_what_agrees_with_its_reasons() -> None:
    said = suggesting.compare(sight(1, BANK, name="王*国", tail="0004", words="还款 L26-000123-7"),
                              sight(2, BOOKS, days=1, name="王建国", tail="0004", words="loan:L26-000123-7"))
    assert said is not None and said.confidence == suggesting.CONFIDENCE_MAX
    assert [(r.code, r.points, r.given) for r in said.reasons] == [
        ("amount", 45, ""), ("days_apart", 16, "1"), ("name_masked", 9, ""), ("tail", 12, "0004"), ("token", 25, "L26-000123-7"),
    ]
    fee = suggesting.compare(sight(1, BANK, 99_900), sight(2, BOOKS, 100_000, name="x", words="L26-000123-7"))
    assert fee is None  # 15 for a near sum and 20 for the day are too little


@pytest.mark.parametrize("other", [sight(2, BANK), sight(2, BOOKS, -100_000), sight(2, BOOKS, days=11), sight(2, BOOKS, 150_000)])
def test_what_cannot_be_the_same_money_is_never_suggested(other: Sight) -> None:
    assert suggesting.compare(sight(1, BANK), other) is None


def test_equal_rivals_are_shown_and_kept_from_bulk() -> None:
    found = suggesting.suggestions([sight(1, BANK), sight(2, BOOKS), sight(3, BOOKS), sight(4, BANK, 777), sight(5, BOOKS, 777)])
    assert [(s.first, s.second) for s in found] == [(1, 2), (1, 3), (4, 5)]
    assert [(s.first, s.second) for s in suggesting.unrivalled(found)] == [(4, 5)]
    assert not suggesting.suggestions([sight(1, BANK), sight(2, BOOKS)], apart=frozenset([(1, 2)]))


@pytest.mark.parametrize(("pieces", "channel", "kind"), [
    ([("bank", 100), ("ledger", 100)], False, ""), ([("bank", 100), ("ledger", 100)], True, "channel_missing"),
    ([("bank", 100)], False, "bank_only"), ([("ledger", 100), ("ledger", -100)], False, ""), ([("channel", 100)], True, "channel_only"),
    ([("ledger", 100), ("channel", 100)], True, "bank_missing"), ([("bank", 100), ("channel", 100)], False, "ledger_missing"),
    ([("bank", 101), ("ledger", 100)], False, "amount_differs"), ([("bank", 100), ("ledger", 100), ("channel", 99)], True, "amount_differs"),
    ([("bank", 100), ("ledger", 100), ("channel", 100), ("channel", 100)], True, "doubled"),
    ([("bank", -100), ("ledger", -100), ("channel", -100), ("channel", -100)], True, "doubled"),
    ([("bank", 100), ("bank", -100), ("ledger", 100)], False, "amount_differs"),
])
def test_how_the_sides_disagree(pieces: list[tuple[str, int]], channel: bool, kind: str) -> None:
    said = rules.judge([Piece(side, DAY, fen) for side, fen in pieces], expects_channel=channel, days_max=3)
    assert said.kind == kind


@pytest.mark.parametrize(("age", "bucket"), [(0, "fresh"), (1, "fresh"), (2, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "old"), (900, "old")])
def test_every_age_has_its_drawer(age: int, bucket: str) -> None:
    assert rules.bucket_of(age) == bucket


_FLOWS = st.dictionaries(st.integers(0, 9), st.builds(Flow, st.integers(0, 10**6), st.integers(0, 10**6)), max_size=8)
_STATED = st.dictionaries(st.integers(0, 9), st.tuples(st.integers(-10**6, 10**6), st.integers(-10**6, 10**6)), max_size=5)


@given(_FLOWS, _STATED)
def test_closing_is_lines_and_gaps_and_what_stood_there_before(flows: dict[int, Flow], stated: dict[int, tuple[int, int]]) -> None:
    days = {DAY + timedelta(days=d): flow for d, flow in flows.items()}
    rows = [Stated(DAY + timedelta(days=d), opening, closing) for d, (opening, closing) in stated.items()]
    side = rules.bank_side(rows, days, DAY + timedelta(days=9))
    assert side.closing_fen == side.anchor_fen + sum(f.net_fen for f in days.values()) + sum(gap.fen for gap in side.gaps)
    last = max(rows, key=lambda row: row.on, default=None)
    if last is not None:
        assert side.closing_fen == last.closing_fen + sum(f.net_fen for day, f in days.items() if day > last.on)


def test_a_day_that_no_statement_covers_is_a_gap_before_the_next() -> None:
    rows = [Stated(DAY, 0, 100), Stated(DAY + timedelta(days=2), 150, 160)]
    side = rules.bank_side(rows, {DAY: Flow(100, 0), DAY + timedelta(days=2): Flow(10, 0)}, DAY + timedelta(days=3))
    assert (side.gaps, side.closing_fen, side.stated_fen) == ((Gap(DAY + timedelta(days=2), 50, True),), 160, None)
