"""What must come out the same however a day went: everything that is kept, as lines, or what it comes to, as figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from chezhe.kernel import business_date
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import queries as payment_queries
from chezhe.payments.models import BankLine
from chezhe.servicing import lives, proof, queries
from chezhe.servicing.models import MONEY_KINDS, Loan, LoanEvent

FAULTS = "faults"
"""Under this name a test records its counts by what they count; the end of the run shows their sums by file (`conftest`)."""
Tell = Callable[[str, object], None]

# Everything that the day and the payments leave, without ids and moments: loans, their life, the books, the run.
STATE = """
SELECT array_agg(line ORDER BY line) FROM (
  SELECT concat_ws('|', 'loan', l.id, l.status, l.as_of, l.next_event_on, l.next_due_on, l.recognised, l.principal_left, l.principal_due,
                   l.interest_due, l.fee_due, l.unapplied, l.oldest_due_on, l.is_off_book, l.accrued_out, l.accrual_weight, l.accrual_origin) AS line
    FROM servicing_loan l
  UNION ALL
  SELECT concat_ws('|', 'event', loan_id, kind, value_on, posted_on, amount, source, reference, facts) FROM servicing_loanevent
  UNION ALL
  SELECT concat_ws('|', 'transfer', e.event, e.reference, e.posted_on, e.branch_id, d.code, c.code, t.amount_fen, t.owner)
    FROM ledger_transfer t JOIN ledger_journalentry e ON e.id = t.entry_id
    JOIN ledger_account d ON d.id = t.debit_account_id JOIN ledger_account c ON c.id = t.credit_account_id
  UNION ALL
  SELECT concat_ws('|', 'run', r.day, r.status, s.shard, s.loans) FROM servicing_endofday r JOIN servicing_endofdayshard s ON s.run_id = r.id
  UNION ALL
  SELECT concat_ws('|', 'bank line', bank_serial, value_on, amount, status, matched_subject) FROM payments_bankline
  UNION ALL
  SELECT concat_ws('|', 'news', name, subject, payload) FROM kernel_event
  UNION ALL
  SELECT DISTINCT concat_ws('|', 'audit', verb, subject) FROM kernel_auditentry WHERE outcome = 'done'
) AS everything
"""
# What moves beside the money of loans that have their papers.
BESIDE = """
SELECT array_agg(line ORDER BY line) FROM (
  SELECT concat_ws('|', 'loan', number, status, settled_on) AS line FROM servicing_loan WHERE status <> 'active'
  UNION ALL
  SELECT concat_ws('|', 'contract', c.id, c.status, m.status, m.release_reason) FROM contracts_contract c
    JOIN contracts_mortgage m ON m.contract_id = c.id
  UNION ALL
  SELECT concat_ws('|', 'move', subject, verb, status_from, status_to, reason) FROM kernel_statusmove
  UNION ALL
  SELECT concat_ws('|', 'outcome', bank_serial, outcome) FROM payments_bankline
  UNION ALL
  SELECT concat_ws('|', 'file', number, line_count, amount) FROM payments_bankfile
  UNION ALL
  SELECT concat_ws('|', 'paper', subject, category, sha256) FROM documents_storedfile WHERE category = 'bank_file'
  UNION ALL
  SELECT concat_ws('|', 'checkpoint', count(*)) FROM servicing_checkpoint
  UNION ALL
  SELECT concat_ws('|', 'job', task_name, args) FROM procrastinate_jobs
) AS everything
"""


def kept() -> list[str]:
    """Every fact, as lines."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        lines: list[str] = cursor.fetchone()[0]
    return lines


def figures(book: list[Loan]) -> dict[str, Any]:
    """What everything comes to, whatever the order and the day on which it was booked: balances of rows, of dues with penalties, of
    the ledger by loan and account, money by value date, and what the bank's lines became."""
    found: dict[str, Any] = {}
    today = business_date.current()
    rows = {row.pk: row for row in Loan.objects.select_related("product_version").order_by("pk")}
    booked = lives.booked_balances_of(list(rows.values()))
    names = ("principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "accrued_out")
    for loan in book:
        row = rows[loan.pk]
        money = row.events.filter(kind__in=MONEY_KINDS, reversal=None)
        found[row.number] = {
            "row": [row.status, row.recognised, str(row.oldest_due_on), row.is_off_book, *(getattr(row, name).fen for name in names)],
            "dues": [[due.period, due.total_fen] for due in queries.current_position(row, today).dues],
            "ledger": dict(sorted(booked[row.pk].items())),
            "money": sorted([str(on), amount.fen, source] for on, amount, source in money.values_list("value_on", "amount", "source")),
        }
    found["lines"] = sorted([line.bank_serial, line.status, line.matched_subject] for line in BankLine.objects.all())
    return found


def digest(found: dict[str, Any]) -> str:
    """A hash of figures."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def must_be_sound() -> None:
    """The books balance and prove, loan by loan; no receipt stands twice."""
    assert not list(proof.differences(Loan.objects.order_by("pk"))) and not proof.accrual_differences()
    assert ledger_queries.prove(thorough=True).is_sound and not payment_queries.clearing().difference
    serials = list(LoanEvent.objects.filter(reversal=None, facts__has_key="bank_serial").values_list("facts__bank_serial", flat=True))
    assert len(serials) == len(set(serials))
