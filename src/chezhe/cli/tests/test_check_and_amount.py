import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.cli import check_json
from chezhe.cli.calculators import capital_figures
from chezhe.cli.refusals import Refusal
from chezhe.cli.tests.conftest import Run

GOOD = {
    "id": "11010519491231002X",
    "uscc": "91350100M000100Y43",
    "vin": "1M8GDM9AXKP042788",
    "plate": "京A12345",
    "card": "6228480402564890018",
    "mobile": "13800138000",
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_value_is_valid_and_exits_0(chezhe: Run, kind: str) -> None:
    outcome = chezhe("check", kind, GOOD[kind])
    assert outcome.code == 0 and outcome.err == ""
    assert (outcome.json["valid"], outcome.json["kind"], outcome.json["number"]) == (True, kind, GOOD[kind])
    assert outcome.json["errors"] == [] and outcome.json["detail"] == "校验通过。"


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("change", [" {}", "{} ", "{}\n", "{}1", "", "　{}"])
def test_it_judges_the_exact_string_and_exits_1(chezhe: Run, kind: str, change: str) -> None:
    outcome = chezhe("check", kind, change.format(GOOD[kind]))
    assert outcome.code == 1 and outcome.json["valid"] is False and outcome.json["errors"]


def test_an_import_vin_is_well_formed_and_not_valid(chezhe: Run) -> None:
    found = chezhe("check", "vin", "WVWZZZ1KZ8W000001")
    assert found.code == 1
    assert {name: found.json[name] for name in ("valid", "form_ok", "check_digit_ok")} == {
        "valid": False, "form_ok": True, "check_digit_ok": False,
    }  # fmt: skip


def test_facts_come_with_the_verdict(chezhe: Run) -> None:
    found = chezhe("check", "id", "33010619881212003x").json
    assert (found["number"], found["sex"], found["birth_date"]) == ("33010619881212003X", "male", "1988-12-12")
    assert chezhe("check", "plate", "粤BD12345").json["energy"] == "pure_electric"
    assert chezhe("check", "vin", "LRWYGCEK2RC000004").json["model_year"] == 2024


def test_a_birth_in_the_future_is_refused() -> None:
    found = check_json.answer("id", "330106202701010012", date(2026, 11, 23))
    assert {"id_card.birth_in_future"} <= {error["code"] for error in found["errors"]}  # type: ignore[attr-defined]


def test_english_on_request(chezhe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEZHE_LANGUAGE", "en")
    assert chezhe("check", "mobile", "1").json["detail"] == "A mobile number has 11 digits and starts with 13 to 19."


def test_a_dash_answers_line_by_line(chezhe: Run) -> None:
    outcome = chezhe("check", "mobile", "-", stdin="\ufeff13800138000\r\n\n12345\n")
    assert outcome.code == 1
    assert [line["valid"] for line in outcome.lines] == [True, False, False]
    assert chezhe("check", "mobile", "-", stdin="13800138000\n15412345678").code == 0
    assert chezhe("check", "mobile", "-").out == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check",), "missing_argument"),
        (("check", "id"), "missing_argument"),
        (("check", "id", "1", "2"), "unexpected_argument"),
        (("check", "ssn", "1"), "unknown_kind"),
        (("amount",), "missing_argument"),
        (("amount", "abc"), "bad_amount"),
        (("amount", ""), "bad_amount"),
        (("amount", "1.005"), "amount_too_precise"),
        (("amount", "-1.00"), "amount_negative"),
        (("amount", "12345678901234567.00"), "amount_beyond_capitals"),
        (("amount", "１００"), "bad_amount"),
        (("quote", "terms.json"), "unexpected_argument"),
    ],
)
def test_a_bad_request_is_json_on_stderr_and_exits_2(chezhe: Run, arguments: tuple[str, ...], code: str) -> None:
    outcome = chezhe(*arguments)
    assert outcome.code == 2 and outcome.error["code"] == code and outcome.error["message"]


def test_amounts_in_capitals(chezhe: Run) -> None:
    assert chezhe("amount", "1,409.50").out == "人民币壹仟肆佰零玖元伍角\n"
    outcome = chezhe("amount", "-", stdin="107000.53\n1.005\n0")
    lines = outcome.out.splitlines()
    assert outcome.code == 1 and (lines[0], lines[2]) == ("人民币壹拾万柒仟元零伍角叁分", "人民币零元整")
    assert json.loads(lines[1])["error"]["code"] == "amount_too_precise"


def test_words_it_does_not_know_get_the_list(chezhe: Run) -> None:
    for word in ("nothing", "../x", "", "quote_json", "__init__"):
        outcome = chezhe(word)
        assert outcome.code == 2 and "No such command" in outcome.err and "chezhe COMMAND" in outcome.err
    assert chezhe().code == 2 and chezhe("help").code == 0 and chezhe("check", "--help").code == 0


@given(st.sampled_from(sorted(check_json.KINDS)), st.text())
def test_check_never_fails_on_any_text(kind: str, value: str) -> None:
    found = check_json.answer(kind, value, date(2026, 11, 23))
    json.dumps(found)
    assert found["valid"] == (not found["errors"])


@given(st.one_of(st.text(), st.text(alphabet="0123456789.,-")))
def test_amount_never_fails_on_any_text(value: str) -> None:
    try:
        assert capital_figures(value).startswith("人民币")
    except Refusal as refusal:
        assert refusal.as_json()
