"""What waits for a file, the file itself, and what an answer of the bank would do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chezhe.kernel import tables
from chezhe.kernel.actor import Actor
from chezhe.payments.batches import errors, rules
from chezhe.payments.batches.models import BatchLine, PayoutBatch
from chezhe.payments.models import Payout

LINES_MAX = 1000


def waiting(actor: Actor) -> QuerySet[Payout]:
    """Payouts that go by file and stand in none yet."""
    taken = BatchLine.objects.filter(is_dropped=False, batch__status="made").values("payout_id")
    return Payout.objects.visible_to(actor).filter(way="file", status="requested").exclude(pk__in=taken)


def batches(actor: Actor) -> QuerySet[PayoutBatch]:
    return PayoutBatch.objects.visible_to(actor).select_related("branch")


def unsent(actor: Actor) -> QuerySet[PayoutBatch]:
    """待发出的批次."""
    return batches(actor).filter(status="made")


def unanswered(actor: Actor) -> QuerySet[PayoutBatch]:
    """待银行回盘的批次."""
    return batches(actor).filter(status="sent")


def lines_of(batch: PayoutBatch) -> list[BatchLine]:
    return list(batch.lines.select_related("payout__branch").order_by("place"))


def composed(number: str, payouts: list[Payout]) -> bytes:
    """The file of these payouts in this order."""
    return rules.compose(number, [
        rules.OrderRow(reference=p.bank_reference, payee_name=p.payee_name, payee_account=p.payee_account, amount=p.amount, memo=p.memo)
        for p in payouts
    ])


def file_of(batch: PayoutBatch) -> bytes:
    """The file as it was made. Raises FileDiffers (409) where the rows do not give the same bytes any more."""
    content = composed(batch.number, [line.payout for line in lines_of(batch)])
    if hashlib.sha256(content).hexdigest() != batch.digest:
        raise errors.FileDiffers(batch=batch.number)
    return content


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the bank's answer beside our line; None for an order that is not in this batch."""

    answer: rules.Answer
    line: BatchLine | None

    @property
    def fits(self) -> bool:
        """Whether it is an order of this batch, over its sum."""
        return self.line is not None and self.line.payout.amount == self.answer.amount


def answer_in(content: bytes, batch: PayoutBatch) -> list[Told]:
    """Read the bank's answer without writing anything. Raises TableUnreadable, TableTooLarge, ColumnsMissing, AnswerHasFaults or
    AnswerEmpty (422)."""
    rows = [
        rules.RawAnswer(number=row.number, **{column: row.text(column).strip() for column in rules.COLUMNS})
        for row in tables.read(content, rules.COLUMNS, rules.REQUIRED)
    ]
    answers, faults = rules.read(rows)
    if faults:
        raise errors.AnswerHasFaults(count=len(faults), first=fault_sentence(faults[0]))
    if not answers:
        raise errors.AnswerEmpty()
    lines = {line.bank_reference: line for line in lines_of(batch) if not line.is_dropped}
    return [Told(answer, lines.get(answer.reference)) for answer in answers]


def fault_sentence(fault: rules.Fault) -> str:
    """What is wrong with a row, as the spreadsheet shows it."""
    why = {
        "reference_invalid": _("订单号为空或过长"), "reference_twice": _("订单号重复"), "outcome_unknown": _("处理结果无法识别"),
        "amount_invalid": _("不是有效金额"),
    }[fault.code]
    return _("第 %(row)s 行“%(given)s”%(why)s") % {"row": fault.row_number, "given": fault.given, "why": why}


