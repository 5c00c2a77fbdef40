"""How transfers reach the table: a handful by INSERT, thousands (the end of a day) by COPY."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from chezhe.kernel import appending, prepared
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import Row

COLUMNS = "entry_id, debit_account_id, credit_account_id, amount_fen, owner"
_WHOLE = """
WITH entry AS ({entry} ON CONFLICT (reference) DO NOTHING RETURNING id),
     moved AS (INSERT INTO ledger_transfer ({columns})
               SELECT entry.id, v.debit, v.credit, v.fen, v.owner
                 FROM entry, (VALUES {lines}) AS v (place, debit, credit, fen, owner) ORDER BY v.place)
SELECT id FROM entry
"""


def write_entry(entry: JournalEntry, moved: Sequence[Row], account_ids: Mapping[str, int]) -> bool:
    """A new entry with its transfers in their order, in one statement unless they are many; False, and nothing is written, when its
    reference stands already."""
    if len(moved) >= appending.MANY:
        is_new = appending.append_once(entry, by="reference")
        if is_new:
            write_transfers([(entry.pk, moved)], account_ids)
        return is_new
    statement, values = appending.insertion([entry])
    lines = ", ".join(["(%s::int, %s::bigint, %s::bigint, %s::bigint, %s)"] * len(moved))
    for place, (debit, credit, fen, owner) in enumerate(moved):
        values += [place, account_ids[debit], account_ids[credit], fen, owner]
    return appending.given(entry, prepared.ask(_WHOLE.format(entry=statement, columns=COLUMNS, lines=lines), values))


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
