"""Rows of many loans, changed as values, written back by one statement."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from chezhe.servicing.models import Loan


def update(loans: Sequence[Loan], names: Sequence[str]) -> None:
    """Save these columns of the loans as they stand in memory; the rows are locked."""
    fields = [Loan._meta.get_field(name) for name in ("id", *names)]
    columns = [[field.get_db_prep_save(getattr(loan, field.attname), connection) for loan in loans] for field in fields]
    types = ", ".join(f"%s::{field.rel_db_type(connection) if field.primary_key else field.db_type(connection)}[]" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE servicing_loan l SET {', '.join(f'{name} = r.{name}' for name in names)} "  # noqa: S608 - names of our own
            f"FROM unnest({types}) AS r (id, {', '.join(names)}) WHERE l.id = r.id", columns,
        )
