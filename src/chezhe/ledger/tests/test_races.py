"""Two at once: one reference is written once, and a close waits for what is under way."""

import threading
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, transaction

from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import chart, queries, steps
from chezhe.ledger.actions.close_period import close_period
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.models import Transfer as TransferRow

pytestmark = pytest.mark.django_db(transaction=True)

CAPITAL = (Transfer(chart.BANK, chart.CAPITAL, 100),)


def in_threads(*deeds):
    """Run all deeds at once; the results, or the exceptions they raised, in the order given."""
    results: list = [None] * len(deeds)

    def run(place: int, deed) -> None:
        try:
            results[place] = deed()
        except Exception as failure:
            results[place] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_racing_with_one_reference_writes_one_entry() -> None:
    barrier = threading.Barrier(4)

    def deed():
        barrier.wait(10)
        with transaction.atomic():
            return steps.post(event="capital", reference="once", transfers=CAPITAL, on=date(2026, 3, 1), by=SYSTEM).pk

    results = in_threads(*[deed] * 4)
    assert len(set(results)) == 1, results
    assert JournalEntry.objects.count() == TransferRow.objects.count() == 1


def test_racing_with_one_reference_and_two_contents_refuses_the_loser() -> None:
    barrier = threading.Barrier(2)

    def deed(fen: int):
        barrier.wait(10)
        with transaction.atomic():
            moved = [Transfer(chart.BANK, chart.CAPITAL, fen)]
            return steps.post(event="capital", reference="once", transfers=moved, on=date(2026, 3, 1), by=SYSTEM)

    results = in_threads(lambda: deed(1), lambda: deed(2))
    assert sorted(type(result).__name__ for result in results) == ["JournalEntry", "ReferenceTaken"]
    assert JournalEntry.objects.count() == 1


def test_a_close_waits_for_the_entry_under_way_and_counts_it() -> None:
    written, may_commit = threading.Event(), threading.Event()

    def poster():
        with transaction.atomic():
            steps.post(event="capital", reference="slow", transfers=CAPITAL, on=date(2026, 3, 31), by=SYSTEM)
            written.set()
            assert may_commit.wait(20)

    def closer():
        assert written.wait(20)
        threading.Timer(0.5, may_commit.set).start()
        return close_period(month=date(2026, 3, 1), business_date=date(2026, 4, 1), by=SYSTEM)

    _, period = in_threads(poster, closer)
    assert period.status == "closed", period
    assert {row.debit_fen + row.credit_fen for row in period.balances.all()} == {100}
    assert queries.prove(thorough=True).is_sound


def test_nobody_adds_a_transfer_to_an_entry_afterwards() -> None:
    entry = steps.post(event="capital", reference="done", transfers=CAPITAL, on=date(2026, 3, 1), by=SYSTEM)
    standing = entry.transfers.select_related("debit_account", "credit_account").get()
    with pytest.raises(DatabaseError, match="entry_is_written"):
        TransferRow.objects.create(
            entry=entry, debit_account=standing.debit_account, credit_account=standing.credit_account, amount_fen=1
        )
    with pytest.raises(DatabaseError, match="entry_is_written"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (entry_id, debit_account_id, credit_account_id, amount_fen, owner)"
            " SELECT entry_id, debit_account_id, credit_account_id, 1, '' FROM ledger_transfer"
        )
