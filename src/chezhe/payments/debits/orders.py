"""Orders to the channel: asked for, looked at once more, and let go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chezhe.compliance import steps as compliance
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, jobs, moves
from chezhe.kernel.actor import Actor
from chezhe.payments.debits import claims, queries, rules
from chezhe.payments.debits.mandates import CONSENT
from chezhe.payments.debits.models import Debit, Mandate
from chezhe.payments.debits.states import DEBIT, reason_label

AT_ONCE = 200
"""So many orders go to the channel in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to collect under a claim, cut into orders that the mandate allows."""

    claim: str
    mandate: Mandate
    parts: Sequence[Money]
    branch_id: int
    memo: str


def request(wanted: Iterable[Wanted], *, by: Actor) -> list[Debit]:
    """Ask for orders; they leave after the transaction has committed. A claim that has orders already gets no others."""
    asked = list(wanted)
    known = set(Debit.objects.filter(claim__in=[one.claim for one in asked]).values_list("claim", flat=True))
    debits = Debit.objects.bulk_create([
        Debit(reference=f"{one.claim}.{place}", claim=one.claim, mandate=one.mandate, branch_id=one.branch_id, amount=amount,
              memo=one.memo[:60], requested_at=clock.now())
        for one in asked if one.claim not in known for place, amount in enumerate(one.parts, start=1)
    ])
    for debit in debits:
        moves.record(debit.subject, "request", "", debit.status, by=by)
    for first in range(0, len(debits), AT_ONCE):
        jobs.enqueue("payments.send_debits", references=[debit.reference for debit in debits[first : first + AT_ONCE]])
    return debits


def locked(references: Iterable[str]) -> list[Debit]:
    """These orders, locked in one order so that nobody waits for each other in a ring."""
    rows = Debit.objects.select_for_update(of=("self",), no_key=True).filter(reference__in=list(references))
    return list(rows.select_related("mandate__customer", "mandate__account").order_by("pk"))


def let_go(references: Iterable[str], *, by: Actor) -> list[Debit]:
    """Write down which of these orders leave now, each with what is owed at this moment, and when to ask the channel about them.

    What is owed no more, or may not be collected any more, is dropped. An order that has left before does not leave again.
    """
    waiting = [debit for debit in locked(references) if debit.status == "requested"]
    if not waiting:
        return []
    amounts = _amounts_now(waiting)
    refused = _refused(waiting)
    leaving = []
    for debit in waiting:
        code = refused.get(debit.reference) or ("" if amounts[debit.reference].fen else "NOT_OWED")
        if code:
            _drop(debit, code, by)
        else:
            debit.amount, debit.sent_at = amounts[debit.reference], clock.now()
            leaving.append(debit)
    Debit.objects.bulk_update(leaving, ["amount", "sent_at"])
    _move_all(leaving, "send", by)
    if leaving:
        names = [debit.reference for debit in leaving]
        jobs.enqueue("payments.query_debits", references=names, times=0, after_seconds=rules.query_pause(0))
    return leaving


def _amounts_now(waiting: Sequence[Debit]) -> dict[str, Money]:
    owed = claims.owed_now(debit.claim for debit in waiting)
    gone = queries.asked_for([debit.claim for debit in waiting], but=waiting)
    amounts: dict[str, Money] = {}
    by_claim: dict[str, list[Debit]] = {}
    for debit in waiting:
        by_claim.setdefault(debit.claim, []).append(debit)
    for claim, debits in by_claim.items():
        left = Money(max(0, owed.get(claim, Money(0)).fen - gone.get(claim, 0)))
        parts = rules.still_to_send([debit.amount for debit in debits], left)
        amounts |= {debit.reference: part for debit, part in zip(debits, parts, strict=True)}
    return amounts


def _refused(waiting: Sequence[Debit]) -> dict[str, str]:
    """Why an order may not leave: the mandate has ended, the consent was taken back, the day's limit is used up."""
    consenting = compliance.with_consent({debit.mandate.customer.subject for debit in waiting}, CONSENT, clock.today())
    used = queries.used_today([debit.mandate_id for debit in waiting], clock.today())
    refused: dict[str, str] = {}
    for debit in waiting:
        mandate, spent = debit.mandate, used.get(debit.mandate_id, 0)
        if mandate.status != "active" or mandate.account.closed_at is not None:
            refused[debit.reference] = "MANDATE_GONE"
        elif mandate.customer.subject not in consenting:
            refused[debit.reference] = "CONSENT_GONE"
        elif debit.amount > mandate.debit_max or spent + debit.amount.fen > mandate.day_max.fen:
            refused[debit.reference] = "MANDATE_LIMIT"
        else:
            used[debit.mandate_id] = spent + debit.amount.fen
    return refused


def _drop(debit: Debit, code: str, by: Actor) -> None:
    debit.failure_code, debit.finished_at = code, clock.now()
    debit.save(update_fields=["failure_code", "finished_at"])
    moves.move(debit, DEBIT, "drop", by=by, reason=reason_label(code))
    announce(debit, "dropped")


def _move_all(debits: Sequence[Debit], verb: str, by: Actor) -> None:
    """`moves.move` for many rows, in as many statements as for one."""
    for debit in debits:
        before, debit.status = debit.status, DEBIT.require(debit.status, verb)
        moves.record(debit.subject, verb, before, debit.status, by=by)
    Debit.objects.bulk_update(debits, ["status"])


def announce(debit: Debit, outcome: str) -> None:
    """Whoever asked for the order hears what became of it."""
    events.publish(f"debit.{outcome}", debit.subject, {
        "reference": debit.reference, "claim": debit.claim, "amount_fen": debit.amount.fen, "collected_fen": debit.collected.fen,
        "code": debit.failure_code,
    })
