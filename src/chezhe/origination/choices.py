"""Fixed choices of the origination room, with their words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.products import labels

PURPOSES: Final = list(labels.PURPOSES.items())
METHODS: Final = [(method.value, label) for method, label in labels.METHODS.items()]
PARTY_ROLES: Final = [("co_borrower", _("共借人")), ("guarantor", _("担保人")), ("spouse", _("配偶"))]
STEPS: Final = [
    ("party", _("主体")), ("support", _("共借与担保")), ("vehicle", _("车辆")), ("finance", _("收入与负债")),
    ("documents", _("资料")), ("consents", _("授权与提交")),
]
FILED_THROUGH: Final = [("counter", _("柜台")), ("online", _("线上"))]
VERDICTS: Final = [("agree", _("同意")), ("return", _("退回补件")), ("reject", _("拒绝"))]
