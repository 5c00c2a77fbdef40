"""A short story: the same seed lives the same days whoever takes the turns, everything adds up, and a tampered day stops it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import audit
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import AuditEntry
from chezhe.leads.models import Lead
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.origination.models import Application
from chezhe.risk.deciding.models import Decision
from chezhe.servicing.models import Loan
from chezhe.simulation import checks
from chezhe.simulation.crew import Alone, alone
from chezhe.simulation.story import Story
from chezhe.simulation.tests.living import hurry
from chezhe.simulation.tracks import Track
from chezhe.simulation.workplace import EVERY_DAY, STAGES

START = date(2026, 3, 2)
# What six weeks of a few enquiries a day bring for certain.
EVERYWHERE = {
    "registrations", "registrations_in_time", "custody_in", "payees", "commission_plans", "bank_batches", "paid_by_batch",
    "conditions_set", "portal_sign_ins", "applied_by_phone", "signed_by_link", "signed_from_afar",
    "requests_claimed", "seals_used",
}
SOURCES = Path(__file__).resolve().parents[1]


def lived(days: int, intensity: float, **more: Any) -> Story:
    story = Story(7, START, days, intensity, **more)
    with alone(7) as crew:
        story.live(crew)
    return story


class Backwards(Alone):
    """Takes the turns of a day in the opposite order."""

    def each(self, verb: str, given: Sequence[Any]) -> list[Any]:
        return super().each(verb, given[::-1])[::-1]


def test_six_weeks_bring_enquiries_to_repaid_loans(team: None) -> None:
    tally = lived(46, 0.25).tally
    assert tally.days == 46 and not tally.refused
    assert tally["leads"] == Lead.objects.count() and tally["customers"] == Customer.objects.count()
    assert tally["applications"] == Application.objects.count()
    assert 0 < tally["paid_out"] <= Loan.objects.count() <= tally["contracts"] <= tally["accepted"] <= tally["approved"]
    assert tally["repayments"] > 0 and tally["proved_at_the_end"] == Loan.objects.count()
    assert tally["errands"] > 5 and tally["bank_files"] > 0
    assert not {what for what in EVERYWHERE if not tally[what]}
    # Every one of them was decided once more at the end, and came to the same bytes.
    assert tally["decisions"] == Decision.objects.count() >= tally["submitted"] > 10
    altered = _alter_a_decision()
    with pytest.raises(checks.Imbalance, match=f"^decision {altered}: record_altered"):
        checks.replay_decisions()
    assert audit.verify().is_intact
    assert not ledger_queries.trial_balance(START + timedelta(days=45)).difference


def test_the_order_of_turns_changes_no_figure(team: None) -> None:
    figures = []
    for crew_of in (Alone, Backwards):
        with transaction.atomic(), alone(7) as crew:
            tally = Story(7, START, 12, 0.5).live(crew_of(crew.workplace))  # type: ignore[attr-defined]
            owed = {loan.contract.customer.name: loan.principal_left for loan in Loan.objects.select_related("contract__customer")}
            names = sorted(Customer.objects.values_list("name", flat=True))
            # How often a gateway says the same of a message hangs on our own number for it, which hangs on the order.
            done = AuditEntry.objects.exclude(verb="messaging.accept_receipt").count()
            figures.append((tally.counts, tally.refused, names, owed, done))
            transaction.set_rollback(True)
    assert figures[0] == figures[1] and figures[0][0]["customers"] > 3


class Late(Alone):
    """Begins nothing before it is asked for the answers: paperwork lasts until the next morning."""

    def begin(self, verb: str, given: Sequence[Any]) -> Callable[[], list[Any]]:
        return lambda: self.each(verb, given)


def test_paperwork_that_lasts_over_the_close_changes_no_figure(team: None) -> None:
    figures = []
    for crew_of in (Alone, Late):
        with transaction.atomic(), alone(7) as crew:
            tally = Story(7, START, 12, 0.5, asked_every=5).live(crew_of(crew.workplace))  # type: ignore[attr-defined]
            figures.append((tally.counts, tally.refused, sorted(Application.objects.values_list("customer__name", "status", "amount"))))
            transaction.set_rollback(True)
    assert figures[0] == figures[1] and figures[0][0]["submitted"] > 0


def day_of(loan: Loan) -> date:
    """The first day from the start on which this loan is among the thirtieth that is asked about."""
    return next(day for day in (START + timedelta(days=d) for d in range(30)) if day.toordinal() % 30 == loan.pk % 30)


def test_what_was_tampered_with_stops_the_story_and_is_named(team: None) -> None:
    """Behind everybody's back: one fen off a cached principal, one fen off the journal with its trigger off, one audit row."""
    with alone(7) as crew:
        _track, loan = hurry(crew, START)
        checks.check(day_of(loan), crew)
        Loan.objects.filter(pk=loan.pk).update(principal_left=loan.principal_left - Money(1))
        with pytest.raises(checks.Imbalance, match=f"^{day_of(loan)}: {loan.number}: principal_left is"):
            checks.check(day_of(loan), crew)
        Loan.objects.filter(pk=loan.pk).update(principal_left=loan.principal_left)
        audit.record(by=SYSTEM, verb="testing.late", subject="x:1")
        with pytest.raises(checks.Imbalance, match="1 audit rows are not in the chain"):
            checks.check(day_of(loan), crew)
        audit.seal(reach=audit.NEAR)
        quiet = next(day for day in (day_of(loan) + timedelta(days=d) for d in range(1, 30)) if not loan.events.filter(posted_on=day).exists())
        assert checks.check(quiet, crew, is_last=True) == 1
        _take_a_fen_off_the_journal(loan)
        with pytest.raises(checks.Imbalance, match=f"{loan.number}: the ledger lacks Dr 1303.01"):
            checks.check(day_of(loan), crew)
        assert checks.check(quiet, crew) == 0, "nothing was booked on it that day, and it is not its turn"
        with pytest.raises(checks.Imbalance, match=f"^{quiet}: {loan.number}: the ledger lacks Dr 1303.01"):
            checks.check(quiet, crew, is_last=True)


def _take_a_fen_off_the_journal(loan: Loan) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_transfer DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_transfer SET amount_fen = amount_fen - 1 WHERE owner = %s", [loan.subject])
        cursor.execute("ALTER TABLE ledger_transfer ENABLE TRIGGER USER")


def test_money_in_suspense_that_no_receipt_explains_ends_the_command_with_1(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    rogue = [Transfer(chart.BANK, chart.SUSPENSE, 12_345)]
    ledger_steps.post(event="rogue", reference="rogue", transfers=rogue, on=START, by=SYSTEM)
    with pytest.raises(SystemExit) as stopped:
        call_command("live", "--seed", "7", "--days", "2", "--helpers", "0", "--start", START.isoformat())
    assert stopped.value.code == 1
    assert f"✗ {START}: suspense and the waiting receipts differ by 123.45" in capsys.readouterr().out


def test_the_command_tells_what_it_lived_and_that_the_trail_is_whole(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("live", "--seed", "3", "--days", "3", "--helpers", "0", "--start", START.isoformat())
    said = capsys.readouterr().out
    assert ended.value.code == 0 and "✓ days=3" in said and "intact" in said and "█" in said


def test_every_stage_that_a_life_is_sent_to_is_taken_by_somebody() -> None:
    named = {word for path in SOURCES.glob("*.py") for word in re.findall(r'goes_on\(\s*"(\w+)"', path.read_text())}
    assert named and named <= set(STAGES) and set(EVERY_DAY) <= set(STAGES)
    assert Track.__dataclass_fields__["stage"].default in STAGES


def _alter_a_decision() -> str:
    """One word of an old record, behind everybody's back."""
    row = Decision.objects.order_by("id")[0]
    row.record = row.record.replace('"kind":"live"', '"kind":"appeal"', 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE risk_decision DISABLE TRIGGER USER")
        row.save(update_fields=["record"])
        cursor.execute("ALTER TABLE risk_decision ENABLE TRIGGER USER")
    return row.number
