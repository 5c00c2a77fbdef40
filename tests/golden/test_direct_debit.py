"""A loan of 100,000.00 at 12 % is debited: what is owed on each day, to the fen, and the whole way of the money through the books."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chezhe.kernel import clock, events
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.debits.models import ChannelSettlement, Debit
from chezhe.payments.tasks import debits as channel_tasks
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.models import Loan, LoanDebit
from chezhe.servicing.tests.debiting import DUE, mandate, morning, now_proved, tries, until, work
from chezhe.servicing.tests.lending import Bank
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db
SIXTEENTH = DUE + timedelta(days=1)


def test_the_money_of_an_instalment_goes_from_the_borrower_to_our_bank(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        until(world, 20)
        clock.tick(14 * 3600 + 60)
        channel_tasks.settle_channel(DUE.isoformat())
    settlement, debit = ChannelSettlement.objects.get(), Debit.objects.get()
    with morning(bank, SIXTEENTH):
        line = f"2026-02-16,3319.43,20260216000001,代扣渠道,,{settlement.number}\n"
        file = import_bank_file(content=f"交易日期,金额,流水号,付款人,付款账号,附言\n{line}".encode(), name="b.csv", by=now_proved(bank.fang)).file
        posted = post_bank_file(file_number=file.number, by=now_proved(bank.fang))
    assert (posted.posted, posted.parked) == (1, 0)
    assert ledger_queries.journal_text(owner=debit.subject).strip() == (
        f"2026-02-15 debit_collected {debit.reference}\n"
        "  Dr channel clearing  3,321.43\n"
        "  Cr collected debits  3,321.43"
    )
    assert journal(loan).endswith(
        "2026-02-15 repayment\n"
        "  Dr collected debits     3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    assert ledger_queries.journal_text(owner=settlement.subject).strip() == (
        f"2026-02-15 channel_settled {settlement.number}\n"
        "  Dr funds in transit  3,319.43\n"
        "  Dr bank charges          2.00\n"
        "  Cr channel clearing  3,321.43\n"
        "\n"
        f"2026-02-16 channel_arrived {settlement.number}\n"
        "  Dr suspense          3,319.43\n"
        "  Cr funds in transit  3,319.43"
    )
    settlement.refresh_from_db()
    assert settlement.status == "arrived" and agrees(loan)


@pytest.mark.parametrize(("late", "principal_penalty", "compound"), [(1, 116, 50), (2, 232, 100), (3, 348, 150), (5, 580, 250), (7, 813, 350)])
def test_each_later_day_collects_the_penalty_to_that_day(bank: Bank, loan: Loan, late: int, principal_penalty: int, compound: int) -> None:
    """2,321.43 and 1,000.00 at 18 % by 360 days: 1.160715 and 0.50 a day, each rounded once."""
    mandate(bank)
    with morning(bank, DUE + timedelta(days=late)) as world:
        until(world, 10)
    first = LoanDebit.objects.get(turn=1)
    assert (first.status, first.collected.fen) == ("collected", 332_143 + principal_penalty + compound)
    assert agrees(loan) and loan.oldest_due_on is None


def test_a_year_of_debits_leaves_the_plan_as_it_was_made(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    for due in loan.schedules.get().due_dates[:12]:
        with morning(bank, due) as world:
            until(world, 9)
    loan.refresh_from_db()
    assert LoanDebit.objects.filter(status="collected").count() == 12
    assert (loan.principal_left.fen, loan.recognised, loan.oldest_due_on) == (7_055_846, 12, None)
    assert agrees(loan)


def test_bounced_and_collected_again_the_borrower_has_paid_once(bank: Bank, loan: Loan) -> None:
    mandate(bank, "812")
    with morning(bank) as world:
        until(world, 20)
        clock.tick(13 * 3600)
        work(world)
    mandate(bank)
    with morning(bank, DUE + timedelta(days=2)) as world:
        until(world, 10)
    loan.refresh_from_db()
    last = LoanDebit.objects.get(day=date(2026, 2, 17), turn=1)
    assert (last.status, last.collected.fen) == ("collected", 332_143 + 232 + 100)
    assert tries()[0] == ("15 08", "returned RETURNED") and agrees(loan) and loan.oldest_due_on is None
    events.deliver_all()
