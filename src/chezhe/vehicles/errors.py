"""Refusals of the vehicles room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class VinExists(BusinessError):
    code = "vin_exists"
    http_status = 409
    field = "vin"
    sentence = _("该车架号已登记为车辆 %(number)s，车主 %(owner)s；同一辆车不能重复登记，过户请修改原车辆的车主。")


class VinExistsElsewhere(BusinessError):
    code = "vin_exists_elsewhere"
    http_status = 409
    field = "vin"
    sentence = _("该车架号已由其他同事或门店登记，请核对车辆来历，并联系门店经理或风控。")


class PlateExists(BusinessError):
    code = "plate_exists"
    http_status = 409
    field = "plate"
    sentence = _("该车牌号已登记在车辆 %(number)s 上，请核对行驶证；车牌转移须先修改原车辆。")


class PlateExistsElsewhere(BusinessError):
    code = "plate_exists_elsewhere"
    http_status = 409
    field = "plate"
    sentence = _("该车牌号已由其他同事或门店登记在另一辆车上，请联系门店经理或风控核实。")


class OwnerUnknown(BusinessError):
    code = "owner_unknown"
    http_status = 422
    field = "owner_number"
    sentence = _("没有这个客户编号，或不在您的数据范围内；车主须先建档。")


class ValuedLater(BusinessError):
    code = "valued_later"
    http_status = 422
    field = "valued_on"
    sentence = _("评估日期不能晚于业务日期 %(today)s。")


class AmountNotPositive(BusinessError):
    code = "amount_not_positive"
    http_status = 422
    field = "amount"
    sentence = _("评估价须大于零。")


class PaperEmpty(BusinessError):
    code = "paper_empty"
    http_status = 422
    sentence = _("请至少填写证件上的一项内容。")


class PaperFieldUnknown(BusinessError):
    code = "paper_field_unknown"
    http_status = 422
    sentence = _("这种证件上没有“%(field)s”这一项，或它的值不正确。")
