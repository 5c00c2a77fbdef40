"""What a template may hold: kinds of facts, and nothing that identifies somebody."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chezhe.identifiers import masks, names
from chezhe.messaging import rules

FIELDS = {"name": "name", "amount": "money", "day": "day"}
FACTS = {"name": "王*明", "amount": "3,321.43", "day": "2026-03-15"}


def test_facts_are_put_in_as_they_are_and_never_read_again() -> None:
    assert rules.render("{name}：{amount}（{day}）", FACTS) == "王*明：3,321.43（2026-03-15）"
    assert rules.render("{name}", {"name": "{amount}"}) == "{amount}"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("name", "王先生"), ("name", "欧阳女士"), ("name", "王*"), ("name", "杭州虚构物流有限公司"), ("money", "0.01"), ("money", "1,234,567.80"),
     ("plate", "沪A**12"), ("rate", "11.88%"), ("number", "L26-000123-7"), ("phone", "400-000-0000"), ("phone", "95000"), ("word", "上海一店"), ("name", "王**丰"), ("name", "𠮷*"), ("name", "阿*******提"),
     ("name", "欧阳*"), ("name", "杭州虚构·商贸有限公司"), ("name", "虚构A&B运输服务中心"), ("code", "012345")],
)
def test_a_fact_of_its_kind_is_taken(kind: str, value: str) -> None:
    rules.check_facts({"x": value}, {"x": kind})


@pytest.mark.parametrize(
    ("kind", "value"),
    [("name", "王小明"), ("name", "<b>王*</b>"), ("money", "3321.4"), ("money", "1234.50元"), ("day", "明天"), ("count", "-1"),
     ("number", "L26"), ("phone", "15400000001"), ("plate", "沪A12345"), ("word", "330106199001011234"), ("word", "15400000001"),
     ("word", "{amount}"), ("word", "第一行\n第二行"), ("rate", "11.88"), ("word", "629999000000000001"), ("name", "𠮷丰"), ("name", "张三丰*"), ("name", "*丰"),
     ("name", "阿卜杜拉·买买提"), ("code", "12345"), ("code", "1234567"), ("code", "１２３４５６")],
)
def test_a_fact_that_says_too_much_or_is_malformed_is_refused(kind: str, value: str) -> None:
    with pytest.raises(rules.FactRefused) as caught:
        rules.check_facts({"x": value}, {"x": kind})
    assert caught.value.why == "form"


@pytest.mark.parametrize(("facts", "why"), [({"name": "王*"}, "missing"), ({**FACTS, "id": "x"}, "unknown")])
def test_facts_are_neither_fewer_nor_more(facts: dict[str, str], why: str) -> None:
    with pytest.raises(rules.FactRefused, match=why):
        rules.check_facts(facts, FIELDS)


@pytest.mark.parametrize(
    ("body", "fields"),
    [("{name}", {"name": "poem"}), ("{name} {other}", {"name": "name"}), ("no fact", {"name": "name"}), ("{name} {", {"name": "name"}),
     ("{name.__class__}", {"name": "name"})],
)
def test_a_template_that_breaks_its_own_rules_is_refused(body: str, fields: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        rules.check_template({"zh": body}, fields)


def test_every_sample_is_a_fact_of_its_kind() -> None:
    rules.check_facts(rules.SAMPLES, {kind: kind for kind in rules.KINDS})


def test_patience_doubles_and_ends() -> None:
    assert [rules.retry_after_seconds(n) for n in range(1, 7)] == [30, 60, 120, 240, 480, None]


_HAN = st.sampled_from("王李张赵欧阳司马阿卜杜拉买提明丰〇㐂𠮷𪚥𬌗")
_LEGAL = st.one_of(
    st.text(_HAN, min_size=2, max_size=20),
    st.lists(st.text(_HAN, min_size=1, max_size=5), min_size=2, max_size=3).map("·".join),
)


@given(_LEGAL)
@example("𠮷田")
@example("张君宝丰")
@example("阿·买")
@example("阿卜杜拉·买买提")
@example("欧阳·修")
def test_whatever_a_legal_name_is_masked_to_may_be_said(name: str) -> None:
    assert names.judge_person(name).valid
    rules.check_facts({"x": masks.mask_name(name)}, {"x": "name"})


def test_a_secret_is_set_apart_from_what_the_house_may_read() -> None:
    said, secret = rules.apart({"code": "012345", "minutes": "5"}, {"code": "code", "minutes": "count"})
    assert said == {"code": rules.UNSEEN, "minutes": "5"} and secret == {"code": "012345"}
