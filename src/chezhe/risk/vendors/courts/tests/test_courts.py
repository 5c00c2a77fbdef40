"""The courts' lists: what is open counts, what is closed is history."""

from __future__ import annotations

from datetime import date

from chezhe.invented import fates
from chezhe.invented.tests.crowd import ON, people
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.courts import client, telling
from chezhe.risk.vendors.courts.answers import CourtAnswer, CourtEntry
from chezhe.risk.vendors.courts.reading import company_facts, person_facts

ASKED = Question(reference="Q1", consent="C26-1")
OPEN = CourtEntry(kind="ban", number="1", court="甲", filed_on=date(2025, 5, 1), amount_fen=100, closed_on=None)


def test_a_bad_fate_is_on_every_list(world: World) -> None:
    found = client.person_entries(ASKED, name="张三", id_number=fates.id_number(fates.BAD))
    assert found is not None and person_facts(found) == {"has_enforcement": True, "has_consumption_ban": True, "has_court_case": True}
    company = client.company_entries(ASKED, name="某某公司", uscc=fates.company_code(fates.BAD))
    assert company is not None and company_facts(company) == {"company_has_enforcement": True}


def test_no_entry_is_an_answer(world: World) -> None:
    found = client.person_entries(ASKED, name="张三", id_number=fates.id_number(fates.GOOD))
    assert found == CourtAnswer(as_of=ON, entries=())


def test_a_closed_entry_counts_no_more() -> None:
    closed = CourtEntry(kind="enforcement", number="2", court="甲", filed_on=date(2024, 5, 1), amount_fen=1, closed_on=date(2025, 5, 1))
    assert person_facts(CourtAnswer(as_of=ON, entries=(OPEN, closed))) == {
        "has_enforcement": False, "has_consumption_ban": True, "has_court_case": False}


def test_entries_stay_on_the_list_with_their_numbers() -> None:
    for life in people(150):
        early, late = (telling.entries_of(life.cases, life.chance, day) for day in (date(2025, 3, 1), ON))
        assert {entry.number for entry in early.entries} <= {entry.number for entry in late.entries}
