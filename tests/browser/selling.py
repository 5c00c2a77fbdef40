"""The salesperson's work: enquiry, customer, account, car, application. What is wrong is said beside its field at once."""

from __future__ import annotations

from pathlib import Path

from chezhe.customers.tests.filing import CARD_OTHER
from chezhe.origination.tests.asking import work
from chezhe.ui.tests.browser import Window
from chezhe.vehicles.tests.filing import USED
from tests.browser import papers
from tests.journeys.walk import BORROWER

PRICE, AMOUNT, PERIODS = "98,000", "60,000", "24"
CARD_MISTYPED = "6217000000000000005"


def from_enquiry_to_customer(lin: Window) -> str:
    """The customer's number."""
    lin.go("/leads/new/").fill(
        name="王先生", mobile=BORROWER.mobile, source="walk_in", product_interest="P02", amount_wanted=AMOUNT, note="看中一辆帕萨特",
    )
    lin.press("保存线索").arrives("/leads/LD26-*/")
    lin.follow("记录联系").fill(channel="phone", outcome="interested", note="周末来店").press("保存").arrives("/leads/LD26-*/")
    lin.press("确认意向").settle().follow("转为客户")
    wrong_then_right(lin, "new-id_number", "110101199001010008", "校验", BORROWER.id_number)
    wrong_then_right(lin, "new-mobile", "1541234567", "11 位", BORROWER.mobile)
    lin.fill(**{"new-name": BORROWER.name, "new-address": BORROWER.address, "new-monthly_income": "15,000"}).press("建档并转化")
    return lin.arrives("/customers/C26-*/").split("/")[2]


def wrong_then_right(window: Window, field: str, wrong: str, words: str, right: str) -> None:
    """The sentence stands beside the field as soon as it is left, and goes away with the mistake."""
    window.fill(**{field: wrong}).leave(field).sees(words, within=f"#id_{field}_check")
    window.page.locator(f"#id_{field}_check .field-error").wait_for()  # exactly one: two would be refused
    window.fill(**{field: right}).leave(field)
    window.page.locator(f"#id_{field}_check .field-good").wait_for()


def open_account(lin: Window, customer: str) -> None:
    lin.go(f"/customers/{customer}/accounts/new/").fill(card_number=CARD_MISTYPED, bank_name="某银行上海分行").press("添加").settle()
    assert "校验" in lin.text("#id_card_number_field .field-error")
    lin.fill(card_number=CARD_OTHER).press("添加").arrives(f"/customers/{customer}/**")
    assert CARD_OTHER not in lin.page.content() and CARD_OTHER[-4:] in lin.text()


def register_car(lin: Window, customer: str) -> str:
    """The car's number."""
    lin.go(f"/customers/{customer}/").follow("登记车辆")
    lin.fill(vin="LSVNV2182N2000001").leave("vin").sees("校验码不符", within="#id_vin_check")
    wrong_then_right(lin, "vin", "LSVNV2182N2O00002", "O", USED.vin)
    wrong_then_right(lin, "plate", "沪A1234", "车牌", USED.plate)
    lin.fill(
        condition="used", brand=USED.brand, series=USED.series, model=USED.model, energy_type="petrol", engine_no=USED.engine_no,
        first_registered_on="2022-05-20", mileage_km="56,000", colour="白", invoice_price=PRICE,
    )
    return lin.press("登记").arrives("/vehicles/V26-*/").split("/")[2]


def value_car(ping: Window, car: str, worth: str = "100,000") -> None:
    """Ping, who does not sell, looks at the car."""
    ping.go(f"/vehicles/{car}/").follow("录入评估价")
    ping.fill(source="in_house", amount=worth, valued_on="2026-09-01", mileage_km="56,000").press("保存").arrives(f"/vehicles/{car}/**")


def begin(lin: Window, customer: str, product: str) -> str:
    """The application's number; the wizard stands at its first step."""
    lin.go(f"/customers/{customer}/").follow("新建进件").fill(product_code=product).press("开始填写")
    return lin.arrives("/origination/A26-*/steps/party/").split("/")[2]


def fill_in(lin: Window, car: str) -> None:
    """Six steps; what is typed saves itself, and is still there after leaving and coming back."""
    lin.fill(purpose="purchase").press("保存并继续").arrives("/*/*/steps/support/")
    lin.follow("下一步", within="main").arrives("/*/*/steps/vehicle/")
    lin.fill(vehicle_number=car, price=PRICE).leave("price").sees("已自动保存")
    here = lin.path
    lin.go("/").go(here)
    assert lin.page.input_value("[name=price]") == "98000.00" and lin.page.input_value("[name=vehicle_number]") == car
    lin.press("保存并继续").arrives("/*/*/steps/finance/")
    lin.fill(amount=AMOUNT, periods=PERIODS, due_day="20", monthly_income="15,000", monthly_debt="0").leave("monthly_debt")
    lin.sees("已自动保存").sees("月供（含费用）").press("保存并继续").arrives("/*/*/steps/documents/")


def hand_over_papers(lin: Window, folder: Path) -> int:
    """Refused files say why; every right one makes the list of missing papers shorter. Returns how many were filed."""
    for file, words in ((papers.nothing(folder), "空"), (papers.scripted_drawing(folder), "只接受")):
        lin.page.set_input_files("[data-documents] [name=file]", file)
        lin.press("上传").sees(words, within="[data-documents]").settle()
    filed, missing = 0, "[data-documents] [role=group] .tag-warning"
    while chips := lin.page.locator(missing).all_inner_texts():
        lin.fill(category=chips[0].strip(), file=papers.scan(folder, "scan"))
        lin.page.locator("[data-documents] .dropzone li img").wait_for()
        lin.press("上传").waits_for_fewer(missing, len(chips))
        filed += 1
    lin.follow("下一步", within="main").arrives("/*/*/steps/consents/")
    return filed


def gather_consents(lin: Window) -> None:
    """One signature after the other, until nothing is missing beside the form."""
    form = "[data-consents] details[open] form >> nth=0"
    while words := lin.page.locator(".stays .row-of a").all_inner_texts():
        kind = words[0].split("“")[1].split("”")[0]
        lin.fill(within=form, kind=kind, channel="paper", evidence="SQ-2026-001").press("登记", within="[data-consents]")
        lin.waits_for_fewer(".stays .row-of a", len(words))


def submit(lin: Window) -> None:
    """Handed in; the worker asks the sources and decides."""
    lin.press("提交审批").arrives("/origination/A26-*/")
    lin.sees("资料核验中")
    work()
    lin.page.reload()
    lin.sees("初审中")


def take_the_offer(lin: Window, application: str) -> None:
    lin.go(f"/origination/{application}/").press("客户接受").press("客户接受", within="dialog[open]").sees("客户已接受").settle()
