"""Fixed choices of guarantees, with their words."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.risk.guarantees import rules

KINDS: Final = [
    (rules.GUARANTOR, pgettext_lazy("security", "保证人")), (rules.PLEDGE, pgettext_lazy("security", "质押")),
    (rules.DEPOSIT, pgettext_lazy("security", "保证金")), (rules.INSURANCE, pgettext_lazy("security", "保证保险")),
]
LIABILITIES: Final = [(rules.JOINT, _("连带责任保证")), (rules.GENERAL, _("一般保证"))]
REASONS: Final = {
    rules.CAPACITY_UNKNOWN: _("担保能力未知"), rules.CAPACITY_USED_UP: _("担保能力已占用"), rules.INSURANCE_ENDS: _("保险早于贷款到期"),
    rules.VALUE_MISSING: _("没有有效的估值"), rules.NOTHING_COVERED: _("没有承保份额"), rules.OWN_DEBT: _("本人就是债务人"),
}
FIELD_LABELS: Final = {
    "guarantor_number": pgettext_lazy("security", "保证人"), "liability": _("保证方式"), "thing": _("质物"), "holder": _("保管或出具单位"),
    "policy_number": _("保单号"), "proof_number": pgettext_lazy("security", "凭证编号"), "covered_share": _("承保比例"),
    "valid_to": pgettext_lazy("security", "有效期至"),
}
