"""The channel's settlement files, careless as real ones: every line is kept as it says, and what is wrong with it is named."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, outside
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid
from chezhe.kernel.simulators import World
from chezhe.ledger import chart
from chezhe.payments import queries
from chezhe.payments.actions.ask_for_settlement_file import ask_for_settlement_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.take_settlement_file import take_settlement_file
from chezhe.payments.models import ChannelFile, ChannelLine, Tally
from chezhe.payments.reconciliation import pages
from chezhe.payments.tasks import reconciliation as tasks
from chezhe.payments.tests.conftest import NOW, TODAY, live
from chezhe.payments.tests.test_reconciliation import paid, statement
from chezhe.payments.vendors.bank import settlement
from chezhe.staff.models import Branch

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def next_morning(days: int = 1) -> None:
    clock.tick(int(timedelta(days=days).total_seconds()))
    business_date.open_day(TODAY + timedelta(days=days))


def test_the_file_is_made_the_next_morning_and_twice_the_same(bank: World, branch: Branch) -> None:
    payout = paid(bank, branch, "a")
    assert settlement.fetch(TODAY) is None
    next_morning()
    file = settlement.fetch(TODAY)
    assert file is not None and file == settlement.fetch(TODAY)
    line, = file.lines
    assert (line.kind, line.reference, line.serial, line.amount, line.fee, line.done_on) == (
        "payout", payout.bank_reference, payout.bank_serial, Money(100_000), Money(0), TODAY,
    )


def test_bank_channel_and_ledger_meet_by_our_order(bank: World, branch: Branch, finance: Actor) -> None:
    payout = paid(bank, branch, "a")
    statement(finance, f"2026-03-16,,1000.00,9000.00,X1,王建国,,代付 {payout.bank_reference}", account=chart.BANK_PAYOUT)
    next_morning()
    assert tasks.fetch_settlement(TODAY.isoformat()) == 1
    assert tasks.fetch_settlement(TODAY.isoformat()) == 0
    tally = Tally.objects.get()
    assert (tally.kind, tally.how) == ("", "exact")
    assert sorted(tally.items.values_list("side", flat=True)) == ["bank", "channel", "ledger"]
    card = pages.channel_card(TODAY)
    assert card.agrees and [(row.count, row.amount) for row in card.rows] == [(1, Money(-100_000))] * 3


@pytest.mark.parametrize(("fate", "kind", "lines"), [
    ("911", "channel_missing", 0), ("912", "doubled", 2), ("914", "amount_differs", 1), ("905", "", 2),
])
def test_each_carelessness_is_named(bank: World, branch: Branch, finance: Actor, fate: str, kind: str, lines: int) -> None:
    payout = paid(bank, branch, "a", fate=fate)
    rows = [f"2026-03-16,,1000.00,9000.00,X1,王建国,,代付 {payout.bank_reference}"]
    rows += [f"2026-03-16,1000.00,,10000.00,X2,王建国,,退回 {payout.bank_reference}"] if fate == "905" else []
    statement(finance, *rows, account=chart.BANK_PAYOUT)
    next_morning()
    assert tasks.fetch_settlement(TODAY.isoformat()) == lines
    assert {tally.kind for tally in Tally.objects.all()} == {kind}
    if fate == "914":
        assert ChannelLine.objects.get().fee == Money(100)


def test_a_line_of_yesterday_is_missing_today_and_found_tomorrow(bank: World, branch: Branch, finance: Actor) -> None:
    payout = paid(bank, branch, "a", fate="913")
    statement(finance, f"2026-03-16,,1000.00,9000.00,X1,王建国,,代付 {payout.bank_reference}", account=chart.BANK_PAYOUT)
    next_morning()
    tasks.fetch_settlement(TODAY.isoformat())
    assert Tally.objects.get().kind == "channel_missing"
    next_morning(2)
    tasks.fetch_settlement(TOMORROW.isoformat())
    assert (Tally.objects.get().kind, ChannelFile.objects.get(day=TOMORROW).strangers) == ("", 1)


def test_without_the_days_file_the_channel_is_not_judged(bank: World, branch: Branch, finance: Actor) -> None:
    payout = paid(bank, branch, "a", fate="911")
    statement(finance, f"2026-03-16,,1000.00,9000.00,{payout.bank_serial},王建国,,代付", account=chart.BANK_PAYOUT)
    reconcile_accounts(by=finance)
    assert Tally.objects.get().kind == ""


def test_the_worker_asks_for_what_is_missing_and_a_file_can_be_asked_for(bank: World, branch: Branch, finance: Actor) -> None:
    paid(bank, branch, "a")
    assert queries.days_without_settlement(TODAY) == []
    with pytest.raises(Invalid):
        ask_for_settlement_file(day=TODAY, by=finance)
    next_morning()
    assert queries.days_without_settlement(TOMORROW) == [TODAY] and tasks.fetch_settlements() == 1
    live(bank, 10)
    assert ChannelFile.objects.get().day == TODAY and tasks.fetch_settlements() == 0
    assert ask_for_settlement_file(day=TODAY, by=finance).day == TODAY


def test_a_silent_bank_and_a_garbled_file_leave_everything_as_it_is(bank: World, branch: Branch) -> None:
    paid(bank, branch, "a")
    next_morning()
    bank.force("bank", "error_before")
    assert tasks.fetch_settlement(TODAY.isoformat()) == 0 and not ChannelFile.objects.exists()
    with pytest.raises(outside.Unreachable):
        bank.force("bank", "timeout")
        settlement.fetch(TODAY)
    for content in ("", "甲,乙\n", ",".join(settlement.HEADINGS) + "\n2026-03-16,Y1,,付款,many,0\n"):
        with pytest.raises(settlement.Garbled):
            settlement.read(content)


def test_a_file_sent_anew_brings_only_what_is_new(bank: World, branch: Branch) -> None:
    def file(*rows: str) -> settlement.SettlementFile:
        content = ",".join(settlement.HEADINGS) + "\n" + "\n".join(rows) + "\n"
        digest = hashlib.sha256(content.encode()).hexdigest()
        return settlement.SettlementFile(date(2026, 3, 15), "s.csv", digest, tuple(settlement.read(content)))

    first = "2026-03-15,Y26-000001-5.1,B1,付款,10.00,0.00"
    with clock.at(NOW):
        assert take_settlement_file(file=file(first), by=SYSTEM).new_lines == 1
        assert take_settlement_file(file=file(first), by=SYSTEM).new_lines == 0
        assert take_settlement_file(file=file(first, "2026-03-15,Y26-000002-3.1,B2,付款,20.00,0.00"), by=SYSTEM).new_lines == 1
    assert sorted(Tally.objects.values_list("kind", flat=True)) == ["channel_only", "channel_only"]
