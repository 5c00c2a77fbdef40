from __future__ import annotations

import pytest

from chezhe.customers import queries, search_keys, steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, FLEET, OUYANG, SHAN, WANG, company, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel.errors import NotFound
from chezhe.kernel.testing import WU


@pytest.fixture
def everybody(cast: Cast) -> dict[str, Customer]:
    people = {"wang": person(WANG, cast.lin), "ouyang": person(OUYANG, cast.lin), "shan": person(SHAN, cast.lin)}
    steps.add_account(people["wang"], kind="card", card_number=CARD, bank_name="农业银行")
    return people | {"fleet": company(FLEET, cast.lin)}


@pytest.mark.parametrize(("text", "found"), [
    ("王小明", {"wang"}), ("小明", {"wang"}), ("王", {"wang"}), ("明", {"wang"}), ("王明", set()), ("王 小明", {"wang"}),
    ("wxm", {"wang"}), ("WXM", {"wang"}), ("wangxiaom", {"wang"}), ("wang xiaoming", {"wang"}), ("oyxy", {"ouyang"}),
    ("sxx", {"shan"}), ("shanxiong", {"shan"}), ("danxiong", set()),
    ("110101199001010007", {"wang"}), ("1101 0119 9001 0100 07", {"wang"}), ("33010619881212003x", {"ouyang"}), ("003x", {"ouyang"}),
    ("15412345678", {"wang"}), ("+86 154 1234 5678", {"wang"}), ("5678", {"wang"}), ("0018", {"wang"}), ("567", set()),
    ("91310115MA1TEYT17L", {"fleet"}), ("捷运", {"fleet"}), ("租赁有限", {"fleet"}), ("hzjy", {"fleet"}),
    ("", set()), ("%", set()), ("_", set()), ("'; DROP TABLE", set()), ("C26-", {"wang", "ouyang", "shan", "fleet"}),
])
def test_it_finds_who_is_meant(cast: Cast, everybody: dict[str, Customer], text: str, found: set[str]) -> None:
    names = {customer.number: name for name, customer in everybody.items()}
    assert {names[hit.number] for hit in queries.search(cast.lin, text)} == found


def test_it_finds_a_number_whole_or_begun_with_or_without_hyphens(cast: Cast, everybody: dict[str, Customer]) -> None:
    number = everybody["shan"].number
    for text in (number, number.lower(), number.replace("-", ""), number[:10]):
        assert number in {hit.number for hit in queries.search(cast.lin, text)}


def test_everything_on_a_hit_is_masked(cast: Cast, everybody: dict[str, Customer]) -> None:
    (hit,) = queries.search(cast.lin, "王小明")
    assert (hit.title, hit.detail) == ("王*明", "110***********0007 · 154****5678")


def test_nobody_finds_who_is_out_of_reach(cast: Cast, everybody: dict[str, Customer]) -> None:
    for text in ("王小明", WANG.id_number, WANG.mobile, everybody["wang"].number):
        assert not queries.search(cast.mei, text) and not queries.search(WU, text)
    assert queries.search(cast.gao, "王小明") and queries.search(cast.xu, "王小明")
    with pytest.raises(NotFound):
        queries.open_subject(cast.mei, everybody["wang"].number)
    assert not Customer.objects.visible_to(WU).exists()


def test_the_keys_of_a_name() -> None:
    assert search_keys.grams("王小明") == ["小", "小明", "明", "王", "王小"]
    assert search_keys.query_grams("小明") == ["小明"] and search_keys.query_grams("王") == ["王"]
    assert search_keys.pinyin("尉迟恭", is_person=True) == "yuchigong"
    assert search_keys.initials("上海A1汽车", is_person=False) == "sha1qc"


def test_a_search_reads_the_index_and_stays_small(
    cast: Cast, everybody: dict[str, Customer], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(3):
        queries.search(cast.lin, "王小明")
