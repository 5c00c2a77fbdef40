"""Names on lists: found in another writing and with a slip, and not found in everybody who sounds a little alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from statistics import mean

import pytest

from chezhe.invented.tests.crowd import ON, people
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.watchlists import client, matching, telling
from chezhe.risk.vendors.watchlists.answers import ListEntry
from chezhe.risk.vendors.watchlists.matching import HIT, likeness
from chezhe.risk.vendors.watchlists.reading import screening_facts

ASKED = Question(reference="Q1", consent="C26-1")
LISTED = ListEntry(
    number="W1", kind="sanction", list_name="制裁名单", is_person=True, names=("欧阳建国", "Jianguo Ouyang"), born_year=1970,
    id_numbers=("440305197808080026",), listed_on=date(2022, 1, 1), delisted_on=None)


@pytest.mark.parametrize(("one", "other"), [
    ("欧阳建国", "欧阳建国"), ("欧阳建国", "Ouyang Jianguo"), ("欧阳建国", "JIANGUO OUYANG"),
    ("Jianguo Ouyang", "Ouyang, Jianguo"), ("Jianguo Ouyang", "Jiangou Ouyang"), ("Müller Hans", "Hans Muller"),
    ("欧阳建国", "欧阳健国"), ("远山物流有限公司", "远山物流"), ("Ｊｉａｎｇｕｏ Ouyang", "jianguo ouyang"),
])
def test_it_finds_a_name_in_another_writing(one: str, other: str) -> None:
    assert likeness(one, other) >= HIT and likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(("one", "other"), [
    ("张伟", "王伟"), ("张伟", "张强"), ("李明华", "李明"), ("Li Ming", "Liang Min"), ("欧阳建国", "欧阳建华"), ("", "张伟"), ("!!!", "张伟"),
    ("远山物流有限公司", "青石商贸有限公司"), ("Wang Fang", "Zhang Qiang"),
])
def test_it_leaves_other_people_alone(one: str, other: str) -> None:
    assert likeness(one, other) < HIT


def test_the_same_sound_in_other_characters_is_never_the_same_name() -> None:
    assert likeness("张伟", "章伟") == matching.SOUND < matching.SAME


def test_a_number_on_the_list_is_the_party_whatever_the_name() -> None:
    hits = matching.screen("改了名字", [LISTED], id_number="440305197808080026")
    assert [hit.score for hit in hits] == [matching.SAME]


def test_another_age_is_another_person() -> None:
    assert matching.screen("欧阳建国", [LISTED], id_number="330106197106060036")
    assert not matching.screen("欧阳建国", [LISTED], id_number="33010619881212003X")
    assert not matching.screen("欧阳建国", [LISTED], is_person=False)


def test_who_was_struck_off_is_no_hit() -> None:
    assert not matching.screen("欧阳建国", [replace(LISTED, delisted_on=date(2025, 1, 1))])


@pytest.mark.parametrize("name", [name for name, _kind in telling.EXAMPLES])
def test_example_names_are_always_hit(name: str, world: World) -> None:
    found = client.screen(ASKED, name=name)
    assert found is not None and found.hits[0].score == 1000 and screening_facts(found) == {"watch_list_alike": True}


def test_ordinary_people_are_hit_seldom(world: World) -> None:
    entries = telling.entries_on(date(2026, 3, 16))
    assert mean(bool(matching.screen(life.name, entries, id_number=life.id_number)) for life in people(100)) < 0.02


def test_the_list_comes_once_a_version_and_grows(world: World) -> None:
    found = client.latest(ASKED)
    assert found is not None and len(found.entries) > 200 and found.version == telling.version_on(ON)
    assert client.latest(ASKED, have=found.version) is None
    numbers = [{entry.number for entry in telling.entries_on(day)} for day in (date(2025, 1, 6), date(2026, 3, 16))]
    assert numbers[0] < numbers[1]
