"""What becomes of an application (DOMAIN.md §11): decided by people; the expiry of an approval is a date."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

APPLICATION = machine(
    _("进件"),
    [
        ("draft", "submit", "checking"),
        ("supplement", "submit", "checking"),
        ("supplement", "bring_back", "first_review"),
        ("supplement", "bring_back_final", "final_review"),
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
        ("accepted", "expire", "expired"),
        ("draft", "expire", "expired"),
        ("supplement", "expire", "expired"),
        ("accepted", "withdraw", "withdrawn"),
        ("draft", "withdraw", "withdrawn"),
        ("supplement", "withdraw", "withdrawn"),
        ("first_review", "withdraw", "withdrawn"),
        ("final_review", "withdraw", "withdrawn"),
        ("approved", "withdraw", "withdrawn"),
    ],
    {
        "draft": _("草稿"), "checking": _("资料核验中"), "supplement": _("待补件"), "first_review": _("初审中"),
        "final_review": _("终审中"), "approved": _("已批复"), "accepted": _("客户已接受"), "rejected": _("已拒绝"),
        "withdrawn": _("已撤回"), "expired": pgettext_lazy("application", "已过期"), "start": _("新建进件"), "submit": _("提交审批"),
        "bring_back": _("补件后送回初审"), "bring_back_final": _("补件后送回终审"), "refer": _("转人工审批"),
        "pass_review": _("初审通过"), "return": _("退回补件"), "reject": _("拒绝"), "approve": _("批准"), "accept": _("客户接受"),
        "expire": pgettext_lazy("application", "作废"), "withdraw": _("撤回"), "ask_review": _("人工复核"), "appeal": _("申诉"),
    },
)
EDITABLE = ("draft", "supplement")
IN_REVIEW = ("first_review", "final_review")
UNDER_DECISION = ("checking", *IN_REVIEW, "approved")
# While an application stands here, its car cannot stand in another one: from the day of the payout its mortgage sees to that.
HOLDS_VEHICLE = (*UNDER_DECISION, "accepted")
OPEN = (*EDITABLE, *UNDER_DECISION)
# What the calendar closes once its last day is over.
LAPSES = (*EDITABLE, "approved", "accepted")
