"""Refusals of the leads room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class LeadExists(BusinessError):
    code = "lead_exists"
    http_status = 409
    field = "mobile"
    sentence = _("该手机号已有线索 %(number)s，由%(owner)s跟进，保护期至 %(until)s。")


class LeadExistsElsewhere(BusinessError):
    code = "lead_exists_elsewhere"
    http_status = 409
    field = "mobile"
    sentence = _("该手机号已由其他同事或门店跟进，不能重复录入；如需协作请联系门店经理。")


class LeadInPool(BusinessError):
    code = "lead_in_pool"
    http_status = 409
    field = "mobile"
    sentence = _("该手机号的线索 %(number)s 已进入公共池，请直接领取，不必重新录入。")


class EnquiryStands(BusinessError):
    code = "enquiry_stands"
    sentence = _("您的咨询我们已经收到，工作人员会尽快与您联系，不必重复提交。")


class EnquiryUnagreed(BusinessError):
    code = "enquiry_unagreed"
    http_status = 422
    field = "agrees"
    sentence = _("须同意我们处理您的联系方式，才能与您联系。")


class LeadProtected(BusinessError):
    code = "lead_protected"
    http_status = 409
    sentence = _("线索 %(number)s 由%(owner)s跟进，保护期至 %(until)s，期内不能领取。")


class AssigneeUnknown(BusinessError):
    code = "assignee_unknown"
    http_status = 422
    field = "owner_username"
    sentence = _("没有这位同事，或他不在线索所在的门店做获客工作。")


class OwnerNeeded(BusinessError):
    code = "owner_needed"
    http_status = 409
    sentence = _("线索 %(number)s 还没有分配跟进人，请先分配或领取。")


class DealerNeeded(BusinessError):
    code = "dealer_needed"
    http_status = 422
    field = "dealer_number"
    sentence = _("来源为车商推荐时，请选择车商。")


class TouchInPast(BusinessError):
    code = "touch_next_in_past"
    http_status = 422
    field = "touch_next_on"
    sentence = _("下次联系日期不能早于业务日期 %(today)s。")


class CustomerUnknown(BusinessError):
    code = "customer_unknown"
    http_status = 422
    field = "customer_number"
    sentence = _("没有这个客户编号，或不在您的数据范围内。")


class CustomerOrFacts(BusinessError):
    code = "customer_or_facts"
    http_status = 422
    field = "customer_number"
    sentence = _("请填写已有客户的编号，或填写新客户的资料，二者取其一。")
