"""What a mandate, an order to collect and a day's settlement may become, and why a channel does not pay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

MANDATE = machine(
    _("代扣授权"),
    [
        ("active", "suspend", "suspended"),
        ("suspended", "resume", "active"),
        ("active", "revoke", "revoked"),
        ("suspended", "revoke", "revoked"),
        # The customer signed for another account.
        ("active", "replace", "replaced"),
        ("suspended", "replace", "replaced"),
    ],
    {
        "active": _("有效"), "suspended": _("已暂停"), "revoked": _("已终止"), "replaced": _("已更换"),
        "suspend": _("暂停"), "resume": _("恢复"), "revoke": _("终止"), "replace": _("更换"),
    },
)
# Not ended; a customer has one such mandate at most.
STANDING = ("active", "suspended")

DEBIT = machine(
    _("代扣指令"),
    [
        ("requested", "send", "sent"),
        ("requested", "drop", "dropped"),
        ("sent", "collect", "collected"),
        ("sent", "fail", "failed"),
        # The channel's own register, asked by us, says otherwise than an earlier callback.
        ("failed", "correct", "collected"),
        ("collected", "return", "returned"),
    ],
    {
        "requested": _("待发送"), "sent": _("渠道处理中"), "collected": _("已扣款"), "failed": _("扣款失败"), "returned": _("已被冲回"),
        "dropped": _("未发送"), "send": _("发送"), "drop": _("不再发送"), "collect": _("确认扣款"), "fail": _("登记失败"),
        "correct": _("更正为已扣款"), "return": _("登记冲回"),
    },
)
OPEN = ("requested", "sent")

SETTLEMENT = machine(
    _("渠道清算"),
    [
        ("open", "settle", "settled"), ("open", "differ", "differs"), ("differs", "settle", "settled"),
        ("settled", "arrive", "arrived"),
    ],
    {
        "open": _("待清算"), "settled": _("已清算，在途"), "differs": _("对账不符"), "arrived": _("已到账"), "settle": _("清算入账"),
        "differ": _("登记差异"), "arrive": _("确认到账"),
    },
)

# The channel's words for an order, in ours.
OUTCOMES = ("processing", "collected", "failed", "returned", "closed", "unknown")

# Why a channel does not collect. The codes are ours: the client translates.
FAILURES = {
    "INSUFFICIENT_FUNDS": _("账户余额不足"), "CARD_CLOSED": _("银行卡已销户"), "ACCOUNT_FROZEN": _("账户被冻结"),
    "MANDATE_REVOKED": _("持卡人已在银行取消代扣"), "NAME_MISMATCH": _("户名与账号不符"), "ACCOUNT_INVALID": _("账号不存在"),
    "LIMIT_EXCEEDED": _("超过单笔限额"), "DAY_LIMIT_EXCEEDED": _("超过当日限额"), "SYSTEM_ERROR": _("银行系统故障"),
    "NOT_RECEIVED": _("渠道未收到指令"), "RETURNED": _("扣款被银行冲回"),
}
# Why an order never left.
DROPS = {
    "NOT_OWED": _("发送前已无应扣款项"), "MANDATE_GONE": _("授权已终止或暂停"), "CONSENT_GONE": _("客户已撤回代扣同意"),
    "MANDATE_LIMIT": _("超过授权的单日限额"),
}


def reason_label(code: str) -> str:
    """A reason for people; the channel's own code when we do not know it."""
    known = FAILURES.get(code) or DROPS.get(code)
    return str(known) if known else code
