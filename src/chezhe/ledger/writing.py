"""How transfers reach the table: a handful by INSERT, thousands (the end of a day) by COPY."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from chezhe.ledger.rules import Row

MANY = 50
COLUMNS = "entry_id, debit_account_id, credit_account_id, amount_fen, owner"


def write_transfers(entries: Sequence[tuple[int, Sequence[Row]]], account_ids: Mapping[str, int]) -> None:
    """All transfers of new entries (by their ids), in their order, in the transaction that wrote the entries."""
    ids = account_ids
    rows = [(entry_id, ids[debit], ids[credit], fen, owner) for entry_id, moved in entries for debit, credit, fen, owner in moved]
    if len(rows) < MANY:
        lines = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO ledger_transfer ({COLUMNS}) VALUES {lines}", [value for row in rows for value in row])  # noqa: S608
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY ledger_transfer ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
