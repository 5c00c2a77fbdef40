"""Refusals that several verbs of this room share."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class NotAccepted(BusinessError):
    code = "application_not_accepted"
    sentence = _("进件 %(number)s 目前为“%(status)s”，客户接受批复后才能制作合同。")


class ApprovalExpired(BusinessError):
    code = "approval_expired"
    sentence = _("批复已于 %(expired_on)s 到期，请重新审批后再制作合同。")


class ContractStands(BusinessError):
    code = "contract_exists"
    sentence = _("进件 %(application)s 已有合同 %(number)s，须先作废才能重新制作。")


class VehicleMortgaged(BusinessError):
    code = "vehicle_mortgaged"
    sentence = _("车辆 %(vehicle)s 正在为合同 %(number)s 提供抵押，不能重复抵押。")


class PayoutStands(BusinessError):
    code = "payout_stands"
    sentence = _("合同 %(contract)s 已有放款在办或已放款，不能再改结清金额；请先取消放款。")


class FactMissing(BusinessError):
    code = "contract_fact_missing"
    http_status = 422
    sentence = _("合同缺少%(what)s，请先在客户或车辆资料中补录。")


class AccountUnfit(BusinessError):
    code = "account_unfit"
    http_status = 422
    field = "account_id"
    sentence = _("放款账户须是借款人本人名下、在用的账户。")


class CostSheetFirst(BusinessError):
    code = "cost_sheet_not_confirmed"
    sentence = _("签署借款合同之前，借款人须先确认综合融资成本明示表。")


class EvidenceMissing(BusinessError):
    code = "evidence_missing"
    http_status = 422
    field = "evidence"
    sentence = _("请上传签字页的扫描件或照片。")


class ConditionsMissing(BusinessError):
    """`missing` holds the codes of `rules.CONDITIONS` that are not met."""

    code = "conditions_missing"
    sentence = _("放款条件尚未满足：%(conditions)s。")

    def __init__(self, missing: tuple[str, ...], words: str) -> None:
        self.missing = missing
        super().__init__(conditions=words)


class SuretyUnsigned(BusinessError):
    code = "guarantor_not_signed"
    sentence = _(
        "保证人 %(who)s 的担保已认定，但未签署合同 %(contract)s，不能计入放款条件。"
        "请由其签署；不在签署人之列的，须作废合同重新制作，或解除这项担保。"
    )


class DayImpossible(BusinessError):
    code = "day_impossible"
    http_status = 422
    sentence = _("日期须在 %(first)s 与业务日期 %(last)s 之间。")

    def __init__(self, field: str, **facts: object) -> None:
        self.field = field
        super().__init__(**facts)


class PaperVoid(BusinessError):
    code = "paper_void"
    sentence = _("文本 %(code)s 已失效：已由新的打印替代，或所属合同已作废。请对现行的那一份操作。")
