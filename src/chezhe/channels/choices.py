"""Where business comes from, as data (DOMAIN.md §1)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

TIERS: Final = [("A", _("A 级")), ("B", _("B 级")), ("C", _("C 级")), ("D", _("D 级"))]
DEALER_KINDS: Final = [("dealer_4s", _("4S 店")), ("used_car_dealer", _("二手车商")), ("service_provider", _("SP 服务商"))]
# What a lead may say about where it came from; the first four are our own, the others somebody brings.
SOURCES: Final = [
    ("walk_in", _("到店")), ("phone", _("来电")), ("website", _("官网与小程序")), ("repeat", _("老客户再贷")),
    ("referral", _("转介绍")), ("dealer", _("车商推荐")), ("market", _("二手车市场")), ("search_ad", _("搜索广告")),
    ("social", _("社交媒体")), ("event", _("活动与讲座")), ("other", _("其他")),
]
SOURCE_WITH_DEALER: Final = "dealer"
