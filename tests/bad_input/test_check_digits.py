"""Numbers that people and cars carry: judged while they are typed, when they are sent, and in the bank's files."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD_OTHER, FLEET, WANG
from chezhe.identifiers import id_card
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED
from tests.bad_input.doors import CHINESE, api_refuses, page_refuses, posting_refused
from tests.bad_input.watch import nothing_written
from tests.journeys.house import Team, statement
from tests.journeys.walk import said

pytestmark = pytest.mark.django_db
ROUNDED_ID, ROUNDED_CARD, ROUNDED_USCC = "110101199003070000", "6217000000000010000", "911101080000001000"
# what is typed: the code, and a piece of the sentence in Chinese and in English
IDS = {
    "110101199001010008": ("id_card.check_digit", "校验码不符", "check digit"), "11010119900101000": ("id_card.form", "应为 18 位", "18 characters"),
    "00010119900101001" + id_card.check_character("00010119900101001"): ("id_card.province", "不是任何省级行政区", "not the code of any province"),
    ROUNDED_ID: ("id_card.excel_rounded", "可能已被 Excel 当作数字改写", "Excel has probably rounded it"),
}
USCCS = {
    "91310115MA1TEYT17M": ("uscc.check_digit", "校验码不符", "check character"), "91310115MA1TEYT1": ("uscc.form", "应为 18 位", "18 digits"),
    ROUNDED_USCC: ("uscc.excel_rounded", "可能已被 Excel 当作数字改写", "Excel has probably rounded it"),
}
VINS = {"LSVNV2182N200000": ("vin.form", "应为 17 位", "17 digits"), "LSVNV2182N2OOOOO3": ("vin.form", "不含 I、O、Q", "without I, O and Q")}
PLATES = {"沪A1234": ("plate.form", "5 位号码", "5 characters"), "AA12345": ("plate.province", "省份简称开头", "province character")}
CARDS = {
    "6217000000000000005": ("card.check_digit", "校验位不符", "check digit"), "6217": ("card.form", "16 至 19 位", "16 to 19 digits"),
    ROUNDED_CARD: ("card.excel_rounded", "可能已被 Excel 当作数字改写", "Excel has probably rounded it"),
}
MOBILES = {"12345678901": ("mobile.form", "应为 11 位数字", "11 digits"), "1541234567": ("mobile.form", "应为 11 位数字", "11 digits")}
PERSON = {"name": WANG.name, "id_number": WANG.id_number, "mobile": WANG.mobile, "marital_status": "unknown"}
COMPANY = {"name": FLEET.name, "uscc": FLEET.uscc, "legal_representative": FLEET.legal_representative, "mobile": FLEET.mobile}


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [("id", IDS, WANG.id_number), ("uscc", USCCS, FLEET.uscc), ("vin", VINS, USED.vin), ("plate", PLATES, USED.plate), ("card", CARDS, CARD_OTHER),
     ("mobile", MOBILES, WANG.mobile), ("account", {"621": ("account.form", "8 至 32 位", "8 to 32 digits")}, "31001234567890123456")],
)
def test_a_number_is_judged_while_it_is_typed(team: Team, kind: str, wrong: dict[str, tuple[str, str, str]], right: str) -> None:
    lin = team.browser("lin")
    with nothing_written():
        for typed, (_code, chinese, english) in wrong.items():
            for language, sentence in (("zh-hans", chinese), ("en", english)):
                text = lin.post(f"/ui/check/{kind}/", {"value": typed}, headers={"Accept-Language": language}).content.decode()
                assert "field-error" in text and sentence in text and bool(CHINESE.search(text)) == (language != "en"), (typed, text)
        assert "field-error" not in lin.post(f"/ui/check/{kind}/", {"value": right}).content.decode()


def test_the_forms_ask_while_they_are_filled_in(team: Team, wang: Customer) -> None:
    """Each of these fields is tied to the live check of its kind."""
    for page, kinds in (("/customers/new/person/", ("id", "mobile")), ("/customers/new/company/", ("uscc", "mobile")),
                        ("/vehicles/new/", ("vin", "plate")), (f"/customers/{wang.number}/accounts/new/", ("account",))):
        text = team.browser("lin").get(page).content.decode()
        assert all(f'hx-post="/ui/check/{kind}/"' in text for kind in kinds), page


def test_a_person_with_a_wrong_number_is_not_filed(team: Team) -> None:
    lin, program = team.browser("lin"), team.program("lin")
    for typed, (code, chinese, english) in IDS.items():
        page_refuses(lin, "/customers/new/person/", {**PERSON, "id_number": typed}, "id_number", chinese, english)
        problem = posting_refused(program, "customers/persons", {**PERSON, "id_number": typed}, "id_number", code)
        assert chinese in problem["detail"]
    for typed, (code, chinese, english) in MOBILES.items():
        page_refuses(lin, "/customers/new/person/", {**PERSON, "mobile": typed}, "mobile", chinese, english)
        posting_refused(program, "customers/persons", {**PERSON, "mobile": typed}, "mobile", code)
    # As a spreadsheet would hand it to a program.
    posting_refused(program, "customers/persons", {**PERSON, "id_number": 110101199003070000}, "id_number", "string_type")
    posting_refused(program, "customers/persons", {**PERSON, "id_number": 1.1010119900307e17}, "id_number", "string_type")
    posting_refused(program, "customers/persons", {**PERSON, "id_number": "1.10101E+17"}, "id_number", "id_card.form")


def test_a_company_with_a_wrong_code_is_not_filed(team: Team) -> None:
    for typed, (code, chinese, english) in USCCS.items():
        page_refuses(team.browser("lin"), "/customers/new/company/", {**COMPANY, "uscc": typed}, "uscc", chinese, english)
        posting_refused(team.program("lin"), "customers/companies", {**COMPANY, "uscc": typed}, "uscc", code)


def test_a_card_with_a_wrong_digit_is_not_registered(team: Team, wang: Customer) -> None:
    path = f"customers/{wang.number}/accounts"
    for typed, (code, chinese, english) in CARDS.items():
        form = {"kind": "card", "card_number": typed, "bank_name": "某银行"}
        if code == "card.form":
            chinese, english = "8 至 32 位", "8 to 32 digits"
        page_refuses(team.browser("lin"), f"/{path}/new/", form, "card_number", chinese, english)
        posting_refused(team.program("lin"), path, form, "card_number", code)


def test_a_car_with_a_wrong_number_is_not_filed_and_a_foreign_check_digit_warns(team: Team, wang: Customer) -> None:
    car = {"owner_number": wang.number, "vin": USED.vin, "brand": USED.brand, "model": USED.model, "condition": "used", "energy_type": USED.energy_type,
           "plate": USED.plate, "first_registered_on": "2022-05-20", "mileage_km": 56_000}
    lin, program = team.browser("lin"), team.program("lin")
    for field, wrong in (("vin", VINS), ("plate", PLATES)):
        for typed, (code, chinese, english) in wrong.items():
            page_refuses(lin, "/vehicles/new/", {**car, "usage_nature": "non_commercial", field: typed}, field, chinese, english)
            posting_refused(program, "vehicles", {**car, field: typed}, field, code)
    foreign = USED.vin[:8] + ("0" if USED.vin[8] != "0" else "1") + USED.vin[9:]
    live = lin.post("/ui/check/vin/", {"vin": foreign}).content.decode()
    assert "field-warning" in live and "进口车可能没有校验码" in live
    said(program.post("vehicles", {**car, "vin": foreign}), 201)
    assert Vehicle.objects.get().vin == foreign


def sheet(serial: Any, account: Any) -> SimpleUploadedFile:
    """A statement in XLSX with one receipt; numbers stay number cells."""
    book = Workbook()
    book.active.append(["交易日期", "金额", "流水号", "付款人", "付款账号", "附言"])
    book.active.append(["2026-09-01", "100.00", serial, "王小明", account, "x"])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("statement.xlsx", out.getvalue())


def csv(serial: str, account: str) -> SimpleUploadedFile:
    text = f"交易日期,金额,流水号,付款人,付款账号,附言\n2026-09-01,100.00,{serial},王小明,{account},x\n"
    return SimpleUploadedFile("statement.csv", text.encode())


@pytest.mark.parametrize(
    ("make", "serial", "account", "column"),
    [(sheet, 110101199003070000, "", "bank_serial"), (sheet, "F1", 6217000000000010000, "payer_account"),
     (sheet, "F1", 6217001234567890, "payer_account"), (csv, "1.10101E+17", "", "bank_serial"), (csv, "F1", "6.217E+18", "payer_account"),
     (csv, "F1", ROUNDED_CARD, "payer_account")],
)
def test_a_statement_that_a_spreadsheet_rounded_is_not_booked(team: Team, make: Any, serial: Any, account: Any, column: str) -> None:
    cai, page = team.program("cai"), team.browser("cai")
    said(cai.step_up())
    tried = said(cai.send("payments/bank-files", file=make(serial, account), dry_run="true"))
    assert [(f["column"], f["code"]) for f in tried["faults"]] == [(column, "number_rounded")] and "Excel" in tried["faults"][0]["message"]
    with nothing_written():
        answer = cai.send("payments/bank-files", file=make(serial, account))
        api_refuses(answer, "file", "bank_file_has_faults")
        for language, sentence in (("zh-hans", "Excel"), ("en", "Excel")):
            text = page.post("/payments/files/import/", {"file": make(serial, account)}, headers={"Accept-Language": language}).content.decode()
            assert sentence in text
    assert said(cai.send("payments/bank-files", file=make("F1", CARD_OTHER)), 201)["new_lines"] == 1


def test_the_same_line_twice_and_a_statement_of_tomorrow_are_named_by_row(team: Team) -> None:
    cai = team.program("cai")
    said(cai.step_up())
    for rows, code in (([("2026-09-01", "1.00", "A", "")] * 2, "serial_twice"), ([("2026-09-02", "1.00", "A", "")], "date_in_future"),
                       ([("2026-02-30", "1.00", "A", "")], "date_invalid"), ([("2026-09-01", "-1.00", "A", "")], "amount_not_positive"),
                       ([("2026-09-01", "1.001", "A", "")], "amount_invalid"), ([("2026-09-01", "1e3", "A", "")], "amount_invalid")):
        tried = said(cai.send("payments/bank-files", file=statement(rows), dry_run="true"))
        assert [f["code"] for f in tried["faults"]] == [code] and CHINESE.search(tried["faults"][0]["message"])
        with nothing_written():
            api_refuses(cai.send("payments/bank-files", file=statement(rows)), "file", "bank_file_has_faults")
