"""Whatever is posted and reversed, the books balance and every balance is the sum of its lines."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import chart, queries, steps
from chezhe.ledger.chart import BY_CODE, Kind, Side
from chezhe.ledger.models import JournalEntry

ON_BOOK = [code for code, spec in BY_CODE.items() if spec.kind != Kind.MEMO][:8]
MEMO = [code for code, spec in BY_CODE.items() if spec.kind == Kind.MEMO]
FIRST_DAY = date(2026, 1, 1)


def _pairs(codes: list[str]) -> st.SearchStrategy[tuple[str, str]]:
    return st.lists(st.sampled_from(codes), min_size=2, max_size=2, unique=True).map(tuple)


TRANSFERS = st.lists(
    st.builds(
        lambda pair, fen, owner: Transfer(*pair, fen, owner),
        st.one_of(_pairs(ON_BOOK), _pairs(MEMO)), st.integers(1, 10**12), st.sampled_from(["", "loan:A", "loan:B"]),
    ),
    min_size=1, max_size=5,
)
DEEDS = st.lists(st.tuples(st.booleans(), TRANSFERS, st.integers(0, 60)), min_size=1, max_size=8)


class TestAnySequence(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(DEEDS)
    def test_it_balances_and_every_balance_is_the_sum_of_its_lines(self, deeds) -> None:
        told: Counter[tuple[str, str]] = Counter()
        for step, (is_reversal, transfers, days) in enumerate(deeds):
            on = FIRST_DAY + timedelta(days=days)
            standing = JournalEntry.objects.filter(reverses=None, reversal=None).first() if is_reversal else None
            if standing is not None:
                moved = steps.transfers_of(steps.reverse(reference=standing.reference, on=on, reason="试", by=SYSTEM))
            else:
                moved = transfers
                steps.post(event="test", reference=f"r{step}", transfers=transfers, on=on, by=SYSTEM)
            for t in moved:
                told[t.debit, t.owner] += t.fen
                told[t.credit, t.owner] -= t.fen
        self._compare(told)

    def _compare(self, told: Counter) -> None:
        for code in ON_BOOK + MEMO:
            sign = 1 if BY_CODE[code].side == Side.DEBIT else -1
            for owner in ("loan:A", "loan:B"):
                assert queries.balances_of(owner).get(code, Money(0)) == Money(sign * told[code, owner])
            assert queries.balance(code) == Money(sign * sum(fen for (c, _), fen in told.items() if c == code))
        trial = queries.trial_balance(FIRST_DAY + timedelta(days=90))
        assert trial.difference == Money(0)
        assert sum(row.debit.fen - row.credit.fen for row in trial.rows_of(memo=True)) == 0
        assert queries.prove(thorough=True).is_sound


@pytest.mark.django_db
def test_prove_names_what_was_altered_behind_the_ledger() -> None:
    entry = steps.post(event="test", reference="r", transfers=[Transfer(chart.BANK, chart.CAPITAL, 100)], on=FIRST_DAY, by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_transfer DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_transfer SET amount_fen = 101")
        cursor.execute("ALTER TABLE ledger_transfer ENABLE TRIGGER USER")
    assert queries.prove().is_sound, "a transfer always balances"
    assert queries.prove(thorough=True).faults == (f"{entry.number} no longer says what it said",)


@pytest.mark.django_db
def test_an_entry_without_transfers_cannot_be_committed() -> None:
    with pytest.raises(DatabaseError, match="entry_is_empty"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_journalentry (posted_on, recorded_at, event, reference, memo, actor_key, actor_name, digest,"
            " written_in) VALUES ('2026-03-31', now(), 'x', 'sql', '', '', '', '', 0)"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_a_statement_runs_from_its_opening_to_its_closing_balance() -> None:
    for day, fen in ((1, 500), (2, 70), (3, 9)):
        moved = [Transfer(chart.BANK, chart.UNAPPLIED_CASH, fen, "loan:A")]
        steps.post(event="receipt", reference=f"r{day}", transfers=moved, on=date(2026, 1, day), by=SYSTEM)
    said = queries.statement(account=chart.UNAPPLIED_CASH, start=date(2026, 1, 2), end=date(2026, 1, 3))
    assert (said.opening, [row.balance for row in said.rows], said.closing) == (Money(500), [Money(570)], Money(570))
    owner = queries.statement(owner="loan:A", start=date(2026, 1, 1), end=date(2026, 2, 1))
    assert len(owner.rows) == 6 and owner.closing == Money(0)


@pytest.mark.django_db
def test_balances_know_their_day_and_many_owners() -> None:
    for day, owner in ((1, "loan:A"), (5, "loan:B")):
        moved = [Transfer(chart.LOAN_PRINCIPAL, chart.BANK_PAYOUT, day, owner)]
        steps.post(event="payout", reference=owner, transfers=moved, on=date(2026, 1, day), by=SYSTEM)
    assert queries.balance(chart.LOAN_PRINCIPAL, on=date(2026, 1, 4)) == Money(1)
    assert queries.balances_of_many(["loan:A", "loan:B", "loan:C"], on=date(2026, 1, 4)) == {
        "loan:A": {chart.BANK_PAYOUT: Money(-1), chart.LOAN_PRINCIPAL: Money(1)}
    }
