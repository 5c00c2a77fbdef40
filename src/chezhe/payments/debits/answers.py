"""What the channel says of an order, whichever way it comes and however often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from chezhe.finmath.money import ZERO, Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, clock, jobs, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.ledger import steps as ledger_steps
from chezhe.payments.debits import orders, postings
from chezhe.payments.debits.models import SETTLEMENT_PREFIX, ChannelSettlement, Debit
from chezhe.payments.debits.states import DEBIT, reason_label

# When the channel has the statement of the day before ready.
SETTLED_FROM = time(10)
Verdict = Literal["applied", "stale", "contradicts", "wrong_amount"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`collected` is what the channel took, not more than was asked; `on` is its own day. `is_register` means that it stands in
    the channel's register, which we have asked: that is the truth even where a callback said otherwise."""

    reference: str
    outcome: str
    collected: Money = ZERO
    on: date | None = None
    serial: str = ""
    code: str = ""
    is_register: bool = False


def settle(debit: Debit, answer: Answer, *, by: Actor) -> Verdict:
    """Record the channel's word on a locked order once. `stale` is old news; `contradicts` cannot be true together with what is
    booked: nothing is booked then, and the channel's register is asked."""
    if answer.outcome in ("processing", "unknown"):
        return _acknowledge(debit, answer)
    if answer.outcome in ("collected", "returned") and not 0 < answer.collected.fen <= debit.amount.fen:
        return "wrong_amount"
    wanted = "failed" if answer.outcome == "closed" else answer.outcome
    if debit.status == wanted:
        same = wanted == "failed" or answer.collected == debit.collected
        return "stale" if same else "contradicts"
    if (debit.status, wanted) == ("returned", "collected"):
        return "stale"
    if (debit.status, wanted) == ("collected", "returned") and answer.collected != debit.collected:
        return "wrong_amount"
    if wanted == "returned" and debit.status == "sent":
        _collect(debit, "collect", answer, by)  # the news of the debit itself was lost or is late
    verb = _verb(debit, wanted, answer)
    if not verb:
        return "contradicts"
    if wanted == "collected":
        _collect(debit, verb, answer, by)
    elif wanted == "returned":
        _return(debit, answer, by)
    else:
        _fail(debit, answer, by)
    return "applied"


def _verb(debit: Debit, wanted: str, answer: Answer) -> str:
    """The move that the answer asks for; empty when it cannot be."""
    if debit.status == "failed" and wanted == "collected":
        return "correct" if answer.is_register else ""
    verb = {"collected": "collect", "failed": "fail", "returned": "return"}[wanted]
    return verb if DEBIT.allows(debit.status, verb) else ""


def _acknowledge(debit: Debit, answer: Answer) -> Verdict:
    if answer.outcome == "unknown" or debit.status != "sent" or debit.acknowledged_at is not None:
        return "stale"
    debit.acknowledged_at, debit.channel_serial = clock.now(), answer.serial
    debit.save(update_fields=["acknowledged_at", "channel_serial"])
    return "applied"


def _collect(debit: Debit, verb: str, answer: Answer, by: Actor) -> None:
    debit.collected, debit.collected_on = answer.collected, answer.on or clock.today()
    # A part of the sum is what the account held.
    debit.failure_code = "" if debit.collected == debit.amount else (answer.code or "INSUFFICIENT_FUNDS")
    _finish(debit, verb, answer, by)
    _post(debit, "debit_collected", f"debit-collected:{debit.reference}", postings.collected(debit.collected, debit.subject), by)
    expect_settlement(debit.collected_on, by=by)
    orders.announce(debit, "collected")


def _return(debit: Debit, answer: Answer, by: Actor) -> None:
    debit.returned_on, debit.failure_code = answer.on or clock.today(), "RETURNED"
    _finish(debit, "return", answer, by)
    _post(debit, "debit_returned", f"debit-returned:{debit.reference}", postings.returned(debit.collected, debit.subject), by)
    expect_settlement(debit.returned_on, by=by)
    orders.announce(debit, "returned")


def _fail(debit: Debit, answer: Answer, by: Actor) -> None:
    debit.failure_code = answer.code or ("NOT_RECEIVED" if answer.outcome == "closed" else "SYSTEM_ERROR")
    _finish(debit, "fail", answer, by)
    orders.announce(debit, "failed")


def _finish(debit: Debit, verb: str, answer: Answer, by: Actor) -> None:
    debit.channel_serial, debit.finished_at = answer.serial or debit.channel_serial, clock.now()
    debit.save(update_fields=["collected", "collected_on", "returned_on", "failure_code", "channel_serial", "finished_at"])
    moves.move(debit, DEBIT, verb, by=by, reason=reason_label(debit.failure_code) if debit.failure_code else "")


def _post(debit: Debit, event: str, reference: str, transfers: Sequence[Transfer], by: Actor) -> None:
    ledger_steps.post(event=event, reference=reference, transfers=transfers, on=business_date.current(), branch_id=debit.branch_id,
                      memo=debit.memo, by=by)


def expect_settlement(day: date, *, by: Actor) -> None:
    """The channel will settle this day on the next one; the first order of a day asks for it."""
    if ChannelSettlement.objects.filter(day=day).exists():
        return
    made, is_new = ChannelSettlement.objects.get_or_create(day=day, defaults={"number": numbers.next_number(SETTLEMENT_PREFIX, day)})
    if is_new:
        moves.record(made.subject, "open", "", made.status, by=by)
        jobs.enqueue("payments.settle_channel", day=day.isoformat(), after_seconds=seconds_to_settlement(day))


def seconds_to_settlement(day: date) -> int:
    """From now to ten o'clock on the day after."""
    return max(0, int((datetime.combine(day + timedelta(days=1), SETTLED_FROM, clock.SHANGHAI) - clock.now()).total_seconds()))


def settle_all(answers: Iterable[Answer], *, by: Actor) -> list[tuple[Debit, Answer, Verdict]]:
    """Every answer on its locked order; one about an order that we do not know is left out."""
    said = {answer.reference: answer for answer in answers}
    return [(debit, said[debit.reference], settle(debit, said[debit.reference], by=by)) for debit in orders.locked(said)]
