"""What connects a person, a company or a car with other applications."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

_person = Group("person", "relations", roles.RISK_MANAGER, days=1)
_company = Group("company", "relations", roles.RISK_MANAGER, days=1)
_vehicle = Group("vehicle", "relations", roles.RISK_MANAGER, days=1)
_application = Group("application", "relations", roles.RISK_MANAGER, days=1)

FACTS: Final = (
    _person.count("same_phone_people", _("同一手机号的其他人数"), 100_000),
    _person.count("same_address_people", _("同一地址的其他人数"), 100_000),
    _person.count("same_device_people", _("同一设备的其他人数"), 100_000),
    _person.count("same_card_people", _("同一银行卡的其他人数"), 100_000),
    _person.count("same_employer_phone_people", _("同一单位电话的其他人数"), 100_000),
    _vehicle.count("same_vin_applications", _("同一车辆的其他申请数"), 100_000),
    _person.count("ring_size", _("关联团伙人数"), 1_000_000),
    _person.rate("ring_bad_rate", _("关联团伙不良率")),
    _company.count("same_phone_companies", _("同一电话的其他企业数"), 100_000),
    _application.count("guarantor_applications", _("保证人近一年担保的其他申请数"), 100_000),
    _application.count("plate_other_vins", _("同一车牌的其他车架号数"), 100_000),
    _person.count("employer_bad_people", _("同一单位的不良客户数"), 100_000),
    _person.rate("employer_bad_rate", _("同一单位的不良率")),
    _company.flag("owners_on_blacklist", _("控制人或受益所有人在黑名单"), source="blacklist"),
)
