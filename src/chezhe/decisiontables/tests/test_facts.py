"""Facts of the wrong kind are unknown, with the reason in the trace; none of them can raise."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.facts import READERS
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, Type


class Kind(StrEnum):
    NEW = "new"


@pytest.mark.parametrize(
    ("type", "fact", "value"),
    [
        (Type.NUMBER, 5, 5), (Type.NUMBER, Decimal("0.4337"), Decimal("0.4337")), (Type.NUMBER, Decimal("1.00000000000000"), Decimal(1)),
        (Type.INTEGER, 0, 0), (Type.INTEGER, Decimal("12.00"), 12), (Type.TEXT, "新车", "新车"), (Type.TEXT, Kind.NEW, "new"),
        (Type.BOOLEAN, False, False), (Type.DATE, date(2026, 1, 31), date(2026, 1, 31)), (Type.DATE, "2026-01-31", date(2026, 1, 31)),
        (Type.DATETIME, "2026-01-31T08:00:00+08:00", datetime.fromisoformat("2026-01-31T00:00:00+00:00")),
    ],
)  # fmt: skip
def test_a_fact_of_its_type_is_known(type: Type, fact: Any, value: Any) -> None:
    found, reason = READERS[type](fact)
    assert (found, reason) == (value, "")


@pytest.mark.parametrize(
    ("type", "fact", "reason"),
    [
        (Type.NUMBER, "650", "wrong_type"), (Type.NUMBER, "0.4337", "wrong_type"), (Type.NUMBER, True, "wrong_type"), (Type.NUMBER, 0.5, "wrong_type"),
        (Type.NUMBER, float("nan"), "wrong_type"), (Type.NUMBER, float("inf"), "wrong_type"), (Type.NUMBER, Decimal("NaN"), "not_finite"),
        (Type.NUMBER, Decimal("sNaN"), "not_finite"), (Type.NUMBER, Decimal("-Infinity"), "not_finite"), (Type.NUMBER, Decimal("1e999999999"), "out_of_bounds"),
        (Type.NUMBER, Decimal("1e-999999999"), "too_fine"), (Type.NUMBER, Decimal(1) / 3, "too_fine"), (Type.NUMBER, 10**14, "out_of_bounds"),
        (Type.NUMBER, 10**400, "out_of_bounds"), (Type.INTEGER, Decimal("1.5"), "not_whole_fact"), (Type.INTEGER, 650.0, "wrong_type"),
        (Type.INTEGER, True, "wrong_type"), (Type.TEXT, "", "empty_text"), (Type.TEXT, "  \t", "empty_text"), (Type.TEXT, 5, "wrong_type"),
        (Type.TEXT, ["a"], "wrong_type"), (Type.BOOLEAN, 1, "wrong_type"), (Type.BOOLEAN, "true", "wrong_type"), (Type.DATE, "31.01.2026", "wrong_type"),
        (Type.DATE, "2026-02-30", "wrong_type"), (Type.DATE, datetime(2026, 1, 31), "wrong_type"), (Type.DATE, 20260131, "wrong_type"),
        (Type.DATETIME, datetime(2026, 1, 31), "no_zone"), (Type.DATETIME, date(2026, 1, 31), "wrong_type"), (Type.DATETIME, "2026-01-31", "wrong_type"),
    ],
)  # fmt: skip
def test_a_fact_of_the_wrong_kind_is_unknown_and_says_why(type: Type, fact: Any, reason: str) -> None:
    assert READERS[type](fact) == (None, reason)
    table = Table("t", HitPolicy.FIRST, (Column("x", type),), (Column("out", Type.TEXT),), (Rule(("null",), ('"approve"',)),))
    result = compile_table(table).evaluate({"x": fact})
    assert (result.outcome, result.unknown, result.trace.facts[0].reason) == ("refer", ("x",), reason)


def test_a_fact_outside_the_values_of_its_column_is_unknown() -> None:
    columns = (Column("car", Type.TEXT, values=("new", "used")), Column("age", Type.INTEGER, values=("[18..70]",)))
    rules = (Rule(('not("used")', "-"), ('"approve"',)),)
    compiled = compile_table(Table("t", HitPolicy.FIRST, columns, (Column("out", Type.TEXT),), rules))
    assert compiled.evaluate({"car": "neww", "age": 30}).outcome == "refer"
    assert compiled.evaluate({"car": "neww", "age": 30}).trace.facts[0].reason == "not_allowed"
    assert compiled.evaluate({"car": "new", "age": -3}).outcome == "matched"  # nobody asked


def test_zero_and_false_are_facts() -> None:
    columns = (Column("income", Type.INTEGER), Column("listed", Type.BOOLEAN))
    rules = (Rule(("> 0", "-"), ('"approve"',)), Rule(("-", "false"), ('"decline"',)))
    compiled = compile_table(Table("t", HitPolicy.FIRST, columns, (Column("out", Type.TEXT),), rules))
    assert compiled.evaluate({"income": 0, "listed": False}).outputs == {"out": "decline"}


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary(), st.dates(), st.datetimes(), st.complex_numbers()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=3,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(Type), ANYTHING)
def test_nothing_that_is_given_as_a_fact_raises(type: Type, fact: Any) -> None:
    table = Table("t", HitPolicy.FIRST, (Column("x", type),), (Column("out", Type.TEXT),), (Rule(("not(null)",), ('"known"',)),))
    result = compile_table(table).evaluate({"x": fact})
    assert (result.outcome == "matched") == (READERS[type](fact)[0] is not None)
