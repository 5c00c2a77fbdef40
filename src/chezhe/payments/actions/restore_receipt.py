"""A receipt that left suspense should be there after all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.models import BankLine
from chezhe.payments.reconciliation import leaving


@action(permissions.MERGE_RECEIPT, label=_("恢复待清分流水"))
def restore_receipt(*, bank_serial: str, reason: str, by: Actor) -> BankLine:
    """Undo that a receipt was merged or taken back: its entry is mirrored and it waits again. A repayment that was reversed with
    it is not booked again. Raises NothingToRestore (409), Invalid (422) without a reason."""
    receipt = BankLine.objects.visible_to(by).lock(bank_serial)
    return leaving.restore(receipt, reason=leaving.require_why(reason), by=by)
