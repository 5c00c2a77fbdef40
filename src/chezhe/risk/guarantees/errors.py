"""What guarantees refuse, each with what to do instead."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class GuarantorIsBorrower(BusinessError):
    """Whoever owes the debt anyway, alone or with others."""

    code = "guarantor_is_borrower"
    http_status = 422
    field = "guarantor_number"
    sentence = _("借款人、共借人不能为自己担保，请另选保证人。")


class GuarantorTwice(BusinessError):
    code = "guarantor_twice"
    field = "guarantor_number"
    sentence = _("%(name)s 已经是这笔业务的保证人（%(number)s），请在原记录上处理。")


class SecurityTwice(BusinessError):
    """Of who may not see the other one its number is not told."""

    code = "security_twice"
    sentence = _(
        "编号 %(paper)s 的%(kind)s已经用于另一项担保（%(number)s），同一担保物不能同时担保两笔。请先解除或撤回那一项，或另选担保；"
        "确非同一件的，请在编号前加上出具单位的名称。"
    )


class SecurityIncomplete(BusinessError):
    code = "security_incomplete"
    http_status = 422
    sentence = _("请填写%(what)s。")


class OwnSecurity(BusinessError):
    code = "same_person"
    sentence = _("这项担保由 %(name)s 登记，认定与否须由另一位同事决定。")


class ClaimTooLate(BusinessError):
    code = "claim_too_late"
    sentence = _("保证期间已于 %(until)s 届满，保证责任已消灭，不能再主张（《民法典》第六百九十三条）。")


class CoverageShort(BusinessError):
    """What is missing, and what of each kind of security would make it up."""

    code = "coverage_short"
    sentence = _(
        "担保覆盖率 %(rate)s，低于最低要求 %(least)s，还差 %(missing)s 元。可任选其一补足并由他人认定：保证金 %(deposit)s 元、"
        "质押 %(pledge)s 元、保证保险 %(insurance)s 元、连带责任保证 %(joint)s 元或一般保证 %(general)s 元；也可减少贷款金额。"
    )


class SecurityNeeded(BusinessError):
    code = "security_needed"
    sentence = _(
        "担保 %(number)s 所担保的合同仍然有效，解除后担保覆盖率不足，还差 %(missing)s 元。请先补足其他担保并由他人认定，再解除这一项。"
    )


class ProposalMissing(BusinessError):
    code = "proposal_missing"
    sentence = _("金额、期限、利率或车辆还没有填齐，算不出担保覆盖率。请先补全进件资料。")


class LendingValueMissing(BusinessError):
    code = "lending_value_missing"
    sentence = _("车辆 %(vehicle)s 还没有有效的综合评估，请先完成车辆估值，再测算覆盖率。")


class ValueDisputed(LendingValueMissing):
    """A price that somebody typed does not stand in for a value that nobody stands by."""

    code = "vehicle_value_disputed"
    sentence = _("车辆 %(vehicle)s 的各来源估值差异过大或无法确定，还没有人认定，不能按登记价格计算。请先复评并认定车辆价值。")
