import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import plate, synthetic
from chezhe.identifiers.regions import PLATE_CHARACTERS
from chezhe.identifiers.tests.seeded import seeded


@pytest.mark.parametrize(
    ("text", "plate_type", "province", "energy"),
    [
        ("京A12345", "ordinary", "北京", ""),
        ("京O12345", "ordinary", "北京", ""),
        ("粤BD12345", "new_energy_small", "广东", "pure_electric"),
        ("粤BDF1234", "new_energy_small", "广东", "pure_electric"),
        ("粤BF12345", "new_energy_small", "广东", "not_pure_electric"),
        ("沪A12345D", "new_energy_large", "上海", "pure_electric"),
        ("沪A12345F", "new_energy_large", "上海", "not_pure_electric"),
        ("冀B1234挂", "trailer", "河北", ""),
        ("浙A1234学", "driving_school", "浙江", ""),
        ("新A1234警", "police", "新疆", ""),
        ("粤ZF023港", "hong_kong", "广东", ""),
        ("粤ZF023澳", "macau", "广东", ""),
    ],
)
def test_it_tells_the_plates_apart(text: str, plate_type: str, province: str, energy: str) -> None:
    found = plate.judge(text)
    assert found.valid and not found.warnings
    assert (found.type, found.province, found.energy) == (plate_type, province, energy)
    assert found.is_new_energy == (len(text) == 8)


@pytest.mark.parametrize(
    "text",
    [
        "京I12345",
        "京A1234O",
        "京A1234I",
        "京A1234",
        "京A123456",
        "粤BL12345",
        "粤OD12345",
        "京a12345",
        "京A·12345",
        "京A12345 ",
        "京A１2345",
        "京A1234使",
    ],
)
def test_it_refuses_a_wrong_form(text: str) -> None:
    assert [finding.code for finding in plate.judge(text).findings] == ["plate.form"]


@pytest.mark.parametrize("text", ["", "A12345", "东A12345", "港A12345"])
def test_it_refuses_a_plate_without_a_province(text: str) -> None:
    assert [finding.code for finding in plate.judge(text).findings] == ["plate.province"]


def test_a_border_plate_away_from_guangdong_warns() -> None:
    found = plate.judge("京A1234港")
    assert found.valid and [finding.code for finding in found.warnings] == ["plate.border"]


def test_a_form_normalises_before_it_judges() -> None:
    assert plate.normalise(" 京ａ·12 345") == "京A12345"


@given(st.one_of(st.text(), st.text(alphabet="京沪粤ZABDIO0123456789挂港²", min_size=6, max_size=9)))
def test_it_never_fails_on_any_text(text: str) -> None:
    plate.judge(text)
    plate.judge(plate.normalise(text))


@given(st.integers(), st.sampled_from(sorted(PLATE_CHARACTERS)), st.sampled_from(["", "pure_electric", "not_pure_electric"]))
def test_invented_plates_are_valid(seed: int, province: str, energy: str) -> None:
    found = plate.judge(synthetic.invent_plate(seeded(seed), province, "A", energy))
    assert not found.findings and found.energy == energy and found.number[0] == province


def test_it_does_not_invent_a_plate_for_a_province_that_is_none() -> None:
    with pytest.raises(ValueError):
        synthetic.invent_plate(seeded(1), "东")
