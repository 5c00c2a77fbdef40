"""What connects a person or a car with other applications."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

_person = Group("person", "relations", roles.RISK_MANAGER, days=1)
_vehicle = Group("vehicle", "relations", roles.RISK_MANAGER, days=1)

FACTS: Final = (
    _person.count("same_phone_people", _("同一手机号的其他人数"), 100_000),
    _person.count("same_address_people", _("同一地址的其他人数"), 100_000),
    _person.count("same_device_people", _("同一设备的其他人数"), 100_000),
    _person.count("same_card_people", _("同一银行卡的其他人数"), 100_000),
    _person.count("same_employer_phone_people", _("同一单位电话的其他人数"), 100_000),
    _vehicle.count("same_vin_applications", _("同一车辆的其他申请数"), 100_000),
    _person.count("ring_size", _("关联团伙人数"), 1_000_000),
    _person.rate("ring_bad_rate", _("关联团伙不良率")),
)
