"""What is known of a car."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group
from chezhe.vehicles import choices

_registry = Group("vehicle", "vehicle_registry", roles.APPRAISER, days=15)
_appraisal = Group("vehicle", "appraisal", roles.APPRAISER, days=30)
_history = Group("vehicle", "vehicle_history", roles.APPRAISER, days=30)
_value = Group("vehicle", "valuation", roles.APPRAISER, days=30)

FACTS: Final = (
    _registry.count("car_age_months", _("车龄（月）"), 720, unit="months"),
    _appraisal.count("car_mileage_km", _("里程"), 2_000_000, unit="km", tolerance=Decimal("0.05")),
    _history.flag("car_mileage_conflict", _("里程有矛盾")),
    _appraisal.flag("car_major_accident", _("重大事故车")),
    _appraisal.flag("car_flood", _("水淹车")),
    _appraisal.flag("car_fire", _("火烧车")),
    _registry.flag("car_title_clear", _("权属清晰")),
    _registry.flag("car_mortgaged_elsewhere", _("已抵押给他人")),
    _appraisal.flag("car_vin_match", _("车架号与证件一致")),
    _registry.flag("car_plate_match", _("号牌与证件一致")),
    _registry.text("car_usage", _("使用性质"), *dict(choices.USAGE_NATURES)),
    _registry.text("car_energy", _("能源类型"), *dict(choices.ENERGY_TYPES)),
    _registry.count("car_transfers", _("过户次数"), 100),
    _registry.flag("car_insured", _("保险在有效期内"), source="insurance"),
    _value.money("car_value_market", _("市场价值"), high=100_000_000_00, tolerance=Decimal("0.15")),
    _value.money("car_value_lending", _("放款价值"), high=100_000_000_00),
    _value.rate("car_value_interval_rate", _("估值区间宽度"), high="10"),
    _value.count("car_days_to_sell", _("预计变现天数"), 3_650, unit="days"),
)
