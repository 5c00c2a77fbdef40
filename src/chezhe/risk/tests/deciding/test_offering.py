"""What decision tables are offered: every fact as a column of the tables' own types, and decided cases to try a version with."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel import clock
from chezhe.kernel.testing import WU
from chezhe.policies import examples, queries, seeds, trying, vocabulary
from chezhe.risk.deciding.models import Decision
from chezhe.risk.tests.deciding.telling import asking, decided, tell

pytestmark = pytest.mark.usefixtures("house")
SUBJECT = "application:A26-000001-8"


@pytest.fixture
def made(cast: Cast) -> Decision:
    wang: Customer = person(WANG, cast.lin)
    tell(wang, SUBJECT, SUBJECT)
    return decided(asking(wang, cast.lin), cast.lin)


def test_every_fact_is_offered_in_both_languages_with_the_type_that_shipped_tables_give_it() -> None:
    offered = {one.name: one for one in vocabulary.offered()}
    shipped = {column.name: column for one in seeds.shipped() if one.code != "approval" for column in one.contract.inputs}
    assert set(shipped) <= set(offered)
    assert {name: offered[name].type for name in shipped} == {name: column.type for name, column in shipped.items()}
    assert offered["bureau_missed_total_24m"].english and offered["bureau_missed_total_24m"].title != offered["bureau_missed_total_24m"].english


@pytest.mark.parametrize("code", ["knockout", "tier", "route"])
def test_a_decided_case_tried_again_hits_the_row_that_decided_it(made: Decision, cast: Cast, code: str) -> None:
    (case,) = examples.recent(code, cast.lin)
    assert case.key == made.number and case.label.startswith("A26-000001-8")
    (stage,) = [one for one in json.loads(made.record)["verdict"]["stages"] if one["name"] == code]
    tried = trying.ask(queries.current(code, clock.now().date()), case.facts)
    assert list(tried.result.rows_hit) == stage["rows"] and not tried.unknown and not tried.faults


def test_cases_are_shown_only_to_those_who_may_see_the_decision(made: Decision, cast: Cast) -> None:
    assert examples.recent("tier", WU) == []
    assert examples.recent("tier", replace(cast.lin, permissions=frozenset())) == []
