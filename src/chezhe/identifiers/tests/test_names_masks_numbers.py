import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import excel, masks, names, numbers, text


@pytest.mark.parametrize("name", ["张三", "欧阳修", "买买提·艾合买提", "𠮷田", "㛃月", "司马相如"])
def test_it_accepts_names_of_people(name: str) -> None:
    assert names.judge_person(name).valid


@pytest.mark.parametrize("name", ["", "张", "张三a", "张 三", "·张三", "张三·", "买··提", "张三3", "张" * 21, "张三\n", "Zhang San"])
def test_it_refuses_what_is_no_name(name: str) -> None:
    assert [finding.code for finding in names.judge_person(name).findings] == ["person_name.form"]


def test_a_form_normalises_names() -> None:
    assert names.normalise_person(" 买买提•艾合 买提") == "买买提·艾合买提"
    assert names.normalise_company("杭州车辙(测试) 有限公司") == "杭州车辙（测试） 有限公司"


@pytest.mark.parametrize("name", ["杭州车辙（测试）科技有限公司", "A&B汽车贸易", "第1车行商贸", "四个汉字"])
def test_it_accepts_company_names(name: str) -> None:
    assert names.judge_company(name).valid


@pytest.mark.parametrize("name", ["", "三个字", "1234", "车" * 101, "车贷<script>", "车贷公司\n", " 车贷公司"])
def test_it_refuses_what_is_no_company_name(name: str) -> None:
    assert not names.judge_company(name).valid


MASKS = [
    (masks.mask_name, "张三", "张*"), (masks.mask_name, "张小三", "张*三"), (masks.mask_name, "欧阳修", "欧阳*"),
    (masks.mask_name, "欧阳小修", "欧阳*修"), (masks.mask_name, "张", "*"), (masks.mask_name, "", ""),
    (masks.mask_id_number, "11010519491231002X", "110***********002X"), (masks.mask_id_number, "123", "***"),
    (masks.mask_mobile, "13800138000", "138****8000"),
    (masks.mask_bank_card, "6228480402564890018", "***************0018"), (masks.mask_bank_card, "0018", "****"),
    (masks.mask_vin, "LFV2A21K8A3000001", "***********000001"),
    (masks.mask_plate, "京A12345", "京A***45"), (masks.mask_plate, "粤BD12345", "粤B****45"),
    (masks.mask_email, "zhang@example.com", "z***@example.com"), (masks.mask_email, "@example.com", "****"),
    (masks.mask_email, "not an address", "****"), (masks.mask_email, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("mask", "value", "shown"), MASKS)
def test_masks_follow_the_table(mask, value: str, shown: str) -> None:  # type: ignore[no-untyped-def]
    assert mask(value) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("北京市朝阳区建国路88号", "北京市朝阳区****"),
        ("浙江省杭州市西湖区文三路1号2幢", "浙江省杭州市西湖区****"),
        ("上海市浦东新区世纪大道100号", "上海市浦东新区****"),
        ("江苏省昆山市玉山镇1号", "江苏省昆山市****"),
        ("山东省济南市市中区经七路", "山东省济南市市中区****"),
        ("四川省甘孜藏族自治州康定市炉城街道", "四川省甘孜藏族自治州康定市****"),
        ("内蒙古自治区呼和浩特市新城区中山路", "内蒙古自治区呼和浩特市新城区****"),
        ("唐山市路北区新华道1号", "唐山市路北区****"),
        ("杭州市文三小区3幢", "杭州市****"),
        ("杭州市文三路区政府", "杭州市****"),
        ("杭州市", "杭州市"),
        ("文三路1号", "****"),
        ("", ""),
    ],
)
def test_an_address_is_shown_down_to_the_district(address: str, shown: str) -> None:
    assert masks.mask_address(address) == shown


@given(st.text(min_size=1))
def test_no_mask_fails_or_shows_a_whole_value(value: str) -> None:
    for mask in (masks.mask_name, masks.mask_id_number, masks.mask_mobile, masks.mask_bank_card, masks.mask_vin, masks.mask_plate):
        assert "*" in mask(value) and len(mask(value)) == len(value)
    masks.mask_email(value)
    masks.mask_address(value)


@pytest.mark.parametrize(
    ("cell", "is_number", "codes"),
    [
        ("510107199506230000", True, ["excel.rounded"]),
        ("510107199506230000.0", True, ["excel.rounded"]),
        ("510107199506230016", True, ["excel.typed_as_number"]),
        ("510107199506230016", False, []),
        ("310115198511150000", False, []),
        ("5.10107E+17", False, ["excel.scientific"]),
        ("13800138000", True, []),
    ],
)
def test_it_sees_what_a_spreadsheet_did(cell: str, is_number: bool, codes: list[str]) -> None:
    assert [finding.code for finding in excel.judge_cell(cell, is_number)] == codes


def test_cleaning_leaves_chinese_alone() -> None:
    assert text.to_half_width("ＡＢＣ１２３　车") == "ABC123 车"
    assert text.clean("\ufeff 张 \t 三\u200b\n") == "张 三"
    assert not text.is_digits("１２") and not text.is_digits("²") and not text.is_digits("")


def test_our_numbers_carry_a_check_digit() -> None:
    assert numbers.format_number("L", 2026, 123) == "L26-000123-7"
    found = numbers.judge("L26-000123-7")
    assert found.valid and (found.prefix, found.year, found.sequence) == ("L", 26, 123)


@given(st.sampled_from(["L", "A", "AP", "C"]), st.integers(2020, 2099), st.integers(1, 10**8), st.data())
def test_a_wrong_digit_is_always_caught(prefix: str, year: int, sequence: int, data: st.DataObject) -> None:
    number = numbers.format_number(prefix, year, sequence)
    assert numbers.judge(number).valid and numbers.judge(number).sequence == sequence
    position = data.draw(st.sampled_from([i for i, c in enumerate(number) if c.isdigit()]))
    digit = data.draw(st.sampled_from(sorted(set("0123456789") - {number[position]})))
    assert not numbers.judge(number[:position] + digit + number[position + 1 :]).valid


@pytest.mark.parametrize("typed", ["l26-000123-7", "L26 000123 7", "L260001237", "Ｌ２６-000123-7"])
def test_it_reads_our_number_as_people_type_it(typed: str) -> None:
    assert numbers.normalise(typed) == "L26-000123-7"


@pytest.mark.parametrize("text_given", ["", "L26-000123", "L26-000000-5", "L26-0000123-7", "l26-000123-7", "26-000123-7"])
def test_it_refuses_a_number_not_written_our_way(text_given: str) -> None:
    assert [finding.code for finding in numbers.judge(text_given).findings] == ["number.form"]


@pytest.mark.parametrize(("prefix", "sequence"), [("l", 1), ("LOAN", 1), ("L", 0), ("L", 10**12), ("贷", 1)])
def test_it_does_not_write_a_number_it_could_not_read(prefix: str, sequence: int) -> None:
    with pytest.raises(ValueError):
        numbers.format_number(prefix, 2026, sequence)


@given(st.text())
def test_nothing_fails_on_any_text(any_text: str) -> None:
    names.judge_person(names.normalise_person(any_text))
    names.judge_company(names.normalise_company(any_text))
    numbers.judge(numbers.normalise(any_text))
    numbers.judge(any_text)
    excel.judge_cell(any_text, True)
