"""The bank has answered a batch by file."""

from __future__ import annotations

import hashlib
from collections import Counter

from django.utils.translation import gettext_lazy as _

from chezhe.documents import steps as document_steps
from chezhe.kernel import clock, events, locks, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import WrongState
from chezhe.payments import permissions, steps
from chezhe.payments.batches import queries
from chezhe.payments.batches.models import BatchAnswer, PayoutBatch
from chezhe.payments.batches.states import BATCH
from chezhe.payments.states import TROUBLING

FINAL = ("paid", "failed", "returned")


@action(permissions.IMPORT_BATCH_ANSWER, label=_("导入批量付款回盘"))
def import_batch_answer(*, batch_number: str, content: bytes, name: str, by: Actor) -> BatchAnswer:
    """Record the bank's word on every line, each once, however often a file says it; the same file again changes nothing.

    What cannot be true (another sum, an order that is not in the batch, the opposite of what is booked) books nothing and is kept for
    somebody to clear up. Raises WrongState (409), AnswerHasFaults or AnswerEmpty (422), or what reading a table raises; nothing is
    booked then.
    """
    batch = PayoutBatch.objects.visible_to(by).lock(batch_number)
    if batch.status not in ("sent", "answered"):
        raise WrongState(subject=BATCH.subject, status=BATCH.label(batch.status), verb=BATCH.label("answer"), possible=BATCH.label("send"))
    digest = hashlib.sha256(content).hexdigest()
    locks.hold(f"batch-answer:{digest}")
    standing = BatchAnswer.objects.filter(batch=batch, digest=digest).first()
    if standing is not None:
        return standing
    verdicts: Counter[str] = Counter()
    for told in queries.answer_in(content, batch):
        verdicts[_record(told, f"{batch.number}/{digest[:16]}/{told.answer.row_number}", by)] += 1
    kept = BatchAnswer.objects.create(
        batch=batch, digest=digest, name=document_steps.display_name(name), applied=verdicts["applied"], known=verdicts["stale"],
        troubling=sum(verdicts[verdict] for verdict in TROUBLING), taken_at=clock.now(), taken_by_name=by.name,
    )
    _close(batch, by)
    return kept


def _record(told: queries.Told, notice_id: str, by: Actor) -> str:
    answer = told.answer
    notice = steps.Notice(
        notice_id=notice_id, bank_reference=answer.reference, outcome=answer.outcome, amount=answer.amount, bank_serial=answer.bank_serial,
        failure_code=answer.failure_code,
    )
    payout, verdict = steps.judge(notice, by=by) if told.line is not None else (None, "unknown")
    steps.keep_notice(notice, verdict, payout)
    if told.line is not None and verdict not in TROUBLING:
        told.line.outcome = answer.outcome
        told.line.save(update_fields=["outcome"])
    return verdict


def _close(batch: PayoutBatch, by: Actor) -> None:
    """Nothing is open any more when every line has its final word."""
    if batch.status == "sent" and not batch.lines.exclude(outcome__in=FINAL).exists():
        batch.answered_at = clock.now()
        batch.save(update_fields=["answered_at"])
        moves.move(batch, BATCH, "answer", by=by)
        events.publish("payout_batch.answered", batch.subject, {"number": batch.number})
