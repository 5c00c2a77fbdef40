"""The ledger's pages and its API."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from chezhe.approvals import steps as approval_steps
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import SamePerson
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU, actor, moment
from chezhe.ledger import chart, queries, steps
from chezhe.ledger.models import Account, JournalEntry, ManualEntry
from chezhe.ledger.tests.acting import browser  # noqa: F401
from chezhe.staff.models import User

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 2)
LOAN = "loan:L26-000123-7"


@pytest.fixture(autouse=True)
def open_day() -> None:
    business_date.open_day(DAY)


def person(name: str) -> User:
    return User.objects.create(username=name, name=name, password="!", created_at=moment("2026-01-01 09:00"))


@pytest.fixture
def maker():
    return actor("财务甲", roles.FINANCE, user_id=person("jia").pk)


@pytest.fixture
def checker():
    return actor("财务乙", roles.FINANCE, user_id=person("yi").pk)


@pytest.fixture
def entry() -> JournalEntry:
    moved = [Transfer(chart.LOAN_PRINCIPAL, chart.BANK_PAYOUT, 10_000_000, LOAN)]
    return steps.post(event="payout", reference="payout:1", transfers=moved, on=date(2026, 3, 20), by=SYSTEM)


def test_every_page_opens_and_shows_the_books(browser, maker, entry) -> None:  # noqa: F811
    browser.acts_as(maker)
    seen = {
        reverse("ledger:entries"): entry.number, reverse("ledger:entry", args=[entry.number]): "100,000.00",
        reverse("ledger:accounts"): "1303.01", reverse("ledger:new_account"): "1002",
        reverse("ledger:statement") + f"?owner={LOAN}&first=2026-03-01&last=2026-03-31": entry.number,
        reverse("ledger:statement") + "?account=1303.01&first=2026-03-01&last=2026-03-31": "100,000.00",
        reverse("ledger:trial_balance"): "¥0.00", reverse("ledger:periods"): "2026-03",
        reverse("ledger:manual_entries"): "", reverse("ledger:propose"): "debit_6",
        reverse("ledger:entries") + "?owner=L26-000123-7&event=&posted_from=2026-03-01": entry.number,
        reverse("ledger:entries") + "?export=csv": entry.number,
    }
    for path, text in seen.items():
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.content.decode()[:500])
        assert text in answer.content.decode(), path
    assert entry.number not in browser.get(reverse("ledger:entries") + "?owner=L26-000999-9").content.decode()


def test_a_page_of_entries_costs_a_bounded_number_of_queries(browser, maker, django_assert_max_num_queries) -> None:  # noqa: F811
    for n in range(30):
        steps.post(event="x", reference=f"r{n}", transfers=[Transfer(chart.BANK, chart.CAPITAL, 1)], on=DAY, by=SYSTEM)
    browser.acts_as(maker)
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("ledger:entries")).status_code == 200


def test_wu_sees_nothing(browser, entry) -> None:  # noqa: F811
    browser.acts_as(WU)
    for name in ("entries", "accounts", "trial_balance", "periods", "statement", "manual_entries", "propose"):
        assert browser.get(reverse(f"ledger:{name}")).status_code == 403
    for path in ("ledger/entries", "ledger/accounts", "ledger/trial-balance", "ledger/periods", "ledger/manual-entries"):
        assert browser.api(path).status_code == 403, path


def test_wrong_days_and_unknown_accounts_are_said_beside_the_field(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    answer = browser.get(reverse("ledger:statement") + "?account=1001&first=2026-02-30&last=2026-03-01")
    assert answer.status_code == 422 and "没有这一天" in answer.content.decode()
    assert browser.get(reverse("ledger:trial_balance") + "?on=tomorrow").status_code == 422
    assert browser.get(reverse("ledger:statement") + "?account=9999&first=2026-02-01").status_code == 422


def test_an_entry_of_the_business_is_not_reversed_here(browser, maker, entry) -> None:  # noqa: F811
    browser.acts_as(maker)
    path = reverse("ledger:reverse", args=[entry.number])
    answer = browser.post(path, {"on": "2026-04-02", "reason": "错了"})
    assert answer.status_code == 422 and "到原业务处冲正" in answer.content.decode()
    assert JournalEntry.objects.count() == 1


def proposal(**changes: object) -> dict:
    return {
        "posted_on": "2026-04-02", "memo": "股东注资", "debit_1": chart.BANK, "credit_1": chart.CAPITAL,
        "amount_1": "1,000,000", "owner_1": "", **changes,
    }


def test_a_manual_entry_is_booked_by_two_people_and_can_be_reversed(browser, maker, checker) -> None:  # noqa: F811
    browser.acts_as(maker)
    preview = browser.post(reverse("ledger:propose"), proposal(preview="1"))
    assert preview.status_code == 200 and "1,000,000.00" in preview.content.decode()
    assert not ManualEntry.objects.exists()
    assert browser.post(reverse("ledger:propose"), proposal()).status_code == 302
    manual = ManualEntry.objects.get()
    assert not JournalEntry.objects.exists()
    with pytest.raises(SamePerson):
        approval_steps.cast_vote(request_number=manual.approval_number, verdict="agree", by=maker)
    approval_steps.cast_vote(request_number=manual.approval_number, verdict="agree", by=checker)
    manual.refresh_from_db()
    assert manual.status == "posted" and queries.journal_text(entry=manual.entry) == (
        "2026-04-02 manual_entry\n  Dr bank     1,000,000.00\n  Cr capital  1,000,000.00"
    )
    assert "已入账" in browser.get(reverse("ledger:manual_entry", args=[manual.number])).content.decode()
    answer = browser.post(reverse("ledger:reverse", args=[manual.entry.number]), {"on": "2026-04-02", "reason": "重复"})
    proposed = ManualEntry.objects.get(reverses=manual.entry)
    assert answer.status_code == 302 and answer["Location"] == reverse("ledger:manual_entry", args=[proposed.number])
    assert "等待另一位财务复核" in browser.get(reverse("ledger:entry", args=[manual.entry.number])).content.decode()
    assert queries.balance(chart.CAPITAL).fen != 0
    approval_steps.cast_vote(request_number=proposed.approval_number, verdict="agree", by=checker)
    assert queries.balance(chart.CAPITAL).fen == 0


def test_a_rejected_or_withdrawn_proposal_books_nothing(browser, maker, checker) -> None:  # noqa: F811
    browser.acts_as(maker)
    for place in range(2):
        browser.post(reverse("ledger:propose"), proposal(memo=f"第{place}次"))
    first, second = ManualEntry.objects.order_by("id")
    approval_steps.cast_vote(request_number=first.approval_number, verdict="reject", opinion="没有依据", by=checker)
    approval_steps.withdraw(request_number=second.approval_number, by=maker)
    assert set(ManualEntry.objects.values_list("status", flat=True)) == {"declined"}
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(("change", "sentence"), [
    ({"amount_1": "-5"}, "金额不能低于"), ({"amount_1": "1.005"}, "最多两位小数"), ({"credit_1": chart.BANK}, "不能是同一科目"),
    ({"amount_1": ""}, "请填写金额"), ({"debit_2": chart.CASH}, "须一并填写"), ({"posted_on": "2026-04-03"}, "不能晚于业务日期"),
    ({"credit_1": chart.OFF_BOOK_INTEREST}, "表外科目只能与表外科目对转"), ({"memo": ""}, "请填写摘要"),
])
def test_a_bad_proposal_is_refused_with_a_sentence(browser, maker, change, sentence) -> None:  # noqa: F811
    answer = browser.acts_as(maker).post(reverse("ledger:propose"), proposal(**change))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not ManualEntry.objects.exists()


def test_accounts_are_added_and_retired(browser, maker) -> None:  # noqa: F811
    browser.acts_as(maker)
    form = {"group_code": "1002", "name": "银行存款—备付户", "english": "Reserve bank"}
    assert browser.post(reverse("ledger:new_account"), form).status_code == 302
    assert str(Account.objects.get(code="1002.03").english) == "reserve bank"
    assert "已有名为" in browser.post(reverse("ledger:new_account"), form).content.decode()
    steps.post(event="x", reference="x", transfers=[Transfer("1002.03", chart.BANK, 5)], on=DAY, by=SYSTEM)
    retire = reverse("ledger:retire", args=["1002.03"])
    assert browser.post(retire, {"reason": "销户"}).status_code == 409
    steps.reverse(reference="x", on=DAY, reason="x", by=SYSTEM)
    assert browser.post(retire, {"reason": "销户"}).status_code == 302
    assert browser.post(reverse("ledger:retire", args=[chart.BANK]), {"reason": "销户"}).status_code == 409
    with pytest.raises(steps.AccountInactive):
        steps.post(event="x", reference="y", transfers=[Transfer("1002.03", chart.BANK, 5)], on=DAY, by=SYSTEM)


def test_a_month_is_closed_on_the_page(browser, maker, entry) -> None:  # noqa: F811
    browser.acts_as(maker)
    assert browser.post(reverse("ledger:close", args=["2026-03"])).status_code == 302
    assert "已关账" in browser.get(reverse("ledger:periods")).content.decode()
    assert browser.post(reverse("ledger:close", args=["2026-13"])).status_code == 422
    assert browser.post(reverse("ledger:close", args=["2026-04"])).status_code == 409


def test_the_api_says_the_same(browser, maker, checker, entry) -> None:  # noqa: F811
    browser.acts_as(maker)
    assert browser.api(f"ledger/entries/{entry.number}").json()["transfers"] == [
        {"debit": chart.LOAN_PRINCIPAL, "credit": chart.BANK_PAYOUT, "amount": "100000.00", "owner": LOAN}
    ]
    assert [e["number"] for e in browser.api(f"ledger/entries?owner={LOAN}").json()["items"]] == [entry.number]
    trial = browser.api("ledger/trial-balance?on=2026-03-31").json()
    assert (trial["debit"], trial["difference"]) == ("100000.00", "0.00")
    said = browser.api("ledger/statement?account=1303.01&posted_from=2026-03-01&posted_to=2026-03-31").json()
    assert said["closing"] == said["items"][0]["balance"] == "100000.00"
    payload = {"posted_on": "2026-04-02", "memo": "注资", "transfers": [{"debit": chart.BANK, "credit": chart.CAPITAL, "amount": "5.00"}]}
    answer = browser.api("ledger/manual-entries", payload)
    assert answer.status_code == 201, answer.content
    approval_steps.cast_vote(request_number=answer.json()["approval_number"], verdict="agree", by=checker)
    manual = browser.api(f"ledger/manual-entries/{answer.json()['number']}").json()
    back = browser.api(f"ledger/entries/{manual['entry_number']}/reverse", {"on": "2026-04-02", "reason": "x"})
    assert back.status_code == 201 and back.json()["reverses"] == manual["entry_number"] and back.json()["entry_number"] is None
    approval_steps.cast_vote(request_number=back.json()["approval_number"], verdict="agree", by=checker)
    assert browser.api(f"ledger/entries/{manual['entry_number']}").json()["reversed_by"]
    assert browser.api(f"ledger/entries/{entry.number}/reverse", {"on": "2026-04-02", "reason": "x"}).json()["code"] == "booked_by_business"
    assert browser.api("ledger/periods/2026-03/close", {}).json()["status"] == "closed"
    assert browser.api("ledger/accounts", {"group_code": "1002", "name": "备付户", "english": "reserve"}).status_code == 201
    assert browser.api("ledger/accounts/1002.03/retire", {"reason": "x"}).json()["is_active"] is False


@pytest.mark.parametrize(("change", "code"), [
    ({"amount": "0.00"}, "money_low"), ({"credit": chart.BANK}, "same_account"), ({"credit": "9999"}, "unknown_account"), ({"debit": ""}, "account_missing"),
])
def test_the_api_refuses_a_bad_proposal(browser, maker, change, code) -> None:  # noqa: F811
    row = {"debit": chart.BANK, "credit": chart.CAPITAL, "amount": "5.00", **change}
    payload = {"posted_on": "2026-04-02", "memo": "注资", "transfers": [row]}
    answer = browser.acts_as(maker).api("ledger/manual-entries", payload)
    assert answer.status_code == 422 and answer.json()["code"] == code


def sheets_of(said) -> list[list[list[object]]]:
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in load_workbook(io.BytesIO(said.content))]


def test_statement_and_trial_balance_as_spreadsheets(browser, maker, entry) -> None:  # noqa: F811
    browser.acts_as(maker)
    said = browser.get(reverse("ledger:statement") + "?account=1303.01&first=2026-03-01&last=2026-03-31&export=xlsx")
    lines, notes = sheets_of(said)
    assert said["Content-Type"].endswith("sheet") and lines[0][-1] == "余额" and entry.number in lines[1]
    assert 100_000 in [cell for cell in lines[1] if isinstance(cell, int | float)] and ["期末余额", "100000.00"] in [row[:2] for row in notes]
    lines, notes = sheets_of(browser.get(reverse("ledger:trial_balance") + "?on=2026-03-31&export=xlsx"))
    assert ["差额", "0.00"] in [row[:2] for row in notes] and len(lines) == 3
    assert AuditEntry.objects.filter(verb="ui.export_list").count() == 2


def test_a_months_trial_balance_has_opening_turnover_and_closing(browser, maker, entry) -> None:  # noqa: F811
    browser.acts_as(maker)
    steps.post(event="capital", reference="april", transfers=[Transfer(chart.BANK_PAYOUT, chart.CAPITAL, 700)], on=date(2026, 4, 2), by=SYSTEM)
    said = browser.api("ledger/trial-balance?on=2026-04-30&since=2026-04-01").json()
    rows = {row["account"]: row for row in said["rows"]}
    assert {name: rows[chart.BANK_PAYOUT][name] for name in ("opening_debit", "opening_credit", "debit_turnover", "credit_turnover", "debit")} == {
        "opening_debit": "0.00", "opening_credit": "100000.00", "debit_turnover": "7.00", "credit_turnover": "0.00", "debit": "0.00",
    }
    assert (rows[chart.BANK_PAYOUT]["credit"], said["difference"], said["since"]) == ("99993.00", "0.00", "2026-04-01")
    lines, notes = sheets_of(browser.get(reverse("ledger:trial_balance") + "?on=2026-04-30&export=xlsx"))
    assert lines[0][2:] == ["期初借方余额", "期初贷方余额", "本期借方发生额", "本期贷方发生额", "期末借方余额", "期末贷方余额"]
    assert ["本期发生额差额", "0.00"] in [row[:2] for row in notes]
    assert browser.get(reverse("ledger:trial_balance") + "?on=2026-04-01&since=2026-04-30").status_code == 422
