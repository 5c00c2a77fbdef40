import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import bank_card, phone, synthetic
from chezhe.identifiers.tests.seeded import seeded

GOOD_CARDS = [
    "6228480402564890018",
    "6228480000000000000",
    "6217000000000000004",
    "6222020000000000000",
    "6217850000000000005",
    "6225880000000001",
]


@pytest.mark.parametrize("number", GOOD_CARDS)
def test_it_accepts_good_cards(number: str) -> None:
    card = bank_card.judge(number)
    assert card.valid and not card.findings and (card.network, card.issuer_code) == ("unionpay", number[:6])


@pytest.mark.parametrize("position", range(19))
def test_it_catches_every_single_wrong_digit(position: int) -> None:
    number = GOOD_CARDS[0]
    for digit in set("0123456789") - {number[position]}:
        assert not bank_card.judge(number[:position] + digit + number[position + 1 :]).valid


def test_another_network_only_warns() -> None:
    card = bank_card.judge("4111111111111111")
    assert card.valid and card.network == "other" and [f.code for f in card.warnings] == ["card.network"]


def test_it_says_when_excel_probably_ate_the_end() -> None:
    assert [f.code for f in bank_card.judge("6228480402564880000").errors] == ["card.excel_rounded", "card.check_digit"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "622588000000001",
        "62284804025648900180",
        "0000000000000000",
        "6228 4804 0256 4890 018",
        "６228480402564890018",
        "622848040256489001²",
    ],
)
def test_it_judges_the_exact_card(text: str) -> None:
    assert [finding.code for finding in bank_card.judge(text).findings] == ["card.form"]


def test_a_form_normalises_a_card() -> None:
    assert bank_card.normalise("６228 4804-0256 4890 018") == GOOD_CARDS[0]


@pytest.mark.parametrize("number", ["13800138000", "14500000000", "16600000000", "17300000000", "19900000000"])
def test_it_accepts_mobiles(number: str) -> None:
    assert phone.judge(number).valid


def test_it_warns_about_resold_numbers() -> None:
    found = phone.judge("17012345678")
    assert found.valid and found.type == "virtual_operator" and found.warnings


@pytest.mark.parametrize(
    "text", ["", "12345678901", "1380013800", "138001380000", "+8613800138000", "138-0013-8000", "13800138000\n", "1380013800٣"]
)
def test_it_judges_the_exact_mobile(text: str) -> None:
    assert [finding.code for finding in phone.judge(text).findings] == ["mobile.form"]


@pytest.mark.parametrize(
    "text", ["+86 138 0013 8000", "0086-13800138000", "86 13800138000", "（+86）138-0013-8000", "１３８００１３８０００"]
)
def test_a_form_normalises_a_mobile(text: str) -> None:
    assert phone.normalise(text) == "13800138000"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("010-12345678", True),
        ("02112345678", True),
        ("0571-8765432", True),
        ("010 12345678", False),
        ("12345678", False),
        ("0571-123456", False),
    ],
)
def test_it_judges_landlines(text: str, valid: bool) -> None:
    assert phone.judge_landline(text).valid is valid


@given(st.text())
def test_nothing_fails_on_any_text(text: str) -> None:
    bank_card.judge(text)
    bank_card.judge(bank_card.normalise(text))
    phone.judge(phone.normalise(text))
    phone.judge_landline(text)


@given(st.integers())
def test_invented_cards_and_mobiles_are_valid(seed: int) -> None:
    assert not bank_card.judge(synthetic.invent_bank_card(seeded(seed))).findings
    assert not phone.judge(synthetic.invent_mobile(seeded(seed))).findings
