"""Proofs handed in, contradictions settled, burdens measured, reports opened: what the doors do and whom they refuse."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from chezhe.channels.models import Dealer
from chezhe.compliance import steps as compliance
from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.documents.errors import DocumentTwice, FileKindForeign, FileRefused
from chezhe.documents.models import StoredFile
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import NotFound, NotPermitted, ReasonRequired
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU, moment
from chezhe.risk import tasks
from chezhe.risk.actions.confirm_fact import NotContradicted, confirm_fact
from chezhe.risk.actions.record_accounts import record_accounts
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.actions.reveal_report import reveal_report
from chezhe.risk.actions.screen_again import screen_again
from chezhe.risk.actions.upload_statement import upload_statement
from chezhe.risk.facts import burdens, consents, deriving, proofs, queries, report_pages, report_words, steps
from chezhe.risk.facts.models import Enquiry, Fact
from chezhe.risk.tests import statements as made
from chezhe.risk.tests.test_burden import ACCOUNTS
from chezhe.vehicles.tests import filing as cars

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gathering_day")]
LIN_FACTS = filing.PersonFacts(name=made.HOLDER, id_number=filing.WANG.id_number, mobile=filing.WANG.mobile, monthly_income=None)


@pytest.fixture
def holder(cast: Cast) -> Customer:
    return filing.person(LIN_FACTS, cast.lin)


def upload_of(grid: list[list[str]], name: str = "flow.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, made.csv_of(grid), "text/csv")


def values(subject: str) -> dict[str, Any]:
    return {code: one.value for code, one in queries.known([subject], clock.now()).items()}


def stored(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])


def work() -> None:
    while jobs.run_due():
        clock.tick(1)


def test_a_statement_is_kept_judged_and_told_as_facts(holder: Customer, officer: Actor) -> None:
    kept = upload_statement(customer_number=holder.number, upload=upload_of(made.printed(made.honest())), by=officer)
    assert (kept.layout, kept.account_tail, kept.lines) == ("icbc", "3338", 30)
    assert StoredFile.objects.get().subject == holder.subject and made.HOLDER not in stored("SELECT figures FROM risk_statement")
    known = values(holder.subject)
    assert known["income_statement_monthly"] == 12_850_00 and known["flow_is_continuous"] is True
    assert queries.known([holder.subject], clock.now())["income_statement_monthly"].source == "flow"


def test_a_forged_statement_tells_what_is_wrong_and_proves_no_income(holder: Customer, officer: Actor) -> None:
    grid = made.printed(made.honest())
    grid[9][9] = "99,999.00"
    upload_statement(customer_number=holder.number, upload=upload_of(grid), by=officer)
    seen = queries.assembled([holder.subject], clock.now(), ["income_statement_monthly", "flow_is_continuous"])
    assert seen.values == {"flow_is_continuous": False} and seen.unknown["income_statement_monthly"].reasons == ("not_proved",)


def test_a_forged_one_takes_back_what_an_honest_one_proved(holder: Customer, officer: Actor) -> None:
    upload_statement(customer_number=holder.number, upload=upload_of(made.printed(made.honest())), by=officer)
    clock.tick(60)
    upload_statement(customer_number=holder.number, upload=upload_of(made.printed(made.honest(salary=30_000_00))[:-3]), by=officer)
    clock.tick(60)
    grid = made.printed(made.honest(salary=40_000_00))
    grid[9][9] = "1.00"
    upload_statement(customer_number=holder.number, upload=upload_of(grid), by=officer)
    assert "income_statement_monthly" not in values(holder.subject)


def test_a_hostile_or_unreadable_file_is_refused_and_nothing_is_kept(holder: Customer, officer: Actor) -> None:
    for name, data, error in (
        ("flow.xlsx", b"PK\x03\x04" + b"0" * 100, FileRefused), ("flow.csv", b"MZ\x90\x00", FileKindForeign), ("flow.pdf", b"%PDF-1.4", FileRefused),
        ("flow.csv", "姓名,余额\r\n张三,1".encode(), proofs.FlowUnreadable),
    ):
        with pytest.raises(error):
            upload_statement(customer_number=holder.number, upload=SimpleUploadedFile(name, data), by=officer)
    grid = made.printed(made.honest())
    grid[6][8] = "=cmd|' /C calc'!A0"
    with pytest.raises(proofs.FlowLineUnreadable) as refusal:
        upload_statement(customer_number=holder.number, upload=upload_of(grid), by=officer)
    assert refusal.value.facts["row"] == 7 and not StoredFile.objects.exists() and not Fact.objects.exists()


def test_the_same_statement_is_not_taken_twice(holder: Customer, officer: Actor) -> None:
    upload_statement(customer_number=holder.number, upload=upload_of(made.printed(made.honest())), by=officer)
    with pytest.raises(DocumentTwice):
        upload_statement(customer_number=holder.number, upload=upload_of(made.printed(made.honest())), by=officer)


def test_strangers_hand_in_nothing(holder: Customer, cast: Cast) -> None:
    for nobody, error in ((WU, NotPermitted), (cast.mei, NotFound), (cast.xu, NotPermitted)):
        with pytest.raises(error):
            upload_statement(customer_number=holder.number, upload=upload_of(made.printed(made.honest())), by=nobody)


def test_a_companys_year_becomes_ratios_and_a_line(firm: Customer, officer: Actor) -> None:
    plan = {"growth_rate": "0.08", "own": 1_200_000_00, "loans": 800_000_00, "other": 200_000_00}
    record_accounts(customer_number=firm.number, year=2025, accounts=ACCOUNTS, plan=plan, by=officer)
    known = values(firm.subject)
    assert known["working_capital_need"] == 3_078_000_00 and known["working_capital_line"] == 878_000_00
    assert known["debt_ratio"] == Decimal("0.55") and known["current_ratio"] == 2


def test_accounts_of_a_person_or_against_themselves_are_refused(holder: Customer, firm: Customer, officer: Actor) -> None:
    with pytest.raises(proofs.NotACompany):
        record_accounts(customer_number=holder.number, year=2025, accounts=ACCOUNTS, plan={}, by=officer)
    with pytest.raises(proofs.AccountsContradict):
        record_accounts(customer_number=firm.number, year=2025, accounts=replace(ACCOUNTS, inventory=9_000_000_00), plan={}, by=officer)
    assert not Fact.objects.exists()


def test_somebody_settles_a_contradiction_with_a_reason(holder: Customer, cast: Cast) -> None:
    for source, income in (("flow", 12_500_00), ("tax", 8_000_00)):
        steps.record_facts(holder.subject, {"income_statement_monthly": income}, source=source, known_at=clock.now())
    told = {"subject": holder.subject, "fact_code": "income_statement_monthly", "source_code": "tax"}
    clock.tick(60)
    with pytest.raises(ReasonRequired):
        confirm_fact(**told, reason="", by=cast.chen)
    with pytest.raises(NotPermitted):
        confirm_fact(**told, reason="完税证明一致", by=cast.lin)
    with pytest.raises(NotFound):
        confirm_fact(**{**told, "source_code": "bureau"}, reason="完税证明一致", by=cast.chen)
    confirm_fact(**told, reason="完税证明一致", by=cast.chen)
    assert values(holder.subject)["income_statement_monthly"] == 8_000_00
    with pytest.raises(NotContradicted):
        confirm_fact(**told, reason="完税证明一致", by=cast.chen)


def test_a_burden_is_measured_from_what_is_known_and_what_is_missing_is_named(holder: Customer) -> None:
    nothing = burdens.measured([holder.subject], 3_321_43, clock.now())
    assert nothing.dti is None and {code for _who, code in nothing.missing} == {"income_verified_monthly", "monthly_debt", "bureau_card_balance"}
    told = {"bureau_monthly_due": 2_100_00, "bureau_card_balance": 0}
    steps.record_facts(holder.subject, told, source="bureau", known_at=clock.now())
    steps.record_facts(holder.subject, {"income_verified_monthly": 12_500_00}, source="flow", known_at=clock.now())
    assert burdens.measured([holder.subject], 3_321_43, clock.now()).dti == Decimal("0.433715")


def test_who_pays_lenders_more_than_the_bureau_knows_owes_that(holder: Customer) -> None:
    steps.record_facts(holder.subject, {"bureau_monthly_due": 500_00, "bureau_card_balance": 1_000_00}, source="bureau", known_at=clock.now())
    steps.record_facts(holder.subject, {"flow_lender_debits_monthly": 1_800_00}, source="flow", known_at=clock.now())
    payer = burdens.payer(holder.subject, clock.now())
    assert payer.monthly_debt == 1_800_00 and payer.card_balance == 1_000_00


@pytest.fixture
def asked(holder: Customer, officer: Actor) -> Enquiry:
    for kind in ("credit_query", "personal_info", "sensitive_info"):
        compliance.grant(subject=holder.subject, kind=kind, on=date(2026, 3, 16), channel="paper", evidence="SQ-1", by=SYSTEM)
    request_facts(subject=holder.subject, query_reason_code="loan_approval", by=officer)
    work()
    return Enquiry.objects.get(service="bureau")


def test_a_whole_round_of_sources_becomes_facts(asked: Enquiry, holder: Customer) -> None:
    known = values(holder.subject)
    assert {"bureau_is_thin", "id_verified", "has_enforcement", "lenders_applied_30d", "phone_months", "watch_list_alike", "age_years"} <= set(known)
    assert known["age_years"] == 36 and known["monthly_debt"] >= 0
    assert {row.status for row in Enquiry.objects.all()} == {"answered"}


def test_a_company_is_asked_about_everywhere_and_its_report_reads_like_the_paper(firm: Customer, officer: Actor, browser: Any) -> None:
    compliance.grant(subject=firm.subject, kind="credit_query", on=date(2026, 3, 16), channel="paper", evidence="SQ-2", by=SYSTEM)
    request_facts(subject=firm.subject, query_reason_code="loan_approval", by=officer)
    work()
    known = values(firm.subject)
    assert {"company_status", "registry_owners_rate", "revenue_year", "debt_ratio", "company_has_enforcement"} <= set(known)
    assert known["revenue_tax_gap_rate"] == (Decimal(known["revenue_year"] - known["revenue_taxed_year"]) / known["revenue_taxed_year"]).quantize(
        Decimal("0.0001"))
    row = Enquiry.objects.get(service="enterprise_bureau")
    text = browser.acts_as(officer).post(f"/risk/reports/{row.number}/", {"reason": "审批"}).content.decode()
    panel = browser.acts_as(officer).get(f"/risk/proofs/?subject={firm.subject}").content.decode()
    assert "受益所有人" in panel and "未追溯到个人" in panel
    assert "企业信用报告" in text and firm.uscc in text and "借贷交易" in text


def test_everybody_is_screened_again_after_half_a_year_and_not_before(asked: Enquiry, holder: Customer) -> None:
    assert tasks.screen_customers_again() == 0
    with clock.at(moment("2026-09-20 10:00")):
        assert tasks.screen_customers_again() == 1 and tasks.screen_customers_again() == 0
        work()
    assert Enquiry.objects.filter(service="watch_list", reason="post_loan", status="answered").count() == 1


def test_nobody_is_screened_again_who_took_the_consent_back(asked: Enquiry, holder: Customer) -> None:
    compliance.withdraw(subject=holder.subject, kind="personal_info", on=date(2026, 3, 16), channel="paper", evidence="SQ-9", by=SYSTEM)
    with clock.at(moment("2026-09-20 10:00")):
        assert tasks.screen_customers_again() == 0


def test_only_the_system_screens_again(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        screen_again(by=cast.xu)


def test_a_car_is_asked_about_with_its_owners_consent(cast: Cast, officer: Actor) -> None:
    owner = filing.person(filing.WANG, cast.lin)
    car = cars.vehicle(cars.USED, owner, cast.lin)
    wished = request_facts(subject=car.subject, query_reason_code="loan_approval", by=officer)
    assert wished.asked == () and set(wished.without_consent) == {"vehicle_registry", "vehicle_history"}
    compliance.grant(subject=owner.subject, kind="personal_info", on=date(2026, 3, 16), channel="paper", evidence="SQ-3", by=SYSTEM)
    request_facts(subject=car.subject, query_reason_code="loan_approval", by=officer)
    work()
    assert {"car_age_months", "car_mortgaged_elsewhere", "car_usage", "car_major_accident"} <= set(values(car.subject))


def test_a_dealer_stands_with_its_status_and_months(cast: Cast) -> None:
    dealer = Dealer.objects.create(
        number="D24-000001-1", kind="dealer_4s", name="城东汽车", uscc="91310115MA1TEYT17L", tier="A", city="上海", branch=cast.east,
        owner_id=cast.lin.user_id, created_at=moment("2024-01-20 09:00"), changed_at=moment("2024-01-20 09:00"))
    deriving.derive(dealer.subject, at=clock.now())
    assert values(dealer.subject) == {"dealer_status": "active", "dealer_months": 25}


def test_a_report_is_opened_for_a_reason_and_the_trail_keeps_it(asked: Enquiry, holder: Customer, officer: Actor, cast: Cast) -> None:
    with pytest.raises(ReasonRequired):
        reveal_report(enquiry_number=asked.number, reason=" ", by=officer)
    for nobody in (cast.lin, WU):
        with pytest.raises(NotPermitted):
            reveal_report(enquiry_number=asked.number, reason="审批", by=nobody)
    with pytest.raises(NotFound):
        reveal_report(enquiry_number=asked.number, reason="审批", by=hire("西", cast.west, roles.RISK_OFFICER, reach=Reach.BRANCH))
    opened = reveal_report(enquiry_number=asked.number, reason="审批", by=officer)
    entry = AuditEntry.objects.filter(verb="risk.reveal_report").get()
    assert (entry.subject, entry.reason) == (holder.subject, "审批") and holder.id_number not in str(entry.facts)
    page = report_pages.page_of(opened.enquiry)
    assert page["report"].base.id_number == holder.id_number


def test_the_stored_answer_is_encrypted(asked: Enquiry, holder: Customer) -> None:
    assert holder.id_number not in stored("SELECT string_agg(answer, '') FROM risk_enquiry") and holder.id_number in asked.answer


def test_every_letter_of_a_strip_has_its_meaning() -> None:
    letters = "*#N1234567BMDZCGA"
    assert [month.letter for month in report_words.strip(letters)] == list(letters) and set(letters) == set(report_words.LETTERS)


# Pages and the API.


def test_the_pages_show_and_refuse(asked: Enquiry, holder: Customer, officer: Actor, cast: Cast, browser: Any) -> None:
    client = browser.acts_as(officer)
    catalogue = client.get("/risk/facts/catalogue/?q=bureau_score").content.decode()
    assert "征信评分" in catalogue and "phone_months" not in catalogue
    panel = client.get(f"/risk/facts/?subject={holder.subject}").content.decode()
    assert "已知特征" in panel and "bureau_is_thin" in panel and asked.number in panel
    offered = client.get(f"/risk/facts/request/?subject={holder.subject}").content.decode()
    assert "已有有效回复" in offered and "缺少资料" in offered
    assert holder.id_number not in panel + offered
    assert browser.acts_as(WU).get(f"/risk/facts/?subject={holder.subject}").status_code == 403
    assert browser.acts_as(cast.mei).get(f"/risk/facts/?subject={holder.subject}").status_code == 404


def test_a_fact_shows_the_consent_it_was_asked_for_on(asked: Enquiry, holder: Customer, officer: Actor, cast: Cast, browser: Any) -> None:
    """Number, kind and day; nothing for what nobody outside was asked, nor for a line of somebody else's."""
    client = browser.acts_as(officer)
    told = {one["code"]: one for one in client.api(f"risk/facts?subject={holder.subject}").json()["facts"]}
    assert told["bureau_is_thin"]["consent"] == {"kind": "credit_query", "number": "SQ-1", "given_on": "2026-03-16"}
    assert told["id_verified"]["consent"]["kind"] == "personal_info" and told["monthly_debt"]["consent"] is None
    rows = client.get(f"/risk/facts/?subject={holder.subject}").content.decode().partition("已知特征")[2].split("</tr>")
    shown = {code: next(row for row in rows if f">{code}<" in row) for code in ("bureau_is_thin", "id_verified", "monthly_debt")}
    assert "征信查询授权 SQ-1 2026-03-16" in shown["bureau_is_thin"] and "个人信息处理 SQ-1 2026-03-16" in shown["id_verified"]
    assert "SQ-1" not in shown["monthly_debt"]
    place = asked.consent.rpartition("#")[2]
    assert consents.named(["", "customer:C00-000000-0", f"customer:C00-000000-0#{place}", f"{holder.subject}#0"]) == {}
    clock.tick(60)
    steps.record_facts(holder.subject, {"bureau_is_thin": not told["bureau_is_thin"]["value"]}, source="declared", known_at=clock.now())
    said = {"subject": holder.subject, "code": "bureau_is_thin", "source": "bureau", "reason": "以报告为准"}
    clock.tick(60)
    settled = browser.acts_as(cast.chen).api("risk/facts/confirm", said).json()
    assert settled["consent"] == told["bureau_is_thin"]["consent"], "what somebody confirms still rests on it"


def test_a_report_stays_closed_until_somebody_says_why(asked: Enquiry, holder: Customer, officer: Actor, browser: Any) -> None:
    client = browser.acts_as(officer)
    closed = client.get(f"/risk/reports/{asked.number}/").content.decode()
    assert holder.id_number not in closed and "打开报告" in closed
    assert client.post(f"/risk/reports/{asked.number}/", {"reason": ""}).status_code == 422
    opened = client.post(f"/risk/reports/{asked.number}/", {"reason": "审批"})
    text = opened.content.decode()
    assert opened["Cache-Control"] == "no-store" and holder.id_number in text
    order = [text.index(title) for title in ("个人基本信息", "信息概要", "信贷交易信息明细", "相关还款责任信息", "公共信息明细", "声明与标注", "六 查询记录")]
    assert order == sorted(order)


def test_a_statement_is_handed_in_and_looked_at_on_a_page(holder: Customer, officer: Actor, cast: Cast, browser: Any) -> None:
    client = browser.acts_as(officer)
    path = f"/risk/proofs/{holder.number}/statement/"
    assert client.get(path).status_code == 200
    refused = client.post(path, {"file": SimpleUploadedFile("a.csv", b"a,b\r\n1,2")})
    assert refused.status_code == 422 and "无法识别这份流水的版式" in refused.content.decode()
    assert client.post(path, {}).status_code == 422
    shown = client.post(path, {"file": upload_of(made.printed(made.honest()))}, follow=True).content.decode()
    assert "可以采信" in shown and "¥12,850.00" in shown and "王*国" in shown and "王建国" not in shown
    panel = client.get(f"/risk/proofs/?subject={holder.subject}").content.decode()
    assert "还不能计算收入负债比" in panel and "¥12,850.00" in panel
    assert browser.acts_as(cast.mei).get(path).status_code == 404


def test_accounts_are_taken_down_on_a_page(firm: Customer, officer: Actor, browser: Any) -> None:
    client = browser.acts_as(officer)
    given = {name: f"{fen / 100:.2f}" for name, fen in asdict(ACCOUNTS).items()}
    path = f"/risk/proofs/{firm.number}/accounts/"
    assert client.get(path).status_code == 200 and client.post(path, {"year": "2025"}).status_code == 422
    plan = {"growth_rate": "8", "own": "1200000", "loans": "800000", "other": "200000"}
    answer = client.post(path, {"year": "2025", **given, **plan})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    panel = client.get(f"/risk/proofs/?subject={firm.subject}").content.decode()
    assert "¥3,078,000.00" in panel and "¥878,000.00" in panel and "55.00%" in panel


def test_the_api_asks_reads_confirms_and_opens(holder: Customer, officer: Actor, cast: Cast, browser: Any) -> None:
    client = browser.acts_as(officer)
    wished = client.api("risk/facts/requests", {"subject": holder.subject, "reason": "loan_approval"})
    assert wished.status_code == 202 and wished.json()["asked"] == [] and wished.json()["without_consent"]["bureau"] == "credit_query"
    assert client.api("risk/catalogue").json()[0]["code"] == "age_years"
    steps.record_facts(holder.subject, {"bureau_card_use": "0.4337", "bureau_score": "high"}, source="bureau", known_at=clock.now())
    read = client.api(f"risk/facts?subject={holder.subject}").json()
    assert [(one["code"], one["value"]) for one in read["facts"]] == [("bureau_card_use", "0.4337")]
    assert next(one for one in read["unknown"] if one["code"] == "bureau_score")["reasons"] == ["wrong_type"]
    assert client.api("risk/reports/EQ26-000001-1/open", {"reason": "审批"}).status_code == 404
    handed = client.post(
        f"/api/v1/risk/statements/{holder.number}", {"file": upload_of(made.printed(made.honest()))}, headers={"Idempotency-Key": "k1"})
    assert handed.status_code == 201 and handed.json()["is_proof"] is True
    assert client.api(f"risk/statements/{holder.number}").json()["items"][0]["layout"] == "icbc"
    assert browser.acts_as(cast.lin).api("risk/facts/requests", {"subject": holder.subject, "reason": "loan_approval"}).status_code == 403
