"""Refusals of the origination room."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError
from chezhe.origination.rules import Gap


class CustomerUnknown(BusinessError):
    code = "customer_unknown"
    http_status = 422
    field = "customer_number"
    sentence = _("没有这个客户编号，或不在您的数据范围内。")


class ProductUnfit(BusinessError):
    code = "product_unfit"
    http_status = 422
    field = "product_code"
    sentence = _("产品 %(product)s 不面向这类客户，请换一个产品。")


class TradeMissing(BusinessError):
    code = "trade_missing"
    http_status = 422
    field = "customer_number"
    sentence = _("该客户没有存续的个体工商户登记，请先在客户资料中登记或更新。")


class LeadUnfit(BusinessError):
    code = "lead_unfit"
    http_status = 422
    field = "lead_number"
    sentence = _("线索 %(number)s 还没有转为这位客户，不能关联。")


class StepUnknown(BusinessError):
    code = "step_unknown"
    http_status = 404
    sentence = _("没有“%(step)s”这一步。")


class StepFieldUnknown(BusinessError):
    code = "step_field_unknown"
    http_status = 422
    sentence = _("这一步没有“%(field)s”这一项。")


class PartyIsBorrower(BusinessError):
    code = "party_is_borrower"
    http_status = 422
    field = "customer_number"
    sentence = _("借款人本人不能再作共借人、担保人或配偶。")


class PartyTwice(BusinessError):
    code = "party_twice"
    field = "customer_number"
    sentence = _("%(name)s 已经在这笔进件中。")


class PartyUnknown(BusinessError):
    code = "party_unknown"
    http_status = 404
    sentence = _("%(number)s 不在这笔进件中。")


class SpouseNotPerson(BusinessError):
    code = "spouse_not_person"
    http_status = 422
    field = "role"
    sentence = _("配偶须为个人客户，借款人也须为个人。")


class Incomplete(BusinessError):
    """Something is missing; `gaps` holds everything, in the order of the steps."""

    code = "application_incomplete"
    http_status = 422
    sentence = _("还缺 %(count)s 项，补齐后才能提交：%(missing)s。")

    def __init__(self, gaps: Sequence[Gap], sentences: Sequence[str]) -> None:
        self.gaps = tuple(gaps)
        super().__init__(count=len(gaps), missing=gettext("；").join(sentences))


class VehicleTaken(BusinessError):
    code = "vehicle_taken"
    field = "vehicle_number"
    sentence = _("这辆车已在另一笔审批中或已批复的进件上，须等那一笔结束。")


class FurtherVehicleTaken(VehicleTaken):
    sentence = _("车辆 %(vehicle)s 已在另一笔审批中或已批复的进件上，须等那一笔结束。")


class VehicleUnknown(BusinessError):
    code = "vehicle_unknown"
    http_status = 422
    field = "vehicle_number"
    sentence = _("没有这个车辆编号，或不在您的数据范围内。")


class VehicleFirstMissing(BusinessError):
    code = "vehicle_first_missing"
    http_status = 422
    field = "vehicle_number"
    sentence = _("请先选择主抵押车辆，再添加其他车辆。")


class VehicleTwice(BusinessError):
    code = "vehicle_twice"
    field = "vehicle_number"
    sentence = _("车辆 %(vehicle)s 已经在这笔进件中。")


class VehicleOfStranger(BusinessError):
    code = "vehicle_of_stranger"
    http_status = 422
    field = "vehicle_number"
    sentence = _("车辆 %(vehicle)s 的所有人不在这笔进件中，请先将其添加为共借人、担保人或配偶。")


class VehiclesFull(BusinessError):
    code = "vehicles_full"
    field = "vehicle_number"
    sentence = _("一笔进件最多 %(most)s 辆其他抵押车辆。")


class VehicleNotHere(BusinessError):
    code = "vehicle_not_here"
    http_status = 404
    sentence = _("%(number)s 不是这笔进件的其他抵押车辆。")


class FurtherUnfit(BusinessError):
    code = "further_vehicle_unfit"
    http_status = 422
    field = "vehicle_number"
    sentence = _("车辆 %(vehicle)s：%(why)s")


class PartyOwnsVehicle(BusinessError):
    code = "party_owns_vehicle"
    sentence = _("%(name)s 是车辆 %(vehicle)s 的所有人，请先移除这辆车。")


class GuarantorNeeded(BusinessError):
    code = "guarantor_needed"
    sentence = _("自动决策要求进件 %(number)s 须有担保人：请退回补件添加担保人，或在“担保与覆盖率”中登记保证人并由他人认定。")


class OfferExpired(BusinessError):
    code = "offer_expired"
    sentence = _("批复已于 %(until)s 到期，请重新进件。")


class OfferStillValid(BusinessError):
    code = "offer_still_valid"
    sentence = _("有效期至 %(until)s（含当日），还不能作废。")


class ContractMade(BusinessError):
    code = "contract_made"
    sentence = _("进件 %(number)s 已制作合同，请先作废合同，再办理进件。")


class DutyHeldBefore(BusinessError):
    code = "same_person"
    sentence = _("%(name)s 在这笔进件的前一轮已是%(duty)s，这一环节须由另一位同事完成。")


class OfferRoundsOver(BusinessError):
    code = "offer_rounds_over"
    sentence = _("客户已另提条件 %(most)s 次，请接受或谢绝目前的批复。")


class ChangeWithoutAgreement(BusinessError):
    code = "change_without_agreement"
    http_status = 422
    field = "verdict"
    sentence = _("改动金额、期限、利率或附加批复条件，须选择“同意”。")


class ConditionUnknown(BusinessError):
    code = "condition_unknown"
    http_status = 404
    sentence = _("这笔进件没有这项批复条件。")


class ConditionOfOthers(BusinessError):
    code = "condition_of_others"
    http_status = 403
    sentence = _("这项批复条件由“%(role)s”办理。")


class WantedUnknown(BusinessError):
    code = "wanted_unknown"
    http_status = 404
    sentence = _("没有这项补件要求，或已经答复。")


class NotAccepted(BusinessError):
    code = "application_not_accepted"
    sentence = _("进件 %(number)s 目前为“%(status)s”，客户接受批复后才能签约。")


class NotByMachine(BusinessError):
    code = "not_decided_by_machine"
    sentence = _("进件 %(number)s 不是由自动决策拒绝的，不能登记复核或申诉。")


class NothingToAppeal(BusinessError):
    code = "nothing_to_appeal"
    sentence = _("进件 %(number)s 没有可以申诉的决策。")


class AppealedBefore(BusinessError):
    code = "appealed_before"
    sentence = _("进件 %(number)s 已申诉过，并以新查询的资料由其他人重新审批；有新情况请重新进件。")
