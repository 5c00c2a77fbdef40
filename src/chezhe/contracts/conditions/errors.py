"""Refusals of conditions precedent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class NotThisCondition(BusinessError):
    code = "condition_not_asked"
    sentence = _("合同 %(contract)s 没有待办的条件“%(label)s”。")


class CannotBeWaived(BusinessError):
    code = "condition_not_waivable"
    sentence = _("条件“%(label)s”不能豁免，必须办妥。")


class WaiverPending(BusinessError):
    code = "condition_waiver_pending"
    sentence = _("条件“%(label)s”的豁免申请 %(number)s 尚未审结。")


class NotYourCondition(BusinessError):
    code = "condition_of_another_role"
    http_status = 403
    sentence = _("条件“%(label)s”由%(role)s办理，请由其登记。")


class ContractBegun(BusinessError):
    code = "contract_paid_out"
    sentence = _("合同 %(contract)s 已放款或已作废，不能再增改放款条件。")
