"""The words of traces, relations and the blacklist."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TRACE_KINDS: Final = [
    ("phone", _("手机号")), ("address", _("地址")), ("device", _("设备")), ("guarantor", _("保证人")), ("employer", _("工作单位")),
    ("employer_phone", _("单位电话")), ("bank_card", _("银行卡")), ("vin", _("车架号")), ("plate", _("车牌号")), ("id", _("证件号码")),
]
OUTCOME_KINDS: Final = [("bad", _("不良")), ("good", pgettext_lazy("outcome", "正常"))]
RELATION_KINDS: Final = [
    ("same_controller", _("同一控制人")), ("household", _("同一家庭")), ("duplicate", _("疑似同一人")),
]
REASONS: Final = {
    "same_phone": _("电话相同"), "same_bank_card": _("银行卡相同"), "same_device": _("设备相同"), "same_address": _("地址相同"),
    "same_employer": _("工作单位相同"), "same_vin": _("车架号相同"), "same_plate": _("车牌号相同"), "same_id": _("保证人或证件号码相同"),
    "same_name": _("姓名相同"), "same_sound": _("姓名同音"), "one_character_apart": _("姓名一字之差"),
    "same_birth_date": _("出生日期相同"), "same_id_tail": _("证件尾号相同"),
}
BLACKLIST_KINDS: Final = [
    ("person", _("个人")), ("company", _("企业")), ("phone", _("电话")), ("device", _("设备")), ("vin", _("车架号")),
    ("plate", _("车牌号")), ("employer", _("工作单位")), ("dealer", _("车商")),
]
BLACKLIST_REASONS: Final = [
    ("fraud", _("欺诈或伪造资料")), ("agent_fraud", _("中介代办包装")), ("stolen_identity", _("冒用他人身份")),
    ("bad_debt", _("恶意逾期或核销")),
    ("vehicle_fraud", _("车辆重复抵押或虚假交易")), ("violence", _("威胁或暴力抗拒")),
    ("enforcement", _("失信被执行")), ("other", _("其他")),
]
BLACKLIST_SOURCES: Final = [
    ("internal", _("本机构")), ("dealer", pgettext_lazy("source", "车商通报")), ("industry", _("行业共享")),
    ("authority", _("司法或监管机关")),
]
