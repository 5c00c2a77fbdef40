"""Refusals of payouts in parts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class PayeeUnfit(BusinessError):
    code = "payee_unfit"
    http_status = 422
    field = "parts"
    sentence = _("收款账户 %(number)s 不可用于本合同：须已核定、未停用，且车商在合作中。")


class PartsTooMuch(BusinessError):
    code = "parts_exceed_payout"
    http_status = 422
    field = "parts"
    sentence = _("各笔合计 %(parts)s 元，超过放款金额 %(total)s 元。")


class PartInvalid(BusinessError):
    code = "part_invalid"
    http_status = 422
    field = "parts"
    sentence = _("每笔须选择收款账户并填写大于零的金额，同一账户只能出现一次，最多 %(most)s 笔。")


class EntrustedPaymentNeeded(BusinessError):
    """The law's threshold: above it the borrower is handed nothing."""

    code = "entrusted_payment_required"
    sentence = _(
        "单笔支付 %(amount)s 元超过受托支付起点 %(threshold)s 元，须全部支付给交易对手，不能付给借款人（还有 %(own)s 元未指定收款方）。"
    )


class PayoutTooLarge(BusinessError):
    code = "payout_limit_exceeded"
    sentence = _("本笔 %(amount)s 元超过%(whose)s单笔放款限额 %(limit)s 元。")


class DayUsedUp(BusinessError):
    code = "payout_day_limit_exceeded"
    sentence = _("%(whose)s今日放款限额 %(limit)s 元，已用 %(used)s 元，本次 %(amount)s 元超出限额。请次日再放，或调整限额。")


class MoneyIsOut(BusinessError):
    code = "payout_under_way_in_part"
    sentence = _("放款 %(number)s 已有款项付出或正在途中，不能取消；请处理失败的一笔。")


class LegStillFailed(BusinessError):
    code = "leg_still_failed"
    sentence = _("放款 %(number)s 的第 %(place)s 笔仍未付出，请先更换账户或重发，再一并复核。")


class AccountProposedTwice(BusinessError):
    code = "payee_account_exists"
    sentence = _("账户 ****%(tail)s 已经登记为收款账户（%(number)s）。")


class SamePersonDecides(BusinessError):
    code = "same_person"
    sentence = _("%(number)s 由您提出，须由另一位同事核定。")
