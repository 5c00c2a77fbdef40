"""A troubling notice has been cleared up with the bank."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.payments import permissions
from chezhe.payments.models import BankNotice


class NoticeResolved(BusinessError):
    code = "notice_resolved"
    sentence = _("这条通知没有待处理的异常，或已由同事处理。")


@action(permissions.RESOLVE_NOTICE)
def resolve_notice(*, notice_number: str, resolution: str, by: Actor) -> BankNotice:
    """Write down what the bank said about a notice that could not be true. Raises NoticeResolved (409)."""
    notice = BankNotice.objects.visible_to(by).lock(notice_number)
    if not notice.is_troubling:
        raise NoticeResolved()
    if not resolution.strip():
        raise Invalid(field="resolution", code="resolution_missing", sentence=_("请写明与银行核对的结果。"))
    notice.resolved_at, notice.resolved_by_name, notice.resolution = clock.now(), by.name, resolution.strip()[:200]
    notice.save(update_fields=["resolved_at", "resolved_by_name", "resolution"])
    return notice
