"""Fixed choices of the leads room, with their words."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PRODUCTS: Final = [
    ("P01", _("新车分期")), ("P02", _("二手车按揭")), ("P03", _("车抵贷")), ("P04", _("车质押")), ("P05", _("企业流动资金")),
    ("P06", _("车商库存融资")), ("P07", _("直租")), ("P08", _("售后回租")), ("P10", _("个体工商户经营贷")),
]
TOUCH_CHANNELS: Final = [("phone", _("电话")), ("visit", _("面谈")), ("wechat", _("微信")), ("sms", _("短信")), ("other", _("其他"))]
OUTCOMES: Final = [
    ("interested", _("有兴趣")), ("callback", _("约定再联系")), ("no_answer", _("未接通")), ("hesitating", _("犹豫")),
    ("refused", pgettext_lazy("outcome", "拒绝")), ("wrong_number", _("号码有误")),
]
LOST_REASONS: Final = [
    ("not_interested", _("无意愿")), ("price", _("利率或费用")), ("competitor", _("选择他行")), ("not_eligible", _("不符合条件")),
    ("unreachable", _("联系不上")), ("bought_cash", _("全款购车")), ("other", _("其他")),
]
