import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import synthetic, vin, vin_makers
from chezhe.identifiers.tests.seeded import seeded

GOOD = ["1M8GDM9AXKP042788", "LFV2A21K8A3000001", "LSVNV2182N2000002", "LGXCE4CB4P0000003", "LRWYGCEK2RC000004", "LBVHY1103MM000005"]


@pytest.mark.parametrize("number", GOOD)
def test_it_accepts_good_numbers(number: str) -> None:
    found = vin.judge(number)
    assert found.valid and found.form_ok and found.check_digit_ok and not found.findings


def test_it_reads_maker_country_and_model_year() -> None:
    found = vin.judge("LRWYGCEK2RC000004")
    assert (found.maker_code, found.maker, found.country) == ("LRW", "特斯拉上海", "中国")
    assert found.model_years == (1994, 2024, 2054) and found.model_year(2026) == 2024


@pytest.mark.parametrize(("code", "year"), [("L", 2020), ("T", 2026), ("V", 2027), ("Y", 2030), ("1", 2031), ("9", 2039), ("A", 2010)])
def test_the_year_letters_follow_the_standard(code: str, year: int) -> None:
    assert year in vin.model_years(code)


def test_makers_sell_next_years_model_but_not_the_one_after() -> None:
    found = vin.judge(synthetic.invent_vin(seeded(3), 2027))
    assert found.model_year(2026) == 2027 and found.model_year(2025) == 1997


@pytest.mark.parametrize("code", "IOQUZ0")
def test_skipped_year_codes_mean_nothing(code: str) -> None:
    assert vin.model_years(code) == ()


def test_an_import_with_a_foreign_check_digit_is_not_valid_but_a_form_takes_it_with_a_warning() -> None:
    found = vin.judge("WVWZZZ1KZ8W000001")
    assert found.form_ok and not found.check_digit_ok and not found.valid and found.is_foreign_form
    assert [finding.code for finding in found.errors] == ["vin.check_digit"]
    in_form = vin.findings_for_form(found)
    assert [(finding.code, finding.is_error) for finding in in_form] == [("vin.foreign_check_digit", False)]


@pytest.mark.parametrize("position", [p for p in range(17) if p != vin.CHECK_POSITION])
def test_it_catches_a_wrong_digit(position: int) -> None:
    number = "LBVHY1103MM000005"
    wrong = [c for c in vin.VALUES if vin.VALUES[c] != vin.VALUES[number[position]]]
    assert not any(vin.judge(number[:position] + c + number[position + 1 :]).valid for c in wrong)


@pytest.mark.parametrize(
    "text",
    ["", "LBVHY1103MM00000", "LBVHY1103MM0000055", "LBVHY11O3MM000005", "lbvhy1103mm000005", "LBVHY1103MM000005 ", "LBVHY1103MM00000５"],
)
def test_it_judges_the_exact_string(text: str) -> None:
    found = vin.judge(text)
    assert not found.valid and not found.form_ok and [f.code for f in found.findings] == ["vin.form"]


def test_a_form_normalises_but_does_not_guess_letters() -> None:
    assert vin.judge(vin.normalise(" lbvhy1103 mm-000005 ")).valid
    assert not vin.judge(vin.normalise("LBVHYII03MM000005")).form_ok


def test_countries_follow_their_ranges() -> None:
    assert [vin_makers.country_of(code) for code in ("WBA", "SAL", "VF1", "ZFA", "JTH", "KMH", "YV1", "3VW", "XXX", "")] == [
        "德国", "英国", "法国", "意大利", "日本", "韩国", "瑞典", "墨西哥", "", "",
    ]  # fmt: skip


@given(st.one_of(st.text(), st.text(alphabet="".join(vin.VALUES) + "IOQ²", min_size=16, max_size=18)))
def test_it_never_fails_on_any_text(text: str) -> None:
    found = vin.judge(text)
    vin.findings_for_form(found)
    vin.judge(vin.normalise(text)).model_year(2026)


@given(st.integers(), st.integers(1980, 2069))
def test_invented_numbers_are_valid(seed: int, year: int) -> None:
    found = vin.judge(synthetic.invent_vin(seeded(seed), year))
    assert not found.findings and year in found.model_years
