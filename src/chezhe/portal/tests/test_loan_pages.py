"""A customer's loan on the phone: the plan, paying once, settling on a day at the exact sum, and the papers."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from chezhe.contracts.models import ContractParty
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, handles
from chezhe.kernel.errors import NotFound
from chezhe.payments.debits.models import Debit, Mandate
from chezhe.portal.models import Account
from chezhe.portal.tests.outside import account_of, actor_for, browser_for
from chezhe.portal.tests.pages import at, field, in_english, left_in_chinese, phone, proved_for, text_of
from chezhe.servicing.actions.debit_now import debit_now
from chezhe.servicing.actions.print_loan_paper import print_loan_paper
from chezhe.servicing.models import Loan, LoanDebit, LoanEvent, SettlementAsk
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.tests.debiting import DUE, mandate, morning, now_proved, until
from chezhe.servicing.tests.lending import Bank, days_pass, pay, settle

pytestmark = pytest.mark.django_db
SETTLES = date(2026, 3, 3)


def test_the_loan_shows_what_is_due_the_plan_and_what_was_paid(loan: Loan, bank: Bank) -> None:
    days_pass(bank, DUE)
    pay(bank, loan, "1000.00", DUE)
    client = phone(bank.wang)
    page = client.get(at("loan", loan.subject))
    said = text_of(page)
    assert page.status_code == 200 and "2,321.43" in said and "1,000.00" in said and "第 36 期" in said
    assert "林" not in said and loan.number in said and "王小明" not in said
    english = in_english(client, at("loan", loan.subject))
    assert "Due now" in english or "What was paid" in english


@pytest.mark.parametrize("page", ["loan", "papers", "pay", "settle", "rating"])
def test_anothers_loan_is_not_there_and_the_staff_is_nobody(page: str, loan: Loan, bank: Bank) -> None:
    other, own = phone(person(OUYANG, bank.cast.lin), stepped_up=True), phone(bank.wang, stepped_up=True)
    address = at(page, loan.subject)
    assert other.get(address).status_code == 404 and other.post(address, {}).status_code in (404, 405)
    assert own.get(address).status_code == 200 and own.get(at(page, loan.contract.subject)).status_code == 404
    assert Client().get(address)["Location"].startswith("/m/sign-in/")


def test_a_payment_asks_for_a_code_goes_to_the_channel_once_and_reaches_the_loan_from_there(loan: Loan, bank: Bank) -> None:
    mandate(bank)
    with morning(bank) as world:
        account = account_of(bank.wang)
        hasty, address = phone_of(account, proved=False), at("pay", loan.subject)
        assert hasty.get(address)["Location"].startswith("/m/step-up/") and hasty.post(address, {"amount": "100"}).status_code == 302
        client = phone_of(account, proved=True)
        page = client.get(address)
        assert "3,321.43" in text_of(page)
        too_much = client.post(address, {"amount": "3321.44"})
        assert too_much.status_code == 422 and "3,321.43" in text_of(too_much) and not manual()
        form = {"amount": "3321.43", "_once": field(client.get(address), "_once")}
        first, again = client.post(address, form), client.post(address, form)
        assert first.status_code == again.status_code == 302 and manual() == 1
        paid = first["Location"]
        assert "银行处理中" in text_of(client.get(paid)) and not LoanEvent.objects.filter(kind="repaid").exists()
        other_form = client.post(address, {"amount": "100.00"})
        assert other_form.status_code == 409 and "正在等银行答复" in text_of(other_form) and manual() == 1
        until(world, 7, 55)
        assert "扣款成功" in text_of(client.get(paid))
        event = LoanEvent.objects.get(kind="repaid")
        assert event.amount == Money(332_143) and event.reference.startswith("debit/") and Debit.objects.get().status == "collected"
        other = phone(person(OUYANG, bank.cast.lin))
        assert other.get(paid).status_code == 404


def manual() -> int:
    return LoanDebit.objects.filter(turn__gte=51).count()


def phone_of(account: Account, *, proved: bool) -> Client:
    return browser_for(account, stepped_up=proved)


def test_without_leave_to_collect_there_is_a_transfer_and_leave_is_signed_with_a_code_for_it(loan: Loan, bank: Bank) -> None:
    days_pass(bank, DUE)
    account = account_of(bank.wang)
    client = phone_of(account, proved=True)
    page = text_of(client.get(at("pay", loan.subject)))
    assert "签署代扣授权" in page and loan.number in page and "6228480000000001" in page
    assert client.get(at("mandate"))["Location"].startswith("/m/step-up/"), "a code for paying is none for signing"
    signs = proved_for(account, f"mandate-of:{bank.wang.number}")
    form = signs.get(at("mandate"))
    tail = bank.wang.accounts.get().tail
    assert form.status_code == 200 and f"****{tail}" in text_of(form)
    said = {"account_tail": tail, "debit_max": "10000", "day_max": "10000", "agrees": "on"}
    assert signs.post(at("mandate"), {**said, "agrees": ""}).status_code == 422
    assert signs.post(at("mandate"), said).status_code == 302
    made = Mandate.objects.get()
    assert made.customer == bank.wang and made.evidence.startswith("portal/") and made.account.tail == tail


def test_whoever_borrows_beside_another_reads_the_loan_and_moves_nothing(loan: Loan, bank: Bank) -> None:
    joint = person(OUYANG, bank.cast.lin)
    ContractParty.objects.create(contract=loan.contract, customer=joint, role="co_borrower")
    mandate(bank)
    with morning(bank):
        client = phone(joint, stepped_up=True)
        seen = client.get(at("loan", loan.subject))
        assert seen.status_code == 200 and "还款计划" in text_of(seen) and "/pay/" not in seen.content.decode()
        assert [client.get(at(page, loan.subject)).status_code for page in ("pay", "papers", "settle")] == [404] * 3
    actor = actor_for(Account.objects.get(customer=joint), stepped_up=True)
    with pytest.raises(NotFound):
        debit_now(loan_number=loan.number, amount=Money(100), by=actor)
    with pytest.raises(NotFound):
        print_loan_paper(loan_number=loan.number, kind=PaperKind.PLAN, first=DUE, last=DUE, by=actor)
    assert not manual()


def test_the_sum_of_a_day_is_what_settling_on_that_day_posts(loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 15))
    pay(bank, loan, "3321.43", date(2026, 2, 15))
    client = phone(bank.wang)
    page = client.get(at("settle", loan.subject), {"on": SETTLES.isoformat()})
    told = field(page, "amount")
    assert page.status_code == 200 and "只在这一天有效" in text_of(page)
    wrong = client.post(at("settle", loan.subject), {"on": SETTLES.isoformat(), "amount": "1.00"})
    assert wrong.status_code == 409 and "请核对后再提交" in text_of(wrong) and not SettlementAsk.objects.exists()
    form = {"on": SETTLES.isoformat(), "amount": told}
    for _time in range(2):
        assert client.post(at("settle", loan.subject), form).status_code == 302
    ask = SettlementAsk.objects.get()
    assert (ask.settles_on, str(ask.amount), ask.status) == (SETTLES, told, "asked")
    assert "提前结清" in text_of(client.get(at("loan", loan.subject)))
    days_pass(bank, SETTLES)
    event = settle(bank, Loan.objects.get(), told)
    loan.refresh_from_db()
    assert loan.status == "settled" and event.amount == ask.amount
    assert "解除抵押" in text_of(client.get(at("loan", loan.subject)))


def test_a_day_that_has_passed_has_no_sum_and_the_word_is_taken_back(loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 1))
    client = phone(bank.wang)
    past = client.get(at("settle", loan.subject), {"on": "2026-01-20"})
    assert past.status_code == 422 and "data-payoff" not in past.content.decode()
    assert client.get(at("settle", loan.subject), {"on": "no day"}).status_code == 422
    told = field(client.get(at("settle", loan.subject)), "amount")
    client.post(at("settle", loan.subject), {"on": "2026-02-01", "amount": told})
    assert client.post(at("unsettle", loan.subject)).status_code == 302
    assert SettlementAsk.objects.get().status == "withdrawn"


def test_papers_are_made_and_opened_by_the_borrower_alone(loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 20))
    client = phone(bank.wang)
    assert "结清证明" not in text_of(client.get(at("papers", loan.subject)))
    made = client.post(at("papers", loan.subject), {"kind": "repayment_schedule"})
    assert made.status_code == 302
    pdf = client.get(made["Location"])
    assert pdf.status_code == 200 and pdf["Content-Type"] == "application/pdf" and pdf.content[:5] == b"%PDF-"
    assert phone(person(OUYANG, bank.cast.lin)).get(made["Location"]).status_code == 404
    letter = client.post(at("payoff_letter", loan.subject), {"on": business_date.current().isoformat()})
    assert letter.status_code == 302 and client.get(letter["Location"]).content[:5] == b"%PDF-"
    assert client.post(at("papers", loan.subject), {"kind": "settlement_certificate"}).status_code == 422
    assert "还款计划表" in text_of(client.get(at("papers", loan.subject)))
    assert client.get(at("paper", "document:11111111-1111-4111-8111-111111111111")).status_code == 404
    assert client.get(f"/m/loan/{handles.handle_of('contract:K26-000001-5')}/").status_code == 404


@pytest.mark.parametrize("page", ["loan", "papers", "pay", "settle", "rating", "paid"])
def test_every_page_speaks_english_too_and_has_large_letters(page: str, loan: Loan, bank: Bank) -> None:
    days_pass(bank, date(2026, 2, 20))
    client = phone(bank.wang, stepped_up=True)
    subject = loan.subject
    if page == "paid":
        mandate(bank)
        one = debit_now_of(loan, bank)
        subject = one.subject
    client.cookies["elder"] = "on"
    shown = client.get(at(page, subject))
    assert shown.status_code == 200 and "is-elder" in shown.content.decode()
    assert left_in_chinese(in_english(client, at(page, subject))) == []


def debit_now_of(loan: Loan, bank: Bank) -> LoanDebit:
    return debit_now(loan_number=loan.number, amount=Money(100_00), by=now_proved(bank.fang))
