"""Refusals of the channels room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class DealerExists(BusinessError):
    code = "dealer_exists"
    http_status = 409
    field = "uscc"
    sentence = _("该统一社会信用代码已登记为车商 %(number)s（%(name)s）。")


class DealerClosed(BusinessError):
    code = "dealer_not_active"
    http_status = 409
    field = "dealer_number"
    sentence = _("车商 %(number)s 目前为“%(status)s”，不能再推荐新业务。")


class DealerUnknown(BusinessError):
    code = "dealer_unknown"
    http_status = 422
    field = "dealer_number"
    sentence = _("没有这个车商编号，或不在您的门店。")


class DealerPersonExists(BusinessError):
    code = "dealer_person_exists"
    http_status = 409
    field = "mobile"
    sentence = _("这个手机号已开通车商服务；如此人已离职，请先停用。")


class CommissionAboveCap(BusinessError):
    code = "commission_above_cap"
    http_status = 422
    field = "rate"
    sentence = _("返佣比例不得超过放款额的 %(cap)s（%(source)s）。")


class PlanEndsTooEarly(BusinessError):
    code = "commission_plan_end_past"
    http_status = 422
    field = "last_day"
    sentence = _("方案最早只能在业务日期 %(today)s 终止；已放款的贷款仍按原方案返佣。")
