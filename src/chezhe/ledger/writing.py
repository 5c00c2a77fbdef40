"""How transfers reach the table: a handful by INSERT, thousands (the end of a day) by COPY."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from chezhe.kernel import appending, prepared
from chezhe.ledger.chart import Kind
from chezhe.ledger.models import JournalEntry, month_of
from chezhe.ledger.rules import Row
from chezhe.ledger.states import CLOSED

COLUMNS = "entry_id, debit_account_id, credit_account_id, amount_fen, owner"
_WHOLE = """
WITH named (place, debit, credit, fen, owner) AS (VALUES {lines}),
     moved AS (SELECT named.place, debit.id AS debit, credit.id AS credit, named.fen, named.owner
                 FROM named JOIN ledger_account debit ON debit.code = named.debit AND debit.is_active
                            JOIN ledger_account credit ON credit.code = named.credit AND credit.is_active
                WHERE (debit.kind = %s) = (credit.kind = %s)),
     entry AS ({entry} WHERE (SELECT count(*) FROM moved) = %s
                 AND NOT EXISTS (SELECT FROM ledger_period WHERE status = %s AND month >= %s)
               ON CONFLICT (reference) DO NOTHING RETURNING id),
     written AS (INSERT INTO ledger_transfer ({columns})
                 SELECT entry.id, debit, credit, fen, owner FROM entry, moved ORDER BY place)
SELECT id FROM entry
"""


def write_entry(entry: JournalEntry, moved: Sequence[Row]) -> bool:
    """A new entry with its few transfers in their order, by one statement; False, and nothing is written, when its reference stands
    already, its month is closed, or its accounts may not be moved so."""
    statement, values = appending.choice(entry)
    lines = ", ".join(["(%s::int, %s, %s, %s::bigint, %s)"] * len(moved))
    named = [value for place, row in enumerate(moved) for value in (place, *row)]
    text = _WHOLE.format(entry=statement, lines=lines, columns=COLUMNS)
    limits = [len(moved), CLOSED, month_of(entry.posted_on)]
    return appending.given(entry, prepared.ask(text, [*named, Kind.MEMO.value, Kind.MEMO.value, *values, *limits]))


def write_long_entry(entry: JournalEntry, moved: Sequence[Row], account_ids: Mapping[str, int]) -> bool:
    """A new entry with its many transfers in their order; False, and nothing is written, when its reference stands already."""
    is_new = appending.append_once(entry, by="reference")
    if is_new:
        write_transfers([(entry.pk, moved)], account_ids)
    return is_new


def write_transfers(entries: Sequence[tuple[int, Sequence[Row]]], account_ids: Mapping[str, int]) -> None:
    """All transfers of new entries (by their ids), in their order, in the transaction that wrote the entries."""
    ids = account_ids
    rows = [(entry_id, ids[debit], ids[credit], fen, owner) for entry_id, moved in entries for debit, credit, fen, owner in moved]
    if len(rows) < appending.MANY:
        lines = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO ledger_transfer ({COLUMNS}) VALUES {lines}", [value for row in rows for value in row])  # noqa: S608
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY ledger_transfer ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
