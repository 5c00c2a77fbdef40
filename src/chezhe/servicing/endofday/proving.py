"""The proof of a night: after the close of a day every loan that the day touched, a thirtieth of the others (each night another
one), what differed before, and the books as a whole. Nothing is mended here; what differs is shown until it agrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Mod

from chezhe.kernel import clock, jobs
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import proof
from chezhe.servicing.models import EndOfDay, Loan, LoanEvent, NightProof

TURN_DAYS = 30
# So many are looked at twice and kept by name; more than these is a fault of the house, not of loans.
NAMED_MAX = 100


@dataclass(frozen=True, slots=True)
class Night:
    """What was proved after the close of a day, `parts` of it so far; `is_whole` once every part has been."""

    is_whole: bool = False
    checked: int = 0
    differing: int = 0
    first_difference: str = ""
    parts: int = 0
    proved_at: datetime | None = None


def ask(run: EndOfDay) -> None:
    """A job for every shard, and one for the books as a whole."""
    for part in (*range(len(run.shards)), None):
        jobs.enqueue("servicing.prove_night", day=run.day.isoformat(), shard=part)


def prove(run: EndOfDay, shard: int | None) -> NightProof:
    """Prove one part of the house and keep what was found; proving it again replaces that."""
    checked, wrong, ids = _books() if shard is None else _loans(run, shard)
    found = {
        "checked": checked, "differing": len(wrong), "first_difference": wrong[0] if wrong else "", "loan_ids": ids[:NAMED_MAX],
        "proved_at": clock.now(),
    }
    return NightProof.objects.update_or_create(run=run, shard=shard, defaults=found)[0]


def _books() -> tuple[int, list[str], list[int]]:
    found = ledger_queries.prove()
    return found.entries, [*found.faults, *proof.accrual_differences()], []


def _loans(run: EndOfDay, shard: int) -> tuple[int, list[str], list[int]]:
    loans = chosen(run, shard)
    suspects = [loan for loan, _ in proof.differing(loans)]
    confirmed = list(_looked_at_again(suspects))
    return len(loans), [difference for _, difference in confirmed], [loan.pk for loan, _ in confirmed]


def chosen(run: EndOfDay, shard: int) -> QuerySet[Loan]:
    """The loans of a shard whose turn it is tonight."""
    first, last = run.shards[shard]
    moved = Exists(LoanEvent.objects.filter(loan=OuterRef("pk"), posted_on__gte=run.day))
    turn = Q(turn=run.day.toordinal() % TURN_DAYS)
    before = NightProof.objects.filter(shard=shard, run__day__lt=run.day).order_by("-run__day").first()
    asked = turn | Q(as_of__gt=run.day) | moved | Q(pk__in=before.loan_ids if before else [])
    rows = Loan.objects.filter(pk__range=(first, last)).annotate(turn=Mod(F("pk"), TURN_DAYS))
    return rows.filter(asked).select_related("product_version").order_by("pk")


def _looked_at_again(suspects: Sequence[Loan]) -> Iterable[tuple[Loan, str]]:
    """The doors are open at night: a payment may have come between two readings. Held, a loan cannot change."""
    ids = [loan.pk for loan in suspects]
    held = Loan.objects.select_for_update(of=("self",), no_key=True).select_related("product_version").filter(pk__in=ids[:NAMED_MAX])
    yield from proof.differing(held.order_by("pk"))
    yield from proof.differing(suspects[NAMED_MAX:])


def night_of(run: EndOfDay) -> Night:
    """What was proved after one day."""
    return nights_of([run]).get(run.pk, Night())


def nights_of(several: Sequence[EndOfDay]) -> dict[int, Night]:
    """By run id, for the runs of which anything has been proved."""
    rows = NightProof.objects.filter(run__in=several).order_by().values("run")
    sums = rows.annotate(parts=Count("pk"), loans=Sum("checked", filter=Q(shard__isnull=False)), wrong=Sum("differing"),
                         first=Max("first_difference"), last=Max("proved_at"))
    parts = {run.pk: len(run.shards) + 1 for run in several}
    return {
        row["run"]: Night(row["parts"] == parts[row["run"]], row["loans"] or 0, row["wrong"], row["first"], row["parts"], row["last"])
        for row in sums
    }


def standing() -> QuerySet[NightProof]:
    """The parts that differ in the latest night that was proved; what was mended since agrees in the next one."""
    latest = NightProof.objects.order_by("-run__day").values("run")[:1]
    return NightProof.objects.filter(run__in=latest, differing__gt=0).select_related("run").order_by("shard")
