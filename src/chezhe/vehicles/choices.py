"""Fixed choices of the vehicles room, with their words (DOMAIN.md §5)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

CONDITIONS: Final = [("new", _("新车")), ("used", _("二手车"))]
ENERGY_TYPES: Final = [
    ("petrol", _("汽油")), ("diesel", _("柴油")), ("gas", _("燃气")), ("hybrid", _("混合动力（非插电）")),
    ("plug_in_hybrid", _("插电混合动力")), ("range_extended", _("增程式")), ("pure_electric", _("纯电动")), ("fuel_cell", _("燃料电池")),
]
USAGE_NATURES: Final = [
    ("non_commercial", _("非营运")), ("freight", _("货运")), ("taxi", _("出租客运")), ("ride_hail", _("预约出租客运")),
    ("rental", _("租赁")), ("commercial_to_private", _("营转非")), ("other_commercial", _("其他营运")),
]
VALUATION_SOURCES: Final = [
    ("in_house", _("本公司评估")), ("jingzhengu", _("精真估")), ("che300", _("车300")), ("dealer_quote", _("车商报价")),
    ("market", _("市场成交价")), ("other", _("其他")),
]
PAPER_KINDS: Final = [("licence", _("行驶证")), ("certificate", _("机动车登记证书"))]
FIELD_LABELS: Final = {
    "owner": _("车主"), "vin": _("车架号"), "plate": _("车牌号"), "engine_no": _("发动机号"), "brand": _("品牌"),
    "series": _("车系"), "model": _("型号"), "energy_type": _("能源类型"), "usage_nature": _("使用性质"), "condition": _("新旧"),
    "first_registered_on": _("初次登记日期"), "mileage_km": _("里程"), "colour": _("颜色"), "invoice_price": _("成交价（不含税费）"),
    "guide_price": _("厂商指导价"),
}
# What the papers print, in their order; the kinds of value are text, day and whole number.
LICENCE_FIELDS: Final = {
    "plate": (_("号牌号码"), "text"), "vehicle_type": (_("车辆类型"), "text"), "holder_name": (_("所有人"), "text"),
    "address": (_("住址"), "text"), "usage_nature": (_("使用性质"), "usage"), "brand_model": (_("品牌型号"), "text"),
    "vin": (_("车辆识别代号"), "text"), "engine_no": (_("发动机号"), "text"), "registered_on": (_("注册日期"), "day"),
    "issued_on": (_("发证日期"), "day"), "file_no": (_("档案编号"), "text"), "seats": (_("核定载人数"), "whole"),
    "gross_mass_kg": (_("总质量（千克）"), "whole"), "curb_mass_kg": (_("整备质量（千克）"), "whole"),
    "dimensions": (_("外廓尺寸（毫米）"), "text"), "inspection_until": (_("检验有效期至"), "day"),
}
CERTIFICATE_FIELDS: Final = {
    "certificate_no": (_("登记证书编号"), "text"), "holder_name": (_("机动车所有人"), "text"), "holder_id": (_("所有人证件号"), "text"),
    "authority": (_("登记机关"), "text"), "registered_on": (_("登记日期"), "day"), "plate": (_("机动车登记编号"), "text"),
    "vehicle_type": (_("车辆类型"), "text"), "brand": (_("车辆品牌"), "text"), "model": (_("车辆型号"), "text"),
    "colour": (_("车身颜色"), "text"), "vin": (_("车辆识别代号/车架号"), "text"), "origin": (_("国产/进口"), "origin"),
    "engine_no": (_("发动机号"), "text"), "engine_model": (_("发动机型号"), "text"), "fuel": (_("燃料种类"), "text"),
    "displacement_ml": (_("排量（毫升）"), "whole"), "power_kw": (_("功率（千瓦）"), "whole"), "maker": (_("制造厂名称"), "text"),
    "tyres": (_("轮胎规格"), "text"), "axles": (_("轴数"), "whole"), "seats": (_("核定载客"), "whole"),
    "usage_nature": (_("使用性质"), "usage"), "obtained_by": (_("车辆获得方式"), "text"), "made_on": (_("车辆出厂日期"), "day"),
    "issued_on": (_("发证日期"), "day"),
    "transfers": (_("转移登记次数"), "whole"), "stamps": (_("转移、抵押、解押、质押、变更记录"), "long"),
}
ORIGINS: Final = [("domestic", _("国产")), ("imported", _("进口"))]
PAPER_FIELDS: Final = {"licence": LICENCE_FIELDS, "certificate": CERTIFICATE_FIELDS}
