"""Orders to collect are about to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.debits import orders
from chezhe.payments.debits.models import Debit


@dataclass(frozen=True, slots=True)
class Packet:
    """The orders that leave together."""

    debits: tuple[Debit, ...]

    @property
    def subject(self) -> str:
        return self.debits[0].subject if self.debits else ""


@action(permissions.SEND_DEBITS, label=_("发出代扣指令"))
def mark_debits_sent(*, references: Sequence[str], by: Actor) -> Packet:
    """Read once more what each order may collect, and write down which of them leave now, before they leave.

    Whatever happens afterwards, they are never given again: the channel is asked what became of them.
    """
    return Packet(tuple(orders.let_go(references, by=by)))
