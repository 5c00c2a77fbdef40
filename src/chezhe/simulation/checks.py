"""What an auditor would ask at the end of every day; the first wrong answer stops the story."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Mod

from chezhe.kernel import audit
from chezhe.kernel.models import Delivery
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import queries as payment_queries
from chezhe.risk.deciding import proof
from chezhe.servicing.models import Loan
from chezhe.simulation.crew import Crew

TURN_DAYS = 30
# The house's own proof of each night: the story lets it be told as often as it asks itself.
NIGHTLY = "servicing.prove_night"


class Imbalance(AssertionError):
    """A day ended with something that must never be."""


def check(today: date, crew: Crew, *, is_last: bool = False) -> int:
    """Debits equal credits, kept balances equal the journal, what is in suspense is what waits for its loan, every loan's
    fold equals its row and the ledger (on the last day of all loans, before of those that `_asked` names), no news was dropped, and the
    day's audit rows are all in the chain. Returns how many loans were proved."""
    difference = ledger_queries.trial_balance(today).difference
    if difference:
        raise Imbalance(f"{today}: the trial balance differs by {difference}")
    proof = ledger_queries.prove()
    if not proof.is_sound:
        raise Imbalance(f"{today}: {'; '.join(proof.faults)}")
    clearing = payment_queries.clearing()
    if clearing.difference:
        raise Imbalance(f"{today}: suspense and the waiting receipts differ by {clearing.difference}")
    asked = list(Loan.objects.order_by("pk").values_list("pk", flat=True)) if is_last else _asked(today)
    for disagreement in crew.each("prove", _shares(asked, crew.size)):
        if disagreement:
            raise Imbalance(f"{today}: {disagreement}")
    failed = Delivery.objects.filter(delivered_at=None).exclude(failure="").first()
    if failed is not None:
        raise Imbalance(f"{today}: {failed.handler} failed: {failed.failure.splitlines()[-1]}")
    left = audit.unsealed().count()
    if left:
        raise Imbalance(f"{today}: {left} audit rows are not in the chain")
    return len(asked)


def replay_decisions() -> int:
    """Decide every decision once more by what was known and in force then; returns how many came to the same bytes, which is all."""
    count = 0
    for found in proof.replays():
        if not found.is_same:
            raise Imbalance(f"decision {proof.words(found)}")
        count += 1
    return count


def _asked(today: date) -> list[int]:
    """The loans on which something was booked today, and a thirtieth of the others, every day another one."""
    touched = Q(events__posted_on=today)
    turn = Loan.objects.annotate(turn=Mod(F("pk"), TURN_DAYS)).filter(touched | Q(turn=today.toordinal() % TURN_DAYS))
    return list(turn.order_by("pk").values_list("pk", flat=True).distinct())


def _shares(ids: list[int], parts: int) -> list[list[int]]:
    """Even parts, none of them empty."""
    return [share for place in range(parts) if (share := ids[place::parts])]
