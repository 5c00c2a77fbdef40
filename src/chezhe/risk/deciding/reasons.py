"""Why an application is rejected: the code, the name for staff, and the sentence that a customer is told (DOMAIN.md §4).

The sentence names the class of reason and what the customer can do about it. It does not say what a third person did, nor how a fraud
was recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.risk.screening.silence import spoken


@dataclass(frozen=True, slots=True)
class Reason:
    """`title` is what staff call it, `told` what the customer reads."""

    code: str
    title: Any
    told: Any


_ALL: Final = (
    Reason("R01", _("年龄或身份不符"), _("年龄或身份信息不符合贷款条件；身份信息有误的，请带身份证件更正。")),
    Reason("R02", _("缺少资质或授权"), _("办理贷款所需的资质或授权不完整；补齐后可以重新申请。")),
    Reason("R03", _("黑名单"), _("内部风险记录不符合贷款条件；您可以要求人工复核这项记录。")),
    Reason("R04", _("涉诉或被执行"), _("司法公开信息中有未了结的执行或限制；了结后请提供法院证明。")),
    Reason("R05", _("当前逾期"), _("信用报告显示当前有逾期；还清并待报告更新后可以重新申请。")),
    Reason("R06", _("连三累六"), _("信用报告显示近两年逾期次数较多；如与事实不符，可以向征信机构提出异议。")),
    Reason("R07", _("多头借贷"), _("近期在多家机构申请贷款；请减少申请，一段时间后再来。")),
    Reason("R08", _("近期查询过多"), _("信用报告近三个月的贷款审批查询较多；请减少申请，一段时间后再来。")),
    Reason("R09", _("收入负债比过高"), _("每月还款占收入的比例较高；可以减少金额、延长期限、增加共同借款人或先还清部分债务。")),
    Reason("R10", _("综合评分不足"), _("综合评分未达到贷款条件；您可以要求说明主要影响因素。")),
    Reason("R11", _("收入无法核实"), _("收入无法核实；请补充银行流水、纳税或社保记录。")),
    Reason("R12", _("疑似欺诈"), _("申请资料未能通过核实；您可以要求人工复核并当面提供原件。")),
    Reason("R13", _("车龄或里程超限"), _("车辆的车龄或里程超出可贷范围；可以更换车辆。")),
    Reason("R14", _("权属不清或已抵押"), _("车辆权属不清或已有抵押；办妥权属或解除抵押后可以重新申请。")),
    Reason("R15", _("贷款成数超限"), _("贷款金额相对车辆价值过高；可以减少金额、提高首付或增加担保。")),
    Reason("R16", _("车架号或号牌不符"), _("车辆的车架号或号牌与证件不符；请到车管所核对后再申请。")),
    Reason("R17", _("事故、水淹或火烧车"), _("车辆有重大事故、水淹或火烧记录，不能作为抵押；可以更换车辆。")),
    Reason("R18", _("用途不符"), _("贷款用途不符合规定；请说明真实用途并提供证明。")),
    Reason("R19", _("地区不符"), _("所在地区不在服务范围内。")),
    Reason("R20", _("保险不符"), _("车辆保险不符合要求；投保后可以重新申请。")),
    Reason("R21", _("定价或条件超过上限"), _("按申请的条件，贷款成本或期限会超过规定的上限；可以调整金额、期限或利率。")),
    Reason("R22", _("反洗钱名单"), _("申请资料未能通过核实；您可以要求人工复核并当面提供原件。")),
    Reason("R23", _("车商已暂停"), _("经办的合作商户已暂停合作；可以通过其他渠道申请。")),
    Reason("R24", _("客户撤回"), _("申请已按您的要求撤回。")),
    Reason("R25", _("担保不足"), _("车辆与其他担保不足以覆盖到期本息；可以增加保证人、保证金等担保，或者减少金额、缩短期限。")),
    Reason("R26", _("经营主体不符"), _("营业执照的状态、经营者或经营年限不符合贷款条件；变更登记或经营满规定期限后可以重新申请。")),
)
REASONS: Final = {reason.code: reason for reason in _ALL}
# What is told where nothing else may be.
UNVERIFIED: Final = "R12"
# What a withdrawal is told with.
WITHDRAWN: Final = "R24"


def titled(codes: list[str]) -> list[tuple[str, str]]:
    """(code, name) of each code, as staff read it; a code of somebody's own table keeps its own name."""
    return [(code, str(REASONS[code].title) if code in REASONS else code) for code in codes]


def told(codes: list[str]) -> list[str]:
    """What the customer is told, each sentence once; a reason that has no sentence of its own is not explained by a guess.

    Of a list nothing is said. A rejection for nothing else, or for what has no sentence, reads like any other whose papers were not
    verified: a sentence of its own would tell.
    """
    found = [str(REASONS[code].told) for code in spoken(codes) if code in REASONS]
    return list(dict.fromkeys(found)) or ([str(REASONS[UNVERIFIED].told)] if codes else [])
