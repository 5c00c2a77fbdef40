"""The words of due diligence and screening."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GRADES: Final = [
    ("low", pgettext_lazy("risk grade", "低")), ("medium", pgettext_lazy("risk grade", "中")), ("high", pgettext_lazy("risk grade", "高")),
]
OCCUPATIONS: Final = [
    ("ordinary", _("一般职业或行业")), ("cash_business", _("现金密集行业")), ("valuables", _("珠宝、贵金属、艺术品")),
    ("used_car_trade", _("二手车买卖")), ("crypto_or_remittance", _("虚拟货币或汇兑")), ("no_fixed_work", _("无固定职业")),
]
REGIONS: Final = [
    ("ordinary", _("一般地区")), ("region_watched", _("关注地区")), ("region_high", _("高风险国家或地区")),
]
PURPOSES: Final = [
    ("own_use", _("购车自用")), ("business_use", _("购车经营")), ("working_capital", _("资金周转")), ("purpose_unclear", _("目的不明")),
]
_HARMLESS: Final = ("ordinary", "own_use", "business_use", "working_capital")
FACTORS: Final = {
    "pep": _("特定自然人（政要）"), "watch_hit": _("命中名单"), "owners_unknown": _("受益所有人不明"), "agent": _("由他人代办"),
    "remote": _("非面对面"), "layered": _("多层持股"),
    **{code: label for code, label in (*OCCUPATIONS, *REGIONS, *PURPOSES) if code not in _HARMLESS},
}
LIST_KINDS: Final = [
    ("sanction", _("制裁名单")), ("terror", _("恐怖活动名单")), ("pep", _("政要名单")), ("adverse", _("负面名单")),
]
ENTRY_KINDS: Final = [("person", _("个人")), ("company", _("企业"))]
ROLES: Final = [
    ("customer", _("客户本人")), ("legal_representative", _("法定代表人")), ("actual_controller", _("实际控制人")), ("holder", _("股东")),
]
REASONS: Final = {
    "same_name": _("姓名（名称）相同"), "same_alias": _("与别名相同"), "same_sound": _("读音相同"), "same_latin_name": _("与拼写相同"),
    "same_birth_date": _("出生日期相同"), "same_birth_year": _("出生年份相同"), "other_birth_date": _("出生日期不同"),
    "same_id_tail": _("证件尾号相同"), "other_id_tail": _("证件尾号不同"), "same_number": _("证件号码相同"),
}
BASES: Final = {
    "ownership": _("直接或间接持股"), "control": _("以其他方式控制"), "management": _("负责日常经营管理"),
}
