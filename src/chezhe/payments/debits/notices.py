"""The channel's callbacks, kept once however often they come; the bad ones wait among the notices of banks."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.kernel import clock, events
from chezhe.payments.debits.answers import Answer
from chezhe.payments.debits.models import Debit
from chezhe.payments.models import BankNotice
from chezhe.payments.states import TROUBLING


@dataclass(frozen=True, slots=True)
class Notice:
    """`notice_id` is the channel's and comes again with every repetition."""

    notice_id: str
    answer: Answer

    @classmethod
    def of_register(cls, debit: Debit, answer: Answer) -> Notice:
        """An answer to a question of ours, as a notice of its own."""
        return cls(f"answer-{debit.reference}-{answer.outcome}", answer)


def keep(notice: Notice, verdict: str, debit: Debit | None) -> BankNotice:
    """Keep what the channel said and what we made of it; what cannot be true is announced."""
    said = notice.answer
    kept, is_new = BankNotice.objects.get_or_create(notice_id=notice.notice_id, defaults={
        "bank_reference": said.reference, "outcome": said.outcome, "amount": said.collected, "bank_serial": said.serial,
        "failure_code": said.code, "verdict": verdict, "debit": debit, "received_at": clock.now(),
    })
    if is_new and verdict in TROUBLING:
        events.publish("payment.notice_troubling", kept.subject, {
            "verdict": verdict, "outcome": said.outcome, "bank_reference": said.reference, "amount_fen": said.collected.fen,
        })
    return kept
