"""The papers: what they say, read back from the PDF."""

from __future__ import annotations

import io
import random
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chezhe.contracts import casework
from chezhe.contracts.papers import cost, forms, schedule, template
from chezhe.contracts.papers.facts import CO_BORROWER, GUARANTOR, Case, Consent, Surety
from chezhe.contracts.papers.forms import Wanted
from chezhe.contracts.printing import planning, pressing
from chezhe.contracts.tests.cases import case, party
from chezhe.customers.models import Trade
from chezhe.documents.papers import figures, press
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.identifiers.capital import amount_in_capitals
from chezhe.origination.models import Application
from chezhe.products import seeds


def contract_of(one: Case) -> dict[str, Any]:
    return forms.data_of(one, Wanted(kind="loan_contract"))


def mortgage_of(one: Case) -> dict[str, Any]:
    return forms.data_of(one, Wanted(kind="mortgage_contract", signer=forms.owner_of(one)))


def text_of(pdf: bytes) -> str:
    """All pages without blanks: how lines break does not matter."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_the_loan_contract_says_everything_that_law_asks_for() -> None:
    one = case()
    data = contract_of(one)
    text = text_of(press.print_paper(template("articles"), data))
    rates = one.counted.rates
    for words_asked in (
        "K26-000001-5", "张小三", "110101199001010007", "杭州市西湖区文三路1号", "100,000.00元（大写：人民币壹拾万元整）", "36个月", "等额本息",
        "8.88%", figures.percent(rates.all_in_simple), figures.percent(rates.all_in_compound), "单利", "复利", "抵押登记代办费", "抵押登记代办机构",
        "13.32%", "宽限期", "提前结清", "3.00%", "送达地址", "6217000000000000004", "骑缝章处", data["code"], "第1页/共4页", "第4页/共4页",
        "不从借款本金中扣除", "LFVTEST0030000011",
    ):
        assert words_asked.replace(" ", "") in text, words_asked


@pytest.mark.parametrize("seed", range(20))
def test_the_capital_amount_equals_the_figure(seed: int) -> None:
    """UX check 21: twenty random amounts, read back from the printed page."""
    amount = Money(random.Random(seed).randrange(2_000_000, 80_000_000))
    text = text_of(press.print_paper(template("articles"), contract_of(case(amount=amount, periods=12))))
    pairs = re.findall(r"([\d,]+\.\d\d)元（大写：(人民币[^）]+)）", text)
    assert (figures.figure(amount), amount_in_capitals(amount.fen)) in pairs and len(pairs) >= 4
    for figure, capitals in pairs:
        assert amount_in_capitals(int(figure.replace(",", "").replace(".", ""))) == capitals


@pytest.mark.parametrize("method", [Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.FLAT_EQUAL, Method.BALLOON])
def test_the_printed_schedule_adds_up_to_the_fen(method: Method) -> None:
    one = case(method=method, rate="0.06", amount=Money(12_345_678), periods=60)
    text = text_of(press.print_paper(template("schedule"), schedule.schedule(one)))
    lines = re.findall(r"(\d{4}-\d\d-\d\d)((?:[\d,]+\.\d\d){5})", text)
    assert len(lines) == 60
    figures = [[int(f.replace(",", "").replace(".", "")) for f in re.findall(r"[\d,]+?\.\d\d", row)] for _day, row in lines]
    assert sum(row[0] for row in figures) == 12_345_678 and figures[-1][4] == 0
    assert all(row[0] + row[1] + row[2] == row[3] for row in figures)
    assert text.count("期数到期日本金（元）") >= 2, "the head stands again on the next page"


def test_the_cost_sheet_names_every_cost_and_who_takes_it() -> None:
    one = case(product=seeds.used_car(), rate="0.12")
    text = text_of(press.print_paper(template("cost_sheet"), cost.cost_sheet(one)))
    for rule, fee in one.fees:
        for said in (rule.label, rule.payee_name or one.lender.name, figures.yuan(fee.amount_fen)):
            assert said.replace(" ", "") in text
    for words_asked in ("综合年化成本（单利）" + figures.percent(one.counted.rates.all_in_simple), "逾期罚息", "挪用罚息", "不从贷款本金中预先扣除", "签署借款合同之前"):
        assert words_asked in text


def test_the_all_in_rate_counts_the_fees_that_the_borrower_pays() -> None:
    without, with_fee = case(product=seeds.new_car()).quote.rates.simple, case().counted.rates.all_in_simple
    assert without is not None and with_fee is not None and with_fee > without
    assert without.quantize(Decimal("0.0001")) == Decimal("0.0888")


def test_the_mortgage_contract_takes_the_owner_of_the_car_whoever_borrows() -> None:
    owner = party(name="李大海", paper_number="33010619881212003X")
    one = case()
    one = case(car=type(one.car)(title="大众 帕萨特", vin=one.car.vin, plate="", engine_no="", registered_on=None, owner=owner))
    text = text_of(press.print_paper(template("articles"), mortgage_of(one)))
    assert "抵押人名称/姓名李大海" in text and "债务人张小三" in text and "尚未上牌" in text and "不因债务人不履行债务而当然取得车辆的所有权" in text


def test_everybody_who_signs_has_a_place() -> None:
    parties = (party(), party(role=CO_BORROWER, name="王美丽"), party(role=GUARANTOR, name="杭州担保有限公司", is_person=False))
    text = text_of(press.print_paper(template("articles"), contract_of(case(parties=parties))))
    assert "共同借款人：王美丽" in text and "保证人：杭州担保有限公司" in text and "连带责任保证" in text and "统一社会信用代码" in text


def test_it_is_an_archive_pdf_and_the_same_facts_give_the_same_bytes() -> None:
    data = contract_of(case())
    first, second = press.print_paper(template("articles"), data), press.print_paper(template("articles"), data)
    assert first == second and b"<pdfaid:part>2</pdfaid:part>" in first
    assert len(press.pictures_of(template("articles"), data)) == 4


def test_the_code_changes_with_anything_the_paper_says() -> None:
    codes = {contract_of(one)["code"] for one in (case(), case(rate="0.09"), case(periods=24), case(borrower=party(address="别处")))}
    assert len(codes) == 4 and all(re.fullmatch(r"([0-9A-F]{4}-){3}[0-9A-F]{4}", code) for code in codes)


def test_a_character_no_font_has_is_refused_by_name_instead_of_printed_as_a_box() -> None:
    with pytest.raises(press.GlyphMissing) as refused:
        press.print_paper(template("articles"), contract_of(case(borrower=party(name="张\U00030000"))))
    assert "\U00030000" in str(refused.value) and refused.value.http_status == 422


@settings(max_examples=15)
@given(name=st.text(min_size=1, max_size=20), address=st.text(max_size=60))
def test_no_text_of_a_customer_can_become_markup_or_break_the_paper(name: str, address: str) -> None:
    data = mortgage_of(case(borrower=party(name=name, address=address or "x")))
    try:
        pdf = press.print_paper(template("articles"), data)
    except press.GlyphMissing:
        return
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["#panic()", "*粗*", "$x$", "@ref", "<label>", "\\u{41}", "= 标题", "#image(\"/etc/passwd\")", "{{7*7}}"])
def test_markup_in_a_name_is_printed_as_it_stands(name: str) -> None:
    text = text_of(press.print_paper(template("articles"), mortgage_of(case(borrower=party(name=name)))))
    assert name.replace(" ", "") in text


LABELS = {"credit_query": "征信查询授权", "personal_info": "个人信息处理", "sharing": "向第三方提供", "deduction": "银行卡代扣授权",
          "sensitive_info": "敏感信息与行踪轨迹"}
CONSENTS = tuple(Consent(kind=kind, label=label, version=2, text=f"本人同意{label}。") for kind, label in LABELS.items())


def whole_case(**changes: Any) -> Case:
    """A case that needs every kind of paper."""
    surety = party(role=GUARANTOR, name="李大海", paper_number="33010619881212003X", phone="13900000000", address="杭州")
    said: dict[str, Any] = {
        "parties": (party(), surety), "gps_wired": 1, "gps_wireless": 2, "is_insured": True, "consents": CONSENTS,
        "papers_fee_max": Money(20_000), "sureties": (Surety(name="李大海", amount=Money(8_000_000)),), **changes,
    }
    return case(**said)


def test_a_case_gets_every_paper_that_it_needs_and_each_consent_apart() -> None:
    every = forms.set_of(whole_case())
    assert [one.kind for one in every if one.kind != "consent_letter"] == [
        "cost_disclosure_sheet", "loan_contract", "guarantee_contract", "mortgage_contract", "repayment_schedule", "address_confirmation",
        "address_confirmation", "gps_notice", "insurance_undertaking"]
    given = [(one.signer.name, one.consent.kind) for one in every if one.consent and one.signer]
    assert given == [("张小三", kind) for kind in ("credit_query", "personal_info", "sharing", "deduction", "sensitive_info")] + [
        ("李大海", "credit_query"), ("李大海", "personal_info")]
    plain = [one.kind for one in forms.set_of(case())]
    assert plain == ["cost_disclosure_sheet", "loan_contract", "mortgage_contract", "repayment_schedule", "address_confirmation"]
    company = party(name="杭州某某商贸有限公司", is_person=False)
    assert not [one for one in forms.set_of(whole_case(parties=(company,), borrower=company)) if one.consent], "companies give no such consents"


def test_each_paper_says_what_it_is_for() -> None:
    one = whole_case()
    said = {wanted.kind + (wanted.consent.kind if wanted.consent else ""): text_of(
        press.print_paper(template(wanted.template), pressing.dressed(forms.data_of(one, wanted)))) for wanted in forms.set_of(one)}
    guarantee = said["guarantee_contract"]
    assert "80,000.00元（大写：人民币捌万元整）" in guarantee and "连带责任保证" in guarantee and "保证期间" in guarantee
    assert "有线装置1台" in said["gps_notice"] and "无线装置2台" in said["gps_notice"] and "结清之日起停止收集" in said["gps_notice"]
    assert "第一受益人" in said["insurance_undertaking"] and "视为送达" in said["address_confirmation"]
    assert "本人同意征信查询授权" in said["consent_lettercredit_query"] and "代扣" not in said["consent_lettercredit_query"]
    assert "评估机构" not in said["consent_lettersharing"] and "抵押登记代办机构" in said["consent_lettersharing"]
    assert all("核验" in text and "页码" in text for text in said.values())


def test_a_general_guarantee_and_one_without_a_limit_say_so() -> None:
    surety = party(role=GUARANTOR, name="李大海")
    one = whole_case(sureties=(Surety(name="李大海", is_joint=False),), parties=(party(), surety))
    data = forms.data_of(one, Wanted(kind="guarantee_contract", signer=surety))
    words = "".join(clause for article in data["articles"] for clause in article["clauses"])
    assert "一般保证" in words and "连带责任保证：" not in words and "为限" not in words
    assert ["保证金额", "主合同项下全部债务"] in data["articles"][0]["rows"]


def test_the_page_marks_follow_the_code_and_the_page_digests_the_drawing() -> None:
    first, second = (pressing.pressed(planning.plan(one, forms.shipped_text)) for one in (whole_case(), whole_case(rate="0.09")))
    again = pressing.pressed(planning.plan(whole_case(), forms.shipped_text))
    assert [one.page_hashes for one in first] == [one.page_hashes for one in again] != [one.page_hashes for one in second]
    assert all(len(set(one.page_hashes)) == len(one.page_hashes) for one in first)
    code = first[0].planned.data["code"]
    assert pressing.marks(code)[0] != pressing.marks(code)[1] and len(pressing.marks(code)[0]) == 8


def test_a_reprint_says_its_number_and_has_a_code_of_its_own() -> None:
    one = planning.plan(case(), forms.shipped_text)[1]
    second = planning.again(one)
    assert (second.print_number, second.data["print_number"]) == (2, 2) and second.data["code"] != one.data["code"]
    text = text_of(press.print_paper(template(second.template), pressing.dressed(second.data)))
    assert "第2次打印" in text and second.data["code"] in text


def test_a_sole_trader_is_named_with_the_trade_and_signs_with_his_own_name() -> None:
    trade = Trade(uscc="92330106MATEYAAA0X", name="明记五金店")
    said = casework.trade_words(Application(trade=trade))
    assert said == "经营者，字号明记五金店，统一社会信用代码92330106MATEYAAA0X"
    assert casework.trade_words(Application(trade=Trade(uscc="92330106MATEYAAA0X"))) == "经营者，无字号，统一社会信用代码92330106MATEYAAA0X"
    assert casework.trade_words(Application()) == casework.trade_words(None) == ""
    who = party(trade=said)
    one = case(borrower=who, purpose="个体经营")
    sheet = cost.cost_sheet(one)
    assert sheet["parties"][0]["name"] == f"张小三（{said}）" and sheet["parties"][0]["paper"] == "身份证号"
    assert sheet["title"] == cost.PERSON.title and sheet["signatures"][0]["name"] == "张小三"
    for wanted in forms.set_of(one):
        data = forms.data_of(one, wanted)
        if wanted.kind in ("loan_contract", "repayment_schedule"):
            assert said in str(data), wanted.kind
