"""The cost sheet: every item once, read or signed before anything else, and no fee that it does not name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from chezhe.compliance.steps import CapExceeded
from chezhe.contracts import errors
from chezhe.contracts.actions.confirm_cost_sheet import CostSheetConfirmed, ReadingMissing, confirm_cost_sheet
from chezhe.contracts.actions.open_cost_sheet import open_cost_sheet
from chezhe.contracts.actions.receive_upfront_fee import receive_upfront_fee
from chezhe.contracts.actions.renew_cost_sheet import CostSheetSame, SomebodySigned, renew_cost_sheet
from chezhe.contracts.actions.return_upfront_fee import return_upfront_fee
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.costs import queries, receiving, rules, steps
from chezhe.contracts.costs.receiving import Payment
from chezhe.contracts.models import Contract, CostConfirmation, CostSheet, FeeReceipt
from chezhe.contracts.papers import cost, template
from chezhe.contracts.papers.cost_items import items_of
from chezhe.contracts.printing.steps import PapersNotReady
from chezhe.contracts.tests.cases import case, party
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, person, scan
from chezhe.contracts.tests.printing import printed
from chezhe.contracts.tests.test_papers import text_of
from chezhe.documents.papers import figures, press
from chezhe.finmath.money import Money
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.kernel.testing import WU
from chezhe.ledger.queries import journal_text
from chezhe.products import seeds

pytestmark = pytest.mark.django_db
SECONDS = 10


@pytest.fixture
def number(signed: Any) -> str:
    return str(signed(until="prepared"))


@pytest.fixture
def cai(cast: Cast) -> Actor:
    return person("蔡", roles.FINANCE, cast.branch)


def confirm(number: str, by: Actor, **changes: Any) -> Contract:
    said: dict[str, Any] = {"contract_number": number, "confirmed_on": TODAY, "channel": "counter", "business_date": TODAY, **changes}
    return confirm_cost_sheet(**said, by=by)


def read(number: str, key: str, by: Actor, **changes: Any) -> Contract:
    return confirm(number, by, channel="e_sign", reading=key, **changes)


def paid(*codes: str, yuan: int, reference: str = "S1", **changes: Any) -> Payment:
    return Payment(codes=codes, amount=Money(yuan * 100), paid_on=TODAY, channel="bank", reference=reference, **changes)


def receive(number: str, payment: Payment, by: Actor) -> FeeReceipt:
    return receive_upfront_fee(contract_number=number, payment=payment, business_date=TODAY, by=by)


# ---- what it says ---------------------------------------------------------------------------------------------


def test_the_sum_and_its_rate_are_of_the_same_items_and_what_does_not_count_stands_beside() -> None:
    product = seeds.used_car()
    beside = replace(product.fees[1], is_counted=False, is_refundable=True)
    one = case(product=replace(product, fees=(product.fees[0], beside)), rate="0.12")
    data = cost.cost_sheet(one)
    totals = one.counted.totals
    counted = totals.interest_fen + totals.fee_fen + totals.upfront_fee_fen
    assert data["total"][0] == ["综合融资成本合计", f"{figures.yuan(counted)} 元"]
    assert data["total"][1][0] == "另行支付、不计入的款项" and "300.00" in data["total"][1][1]
    rows = {row[0]: row for row in data["costs"]}
    assert rows["车辆评估费（可退还）"][5] == "不计入" and rules.uncounted(items_of(one)) == Money(30_000)
    plain = cost.cost_sheet(case(product=product, rate="0.12"))["total"]
    assert [name for name, _said in plain][:2] == ["综合融资成本合计", "综合年化成本（单利）"]


def test_a_company_gets_a_list_of_its_own() -> None:
    who = party(name="杭州某某商贸有限公司", paper_number="91330000MATEYXXX0X", is_person=False)
    data = cost.cost_sheet(case(product=seeds.working_capital(), rate="0.096", periods=12, borrower=who))
    text = text_of(press.print_paper(template("cost_sheet"), data))
    assert "企业融资成本清单" in text and "不以贷转存" in text and "综合融资成本明示表" not in text and "统一社会信用代码" in text


def test_every_fee_that_can_be_charged_beside_the_plan_has_a_payee_and_a_basis() -> None:
    from chezhe.contracts.papers.cost_items import BESIDE

    listed = items_of(case(papers_fee_max=Money(20_000)))
    assert all(item.payee and item.standard for item in listed)
    assert {code for code, _label, _when in BESIDE} | {"papers"} <= {item.code for item in listed if item.is_contingent}
    assert rules.contingent(listed, "other") is None and rules.contingent(items_of(case()), "papers") is None


def test_the_sheet_is_kept_with_the_digest_of_what_was_printed(number: str, cast: Cast) -> None:
    contract = Contract.objects.get(number=number)
    sheet = queries.require_sheet(contract)
    assert (sheet.version, sheet.kind, sheet.code) == (1, "person", sheet.paper.code) and sheet.pdf_sha256 == sheet.paper.file.sha256
    assert sheet.all_in_simple == contract.all_in_rate and [item.code for item in rules.upfront(sheet.listed)] == ["mortgage_agency", "valuation"]
    with pytest.raises(IntegrityError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE contracts_costsheet SET cost = 1")


# ---- reading --------------------------------------------------------------------------------------------------


def test_it_is_confirmed_on_a_screen_only_after_it_was_open_long_enough(number: str, cast: Cast) -> None:
    opened = open_cost_sheet(contract_number=number, device_mark="d" * 99, by=cast.lin)
    assert len(opened.device_mark) == steps.DEVICE_MARK_MAX
    clock.tick(SECONDS - 1)
    with pytest.raises(steps.ReadingTooShort) as refused:
        read(number, opened.key, cast.he)
    assert refused.value.facts["seconds"] == 1 and not CostConfirmation.objects.exists()
    clock.tick(1)
    assert read(number, opened.key, cast.he, code=opened.sheet.code.lower()).cost_sheet_on == TODAY
    kept = CostConfirmation.objects.get()
    assert (kept.dwell_seconds, kept.channel, kept.evidence) == (SECONDS, "e_sign", None) and len(kept.digest) == 64
    with pytest.raises(CostSheetConfirmed):
        read(number, opened.key, cast.he)
    names = set(Event.objects.filter(subject=kept.sheet.contract.subject).values_list("name", flat=True))
    assert {"contract.cost_sheet_opened", "contract.cost_sheet_confirmed"} <= names


def test_two_tabs_count_apart_and_a_reading_grows_stale(number: str, cast: Cast) -> None:
    first = open_cost_sheet(contract_number=number, by=cast.he)
    clock.tick(SECONDS)
    second = open_cost_sheet(contract_number=number, by=cast.he)
    with pytest.raises(steps.ReadingTooShort):
        read(number, second.key, cast.he)
    clock.tick(31 * 60)
    for key in (first.key, second.key):
        with pytest.raises(steps.ReadingStale):
            read(number, key, cast.he)


def test_a_reading_of_another_contract_another_code_and_no_reading_are_refused(number: str, cast: Cast) -> None:
    opened = open_cost_sheet(contract_number=number, by=cast.he)
    clock.tick(SECONDS)
    with pytest.raises(NotFound):
        read(number, "0" * 32, cast.he)
    with pytest.raises(steps.SheetDiffers):
        read(number, opened.key, cast.he, code="AAAA-BBBB-CCCC-DDDD")
    with pytest.raises(ReadingMissing):
        confirm(number, cast.he, channel="e_sign", evidence=scan())
    with pytest.raises(steps.SheetDiffers):
        confirm(number, cast.he, code="AAAA-BBBB-CCCC-DDDD", evidence=scan())
    for nobody in (cast.fang, WU):
        with pytest.raises(NotPermitted):
            open_cost_sheet(contract_number=number, by=nobody)


def test_a_signed_sheet_is_proof_and_its_digest_is_kept(number: str, cast: Cast) -> None:
    confirm(number, cast.he, evidence=scan(4))
    kept = CostConfirmation.objects.select_related("evidence").get()
    assert kept.evidence is not None and kept.reading is None and kept.dwell_seconds is None
    with pytest.raises(WrongState):
        sign_all(number, cast) or open_cost_sheet(contract_number=number, by=cast.he)


def sign_all(number: str, cast: Cast) -> None:
    signers = list(Contract.objects.get(number=number).parties.values_list("customer__number", flat=True))
    sign_contract(contract_number=number, signers=signers, signed_on=TODAY, channel="counter", evidence=scan(7), business_date=TODAY, by=cast.he)


def test_a_cap_of_the_day_is_asked_when_it_is_confirmed(number: str, cast: Cast) -> None:
    later = TODAY + timedelta(days=1)
    Parameter.objects.create(code="CAP_ALLIN_24", value="0.10", unit="rate", effective_from=later, source="test", licence_type="mcc")
    with pytest.raises(CapExceeded):
        confirm(number, cast.he, evidence=scan(), confirmed_on=later, business_date=later)


def test_a_region_may_ask_for_the_list_before_the_others(cast: Cast) -> None:
    from chezhe.contracts import casework

    application, early = accepted(cast), date(2026, 7, 1)
    assert not casework.needs_cost_sheet(application, early)
    region = casework.compliance_queries.lender().region
    Parameter.objects.create(code="COST_SHEET_REQUIRED_PERSONAL", value="true", unit="flag", effective_from=early, source="test", region=region)
    assert casework.needs_cost_sheet(application, early)


# ---- anew -----------------------------------------------------------------------------------------------------


def test_a_sheet_that_says_something_else_is_printed_anew_and_confirmed_anew(number: str, cast: Cast) -> None:
    with pytest.raises(CostSheetSame):
        renew_cost_sheet(contract_number=number, reason="核对", by=cast.he)
    opened = open_cost_sheet(contract_number=number, by=cast.he)
    confirm(number, cast.he, evidence=scan())
    Parameter.objects.create(code="FEE_PAPERS_MAX", value="100", unit="yuan", effective_from=TODAY, source="test")
    with pytest.raises(Invalid):
        renew_cost_sheet(contract_number=number, reason=" ", by=cast.he)
    renew_cost_sheet(contract_number=number, reason="补办费下调", by=cast.he)
    with pytest.raises(PapersNotReady):
        confirm(number, cast.he, evidence=scan(3))
    printed(number)
    sheet = queries.require_sheet(Contract.objects.get(number=number))
    contract = Contract.objects.get(number=number)
    assert sheet.version == 2 and CostSheet.objects.get(version=1).paper.voided_at is not None and contract.cost_sheet_on is None and CostSheet.objects.count() == 2
    with pytest.raises(errors.CostSheetFirst):
        sign_all(number, cast)
    clock.tick(SECONDS)
    with pytest.raises(steps.SheetDiffers):
        read(number, opened.key, cast.he)
    confirm(number, cast.he, evidence=scan(3), code=sheet.code)
    sign_all(number, cast)
    with pytest.raises(WrongState):
        renew_cost_sheet(contract_number=number, reason="太迟", by=cast.he)


def test_once_somebody_signed_the_sheet_stays(cast: Cast, signed: Any) -> None:
    from chezhe.customers.tests import filing

    application = accepted(cast)
    facts = filing.PersonFacts(name="单雄信", id_number="510107199506230016", mobile="15400001111", address="成都")
    application.parties.create(customer=filing.person(facts, cast.lin), role="guarantor")
    number = signed(until="prepared", application=application)
    confirm(number, cast.he, evidence=scan())
    sign_contract(contract_number=number, signers=[application.customer.number], signed_on=TODAY, channel="counter", evidence=scan(5),
                  business_date=TODAY, by=cast.he)
    Parameter.objects.create(code="FEE_PAPERS_MAX", value="100", unit="yuan", effective_from=TODAY, source="test")
    with pytest.raises(SomebodySigned):
        renew_cost_sheet(contract_number=number, reason="下调", by=cast.he)


# ---- fees -----------------------------------------------------------------------------------------------------


def test_only_what_the_confirmed_sheet_names_may_be_charged_and_not_above_it(number: str, cast: Cast) -> None:
    contract = Contract.objects.get(number=number)
    with pytest.raises(steps.FeeNotOnSheet):
        steps.require_on_sheet(contract, "papers", "补办材料费", Money(1_000))
    confirm(number, cast.he, evidence=scan())
    steps.require_on_sheet(contract, "papers", "补办材料费", Money(20_000))
    steps.require_on_sheet(contract, "legal", "诉讼与公证费", Money(900_000))
    with pytest.raises(steps.FeeAboveSheet) as above:
        steps.require_on_sheet(contract, "papers", "补办材料费", Money(20_001))
    assert "200.00" in str(above.value)
    with pytest.raises(steps.FeeNotOnSheet):
        steps.require_on_sheet(contract, "other", "其他费用", Money(1))
    contract.needs_cost_sheet = False
    steps.require_on_sheet(contract, "other", "其他费用", Money(1))


def test_up_front_fees_are_received_whole_and_once_for_whom_they_are_due(number: str, cast: Cast, cai: Actor) -> None:
    with pytest.raises(errors.CostSheetFirst):
        receive(number, paid("valuation", yuan=300), cai)
    confirm(number, cast.he, evidence=scan())
    for wrong, refusal in (
        (paid("valuation", yuan=299), receiving.AmountDiffers), (paid("papers", yuan=300), receiving.FeeUnknown),
        (paid(yuan=1), Invalid), (paid("valuation", yuan=300, reference=" "), Invalid),
        (replace(paid("valuation", yuan=300), channel="barter"), Invalid),
        (replace(paid("valuation", yuan=300), paid_on=TODAY + timedelta(days=1)), errors.DayImpossible),
    ):
        with pytest.raises(refusal):
            receive(number, wrong, cai)
    made = receive(number, paid("valuation", "mortgage_agency", yuan=500), cai)
    assert journal_text(owner=made.contract.subject).strip() == (
        f"{TODAY} upfront_fee {number}\n  Dr bank                 500.00\n  Cr third-party payable  500.00")
    with pytest.raises(receiving.FeePaid):
        receive(number, paid("valuation", yuan=300, reference="S2"), cai)
    with pytest.raises(NotPermitted):
        receive(number, paid("valuation", yuan=300), cast.he)
    assert all(one.receipt == made for one in queries.upfront_of(made.contract))


def test_a_fee_given_back_is_reversed_and_may_come_again_under_the_same_slip(number: str, cast: Cast, cai: Actor) -> None:
    confirm(number, cast.he, evidence=scan())
    made = receive(number, paid("valuation", yuan=300), cai)
    said: dict[str, Any] = {"contract_number": number, "entry_number": made.entry.number, "business_date": TODAY, "by": cai}
    with pytest.raises(Invalid):
        return_upfront_fee(reason=" ", **said)
    given_back = return_upfront_fee(reason="客户放弃", **said)
    assert given_back.entry.reverses_id == made.entry_id and [one.receipt for one in queries.upfront_of(made.contract)] == [None, None]
    with pytest.raises(receiving.FeeReturned):
        return_upfront_fee(reason="再退", **said)
    again = receive(number, paid("valuation", yuan=300), cai)
    assert again.entry.pk != made.entry.pk and again.entry.reference.endswith("/again-2")


# ---- doors ----------------------------------------------------------------------------------------------------


def test_by_page_it_is_read_confirmed_and_paid(number: str, cast: Cast, cai: Actor, browser: Any) -> None:
    page = browser.acts_as(cast.he).get(reverse("contracts:costs", args=[number])).content.decode()
    assert "请借款人阅读" in page and "未收" in page and "委托催收费" in page and "收取放款前费用" not in page
    opened = browser.post(reverse("contracts:open_costs", args=[number]), {"_once": uuid4().hex})
    assert opened.status_code == 302
    early = browser.post(opened.url, {"_once": uuid4().hex, "code": ""})
    assert early.status_code == 409 and "还需 10 秒" in early.content.decode()
    left = browser.get(opened.url + "left/").content.decode()
    assert "every 1s" in left and "我已阅读" not in left
    clock.tick(SECONDS)
    left = browser.get(opened.url + "left/").content.decode()
    assert "every 1s" not in left and "我已阅读" in left
    assert browser.post(opened.url, {"_once": uuid4().hex, "code": CostSheet.objects.get().code}).status_code == 302
    assert "10 秒" in browser.get(reverse("contracts:costs", args=[number])).content.decode()
    browser.acts_as(cai)
    address = reverse("contracts:upfront", args=[number])
    form = browser.get(address).context["form"].initial
    said = {"codes": form["codes"], "amount": str(form["amount"]), "paid_on": TODAY.isoformat(), "channel": "bank", "reference": "S9"}
    shown = browser.post(address, {**said, "_once": uuid4().hex})
    assert shown.status_code == 200 and "将记的分录" in shown.content.decode() and not FeeReceipt.objects.exists()
    assert browser.post(address, {**said, "seen": shown.context["mark"], "_once": uuid4().hex}).status_code == 302
    made = FeeReceipt.objects.get()
    back = reverse("contracts:return_fee", args=[number, made.entry.number])
    assert "将记的分录" in browser.get(back).content.decode() and browser.post(back, {"reason": ""}).status_code == 422
    assert browser.post(back, {"reason": "放弃", "_once": uuid4().hex}).status_code == 302 and hasattr(FeeReceipt.objects.get(), "returned")
    assert browser.acts_as(cast.he).post(reverse("contracts:renew_costs", args=[number]), {"reason": "x"}).status_code == 422


def test_by_api_the_preview_is_what_is_booked(number: str, cast: Cast, cai: Actor, browser: Any) -> None:
    base = f"contracts/contracts/{number}"
    sheet = browser.acts_as(cast.he).api(f"{base}/cost-sheet").json()
    assert sheet["confirmation"] is None and {"interest", "valuation", "papers"} <= {item["code"] for item in sheet["costs"]}
    opened = browser.api(f"{base}/cost-sheet/open", {"device_mark": "tablet"}).json()
    assert opened["seconds_asked"] == SECONDS
    said = {"reading": opened["reading"], "code": opened["code"]}
    assert browser.api(f"{base}/cost-sheet/confirm", said).json()["code"] == "reading_too_short"
    clock.tick(SECONDS)
    assert browser.api(f"{base}/cost-sheet/confirm", said).json()["cost_sheet_on"] == TODAY.isoformat()
    assert browser.api(f"{base}/cost-sheet").json()["confirmation"]["dwell_seconds"] == SECONDS
    assert browser.api(f"{base}/cost-sheet/renew", {"reason": "x"}).json()["code"] == "cost_sheet_same"
    payment = {"codes": ["valuation"], "amount": "300.00", "paid_on": TODAY.isoformat(), "channel": "cash", "reference": "R1"}
    browser.acts_as(cai)
    shown = browser.api(f"{base}/upfront-fees/preview", payment).json()["bookings"]
    made = browser.api(f"{base}/upfront-fees", payment)
    assert made.status_code == 201 and FeeReceipt.objects.get().entry.number == made.json()["entry"]
    assert booked(made.json()["entry"]) == shown
    back = f"{base}/upfront-fees/{made.json()['entry']}/return"
    shown = browser.api(f"{back}/preview", {"reason": "x"}).json()["bookings"]
    assert browser.api(back, {"reason": "放弃"}).json()["returned_on"] == TODAY.isoformat()
    assert booked(FeeReceipt.objects.get().returned.entry.number) == shown


def booked(number: str) -> list[dict[str, Any]]:
    """An entry of the books in the words of a preview."""
    from chezhe.ledger import bookings
    from chezhe.ledger.models import JournalEntry

    told = bookings.told(bookings.posted([next(row for row in JournalEntry.objects.all() if row.number == number)]))

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return str(value) if isinstance(value, Money) else value.isoformat() if isinstance(value, date) else value

    return plain(told)
