from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import id_card, synthetic
from chezhe.identifiers.regions import MAINLAND
from chezhe.identifiers.tests.seeded import seeded

GOOD = {
    "11010519491231002X": ("female", date(1949, 12, 31), "北京"),
    "110101199001010007": ("female", date(1990, 1, 1), "北京"),
    "310115198511150000": ("female", date(1985, 11, 15), "上海"),
    "440305197808080026": ("female", date(1978, 8, 8), "广东"),
    "33010619881212003X": ("male", date(1988, 12, 12), "浙江"),
    "510107199506230016": ("male", date(1995, 6, 23), "四川"),
}


def codes(text: str, on: date | None = None) -> list[str]:
    return [finding.code for finding in id_card.judge(text, on).findings]


@pytest.mark.parametrize("number", GOOD)
def test_it_reads_sex_birth_and_province(number: str) -> None:
    card = id_card.judge(number)
    assert card.valid and card.type == "resident" and not card.warnings
    assert (card.sex, card.birth_date, card.province) == GOOD[number]


def test_it_refuses_a_day_that_never_was_though_the_check_digit_is_right() -> None:
    number = "320102197002290000"
    assert id_card.check_character(number[:17]) == number[17]
    assert codes(number) == ["id_card.birth_date"]


def test_it_takes_a_small_x_and_stores_a_capital_one() -> None:
    assert id_card.judge("11010519491231002x").number == "11010519491231002X"


def test_it_converts_the_old_number_and_warns() -> None:
    card = id_card.judge("110105491231002")
    assert card.valid and card.was_old and card.number == "11010519491231002X"
    assert [finding.code for finding in card.warnings] == ["id_card.old_form"]


def test_it_refuses_an_old_number_with_an_impossible_date() -> None:
    assert "id_card.birth_date" in codes("110105491331002")


@pytest.mark.parametrize("position", range(17))
def test_it_catches_every_single_wrong_digit(position: int) -> None:
    number = "33010619881212003X"
    for digit in set("0123456789") - {number[position]}:
        assert not id_card.judge(number[:position] + digit + number[position + 1 :]).valid


@pytest.mark.parametrize("position", range(16))
def test_it_catches_every_swap_of_neighbours(position: int) -> None:
    number = "510107199506230016"
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    assert swapped == number or not id_card.judge(swapped).valid


def completed(first_17: str) -> str:
    return first_17 + id_card.check_character(first_17)


def test_it_refuses_an_unknown_province_and_only_warns_about_a_county() -> None:
    assert codes(completed("99010119900101001"))[0] == "id_card.area"
    assert codes(completed("20010119900101001")) == ["id_card.province"]
    odd = id_card.judge(completed("11000019900101001"))
    assert odd.valid and [finding.code for finding in odd.warnings] == ["id_card.area"]


def test_it_accepts_an_abolished_county() -> None:
    assert id_card.judge(completed("11010319600101001")).valid  # 崇文区 was merged away in 2010


@pytest.mark.parametrize(("prefix", "province"), [("810000", "香港"), ("820000", "澳门"), ("830000", "台湾")])
def test_it_knows_residence_permits(prefix: str, province: str) -> None:
    card = id_card.judge(completed(f"{prefix}19900101001"))
    assert (card.valid, card.type, card.province, card.warnings) == (True, "residence_permit", province, ())


def test_it_knows_the_foreign_permanent_resident_card() -> None:
    card = id_card.judge(completed("93184019900101001"))  # issued in Shanghai, citizen of the USA (840)
    assert (card.valid, card.type, card.province) == (True, "foreign_permanent_resident", "上海")


def test_a_birth_may_not_lie_after_the_business_date() -> None:
    number = completed("33010620270101001")
    assert codes(number, date(2026, 11, 23)) == ["id_card.birth_in_future"]
    assert codes(number) == []


def test_it_says_when_excel_probably_ate_the_end() -> None:
    assert codes("510107199506230000") == ["id_card.excel_rounded", "id_card.check_digit"]
    assert codes("310115198511150000") == []  # ends in zeros and is right


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "x",
        " 11010519491231002X",
        "11010519491231002X\n",
        "110105194912310020X",
        "１１０１０５１９４９１２３１００２X",
        "1101051949123100²X",
        "11010519491231002Y",
    ],
)
def test_it_judges_the_exact_string(text: str) -> None:
    assert codes(text) == ["id_card.form"]


def test_a_form_normalises_before_it_judges() -> None:
    assert id_card.normalise(" １１０１０５ 19491231-002x\u200b") == "11010519491231002X"


def test_age_counts_completed_years() -> None:
    born = date(2008, 2, 29)
    assert id_card.age_on(born, date(2026, 2, 28)) == 17
    assert id_card.age_on(born, date(2026, 3, 1)) == 18


@given(st.text())
def test_it_never_fails_on_any_text(text: str) -> None:
    card = id_card.judge(text, date(2026, 11, 23))
    assert card.valid or card.errors


@given(st.text(alphabet="0123456789Xx０１²٣ ", min_size=14, max_size=19))
def test_it_never_fails_on_nearly_right_text(text: str) -> None:
    id_card.judge(text, date(2026, 11, 23))
    id_card.judge(id_card.normalise(text))


@given(st.integers(), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["male", "female"]), st.sampled_from(MAINLAND))
def test_invented_numbers_are_valid_and_say_what_they_were_made_of(seed: int, born: date, sex: str, province: str) -> None:
    number = synthetic.invent_id_number(seeded(seed), born, sex, province)
    card = id_card.judge(number)
    assert not card.findings and (card.birth_date, card.sex) == (born, sex) and card.number[:2] == province
