"""Two ways to write a place or an employer are one; two places stay two."""

from __future__ import annotations

import pytest

from chezhe.identifiers.addresses import address_key
from chezhe.identifiers.employers import employer_key

SAME = [
    [
        "浙江省杭州市西湖区文三路１２号光华小区3栋2单元501室", "杭州市西湖区文三路12号光华3幢2单元501", "杭州市西湖区文三路12号光华小区3-2-501",
        "浙江杭州市西湖区古荡街道文三路12号光华小区3号楼2单元5楼501室", "杭州市西湖区文三路十二号光华小区三栋二单元五百零一室",
        "杭州市 西湖区 文三路12号（近地铁）光华小区 3#2单元501户",
    ],
    ["北京市朝阳区光华路1号", "北京朝阳区光华路1号", "北京市市辖区朝阳区光华路一号", "中国北京市朝阳区光华路1号"],
    ["上海市浦东新区张江路88弄12号301室", "上海浦东张江路88弄12号301"],
    ["上海市闸北区共和新路100号2楼", "上海市静安区共和新路100号二层"],
    ["杭州市下城区朝晖路10号", "杭州市拱墅区朝晖路十号"],
    ["江苏省南京市鼓楼区中山北路二〇三号", "南京市鼓楼区中山北路203号"],
]
DIFFERENT = [
    "杭州市西湖区文三路12号光华小区3栋2单元501室", "杭州市西湖区文三路12号光华小区3栋2单元502室", "杭州市西湖区文三路12号光华小区3栋1单元501室",
    "杭州市西湖区文三路12号光华小区13栋2单元501室", "杭州市西湖区文三路12号", "杭州市上城区文三路12号", "苏州市西湖区文三路12号",
    "杭州市西湖区文一路12号", "杭州市西湖区文三路112号",
]
NOWHERE = ["", "  ", "北京市朝阳区", "浙江省杭州市", "某某小区", "1号"]


@pytest.mark.parametrize("written", SAME, ids=lambda written: written[0][:8])
def test_one_place_written_in_many_ways_is_one_place(written: list[str]) -> None:
    keys = {address_key(text) for text in written}
    assert len(keys) == 1 and keys != {""}


def test_neighbours_are_not_the_same_place() -> None:
    assert len({address_key(text) for text in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize("text", NOWHERE)
def test_a_place_without_a_house_joins_nobody(text: str) -> None:
    assert address_key(text) == ""


@pytest.mark.parametrize(("written", "key"), [
    ("杭州捷运汽车租赁有限公司", "杭州捷运汽车租赁"), ("浙江省杭州捷运汽车租赁有限责任公司", "杭州捷运汽车租赁"),
    ("杭州市捷运汽车租赁（集团）有限公司", "杭州捷运汽车租赁"), ("杭州捷运汽车租赁股份有限公司", "杭州捷运汽车租赁"),
    ("自由职业", ""), ("个体", ""), ("", ""), ("无", ""),
])
def test_an_employer_is_known_without_its_legal_form(written: str, key: str) -> None:
    assert employer_key(written) == key


def test_two_employers_stay_two() -> None:
    assert employer_key("杭州捷运汽车租赁有限公司") != employer_key("宁波捷运汽车租赁有限公司")
