"""The channel calls back about an order to collect."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs, locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.debits import answers, notices, orders
from chezhe.payments.debits.notices import Notice
from chezhe.payments.models import BankNotice


@action(permissions.SETTLE_DEBITS, label=_("接收代扣通知"))
def accept_debit_notice(*, notice: Notice, by: Actor) -> BankNotice:
    """Act on a callback once and keep what we made of it; a repetition gives the first verdict again.

    One that cannot be true books nothing: it is kept for somebody, and the channel's register is asked.
    """
    locks.hold(f"bank-notice:{notice.notice_id}")
    standing = BankNotice.objects.filter(notice_id=notice.notice_id).first()
    if standing is not None:
        return standing
    debit = next(iter(orders.locked([notice.answer.reference])), None)
    verdict = answers.settle(debit, notice.answer, by=by) if debit else "unknown"
    if debit and verdict in ("contradicts", "wrong_amount"):
        jobs.enqueue("payments.ask_about_debits", references=[debit.reference])
    return notices.keep(notice, verdict, debit)
