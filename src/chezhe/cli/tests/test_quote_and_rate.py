import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chezhe.cli import quote_json, rate_json
from chezhe.cli.calculators import answer_json
from chezhe.cli.messages import SENTENCES
from chezhe.cli.reading import parse, rate_text
from chezhe.cli.refusals import Refusal, sentence
from chezhe.cli.tests.conftest import Run
from chezhe.finmath.terms import ERROR_CODES, Method

TERMS = {"principal": "12000.00", "annual_rate": "0.12", "method": "equal_principal", "periods": 12, "start_date": "2026-01-31"}
FLOWS = {"flows": ["-97000.00", *["3427.78"] * 35, "3427.70"], "per_year": 12}


def test_the_shape_of_a_quote(chezhe: Run) -> None:
    outcome = chezhe("quote", stdin=TERMS | {"fees": [{"code": "gps", "amount": "10.00", "when": "monthly"}]})
    assert outcome.code == 0 and list(outcome.json) == ["rows", "totals", "rates"]
    assert outcome.json["rows"][0] == {
        "period": 1, "due_date": "2026-02-28", "principal": "1000.00", "interest": "120.00", "fee": "10.00",
        "total": "1130.00", "balance": "11000.00",
    }  # fmt: skip
    assert outcome.json["totals"] == {
        "principal": "12000.00", "interest": "780.00", "fee": "120.00", "upfront_fee": "0.00", "subsidy": "0.00",
        "total": "12900.00", "net_advance": "12000.00",
    }  # fmt: skip
    assert outcome.json["rates"]["monthly_irr"] == "0.01000000"
    assert list(outcome.json["rates"]) == ["monthly_irr", "simple", "compound", "xirr", "all_in_simple", "all_in_compound", "all_in_xirr"]


def test_a_rate_that_does_not_exist_is_null(chezhe: Run) -> None:
    rates = chezhe("quote", stdin=TERMS | {"start_date": "2026-01-15", "method": "rent_in_advance", "periods": 1}).json["rates"]
    assert rates["monthly_irr"] is None and rates["xirr"] is None


def test_rates_of_even_and_dated_flows(chezhe: Run) -> None:
    even = chezhe("rate", stdin=FLOWS).json
    assert (even["simple"], even["compound"], even["xirr"]) == ("0.16365849", "0.17651012", None) and "note" not in even
    dated = chezhe("rate", stdin={"flows": [{"date": "2026-01-01", "amount": "-100.00"}, {"date": "2027-01-01", "amount": "112.00"}]}).json
    assert dated == {"periodic": None, "simple": None, "compound": None, "xirr": "0.12000000"}


@pytest.mark.parametrize(("rate", "text"), [("0.000000005", "0.00000001"), ("-0.000000001", "0.00000000"), ("-0.5", "-0.50000000")])
def test_a_rate_is_written_with_eight_decimals(rate: str, text: str) -> None:
    assert rate_text(Decimal(rate)) == text


@pytest.mark.parametrize(
    ("flows", "note"), [(["100.00", "1.00"], "no_rate"), ([], "no_rate"), (["-100.00", "230.00", "-132.00"], "several_rates")]
)
def test_no_rate_or_several_is_null_with_a_note(chezhe: Run, flows: list[str], note: str) -> None:
    found = chezhe("rate", stdin={"flows": flows, "per_year": 12}).json
    assert found == {"periodic": None, "simple": None, "compound": None, "xirr": None, "note": note}


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in TERMS.items() if key not in keys}


BAD_TERMS: list[tuple[Any, str, str]] = [
    (without("principal"), "missing_key", "principal"),
    (TERMS | {"principal": None}, "missing_key", "principal"),
    (TERMS | {"principle": "1"}, "unknown_key", "principle"),
    (TERMS | {"principal": 12000}, "not_a_string", "principal"),
    (TERMS | {"principal": "12000.005"}, "amount_too_precise", "principal"),
    (TERMS | {"principal": "12,000"}, "bad_amount", "principal"),
    (TERMS | {"principal": "1e5"}, "bad_amount", "principal"),
    (TERMS | {"principal": "-1.00"}, "amount_not_positive", "principal"),
    (TERMS | {"principal": "9" * 5000}, "amount_too_large", "principal"),
    (TERMS | {"principal": "100000000000.01"}, "amount_too_large", "principal"),
    (TERMS | {"annual_rate": "12%"}, "bad_rate", "annual_rate"),
    (TERMS | {"annual_rate": 0.12}, "not_a_string", "annual_rate"),
    (TERMS | {"annual_rate": "0.12345678901"}, "rate_too_fine", "annual_rate"),
    (TERMS | {"annual_rate": "-0.01"}, "rate_negative", "annual_rate"),
    (TERMS | {"annual_rate": "12"}, "rate_too_high", "annual_rate"),
    (without("annual_rate"), "rate_missing", "annual_rate"),
    (TERMS | {"flat_monthly_rate": "0.01"}, "rate_not_used", "flat_monthly_rate"),
    (TERMS | {"method": "equal"}, "unknown_choice", "method"),
    (TERMS | {"day_count": "30E/360"}, "unknown_choice", "day_count"),
    (TERMS | {"periods": "12"}, "not_a_whole_number", "periods"),
    (TERMS | {"periods": 12.0}, "not_a_whole_number", "periods"),
    (TERMS | {"periods": True}, "not_a_whole_number", "periods"),
    (TERMS | {"periods": 0}, "periods_out_of_range", "periods"),
    (TERMS | {"periods": 10**30}, "periods_out_of_range", "periods"),
    (TERMS | {"start_date": "2026-02-29"}, "bad_date", "start_date"),
    (TERMS | {"start_date": "20260131"}, "bad_date", "start_date"),
    (TERMS | {"start_date": "1026-01-01"}, "date_out_of_range", "start_date"),
    (TERMS | {"first_due_date": "2026-01-31"}, "first_due_not_after_start", "first_due_date"),
    (TERMS | {"due_day": 32}, "due_day_out_of_range", "due_day"),
    (TERMS | {"steps": {"from": 1}}, "not_an_array", "steps"),
    (TERMS | {"method": "stepped", "steps": [{"from": 1}]}, "missing_key", "steps.0.factor"),
    (TERMS | {"stub": []}, "not_an_object", "stub"),
    (TERMS | {"stub": {"base": "act/360"}}, "unknown_key", "stub.base"),
    (TERMS | {"fees": [{"code": "x" * 65, "amount": "1.00", "when": "upfront"}]}, "text_too_long", "fees.0.code"),
    (TERMS | {"fees": [{"code": "x", "amount": "1.00", "when": "later"}]}, "unknown_choice", "fees.0.when"),
    (TERMS | {"fees": [{"code": "x", "amount": "1.00", "when": "upfront"}] * 51}, "too_many", "fees"),
    ("terms", "not_an_object", ""),
    (None, "not_an_object", ""),
    (3, "not_an_object", ""),
]


@pytest.mark.parametrize(("terms", "code", "field"), BAD_TERMS)
def test_bad_terms_are_refused_with_a_code_and_a_field(chezhe: Run, terms: Any, code: str, field: str) -> None:
    outcome = chezhe("quote", stdin=json.dumps(terms))
    assert outcome.code == 2
    assert (outcome.error["code"], outcome.error.get("field", "")) == (code, field)
    assert outcome.error["message"].endswith("。")


@pytest.mark.parametrize(
    ("given_bytes", "code"),
    [
        (b"", "empty_input"),
        (b" \n", "empty_input"),
        (b"{", "invalid_json"),
        (b"\xff", "not_utf8"),
        (b'{"principal": NaN}', "invalid_json"),
        (b"[" * 200_000, "invalid_json"),
        (b'{"periods": ' + b"9" * 10_000 + b"}", "invalid_json"),
        (b'{"periods": 1, "periods": 2}', "duplicate_key"),
    ],
)
def test_bad_json_is_refused(chezhe: Run, given_bytes: bytes, code: str) -> None:
    for name in ("quote", "rate"):
        outcome = chezhe(name, stdin=given_bytes)
        assert outcome.code == 2 and outcome.error["code"] == code


def test_a_byte_order_mark_is_harmless(chezhe: Run) -> None:
    assert chezhe("quote", stdin=b"\xef\xbb\xbf" + json.dumps(TERMS).encode()).code == 0


def test_an_array_answers_element_by_element_and_exits_0(chezhe: Run) -> None:
    raw = f'[{json.dumps(TERMS)}, {{"periods": 1, "periods": 2}}, [], 7, {json.dumps(without("method"))}]'
    outcome = chezhe("quote", stdin=raw)
    assert outcome.code == 0 and outcome.err == "" and "rows" in outcome.json[0]
    assert [answer["error"]["code"] for answer in outcome.json[1:]] == ["duplicate_key", "not_an_object", "not_an_object", "missing_key"]
    assert chezhe("quote", stdin=[]).json == []


BAD_FLOWS: list[tuple[Any, str, str]] = [
    ({}, "missing_key", "flows"),
    ({"flows": ["1.00"]}, "missing_key", "per_year"),
    ({"flows": ["1.00"], "per_year": 0}, "per_year_out_of_range", "per_year"),
    ({"flows": ["1.00"], "per_year": 367}, "per_year_out_of_range", "per_year"),
    ({"flows": "1.00", "per_year": 12}, "not_an_array", "flows"),
    ({"flows": [1], "per_year": 12}, "not_a_string", "flows.0"),
    ({"flows": ["1.001"], "per_year": 12}, "amount_too_precise", "flows.0"),
    ({"flows": ["1.00", {"date": "2026-01-01", "amount": "1.00"}], "per_year": 12}, "mixed_flows", "flows"),
    ({"flows": [{"date": "2026-01-01", "amount": "1.00"}], "per_year": 12}, "per_year_not_used", "per_year"),
    ({"flows": [{"date": "2026-13-01", "amount": "1.00"}]}, "bad_date", "flows.0.date"),
    ({"flows": [{"date": "2026-01-01"}]}, "missing_key", "flows.0.amount"),
    ({"flows": ["1.00"] * 5001, "per_year": 12}, "too_many", "flows"),
]


@pytest.mark.parametrize(("flows", "code", "field"), BAD_FLOWS)
def test_bad_flows_are_refused(chezhe: Run, flows: Any, code: str, field: str) -> None:
    outcome = chezhe("rate", stdin=flows)
    assert outcome.code == 2 and (outcome.error["code"], outcome.error["field"]) == (code, field)


def test_every_code_has_a_sentence_in_both_languages() -> None:
    assert set(ERROR_CODES) <= set(SENTENCES)
    for zh, en in SENTENCES.values():
        assert any("\u4e00" <= character <= "\u9fff" for character in zh) and en.isascii()


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8))
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3))
)
amounts = st.integers(-100, 10**14).map(lambda fen: f"{fen / 100:.2f}") | st.sampled_from(["0.01", "1.00", "99999999999.99"])
rates = st.sampled_from(["0", "0.0000000001", "0.01", "0.12", "0.36", "9.9999999999", "-1", "10"])
dates = st.dates().map(str) | st.sampled_from(["1990-01-01", "2026-01-31", "2199-12-31", "2026-02-28"])
items = {
    "principal": amounts, "annual_rate": rates, "method": st.sampled_from([method.value for method in Method]),
    "periods": st.integers(-1, 60) | st.just(600), "start_date": dates, "first_due_date": dates, "due_day": st.integers(0, 32),
    "day_count": st.sampled_from(["30/360", "act/360", "act/365", "act/act"]), "instalment": amounts, "balloon": amounts,
    "steps": st.lists(st.fixed_dictionaries({"from": st.integers(0, 40), "factor": rates}), max_size=3),
    "flat_monthly_rate": rates, "flat_annual_rate": rates,
    "stub": st.fixed_dictionaries({}, optional={"basis": st.just("act/365"), "level": st.just("actual"), "skip_below_days": st.integers(-1, 40)}),
    "deposit": st.fixed_dictionaries({"amount": amounts}, optional={"refund": st.sampled_from(["last_rent", "end"])}),
    "subsidy": st.fixed_dictionaries({"rate": rates}, optional={"cap_per_year": amounts}),
    "fees": st.lists(st.fixed_dictionaries({"code": st.text(max_size=3), "amount": amounts, "when": st.sampled_from(["upfront", "monthly"])}), max_size=3),
}  # fmt: skip
REQUIRED = ("principal", "method", "start_date", "periods")
likely = st.fixed_dictionaries(
    {key: items[key] for key in REQUIRED}, optional={key: value for key, value in items.items() if key not in REQUIRED}
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(values, st.dictionaries(st.sampled_from(quote_json.KEYS), values), likely))
def test_quote_never_fails_on_any_json(value: Any) -> None:
    answered(value, quote_json.answer)


@settings(max_examples=200)
@given(
    st.one_of(
        values,
        st.fixed_dictionaries({"flows": st.lists(amounts, max_size=8), "per_year": st.integers(0, 367)}),
        st.fixed_dictionaries({"flows": st.lists(st.fixed_dictionaries({"date": dates, "amount": amounts}), max_size=6)}),
    )
)
def test_rate_never_fails_on_any_json(value: Any) -> None:
    answered(value, rate_json.answer)


@given(st.binary())
def test_reading_never_fails_on_any_bytes(raw: bytes) -> None:
    try:
        parse(raw)
    except Refusal as refusal:
        assert refusal.as_json()


def answered(value: Any, answer: Any) -> None:
    """Through real JSON, as the command does it: an answer or a refusal whose sentence can be written."""
    value = parse(json.dumps(value).encode())
    try:
        json.dumps(answer_json(value, answer))
    except Refusal as refusal:
        assert sentence(refusal.code, refusal.facts)
