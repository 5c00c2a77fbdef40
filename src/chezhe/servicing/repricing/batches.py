"""Repricing: a batch for each repricing day, agreed to once by risk management, applied in chunks, each loan once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.approvals import steps as approval_steps
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.kernel import appending, business_date, clock, events, jobs, locks, moves, numbers, parameters, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, require_reason
from chezhe.servicing import lives, replans, steps
from chezhe.servicing.models import Loan
from chezhe.servicing.position import RateChange
from chezhe.servicing.repricing.models import BATCH_PREFIX, FloatingRate, Repricing, RepricingLine
from chezhe.servicing.states import LOAN, REPRICING
from chezhe.servicing.steps import News

APPROVAL_KIND = "repricing"
CHUNK = 100


class NothingFailed(BusinessError):
    code = "repricing_nothing_failed"
    sentence = gettext_lazy("这一批没有未能生效的贷款。")


def begin(loan: Loan, floating: Floating) -> FloatingRate:
    """A loan begins whose rate floats."""
    return FloatingRate.objects.create(
        loan=loan, base=floating.base, spread_rate=floating.spread_rate, cadence=floating.cadence.value,
        next_on=floating.next_day(loan.paid_out_on, loan.paid_out_on),
    )


def floating_of(row: FloatingRate) -> Floating:
    """The row as a value."""
    return Floating(base=row.base, spread_rate=row.spread_rate, cadence=Cadence(row.cadence))


# ---- proposing ------------------------------------------------------------------------------------------------


def propose(until: date, *, by: Actor) -> list[Repricing]:
    """A batch for every repricing day that has come; loans whose rate stays are only given their next day.

    Raises ParameterMissing (409) when a reference rate has no figure for its day.
    """
    locks.hold("servicing.repricing")
    made = []
    while (day := _first_day(until)) is not None:
        chosen = FloatingRate.objects.filter(next_on=day).select_related("loan").order_by("loan_id")
        rows = list(chosen.select_for_update(of=("self",), no_key=True))
        lines = [line for row in rows if (line := _line(row)) is not None]
        for row in rows:
            row.next_on = floating_of(row).next_day(row.loan.paid_out_on, day)
        FloatingRate.objects.bulk_update(rows, ["next_on"], batch_size=1000)
        if lines:
            made.append(_ask(day, lines, by))
    return made


def _first_day(until: date) -> date | None:
    return FloatingRate.objects.filter(next_on__lte=until).order_by("next_on").values_list("next_on", flat=True).first()


def _line(row: FloatingRate) -> RepricingLine | None:
    """What changes; nothing for a loan that is over, called in, or in its last line."""
    loan = row.loan
    if loan.status != "active" or loan.annual_rate is None or loan.next_due_on in (None, loan.matures_on):
        return None
    base_rate = parameters.rate(row.base, row.next_on)
    after = floating_of(row).rate_at(base_rate)
    if after == loan.annual_rate:
        return None
    return RepricingLine(loan=loan, base=row.base, base_rate=base_rate, rate_before=loan.annual_rate, rate_after=after)


def _ask(day: date, lines: list[RepricingLine], by: Actor) -> Repricing:
    batch = Repricing.objects.create(
        number=numbers.next_number(BATCH_PREFIX, day), day=day, loans=len(lines), proposed_at=clock.now(),
    )
    for line in lines:
        line.batch = batch
    RepricingLine.objects.bulk_create(lines, batch_size=1000)
    moves.record(batch.subject, "propose", "", batch.status, by=by)
    batch.approval_number = _request(batch, _("%(day)s 重定价：%(loans)s 笔贷款") % {"day": day, "loans": len(lines)}, by)
    batch.save(update_fields=["approval_number"])
    events.publish("repricing.proposed", batch.subject, {"number": batch.number, "day": day.isoformat(), "loans": len(lines)})
    return batch


def _request(batch: Repricing, title: str, by: Actor) -> str:
    """The number of the request to risk management."""
    return approval_steps.open_request(
        kind=APPROVAL_KIND, subject=batch.subject, title=title, stages=[{"role": roles.RISK_MANAGER}], maker_ids=by.user_ids,
        branch_id=None, by=by,
    ).number


def decide(subject: str, outcome: str, by: Actor) -> Repricing:
    """Let the worker apply (or take back) what was agreed to, or put it aside, in the transaction of the deciding vote."""
    batch = Repricing.objects.lock(subject.partition(":")[2])
    if batch.status == "reverse_asked":
        moves.move(batch, REPRICING, "reverse" if outcome == "approved" else "keep", by=by, reason=batch.reverse_reason)
        if outcome == "approved":
            jobs.enqueue("servicing.reverse_repricing", number=batch.number)
        return batch
    moves.move(batch, REPRICING, {"approved": "approve", "withdrawn": "withdraw"}.get(outcome, "reject"), by=by)
    if outcome == "approved":
        jobs.enqueue("servicing.apply_repricing", number=batch.number)
    return batch


# ---- applying and taking back ---------------------------------------------------------------------------------


def news_of(line: RepricingLine) -> News:
    """The line as its loan takes it in, on the repricing day itself."""
    spread = line.rate_after - line.base_rate
    return News(
        value_on=max(line.batch.day, line.loan.paid_out_on), kind="repriced", reference=f"repricing/{line.batch.number}/{line.loan.number}",
        change=RateChange(annual_rate=line.rate_after), memo=f"{line.batch.number} {line.base} {line.base_rate} {spread:+}",
    )


def apply_some(batch: Repricing, *, by: Actor) -> Repricing:
    """Reprice the next chunk of a locked batch; the last one finishes it. Repeating changes nothing."""
    if batch.status == "applying" and _next_chunk(batch, "waiting", _apply, "applied", "failed", by) is None:
        _finish(batch, "finish", by)
    elif batch.status == "applying":
        jobs.enqueue("servicing.apply_repricing", number=batch.number)
    return batch


def take_back_some(batch: Repricing, *, by: Actor) -> Repricing:
    """Take back the next chunk of a locked batch that is being reversed."""
    if batch.status == "reversing" and _next_chunk(batch, "applied", _take_back, "taken_back", "stuck", by) is None:
        _finish(batch, "finish_reversal", by)
    elif batch.status == "reversing":
        jobs.enqueue("servicing.reverse_repricing", number=batch.number)
    return batch


def _next_chunk(
    batch: Repricing, status: str, carry_out: Callable[[RepricingLine, Actor], None], done: str, failed: str, by: Actor,
) -> int | None:
    """Each line in its own savepoint; a fault of one is written down and stops nobody else. None when nothing was left to do."""
    chosen = list(batch.lines.filter(status=status).select_related("batch", "loan", "event").order_by("pk")[:CHUNK])
    for line in chosen:
        try:
            with appending.part():
                carry_out(line, by)
        except Exception as fault:
            line.status, line.failure_code = failed, getattr(fault, "code", type(fault).__name__)[:60]
            line.failure_reason = str(fault)[:500]
        else:
            line.status, line.failure_code, line.failure_reason = done, "", ""
        line.save(update_fields=["status", "failure_code", "failure_reason", "event"])
    return len(chosen) or None


def _apply(line: RepricingLine, by: Actor) -> None:
    loan = Loan.objects.select_related("customer", "contract__application", "product_version__product").lock(line.loan.number)
    news = news_of(line)
    LOAN.require(loan.status, "replan")
    replans.require(loan, lives.position_of(loan, news.value_on), RateChange(annual_rate=line.rate_after))
    line.event = steps.take_in(loan, news, today=business_date.current(), by=by)


def _take_back(line: RepricingLine, by: Actor) -> None:
    """One that somebody took back by itself stays as it is."""
    assert line.event is not None
    if hasattr(line.event, "reversal"):
        return
    loan = Loan.objects.lock(line.loan.number)
    steps.take_back(loan, line.event, reason=line.batch.reverse_reason, today=business_date.current(), by=by)
    events.publish("loan.changed", loan.subject, {
        "number": loan.number, "kind": "repriced", "amount_fen": 0, "value_on": line.batch.day.isoformat()})


def _finish(batch: Repricing, verb: str, by: Actor) -> None:
    batch.finished_at = clock.now()
    batch.save(update_fields=["finished_at"])
    moves.move(batch, REPRICING, verb, by=by)
    events.publish(f"repricing.{batch.status}", batch.subject, {"number": batch.number, "day": batch.day.isoformat()})


def retry(batch: Repricing, *, by: Actor) -> Repricing:
    """Try the failed loans of a locked batch again. Raises NothingFailed or WrongState (409)."""
    REPRICING.require(batch.status, "retry")
    if not batch.lines.filter(status="failed").update(status="waiting"):
        raise NothingFailed()
    moves.move(batch, REPRICING, "retry", by=by)
    jobs.enqueue("servicing.apply_repricing", number=batch.number)
    return batch


def reverse(batch: Repricing, reason: str, *, by: Actor) -> Repricing:
    """Ask risk management to agree that a locked batch is taken back as a whole: every loan bears its old rate again from the same
    day on. Raises ReasonRequired (422) or WrongState (409).
    """
    kept = require_reason(reason)
    moves.move(batch, REPRICING, "ask_reversal", by=by, reason=kept)
    batch.reverse_reason = kept
    batch.reverse_approval_number = _request(batch, _("整批冲正 %(day)s 重定价：%(loans)s 笔贷款") % {
        "day": batch.day, "loans": batch.loans}, by)
    batch.save(update_fields=["reverse_reason", "reverse_approval_number"])
    return batch
