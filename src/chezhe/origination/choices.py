"""Fixed choices of the origination room, with their words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.products import labels

PURPOSES: Final = list(labels.PURPOSES.items())
METHODS: Final = [(method.value, label) for method, label in labels.METHODS.items()]
# As what somebody borrows; nothing chosen means as the product says.
BORROWERS: Final = [("", _("以产品为准")), *labels.BORROWERS.items()]
PARTY_ROLES: Final = [("co_borrower", _("共借人")), ("guarantor", _("担保人")), ("spouse", _("配偶"))]
STEPS: Final = [
    ("party", _("主体")), ("support", _("共借与担保")), ("vehicle", _("车辆")), ("finance", _("收入与负债")),
    ("documents", _("资料")), ("consents", _("授权与提交")),
]
FIELDS: Final = {
    "product_code": _("产品"), "purpose": _("用途"), "vehicle_number": _("车辆"), "price": _("成交价"), "amount": _("申请金额"),
    "periods": _("期限"), "method": _("还款方式"), "annual_rate": _("年利率"), "due_day": _("还款日"), "monthly_income": _("月收入"),
    "monthly_debt": _("现有月还款"), "acceptance": _("批复后如何办理"), "parties": _("共借与担保"), "documents": _("资料"),
    "further_vehicles": _("其他抵押车辆"),
}
# What is approved is taken by the customer's answer, or without one where it was agreed to beforehand; nobody is presumed to agree.
ACCEPTANCES: Final = [("asked", _("批复后由客户答复")), ("ahead", _("客户已同意：按申请条件或更低利率批准的，直接办理"))]
# How far the contract of an accepted application has come; its room says so.
BOUND: Final = [("", "—"), ("made", _("已制作合同")), ("paid", _("已放款"))]
WANTED: Final = [("document", _("资料")), ("field", _("填写项")), ("other", _("其他"))]
CONDITION_DUE: Final = [("contract", _("制作合同前")), ("payout", _("放款前"))]
# Whose work a condition of an approval may be.
CONDITION_OWNERS: Final = [(role, roles.LABELS[role]) for role in (roles.SALES, roles.COLLATERAL_OPS, roles.RISK_OFFICER)]
FILED_THROUGH: Final = [("counter", _("柜台")), ("online", _("线上")), ("dealer", _("车商"))]
VERDICTS: Final = [("agree", _("同意")), ("return", _("退回补件")), ("reject", _("拒绝"))]
INTERVIEW_CHANNELS: Final = [("counter", _("柜台面签")), ("field", _("上门面签")), ("video", _("视频面签"))]
INTERVIEW_SIGNERS: Final = [("customer", _("客户")), ("interviewer", _("面签人"))]
INTERVIEW_WAYS: Final = [("drawn", _("手写签名")), ("counter", _("柜台签字件"))]
