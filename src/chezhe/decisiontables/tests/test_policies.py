"""Each hit policy by example: what it answers, when it refers, and when the table contradicts itself."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.results import Result
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, TableError, Type

INPUTS = (Column("score", Type.INTEGER), Column("debt", Type.NUMBER))
TIER = Column("tier", Type.TEXT, values=("D", "C", "B", "A"))
POINTS = Column("points", Type.NUMBER)


def ask(policy: str, rows: list[tuple[str, str, str]], output: Column = TIER, **facts: Any) -> Result:
    table = Table("t", HitPolicy(policy), INPUTS, (output,), tuple(Rule(row[:2], row[2:]) for row in rows))
    return compile_table(table).evaluate(facts)


def seen(result: Result) -> tuple[str, Any, tuple[int, ...], tuple[str, ...]]:
    return result.outcome.value, result.outputs, result.rows_hit, result.unknown


BANDS = [(">= 650", "-", "A"), ("[600..650)", "<= 0.5", "B"), ("-", "-", "D")]


def test_first_takes_the_first_row_that_hits() -> None:
    assert seen(ask("FIRST", BANDS, score=620, debt=0)) == ("matched", {"tier": "B"}, (2,), ())
    assert seen(ask("FIRST", BANDS, score=500)) == ("matched", {"tier": "D"}, (3,), ())


def test_first_does_not_ask_for_what_cannot_matter_any_more() -> None:
    assert seen(ask("FIRST", BANDS, score=700)) == ("matched", {"tier": "A"}, (1,), ())


def test_first_refers_when_an_earlier_row_could_hit() -> None:
    assert seen(ask("FIRST", BANDS, score=620)) == ("refer", {}, (), ("debt",))
    assert seen(ask("FIRST", BANDS, debt=0)) == ("refer", {}, (), ("score",))
    assert ask("FIRST", BANDS, debt=0).trace.rows_unsure == (1, 2)


def test_no_row_is_no_answer() -> None:
    assert seen(ask("FIRST", BANDS[:2], score=500)) == ("none", {}, (), ())
    assert seen(ask("COLLECT", BANDS[:2], score=500)) == ("none", [], (), ())


NULL_ROW = [("< 600", "-", "D"), (">= 600", "-", "A"), ("null", "-", "C")]


@pytest.mark.parametrize("policy", ["FIRST", "UNIQUE", "ANY", "COLLECT", "RULE_ORDER"])
def test_a_row_that_asks_for_a_missing_fact_by_name_settles_it(policy: str) -> None:
    result = ask(policy, NULL_ROW)
    assert result.outcome == "matched" and result.rows_hit == (3,)


@pytest.mark.parametrize("policy", ["FIRST", "UNIQUE", "ANY", "PRIORITY", "COLLECT"])
def test_a_wrong_fact_is_not_a_missing_one(policy: str) -> None:
    assert seen(ask(policy, NULL_ROW, score="700"))[0::3] == ("refer", ("score",))


def test_a_null_that_does_not_hit_settles_nothing() -> None:
    rows = [("< 600", "-", "D"), ("null", "> 0.5", "C"), ("-", "-", "A")]
    assert seen(ask("FIRST", rows, debt=0)) == ("refer", {}, (), ("score",))
    assert seen(ask("FIRST", rows, debt=1)) == ("matched", {"tier": "C"}, (2,), ())


def test_a_later_null_row_does_not_excuse_an_earlier_answer() -> None:
    """The second row hits without having asked whether the score is missing, so the first row still might."""
    rows = [("< 600", "-", "D"), ("-", "<= 0.5", "A"), ("null", "-", "C")]
    assert seen(ask("FIRST", rows, debt=0)) == ("refer", {}, (), ("score",))


def test_unique_is_an_error_with_two_hits() -> None:
    rows = [(">= 600", "-", "B"), (">= 650", "-", "A")]
    result = ask("UNIQUE", rows, score=700)
    assert seen(result) == ("error", {}, (1, 2), ()) and result.reason == "rows_contradict"
    assert seen(ask("UNIQUE", rows, score=610)) == ("matched", {"tier": "B"}, (1,), ())


def test_unique_refers_when_another_row_could_hit_as_well() -> None:
    rows = [(">= 600", "-", "B"), ("-", "> 0.5", "D")]
    assert seen(ask("UNIQUE", rows, score=700)) == ("refer", {}, (), ("debt",))


def test_any_wants_all_hits_to_agree() -> None:
    rows = [(">= 600", "-", "B"), ("-", "<= 0.5", "B"), (">= 700", "-", "A")]
    assert seen(ask("ANY", rows, score=650, debt=0)) == ("matched", {"tier": "B"}, (1, 2), ())
    result = ask("ANY", rows, score=750, debt=0)
    assert seen(result) == ("error", {}, (1, 2, 3), ()) and result.reason == "answers_contradict"


def test_any_does_not_mind_an_unsure_row_that_agrees() -> None:
    rows = [(">= 600", "-", "B"), ("-", "<= 0.5", "B"), ("-", "> 0.9", "A")]
    assert seen(ask("ANY", rows[:2], score=650)) == ("matched", {"tier": "B"}, (1,), ())
    assert seen(ask("ANY", rows, score=650)) == ("refer", {}, (), ("debt",))


def test_priority_takes_the_strongest_output_whatever_the_row() -> None:
    rows = [(">= 600", "-", "A"), (">= 600", "> 0.5", "C"), ("-", "> 0.9", "D")]
    assert seen(ask("PRIORITY", rows, score=700, debt=1)) == ("matched", {"tier": "D"}, (3,), ())
    assert seen(ask("PRIORITY", rows, score=700, debt=0)) == ("matched", {"tier": "A"}, (1,), ())


def test_priority_refers_only_for_rows_that_are_stronger() -> None:
    strong = [(">= 600", "-", "D"), ("-", "> 0.5", "A")]
    assert seen(ask("PRIORITY", strong, score=700)) == ("matched", {"tier": "D"}, (1,), ())
    assert seen(ask("PRIORITY", [(">= 600", "-", "A"), ("-", "> 0.5", "D")], score=700)) == ("refer", {}, (), ("debt",))


def test_priority_needs_an_order() -> None:
    with pytest.raises(TableError, match="priority_without_values"):
        ask("PRIORITY", [("-", "-", "1")], POINTS)
    with pytest.raises(TableError, match="priority_computed"):
        ask("PRIORITY", [("-", "-", "debt * 2")], Column("points", Type.NUMBER, values=("1", "2")))


SUMMED = [(">= 600", "-", "10"), ("-", "<= 0.5", "2.5"), ("-", "-", "1"), ("< 0", "-", "99")]


@pytest.mark.parametrize(
    ("policy", "points"), [("COLLECT_SUM", "13.5"), ("COLLECT_MIN", "1"), ("COLLECT_MAX", "10"), ("COLLECT_COUNT", "3")]
)
def test_sums_are_over_all_hits(policy: str, points: str) -> None:
    outcome, outputs, rows, _unknown = seen(ask(policy, SUMMED, POINTS, score=700, debt=0))
    assert (outcome, str(outputs["points"]), rows) == ("matched", points, (1, 2, 3))
    assert seen(ask(policy, SUMMED, POINTS, score=700)) == ("refer", {}, (), ("debt",))


def test_collect_and_rule_order_give_every_hit_in_the_order_of_the_rows() -> None:
    for policy in ("COLLECT", "RULE_ORDER"):
        outcome, outputs, rows, _unknown = seen(ask(policy, SUMMED, POINTS, score=0, debt=0))
        assert (outcome, [str(one["points"]) for one in outputs], rows) == ("matched", ["2.5", "1"], (2, 3))
        assert seen(ask(policy, SUMMED, POINTS, score=700)) == ("refer", [], (), ("debt",))


def test_an_answer_worked_out_from_an_unknown_fact_is_referred() -> None:
    rows = [(">= 600", "-", "debt * 2")]
    assert seen(ask("FIRST", rows, POINTS, score=700)) == ("refer", {}, (), ("debt",))
    assert seen(ask("COLLECT", rows, POINTS, score=700, debt="0.3")) == ("refer", [], (), ("debt",))


def test_a_reference_to_an_unknown_fact_names_that_fact() -> None:
    rows = [("> debt", "-", "A"), ("-", "-", "D")]
    assert seen(ask("FIRST", rows, score=5)) == ("refer", {}, (), ("debt",))
    assert seen(ask("FIRST", rows, debt=5)) == ("refer", {}, (), ("score",))
    assert seen(ask("FIRST", rows, score=5, debt=4)) == ("matched", {"tier": "A"}, (1,), ())


def test_the_trace_tells_of_every_cell() -> None:
    trace = ask("FIRST", BANDS, score=620).trace
    assert [[trace.cell(row, column) for column in (0, 1)] for row in (1, 2, 3)] == [["no", "yes"], ["yes", "unknown"], ["yes", "yes"]]
    assert [(fact.name, fact.value, fact.reason) for fact in trace.facts] == [("score", 620, ""), ("debt", None, "missing")]
    assert (trace.rows_matching, trace.rows_unsure) == ((3,), (2,))
