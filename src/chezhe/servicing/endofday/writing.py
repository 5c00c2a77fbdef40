"""A shard's results go back set by set: one COPY and one UPDATE for the rows, one entry a branch and event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection

from chezhe.finmath import daily_kernels as daily
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent
from chezhe.servicing import steps
from chezhe.servicing.endofday import working
from chezhe.servicing.endofday.working import Worked
from chezhe.servicing.models import AccrualChange, LoanEvent

_TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS end_of_day_rows (
  id bigint, as_of date, next_event_on date, next_due_on date, recognised smallint, principal_left bigint, principal_due bigint,
  interest_due bigint, fee_due bigint, unapplied bigint, oldest_due_on date, is_off_book boolean, accrued_out bigint,
  accrual_basis varchar, accrual_denominator bigint, accrual_weight numeric, accrual_origin numeric
) ON COMMIT DELETE ROWS
"""
_COLUMNS = (
    "as_of", "next_event_on", "next_due_on", "recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied",
    "oldest_due_on", "is_off_book", "accrued_out", "accrual_basis", "accrual_denominator", "accrual_weight", "accrual_origin",
)
_UPDATE = f"""
UPDATE servicing_loan l SET {", ".join(f"{name} = r.{name}" for name in _COLUMNS)}
  FROM end_of_day_rows r WHERE l.id = r.id
"""  # noqa: S608 - our own column names


def write(worked: Worked, to: date, *, shard: str) -> None:
    """Rows, books, events and the groups' changes of the done loans. `shard` names the entries: `2026-05-20/3`."""
    if not worked.done:
        return
    _write_rows(worked, to)
    entries = _write_entries(worked, shard)
    _write_events(worked, entries)
    AccrualChange.objects.bulk_create([
        AccrualChange(product_version_id=version, branch_id=branch, basis=basis, denominator=denominator, weight=weight, origin=origin)
        for (version, branch, basis, denominator), (weight, origin) in working.accrual_changes(worked).items()
    ])


def _write_rows(worked: Worked, to: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE end_of_day_rows")  # several shards may share a transaction
        with cursor.copy("COPY end_of_day_rows FROM STDIN") as copy:
            copy.write("".join(_lines(worked, to)))
        cursor.execute(_UPDATE)


def _lines(worked: Worked, to: date) -> Iterator[str]:
    """COPY's text form, one line a loan."""
    loans, as_of = worked.loans, to.isoformat()
    for at, due, event, share in zip(worked.done, worked.next_due, worked.next_event, worked.shares, strict=True):
        s = loans.states[at].tolist()
        yield (
            f"{loans.ids[at]}\t{as_of}\t{_day(event)}\t{_day(due)}\t{s[daily.RECOGNISED]}\t{s[daily.PRINCIPAL_LEFT]}\t"
            f"{s[daily.PRINCIPAL_DUE]}\t{s[daily.INTEREST_DUE]}\t{s[daily.FEE_DUE]}\t{s[daily.UNAPPLIED]}\t{_day(s[daily.OLDEST])}\t"
            f"{'t' if s[daily.IS_OFF] else 'f'}\t{s[daily.ACCRUED_OUT]}\t{share.day_count.value}\t{share.denominator}\t{share.weight}\t"
            f"{share.origin}\n"
        )


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else "\\N"


def _write_entries(worked: Worked, shard: str) -> dict[working.BookKey, int]:
    """The ids of the entries, for the events that they belong to."""
    contents = {
        key: EntryContent(
            event=key[1], reference=f"end_of_day/{shard}/{key[0]}/{key[1]}/{key[2]}", posted_on=steps.booking_day(date.fromordinal(key[2])),
            branch_id=key[0], memo=shard, transfers=tuple(transfers),
        )
        for key, transfers in sorted(working.entries(worked).items())
    }
    if not contents:
        return {}
    ledger_steps.post_all(list(contents.values()), by=SYSTEM)
    return _ids_of(contents)


def _ids_of(contents: dict[working.BookKey, EntryContent]) -> dict[working.BookKey, int]:
    named = {content.reference: key for key, content in contents.items()}
    found = JournalEntry.objects.filter(reference__in=named).values_list("reference", "pk")
    return {named[reference]: pk for reference, pk in found}


def _write_events(worked: Worked, entries: dict[working.BookKey, int]) -> None:
    """What made a loan older has a place in its life; that an instalment fell due, the schedule tells."""
    loans, events = worked.loans, []
    for at in worked.done:
        row = worked.happened[at].tolist()
        if night := row[daily.AGED_NIGHT]:
            events.append(_event(loans.ids[at], loans.numbers[at], "aged", night, {"dpd": row[daily.AGED_DPD]}))
        if night := row[daily.OFF_NIGHT]:
            entry = entries.get((int(loans.branches[at]), "off_book", night))
            events.append(_event(loans.ids[at], loans.numbers[at], "off_book", night, {"interest_fen": row[daily.OFF_INTEREST]}, entry))
    LoanEvent.objects.bulk_create(events)


def _event(loan_id: int, number: str, kind: str, night: int, facts: dict[str, int], entry_id: int | None = None) -> LoanEvent:
    on = date.fromordinal(night)
    return LoanEvent(
        loan_id=int(loan_id), kind=kind, value_on=on, posted_on=steps.booking_day(on), recorded_at=clock.now(), facts=facts,
        reference=steps.calendar_reference(number, kind, on), entry_id=entry_id, actor_name=SYSTEM.name,
    )
