import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import synthetic, uscc
from chezhe.identifiers.regions import MAINLAND
from chezhe.identifiers.tests.seeded import seeded

GOOD = ["91350100M000100Y43", "91110108MA00TEYT7K", "91310115MA1TEYT17L", "91440300MA5TEYT22L", "91510107MA6TEYT321"]


@pytest.mark.parametrize("code", GOOD)
def test_it_accepts_good_codes(code: str) -> None:
    found = uscc.judge(code)
    assert found.valid and not found.findings and found.type == "enterprise"
    assert found.organisation_code == code[8:17]


@pytest.mark.parametrize("code", GOOD)
@pytest.mark.parametrize("position", range(18))
def test_it_catches_every_single_wrong_character(code: str, position: int) -> None:
    for character in set(uscc.ALPHABET) - {code[position]}:
        assert not uscc.judge(code[:position] + character + code[position + 1 :]).valid


def test_it_checks_the_organisation_code_inside() -> None:
    body = "91110108MA00TEYT8"
    code = body + uscc.check_character(body)
    assert [finding.code for finding in uscc.judge(code).findings] == ["uscc.organisation_check"]


def test_it_names_the_kind_and_the_province() -> None:
    assert uscc.judge(synthetic.invent_uscc(seeded(1), "33", "92")).type == "individual_business"
    assert uscc.judge(synthetic.invent_uscc(seeded(1), "33", "93")).type == "farmer_cooperative"
    assert uscc.judge(GOOD[2]).province == "上海"


def test_a_strange_region_or_department_only_warns() -> None:
    body = "G1990108MA00TEYT7"
    found = uscc.judge(body + uscc.check_character(body))
    assert found.valid and [f.code for f in found.warnings] == ["uscc.department", "uscc.region"]


@pytest.mark.parametrize("text", ["", GOOD[0].lower(), GOOD[0] + " ", "91350100I000100Y43", "9135010XM000100Y43", "９1350100M000100Y43"])
def test_it_judges_the_exact_string(text: str) -> None:
    assert [finding.code for finding in uscc.judge(text).findings] == ["uscc.form"]


def test_a_form_normalises_before_it_judges() -> None:
    assert uscc.judge(uscc.normalise(" ９1350100-m000100y43 ")).valid


@given(st.one_of(st.text(), st.text(alphabet=uscc.ALPHABET + "²IOSVZ", min_size=17, max_size=18)))
def test_it_never_fails_on_any_text(text: str) -> None:
    uscc.judge(text)
    uscc.judge(uscc.normalise(text))


@given(st.integers(), st.sampled_from(MAINLAND), st.sampled_from(["91", "92", "93"]))
def test_invented_codes_are_valid(seed: int, province: str, kind: str) -> None:
    assert not uscc.judge(synthetic.invent_uscc(seeded(seed), province, kind)).findings
