"""What becomes of an application (DOMAIN.md §11): decided by people; the expiry of an approval is a date."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

APPLICATION = machine(
    _("进件"),
    [
        ("draft", "submit", "checking"),
        ("supplement", "submit", "checking"),
        ("checking", "refer", "first_review"),
        ("checking", "approve", "approved"),
        ("checking", "reject", "rejected"),
        ("checking", "withdraw", "withdrawn"),
        ("first_review", "pass_review", "final_review"),
        ("first_review", "approve", "approved"),
        ("first_review", "return", "supplement"),
        ("final_review", "return", "supplement"),
        ("first_review", "reject", "rejected"),
        ("final_review", "reject", "rejected"),
        ("final_review", "approve", "approved"),
        ("rejected", "ask_review", "first_review"),
        ("rejected", "appeal", "checking"),
        ("approved", "accept", "accepted"),
        ("approved", "expire", "expired"),
        ("draft", "withdraw", "withdrawn"),
        ("supplement", "withdraw", "withdrawn"),
        ("first_review", "withdraw", "withdrawn"),
        ("final_review", "withdraw", "withdrawn"),
        ("approved", "withdraw", "withdrawn"),
    ],
    {
        "draft": _("草稿"), "checking": _("资料核验中"), "supplement": _("待补件"), "first_review": _("初审中"),
        "final_review": _("终审中"), "approved": _("已批复"), "accepted": _("客户已接受"), "rejected": _("已拒绝"),
        "withdrawn": _("已撤回"), "expired": _("批复过期"), "start": _("新建进件"), "submit": _("提交审批"), "refer": _("转人工审批"),
        "pass_review": _("初审通过"), "return": _("退回补件"), "reject": _("拒绝"), "approve": _("批准"), "accept": _("客户接受"),
        "expire": pgettext_lazy("application", "作废"), "withdraw": _("撤回"), "ask_review": _("人工复核"), "appeal": _("申诉"),
    },
)
EDITABLE = ("draft", "supplement")
IN_REVIEW = ("first_review", "final_review")
# While an application stands here, its car cannot stand in another one.
HOLDS_VEHICLE = ("checking", *IN_REVIEW, "approved")
OPEN = (*EDITABLE, *HOLDS_VEHICLE)
