"""The channel has answered orders or a question of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.debits import answers, notices
from chezhe.payments.debits.answers import Answer


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answers there were, and how many changed something."""

    said: int
    applied: int


@action(permissions.SETTLE_DEBITS, label=_("登记代扣结果"))
def settle_debits(*, said: Sequence[Answer], by: Actor) -> Answered:
    """Record what the channel says of its orders, each once; what cannot be true is kept for somebody to clear up."""
    settled = answers.settle_all(said, by=by)
    for debit, answer, verdict in settled:
        if verdict in ("contradicts", "wrong_amount"):
            notices.keep(notices.Notice.of_register(debit, answer), verdict, debit)
    return Answered(len(said), sum(verdict == "applied" for _debit, _answer, verdict in settled))
