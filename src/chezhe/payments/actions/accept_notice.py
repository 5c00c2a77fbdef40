"""The bank calls back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import permissions, steps
from chezhe.payments.models import BankNotice
from chezhe.payments.states import OUTCOMES
from chezhe.payments.steps import Notice


@action(permissions.SETTLE_PAYOUT, label=_("接收银行通知"))
def accept_notice(*, notice: Notice, by: Actor) -> BankNotice:
    """Act on a callback once and keep what we made of it; a repetition gives the first verdict again.

    A notice that cannot be true (another sum, an order we never gave, the opposite of what is booked) books nothing
    and is kept for somebody to clear up with the bank. Raises Invalid (422) for an outcome we do not know.
    """
    if notice.outcome not in OUTCOMES:
        raise Invalid(field="status", code="outcome_unknown", sentence=_("通知的状态无法识别。"))
    locks.hold(f"bank-notice:{notice.notice_id}")
    standing = BankNotice.objects.filter(notice_id=notice.notice_id).first()
    if standing is not None:
        return standing
    payout, verdict = steps.judge(notice, by=by)
    return steps.keep_notice(notice, verdict, payout)
