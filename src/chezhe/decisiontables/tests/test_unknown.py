"""Unknown facts: an answer is given only if it would be given however the unknown facts turn out."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.parsed import parse_strictly
from chezhe.decisiontables.results import Result
from chezhe.decisiontables.tests import oracle
from chezhe.decisiontables.tests.strategies import DOMAINS, facts, simple_when, tables
from chezhe.decisiontables.values import HitPolicy, Table

KEPT_OPEN = (HitPolicy.FIRST, HitPolicy.PRIORITY, HitPolicy.COLLECT, HitPolicy.RULE_ORDER)


def _claim(result: Result, policy: HitPolicy) -> oracle.Answer:
    """The result in the shape of the oracle."""
    outputs: Any = None
    if result.outcome == "matched":
        outputs = [list(o.values()) for o in result.outputs] if isinstance(result.outputs, list) else list(result.outputs.values())
    rows = result.rows_hit if result.outcome == "matched" and policy is not HitPolicy.ANY else ()
    return result.outcome.value, outputs, rows


@settings(deadline=None, max_examples=300)
@given(tables(), facts())
def test_what_is_answered_is_answered_however_the_unknown_facts_turn_out(table: Table, given_facts: dict[str, Any]) -> None:
    result = compile_table(table).evaluate(given_facts)
    if result.outcome == "refer":
        return
    parsed = parse_strictly(table)
    for complete in oracle.completions(parsed, given_facts, DOMAINS, result.rows_hit):
        assert oracle.answer(parsed, complete) == _claim(result, table.hit_policy), complete


@settings(deadline=None, max_examples=300)
@given(tables(simple_when, st.sampled_from(KEPT_OPEN), "3"), facts())
def test_it_is_not_referred_when_nothing_could_change(table: Table, given_facts: dict[str, Any]) -> None:
    """Where no cell is true of everything, refer means that two ways of completing the facts give two answers."""
    result = compile_table(table).evaluate(given_facts)
    parsed = parse_strictly(table)
    answers = [oracle.answer(parsed, complete) for complete in oracle.completions(parsed, given_facts, DOMAINS, result.rows_hit)]
    assert (result.outcome == "refer") == any(answer != answers[0] for answer in answers)


@settings(deadline=None, max_examples=150)
@given(tables(), facts())
def test_a_referral_names_the_facts_and_gives_no_answer(table: Table, given_facts: dict[str, Any]) -> None:
    result = compile_table(table).evaluate(given_facts)
    unknown = {fact.name for fact in result.trace.facts if fact.reason}
    if result.outcome == "refer":
        assert result.unknown and set(result.unknown) <= unknown
        assert not result.outputs and not result.rows_hit
        assert result.trace.rows_unsure or any(rule.then == ("n",) for rule in table.rules)
    else:
        assert result.unknown == ()
    if not unknown:
        assert result.outcome != "refer"
