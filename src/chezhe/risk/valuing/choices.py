"""Fixed choices of valuing, with their words."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SOURCES: Final = [
    ("jingzhengu", _("精真估")), ("che300", _("车300")), ("appraiser", _("评估师")), ("model", _("自有模型")),
    ("cost", _("重置成本法")), ("market", _("现行市价法")), ("invoice", pgettext_lazy("valuation", "发票价")),
]
OUTSIDE: Final = ("jingzhengu", "che300")
WEIGHTS: Final = {
    "jingzhengu": "VALUATION_WEIGHT_PROVIDER", "che300": "VALUATION_WEIGHT_PROVIDER", "appraiser": "VALUATION_WEIGHT_APPRAISER",
    "model": "VALUATION_WEIGHT_MODEL", "market": "VALUATION_WEIGHT_MARKET", "cost": "VALUATION_WEIGHT_COST",
    "invoice": "VALUATION_WEIGHT_INVOICE",
}
# Why a source has no figure.
FAILURES: Final = {
    "no_consent": _("没有车主授权"),
    "timeout": _("超时未答复"), "unreachable": _("联系不上"), "refused": _("对方拒绝"), "no_quote": _("没有此车型的报价"),
    "no_report": _("没有有效期内的评估报告"), "no_model": _("自有模型未启用"), "no_price": _("没有新车价"),
    "few_deals": _("可比成交不足 3 笔"),    "no_age": _("没有初次登记日期"), "no_mileage": _("没有里程"), "no_invoice": _("没有近期成交价"),
    "unreadable": _("答复无法识别"),
}
GRADES: Final = [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")]
PARTS: Final = {
    "body": _("车身与漆面"), "chassis": _("底盘与悬架"), "engine": _("发动机或电机"), "gearbox": _("变速箱"), "electrics": _("电器"),
    "interior": _("内饰"), "tyres": _("轮胎"),
}
PHOTOS: Final = (
    "photo_front_left", "photo_rear_right", "photo_nameplate", "photo_vin_stamp", "photo_dashboard", "photo_engine_bay", "photo_interior",
    "photo_tyres",
)
BOUND_BY: Final = {
    "blend": _("综合价"), "outside": _("外部报价中位数"), "invoice": pgettext_lazy("valuation", "发票价"),
}
AGAINST: Final = [("blend", _("其他来源的综合价")), ("sale", _("实际成交价"))]
POINTS: Final = {
    "car_major_accident": _("重大事故"), "car_flood": _("泡水"), "car_fire": _("火烧"), "car_mortgaged_elsewhere": _("已抵押给他人"),
    "car_title_clear": _("权属清晰"), "car_vin_match": _("车架号相符"), "car_plate_match": _("车牌相符"), "car_insured": _("交强险有效"),
    "car_usage": _("使用性质"), "car_energy": _("能源类型"), "car_transfers": _("过户次数"), "car_mileage_km": _("里程（公里）"),
    "car_mileage_conflict": _("里程矛盾"),
}
WITNESSES: Final = {
    "vehicle_history": _("车辆历史查询"),
    "vehicle_registry": _("车辆登记查询"), "appraiser": _("评估师"), "file": _("车辆档案"), "licence": _("行驶证"),
    "certificate": _("机动车登记证书"),
}
