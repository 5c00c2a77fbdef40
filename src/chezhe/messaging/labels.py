"""The words of this room: vendors' codes as people read them."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import contact_rules
from chezhe.compliance import labels as compliance_labels

CHANNELS: Final = [(code, label) for code, label in compliance_labels.CHANNELS if code in (
    contact_rules.SMS, contact_rules.WECHAT, contact_rules.EMAIL)]
PURPOSES: Final = compliance_labels.PURPOSES
LANGUAGES: Final = [("zh-hans", _("中文")), ("en", _("英文"))]
REASONS: Final = {
    "consent_missing": _("没有有效授权"), "contact_quiet_hours": _("免打扰时段"), "contact_calls_effective": _("已达当日次数"),
    "contact_notices_connected": _("已达当日次数"), "contact_attempts_same_number": _("该号码已达当日次数"),
    "contact_deceased": _("登记为已故"), "contact_disputed": _("债务有争议"), "contact_opted_out": _("已拒收营销"),
    "vendor_unreachable": _("通道多次无应答"), "address_invalid": _("号码或地址不存在"), "address_blocked": _("对方已拒收"),
    "undelivered": _("未能送达"), "expired": _("超时未送达"), "too_many": _("通道限流"), "template_refused": _("通道不认可模板"),
    "vendor_refused": _("通道拒绝"), "expired_unsent": _("有效期已过"),
}


def reason_label(code: str) -> Any:
    """Why a message did not arrive, in words; the code itself when a vendor invents a new one."""
    return REASONS.get(code, code)
