from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import capital

DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def fen(amount: str) -> int:
    parsed = capital.fen_from_text(amount)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1,409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0", "零元整"),
        ("0.04", "肆分"),
        ("0.50", "伍角"),
        ("10.00", "壹拾元整"),
        ("100000", "壹拾万元整"),
        ("100010", "壹拾万零壹拾元整"),
        ("1000000.01", "壹佰万元零壹分"),
        ("100010000", "壹亿零壹万元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("105000000", "壹亿零伍佰万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000500000000.30", "壹万零伍亿元零叁角"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_it_writes_amounts_as_bank_papers_do(amount: str, words: str) -> None:
    assert capital.amount_in_capitals(fen(amount)) == "人民币" + words


@pytest.mark.parametrize("amount_fen", [-1, 10**18])
def test_it_refuses_amounts_it_cannot_write(amount_fen: int) -> None:
    with pytest.raises(ValueError):
        capital.amount_in_capitals(amount_fen)


def read_whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = words.rpartition(unit) if unit == "亿" else words.partition(unit)
        if found:
            return read_whole(head) * size + read_whole(tail)
    total, digit = 0, 0
    for character in words:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            total, digit = total + digit * UNITS[character], 0
    return total + digit


def read_back(words: str) -> int:
    """An independent reader: what an accountant would type in from the paper."""
    words = words.removeprefix("人民币").removesuffix("整")
    whole, has_yuan, rest = words.partition("元")
    if not has_yuan:
        whole, rest = "", words
    tenths = DIGITS[rest[rest.index("角") - 1]] if "角" in rest else 0
    hundredths = DIGITS[rest[rest.index("分") - 1]] if "分" in rest else 0
    return read_whole(whole) * 100 + tenths * 10 + hundredths


@given(st.one_of(st.integers(0, 10**18 - 1), st.integers(0, 10**9), st.sampled_from([10**k for k in range(18)])))
def test_every_amount_reads_back_the_same(amount_fen: int) -> None:
    words = capital.amount_in_capitals(amount_fen)
    assert read_back(words) == amount_fen
    assert "零零" not in words and " " not in words
    assert words.endswith("整") == (amount_fen % 100 == 0)


@pytest.mark.parametrize(
    "text", ["", "-1", "1.234", "1,00", "12,34.00", "１", "1e3", " 1", "1 ", "1.", ".5", "NaN", "一", "99999999999999999.99"]
)
def test_it_refuses_text_that_is_no_amount(text: str) -> None:
    assert capital.fen_from_text(text) is None


@given(st.text(alphabet="0123456789.,-+eE "))
def test_reading_an_amount_never_fails(text: str) -> None:
    parsed = capital.fen_from_text(text)
    assert parsed is None or capital.amount_in_capitals(parsed)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 12), "贰零贰陆年零贰月壹拾贰日"),
        (date(2026, 10, 20), "贰零贰陆年零壹拾月零贰拾日"),
        (date(2026, 1, 1), "贰零贰陆年零壹月零壹日"),
        (date(2026, 11, 10), "贰零贰陆年壹拾壹月零壹拾日"),
        (date(2026, 12, 30), "贰零贰陆年壹拾贰月零叁拾日"),
        (date(2026, 3, 31), "贰零贰陆年叁月叁拾壹日"),
        (date(2026, 9, 9), "贰零贰陆年玖月零玖日"),
        (date(2030, 5, 21), "贰零叁零年伍月贰拾壹日"),
    ],
)
def test_it_writes_dates_as_bank_papers_do(day: date, words: str) -> None:
    assert capital.paper_date(day) == words


@given(st.dates())
def test_no_two_days_of_a_year_look_alike(day: date) -> None:
    assert capital.paper_date(day).count("月") == 1 and capital.paper_date(day).endswith("日")
