"""Days that do not exist, lie where they cannot lie, or are written as no day is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chezhe.contracts.tests.printing import printed
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, WANG
from chezhe.identifiers import id_card
from chezhe.kernel import business_date, clock, jobs, roles
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED
from tests.bad_input.doors import CHINESE, api_refuses, beside, page_refuses, posting_refused
from tests.bad_input.watch import nothing_written
from tests.journeys import walk
from tests.journeys.house import TODAY, Team, scan
from tests.journeys.walk import PERSON, said

pytestmark = pytest.mark.django_db
NO_DAYS = ("2026-02-30", "2026-13-01", "0000-01-01", "2025-02-29", "明天", "2026-11-23T10:00", "２０２６－０２－３０")
TOO_FAR = ("0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31")
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
COMPANY = {"name": FLEET.name, "uscc": FLEET.uscc, "legal_representative": FLEET.legal_representative, "mobile": FLEET.mobile}
RECEIPT = {"amount": "100.00", "channel": "bank", "reference": "N1"}


def test_a_day_that_does_not_exist_is_refused_beside_its_field(team: Team) -> None:
    lin, program = team.browser("lin"), team.program("lin")
    for day in NO_DAYS:
        form = {**COMPANY, "established_on": day}
        page_refuses(lin, "/customers/new/company/", form, "established_on", "没有这一天", "There is no such day")
        posting_refused(program, "customers/companies", form, "established_on", "date_form")
    for day in TOO_FAR:
        form = {**COMPANY, "established_on": day}
        page_refuses(lin, "/customers/new/company/", form, "established_on", "1900-01-01", "must lie between 1900-01-01")
        posting_refused(program, "customers/companies", form, "established_on", "date_range")
    for not_text in (20260223, True, [], {}, 1.5, ["2026-01-01"]):
        posting_refused(program, "customers/companies", {**COMPANY, "established_on": not_text}, "established_on", "date_form")


def test_full_width_digits_are_understood_on_a_page_and_refused_over_the_api(team: Team) -> None:
    """A Chinese keyboard types them; a program has no excuse."""
    form = {**COMPANY, "established_on": "２０２０－０２－２９"}
    posting_refused(team.program("lin"), "customers/companies", form, "established_on", "date_form")
    assert team.browser("lin").post("/customers/new/company/", form).status_code == 302
    assert str(Customer.objects.get().established_on) == "2020-02-29"


def test_nobody_is_born_and_no_company_founded_tomorrow(team: Team) -> None:
    lin, program = team.browser("lin"), team.program("lin")
    founded = {**COMPANY, "established_on": TOMORROW}
    page_refuses(lin, "/customers/new/company/", founded, "established_on", "成立日期晚于今天", "lies in the future")
    posting_refused(program, "customers/companies", founded, "established_on", "company.founded_later")
    body = f"110101{TODAY + timedelta(days=1):%Y%m%d}001"
    unborn = {"name": WANG.name, "id_number": body + id_card.check_character(body), "mobile": WANG.mobile, "marital_status": "unknown"}
    page_refuses(lin, "/customers/new/person/", unborn, "id_number", "出生日期晚于今天", "lies in the future")
    posting_refused(program, "customers/persons", unborn, "id_number", "id_card.birth_in_future")
    body = "11010119900230001"
    no_day = {**unborn, "id_number": body + id_card.check_character(body)}
    page_refuses(lin, "/customers/new/person/", no_day, "id_number", "不是真实存在的出生日期", "not a date that exists")
    posting_refused(program, "customers/persons", no_day, "id_number", "id_card.birth_date")


def test_a_car_is_not_registered_nor_valued_tomorrow(team: Team, wang: Customer) -> None:
    lin, program = team.browser("lin"), team.program("lin")
    car = {
        "owner_number": wang.number, "vin": USED.vin, "brand": USED.brand, "series": USED.series, "model": USED.model, "condition": "used",
        "energy_type": USED.energy_type, "plate": USED.plate, "engine_no": USED.engine_no, "first_registered_on": TOMORROW, "mileage_km": 56_000,
    }
    page_refuses(lin, "/vehicles/new/", {**car, "usage_nature": "non_commercial"}, "first_registered_on", "晚于今天", "lies in the future")
    posting_refused(program, "vehicles", car, "first_registered_on", "vehicle.registered_later")
    number = said(program.post("vehicles", {**car, "first_registered_on": "2022-05-20"}), 201)["number"]
    value = {"source": "in_house", "amount": "100000.00", "valued_on": TOMORROW}
    page_refuses(team.browser("ping"), f"/vehicles/{number}/value/", value, "valued_on", "日期应在", "The date must lie between")
    assert Vehicle.objects.get().valuations.count() == 0


def test_money_did_not_come_in_tomorrow_nor_before_the_loan(team: Team, loan: Loan) -> None:
    cai, program = team.browser("cai"), team.program("cai")
    said(program.step_up())
    page, api = f"/servicing/loans/{loan.number}/repay/", f"servicing/loans/{loan.number}/repayments"
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    for day, code, chinese, english in (
        (TOMORROW, "paid_in_future", "晚于业务日期", "after the business date"),
        (yesterday, "paid_before_payout", "早于放款日", "before the payout"),
        ("2026-02-30", "date_form", "没有这一天", "There is no such day"),
        ("9999-12-31", "date_range", "日期应在", "must lie between"),
    ):
        page_refuses(cai, page, {**RECEIPT, "paid_on": day}, "paid_on", chinese, english)
        posting_refused(program, api, {**RECEIPT, "paid_on": day}, "paid_on", code)
    # The calendar is ahead of the books: only the books' day counts.
    clock.tick(3 * 86_400)
    said(program.step_up())
    page_refuses(team.browser("cai"), page, {**RECEIPT, "paid_on": TOMORROW}, "paid_on", "晚于业务日期")
    posting_refused(program, api, {**RECEIPT, "paid_on": TOMORROW}, "paid_on", "paid_in_future")
    assert not LoanEvent.objects.filter(kind="repaid").exists()


def test_what_ends_before_it_begins_is_refused(team: Team) -> None:
    """A delegation and a figure of law."""
    wish = {"delegate": "gao", "roles": [roles.FUNDING], "starts_on": "2026-09-05", "ends_on": "2026-09-04", "reason": "休假"}
    posting_refused(team.program("fang"), "staff/delegations", wish, "ends_on", "dates_reversed")
    form = {**wish, "delegate_username": "gao", "role_ids": wish["roles"]}
    page_refuses(team.browser("fang"), "/staff/delegations/new/", form, "ends_on", "结束日须晚于开始日", "must be after")
    figure = {"code": "LTV_SECURED", "value": "0.7", "effective_from": "2026-10-02", "effective_to": "2026-10-01", "source": "测试", "reason": "测试"}
    posting_refused(team.program("lu"), "compliance/parameter-changes", figure, "effective_to", "ends_before")
    page_refuses(team.browser("lu"), "/compliance/parameters/LTV_SECURED/", figure, "effective_to", "失效日不能早于生效日", "cannot be before")


def test_a_business_day_is_not_opened_ahead_of_the_calendar(team: Team) -> None:
    """Nor one closed that has not begun; today's own may be closed in the evening, and then tomorrow's may not."""
    page, program = team.browser("cai"), team.program("cai")
    posting_refused(program, "servicing/business-day", {"day": TOMORROW}, "day", "day_not_come")
    for day in (TOMORROW, "2100-12-31"):
        posting_refused(program, "servicing/end-of-days", {"until": day}, "until", "day_not_come")
        page_refuses(page, "/servicing/day/", {"until": day}, "until", "还没有到", "has not come yet")
    page_refuses(page, "/servicing/day/", {"until": "2026-08-31"}, "until", "业务日期是 2026-09-01", "The business date is")
    posting_refused(program, "servicing/business-day", {"day": "2026-08-31"}, "day", "business_date_backwards", 409)
    said(program.post("servicing/end-of-days", {"until": TODAY.isoformat()}), 202)
    while jobs.run_due():
        clock.tick(1)
    assert business_date.current().isoformat() == TOMORROW
    posting_refused(program, "servicing/end-of-days", {"until": TOMORROW}, "until", "day_not_come")


def test_a_loan_is_settled_between_today_and_its_end(team: Team, loan: Loan) -> None:
    cai, program = team.browser("cai"), team.program("cai")
    for day in ("2026-08-31", "2029-09-02"):
        with nothing_written():
            api_refuses(program.get(f"servicing/loans/{loan.number}/settlement-quote?on={day}"), "on", "settlement_day_impossible")
            for language, sentence in (("zh-hans", "结清日须在"), ("en", "between")):
                page = cai.get(f"/servicing/loans/{loan.number}/settlement/?on={day}", headers={"Accept-Language": language})
                assert sentence in beside(page, "on"), page.content.decode()[-300:]
    for day, code in (("2026-02-30", "date_form"), ("0001-01-01", "date_range"), ("２０２６", "date_form")):
        with nothing_written():
            api_refuses(program.get(f"servicing/loans/{loan.number}/settlement-quote?on={day}"), "on", code)


def test_nothing_is_signed_registered_or_released_tomorrow(team: Team) -> None:
    """Nor before what it rests on: a signature before the contract, a mortgage before the signature."""
    owner = walk.customer(team, PERSON)
    application = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    walk.decide(team, application)
    he, page = team.program("he"), team.browser("he")
    made = said(he.post("contracts/contracts", {"application_number": application}), 201)
    printed(made["number"])
    base, signers = f"contracts/contracts/{made['number']}", [party["customer_number"] for party in made["parties"]]
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    for day in (TOMORROW, yesterday, "2026-02-30"):
        with nothing_written():
            sheet = {"confirmed_on": day, "channel": "counter"}
            assert he.send(f"{base}/cost-sheet", **sheet, evidence=scan()).json()["field"] == "confirmed_on"
            answer = page.post(f"/contracts/{made['number']}/cost-sheet/", {**sheet, "evidence": scan()})
            assert answer.status_code == 422 and CHINESE.search(beside(answer, "confirmed_on")), day
    said(he.send(f"{base}/cost-sheet", confirmed_on=TODAY.isoformat(), channel="counter", evidence=scan()))
    for day in (TOMORROW, yesterday, "9999-12-31"):
        with nothing_written():
            answer = he.send(f"{base}/sign", signers=signers, signed_on=day, channel="counter", evidence=scan())
            assert (answer.status_code, answer.json()["field"]) == (422, "signed_on") and CHINESE.search(answer.json()["title"]), answer.content
    said(he.send(f"{base}/sign", signers=signers, signed_on=TODAY.isoformat(), channel="counter", evidence=scan()))
    registration = {"office": "上海市车辆管理所", "receipt_number": "HD1"}
    for day in (TOMORROW, yesterday, "2026-13-01"):
        with nothing_written():
            answer = he.send(f"{base}/mortgage", **registration, registered_on=day, evidence=scan())
            assert (answer.status_code, answer.json()["field"]) == (422, "registered_on"), answer.content
            shown = page.post(f"/contracts/{made['number']}/mortgage/", {**registration, "registered_on": day, "evidence": scan()})
            assert shown.status_code == 422 and CHINESE.search(beside(shown, "registered_on")), day


def test_nobody_is_called_back_yesterday_and_no_product_retired_in_the_past(team: Team) -> None:
    lin, yesterday = team.program("lin"), (TODAY - timedelta(days=1)).isoformat()
    lead = said(lin.post("leads", {"name": "赵六", "mobile": "15466667777", "source": "phone"}), 201)["number"]
    touch = {"channel": "phone", "outcome": "interested", "note": "周末来店", "touch_next_on": yesterday}
    with nothing_written():
        assert lin.post(f"leads/{lead}/touches", touch).json()["field"] == "touch_next_on"
    page_refuses(team.browser("lin"), f"/leads/{lead}/touch/", touch, "touch_next_on", "不能早于", "before")
    retire = {"retire_on": yesterday, "reason": "到期"}
    with nothing_written():
        answer = team.program("lu").post("products/versions/P01-v1/retire", retire)
    assert (answer.status_code, answer.json()["field"]) == (422, "retire_on"), answer.content
