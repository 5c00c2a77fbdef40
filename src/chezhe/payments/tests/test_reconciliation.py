"""Bank, channel and ledger: every movement of money lies in one tally, and every fen of a day has a place."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid, NotFound, WrongState
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.queries import journal_text
from chezhe.payments import steps
from chezhe.payments.actions.accept_match import accept_match
from chezhe.payments.actions.accept_matches import accept_matches
from chezhe.payments.actions.assign_tally import assign_tally
from chezhe.payments.actions.break_match import break_match
from chezhe.payments.actions.explain_tally import NoException, explain_tally
from chezhe.payments.actions.import_bank_file import FileHasFaults, ImportedFile, import_bank_file
from chezhe.payments.actions.merge_receipt import merge_receipt
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.refuse_match import refuse_match
from chezhe.payments.actions.reopen_tally import reopen_tally
from chezhe.payments.actions.restore_receipt import restore_receipt
from chezhe.payments.models import BankLine, Payout, StatementLine, Tally
from chezhe.payments.reconciliation import balances, proposing
from chezhe.payments.reconciliation.balances import AccountDay
from chezhe.payments.reconciliation.leaving import NothingBooked, NothingToRestore, NotTheSameReceipt
from chezhe.payments.reconciliation.matching import AccountsDiffer, NothingJoined, SameTally
from chezhe.payments.tests.conftest import TODAY, live
from chezhe.payments.vendors.bank.simulator import account_with_fate
from chezhe.staff.models import Branch

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 15)
IN = "交易日期,收入金额,支出金额,余额,流水号,对方户名,对方账号,摘要\n"


def statement(finance: Actor, *rows: str, account: str = chart.BANK) -> ImportedFile:
    return import_bank_file(content=(IN + "\n".join(rows) + "\n").encode(), name="流水.csv", account=account, by=finance)


def book(fen: int, *, on: date = DAY, owner: str = "loan:L26-000123-7", reference: str = "L26-000123-7/counter/1", memo: str = "柜面收款") -> None:
    """A receipt that the counter booked straight onto the bank account, or a charge when negative."""
    other = chart.UNAPPLIED_CASH if fen > 0 else chart.BANK_CHARGES
    moved = Transfer(chart.BANK, other, fen, owner) if fen > 0 else Transfer(other, chart.BANK, -fen, owner)
    with transaction.atomic():
        ledger_steps.post(event="repayment", reference=reference, transfers=[moved], on=on, memo=memo, by=SYSTEM)


def paid(world: World, branch: Branch, reference: str, *, fate: str = "", yuan: int = 1000, name: str = "王建国") -> Payout:
    payee = steps.Payee(name, account_with_fate(fate) if fate else "6217000000000000004")
    with transaction.atomic():
        payout = steps.request_payout(
            reference=f"disbursement:{reference}", amount=Money(yuan * 100), payee=payee, memo="放款", branch_id=branch.pk, by=SYSTEM)
    live(world, 30)
    payout.refresh_from_db()
    return payout


def receiving(on: date = TODAY) -> AccountDay:
    return next(day for day in balances.day_of(on) if day.account.code == chart.BANK)


def only(**wanted: object) -> Tally:
    return Tally.objects.get(**wanted)


def kinds() -> list[str]:
    return sorted(Tally.objects.values_list("kind", flat=True))


def test_a_statement_brings_money_out_too_and_nothing_of_it_is_booked_twice(finance: Actor) -> None:
    done = statement(finance, "2026-03-15,100.00,,1100.00,A1,张三,6217000000000000004,还款", "2026-03-15,,3.50,1096.50,A2,某银行,,手续费")
    assert (done.new_lines, done.new_others, done.file.amount) == (1, 1, Money(10_000))
    line = StatementLine.objects.get()
    assert (line.amount, line.bank_serial, line.account, line.memo) == (Money(-350), "A2", chart.BANK, "手续费")
    assert BankLine.objects.get().amount == Money(10_000)
    again = statement(finance, "2026-03-15,,3.50,1096.50,A2,某银行,,手续费", "2026-03-16,,1.00,1095.50,A3,某银行,,手续费")
    assert (again.new_lines, again.new_others) == (0, 1)
    with pytest.raises(FileHasFaults):  # the same serial with another sum
        statement(finance, "2026-03-15,,3.51,1096.49,A2,某银行,,手续费")


def test_receipt_and_booking_meet_by_the_banks_serial(finance: Actor) -> None:
    statement(finance, "2026-03-15,100.00,,1100.00,A1,张三,6217000000000000004,还款")
    assert reconcile_accounts(by=finance).found.items == 2
    assert reconcile_accounts(by=finance).found.items == 0
    tally = only()
    assert (tally.kind, tally.how, tally.first_on, tally.last_on) == ("", "exact", DAY, TODAY)
    assert (receiving(DAY).difference, receiving(DAY).unexplained) == (Money(110_000), Money(0))
    # Booked a day later than it came: on the 15th it is money the bank has and the books have not.
    assert [(row.reason, row.amount, row.is_over) for row in receiving(DAY).open] == [("bank_in", Money(10_000), True)]
    assert not receiving(TODAY).open


def test_every_fen_has_a_place_and_a_wrong_one_is_found_and_named(finance: Actor) -> None:
    statement(finance, "2026-03-15,100.00,,100.00,A1,张三,,还款", "2026-03-15,,3.50,96.50,A2,某银行,,手续费")
    book(317_439, reference="L26-000123-7/counter/1")
    reconcile_accounts(by=finance)
    day = receiving()
    assert (Money(day.bank.closing_fen), day.ledger_closing) == (Money(9_650), Money(327_439))
    assert {reason: (count, amount.fen) for reason, count, amount in day.by_reason if count} == {
        "bank_out": (1, -350), "books_in": (1, -317_439),
    }
    assert day.difference == day.listed == Money(-317_789) and not day.unexplained
    # The next statement opens one fen higher than the last one closed: no line shows where it came from.
    statement(finance, "2026-03-16,5.00,,101.51,A3,李四,,还款")
    reconcile_accounts(by=finance)
    day = receiving()
    assert day.unexplained == Money(1)
    assert [(gap.on, gap.fen, gap.before) for gap in day.bank.gaps] == [(TODAY, 1, True)]
    assert day.bank.stated_fen == 10_151


def test_a_fen_that_the_books_have_wrong_is_named_by_its_tally(bank: World, branch: Branch, finance: Actor) -> None:
    payout = paid(bank, branch, "a")
    statement(finance, f"2026-03-16,,1000.01,8999.99,{payout.bank_serial},王建国,,放款", account=chart.BANK_PAYOUT)
    reconcile_accounts(by=finance)
    tally = only()
    assert (tally.kind, tally.difference) == ("amount_differs", Money(-1))
    day = next(day for day in balances.day_of(TODAY) if day.account.code == chart.BANK_PAYOUT)
    assert [(row.tally, row.reason, row.amount) for row in day.open] == [(tally, "differs", Money(-1))]
    assert not day.unexplained


def test_what_was_written_since_the_last_run_is_counted_apart(finance: Actor) -> None:
    book(500)
    statement(finance, "2026-03-15,100.00,,100.00,A1,张三,,还款")
    day = receiving()
    assert (day.waiting_count, day.waiting_fen, day.unexplained) == (3, -500, Money(0))


def test_a_booking_and_its_reversal_need_no_bank(finance: Actor) -> None:
    book(500)
    ledger_steps.reverse(reference="L26-000123-7/counter/1", on=TODAY, reason="错账", by=SYSTEM)
    reconcile_accounts(by=finance)
    assert kinds() == [""]


def test_a_person_accepts_a_suggestion_with_its_reasons_and_parts_it_again(finance: Actor) -> None:
    statement(finance, "2026-03-16,,3.50,-3.50,A2,某银行,,账户管理费")
    book(-350, owner="", reference="manual:1", memo="银行账户管理费")
    reconcile_accounts(by=finance)
    offer, = proposing.offers(TODAY)
    assert (offer.confidence, [r.code for r in offer.said.reasons]) == (61, ["amount", "days_apart"])
    joined = accept_match(first_number=offer.first.number, second_number=offer.second.number, by=finance)
    assert (joined.kind, joined.how, joined.confidence, joined.matched_by_name) == ("", "accepted", 61, finance.name)
    assert Tally.objects.count() == 1 and not receiving().difference
    with pytest.raises(Invalid):
        break_match(tally_number=joined.number, reason=" ", by=finance)
    break_match(tally_number=joined.number, reason="看错了", by=finance)
    assert kinds() == ["bank_only", "ledger_only"]
    with pytest.raises(NothingJoined):
        break_match(tally_number=joined.number, reason="再来", by=finance)


def test_a_refused_pair_is_not_suggested_again(finance: Actor) -> None:
    statement(finance, "2026-03-16,,3.50,-3.50,A2,某银行,,账户管理费")
    book(-350, owner="", reference="manual:1")
    reconcile_accounts(by=finance)
    offer, = proposing.offers(TODAY)
    refuse_match(first_number=offer.first.number, second_number=offer.second.number, by=finance)
    assert not proposing.offers(TODAY)
    with pytest.raises(SameTally):
        refuse_match(first_number=offer.first.number, second_number=offer.first.number, by=finance)


def test_in_bulk_only_what_is_sure_and_has_no_rival_is_accepted(bank: World, branch: Branch, finance: Actor) -> None:
    sure, twin = paid(bank, branch, "a", yuan=1000), paid(bank, branch, "b", yuan=77, name="李四")
    paid(bank, branch, "c", yuan=77, name="李四")
    assert sure.bank_serial != twin.bank_serial
    statement(
        finance, "2026-03-16,,1000.00,9000.00,X1,王*国,****0004,代付", "2026-03-16,,77.00,8923.00,X2,李四,6217000000000000004,代付",
        account=chart.BANK_PAYOUT,
    )
    reconcile_accounts(by=finance)
    with pytest.raises(Invalid):
        accept_matches(on=TODAY, confidence_min=50, by=finance)
    done = accept_matches(on=TODAY, confidence_min=80, by=finance)
    assert len(done.numbers) == 1
    assert kinds() == ["", "bank_only", "ledger_only", "ledger_only"]


def test_by_hand_a_reason_is_needed_and_the_account_must_be_one(finance: Actor) -> None:
    statement(finance, "2026-03-16,,3.50,96.50,A2,某银行,,手续费")
    statement(finance, "2026-03-16,,9.00,91.00,P1,某银行,,手续费", account=chart.BANK_PAYOUT)
    book(-1250, owner="", reference="manual:1")
    reconcile_accounts(by=finance)
    line, other, entry = (only(difference=Money(fen)) for fen in (-350, -900, 1250))
    with pytest.raises(Invalid):
        accept_match(first_number=line.number, second_number=entry.number, by=finance)
    with pytest.raises(AccountsDiffer):
        accept_match(first_number=other.number, second_number=entry.number, reason="两笔手续费合并记账", by=finance)
    joined = accept_match(first_number=line.number, second_number=entry.number, reason="两笔手续费合并记账", by=finance)
    assert (joined.how, joined.kind, joined.difference) == ("by_hand", "amount_differs", Money(900))


def test_an_exception_is_explained_for_a_reason_reopened_and_owned(finance: Actor) -> None:
    book(500)
    statement(finance, "2026-03-15,100.00,,100.00,A1,张三,,还款")
    reconcile_accounts(by=finance)
    tally, agreed = only(kind="ledger_only"), only(kind="")
    assert tally.is_exception and tally.age_on(date(2026, 3, 20)) == 5
    with pytest.raises(Invalid):
        explain_tally(tally_number=tally.number, reason=" ", by=finance)
    with pytest.raises(NoException):
        explain_tally(tally_number=agreed.number, reason="没有差异", by=finance)
    assert explain_tally(tally_number=tally.number, reason="客户次日补款", by=finance).status == "explained"
    assert not receiving().unexplained  # explained or not, the fen are in the list
    with pytest.raises(WrongState):
        explain_tally(tally_number=tally.number, reason="再次", by=finance)
    assert reopen_tally(tally_number=tally.number, reason="款项未到", by=finance).is_exception
    owned = assign_tally(tally_number=tally.number, username="t-财务", note="已致电客户", by=finance)
    assert owned.owner is not None and owned.owner.name == "财务" and owned.note == "已致电客户"
    with pytest.raises(NotFound):
        assign_tally(tally_number=tally.number, username="nobody", by=finance)


def test_an_explained_exception_that_becomes_another_is_open_again(bank: World, branch: Branch, finance: Actor) -> None:
    payout = paid(bank, branch, "a")
    reconcile_accounts(by=finance)
    explain_tally(tally_number=only().number, reason="银行次日入账", by=finance)
    statement(finance, f"2026-03-16,,1000.01,8999.99,{payout.bank_serial},王建国,,放款", account=chart.BANK_PAYOUT)
    reconcile_accounts(by=finance)
    assert (only().kind, only().status) == ("amount_differs", "open")


def test_days_far_apart_are_an_exception_and_a_weekend_is_none(finance: Actor) -> None:
    statement(finance, "2026-03-13,1.00,,1.00,A1,张三,,还款", "2026-03-12,2.00,,3.00,A2,张三,,还款")
    reconcile_accounts(by=finance)
    assert {tally.first_on.day: tally.kind for tally in Tally.objects.all()} == {13: "", 12: "day_differs"}


def test_who_does_not_reach_the_whole_house_sees_and_reconciles_nothing(finance: Actor, branch: Branch) -> None:
    from chezhe.kernel import roles
    from chezhe.kernel.actor import Reach
    from chezhe.payments.tests.conftest import person

    book(500)
    reconcile_accounts(by=finance)
    local = person("门店财务", roles.FINANCE, branch, reach=Reach.BRANCH)
    for nobody in (WU, local):
        assert not Tally.objects.visible_to(nobody).exists()
    with pytest.raises(WholeHouseOnly):
        reconcile_accounts(by=local)
    with pytest.raises(NotFound):
        explain_tally(tally_number=only().number, reason="看不到", by=local)


def test_a_receipt_that_the_counter_had_booked_is_merged_and_restored(finance: Actor) -> None:
    book(317_439, on=DAY)
    statement(finance, "2026-03-16,3174.39,,3174.39,A1,张三,,还款 L26-000123-7", "2026-03-16,3174.39,,6348.78,A2,李四,,货款")
    reconcile_accounts(by=finance)
    assert receiving().ledger_closing == Money(952_317)  # once too often
    first, second = proposing.doubles(TODAY)
    assert (first.receipt.bank_serial, first.said.confidence, second.said.confidence) == ("A1", 86, 61)
    merged = merge_receipt(tally_number=first.tally.number, bank_serial="A1", by=finance)
    assert (merged.kind, merged.difference) == ("", Money(0)) and not receiving().difference
    line = BankLine.objects.get(bank_serial="A1")
    assert (line.status, line.matched_subject) == ("matched", "loan:L26-000123-7") and line.outcome.startswith("柜面已入账 J26-")
    assert journal_text("bank_line:A1").strip().splitlines()[-3:] == [
        "2026-03-16 receipt_booked_before A1", "  Dr suspense  3,174.39", "  Cr bank      3,174.39",
    ]
    with pytest.raises(NothingBooked):
        merge_receipt(tally_number=merged.number, bank_serial="A2", by=finance)
    with pytest.raises(Invalid):
        restore_receipt(bank_serial="A1", reason=" ", by=finance)
    assert restore_receipt(bank_serial="A1", reason="不是同一笔", by=finance).status == "open"
    assert receiving().ledger_closing == Money(952_317) and kinds() == ["", "", "ledger_only"]
    with pytest.raises(NothingToRestore):
        restore_receipt(bank_serial="A1", reason="再次", by=finance)
    again = merge_receipt(tally_number=only(kind="ledger_only").number, bank_serial="A1", by=finance)
    assert not again.kind and not receiving().difference  # the second time is an entry of its own


def test_another_sum_is_never_merged(finance: Actor) -> None:
    book(500)
    statement(finance, "2026-03-16,5.01,,5.01,A1,张三,,还款")
    reconcile_accounts(by=finance)
    assert not proposing.doubles(TODAY)
    with pytest.raises(NotTheSameReceipt):
        merge_receipt(tally_number=only(kind="ledger_only").number, bank_serial="A1", by=finance)
