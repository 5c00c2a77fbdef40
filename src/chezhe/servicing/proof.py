"""Fold = row = ledger (and the checkpoint, where there is one): they must say the same of every loan, to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet, Sum

from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import accruals, checkpoints, lives, rules, steps
from chezhe.servicing.endofday import groups
from chezhe.servicing.models import AccrualBook, Loan
from chezhe.servicing.position import Position

BATCH = 500


@dataclass(frozen=True, slots=True)
class Read:
    """What is read of a loan to prove it: its plan and money, its checkpoint, and what the ledger holds in its name."""

    kept: lives.Kept | None
    checkpoint: Position | None
    booked: dict[str, int]


def read(loans: Sequence[Loan]) -> dict[int, Read]:
    """By loan id, with as many questions for a hundred as for one."""
    kept, booked, checkpoint = lives.kept_of(loans), lives.booked_balances_of(loans), checkpoints.of_many(loans)
    return {loan.pk: Read(kept.get(loan.pk), checkpoint.get(loan.pk), booked[loan.pk]) for loan in loans}


def first_difference(loan: Loan, said: Read | None = None) -> str:
    """The first thing on which row, fold, checkpoint and ledger disagree, in words for the log; empty when they agree."""
    said = said or read([loan])[loan.pk]
    position, effects = lives.life_of(loan, kept=said.kept)
    if said.checkpoint is not None and lives.gone_on(said.checkpoint, position.as_of) != position:
        return f"{loan.number}: the checkpoint says otherwise than the fold"
    cached = rules.cache(position)
    for name in steps.AMOUNTS:
        row, fold = getattr(loan, name).fen, getattr(cached, name)
        if row != fold:
            return f"{loan.number}: {name} is {row} fen in the row and {fold} fen in the fold"
    for name in steps.PLAIN:
        if getattr(loan, name) != getattr(cached, name):
            return f"{loan.number}: {name} is {getattr(loan, name)} in the row and {getattr(cached, name)} in the fold"
    if cached.annual_rate is not None and loan.annual_rate != cached.annual_rate:
        return f"{loan.number}: annual_rate is {loan.annual_rate} in the row and {cached.annual_rate} in the fold"
    if accruals.share_of(loan) != cached.share:
        return f"{loan.number}: the row's share in the accrual is not what the fold says"
    if (loan.settled_on is not None) != rules.is_over(position) or loan.status != rules.status_of(position):
        return f"{loan.number}: status {loan.status}, settled on {loan.settled_on}, which the fold does not say"
    try:
        missing = lives.missing_transfers(loan, effects, said.booked)
    except ValueError as unbalanced:
        return f"{loan.number}: {unbalanced}"
    if missing:
        lacks = missing[0]
        return f"{loan.number}: the ledger lacks Dr {lacks.debit} Cr {lacks.credit} {lacks.fen} fen that the fold says"
    return ""


def differences(loans: Iterable[Loan] | QuerySet[Loan]) -> Iterator[str]:
    """The difference of each loan that has one."""
    return (found for _, found in differing(loans))


def differing(loans: Iterable[Loan] | QuerySet[Loan]) -> Iterator[tuple[Loan, str]]:
    """The loans that differ, and how; what is kept of them is read by the hundred."""
    rest = iter(loans)
    while batch := list(islice(rest, BATCH)):
        said = read(batch)
        for loan in batch:
            if found := first_difference(loan, said[loan.pk]):
                yield loan, found


def in_parts(loans: QuerySet[Loan]) -> Iterator[list[Loan]]:
    """The loans by the hundred in the order of their ids, each part read when it is asked for: of a million no more than that are held
    at once, and none is older than its part."""
    rows, last = loans.select_related("product_version").order_by("pk"), 0
    while part := list(rows.filter(pk__gt=last)[:BATCH]):
        yield part
        last = part[-1].pk


def accrual_differences() -> list[str]:
    """Whether the groups of the accrual are the sums of their loans' shares, and the ledger holds what the closes posted."""
    found = [f"accrual of {name}: the loans' shares make {said}, the group and its changes {kept}" for name, said, kept in groups.unlike()]
    for book in AccrualBook.objects.select_related("product").values("product__code").annotate(posted=Sum("posted_fen")):
        owner = f"accrual:{book['product__code']}"
        booked = ledger_queries.balance(chart.ACCRUED_INTEREST, owner=owner).fen
        if booked != book["posted"]:
            found.append(f"{owner}: the closes posted {book['posted']} fen, the ledger holds {booked}")
    return found
