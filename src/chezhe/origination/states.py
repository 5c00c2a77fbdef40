"""What becomes of an application (DOMAIN.md §11): decided by people; the expiry of an approval is a date."""

from django.db.models import Q
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
        ("approved", "decline", "withdrawn"),
        ("approved", "counter", "checking"),
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
        "decline": _("客户不接受"), "counter": _("客户另提条件"),
    },
)
OFFER = machine(
    _("批复方案"),
    [
        ("open", "accept", "accepted"),
        ("open", "decline", "declined"),
        ("open", "counter", "countered"),
        ("open", "supersede", "superseded"),
        ("open", "lapse", "lapsed"),
    ],
    {
        "open": pgettext_lazy("offer", "待答复"), "accepted": pgettext_lazy("offer", "已接受"),
        "declined": pgettext_lazy("offer", "已谢绝"),
        "countered": _("客户已另提条件"), "superseded": _("已被新方案取代"), "lapsed": pgettext_lazy("offer", "已失效"),
        "offer": _("给出批复方案"), "accept": _("客户接受"), "decline": _("客户不接受"), "counter": _("客户另提条件"),
        "supersede": _("另给方案"), "lapse": pgettext_lazy("offer", "失效"),
    },
)
CONDITION = machine(
    _("批复条件"),
    [("open", "meet", "met"), ("open", "waive", "waived"), ("open", "drop", "dropped")],
    {
        "open": pgettext_lazy("condition", "待办理"), "met": pgettext_lazy("condition", "已办完"),
        "waived": pgettext_lazy("condition", "已豁免"),
        "dropped": _("随重新审批作废"), "set": _("设定批复条件"), "meet": _("办完批复条件"), "waive": _("豁免批复条件"),
        "drop": _("作废批复条件"),
    },
)
INTERVIEW = machine(
    _("面签记录"),
    [("open", "sign", "signed"), ("open", "discard", "discarded"), ("signed", "supersede", "superseded")],
    {
        "open": pgettext_lazy("interview", "待签字"), "signed": pgettext_lazy("interview", "已签妥"),
        "discarded": pgettext_lazy("interview", "已作废"), "superseded": _("已被更正"), "begin": _("建立面签记录"),
        "sign": _("面签双方签妥"), "discard": _("作废面签记录"), "supersede": _("更正面签记录"),
    },
)
EDITABLE = ("draft", "supplement")
IN_REVIEW = ("first_review", "final_review")
# While an application stands here, or is accepted and not paid out, its car cannot stand in another one.
UNDER_DECISION = ("checking", *IN_REVIEW, "approved")
OPEN = (*EDITABLE, *UNDER_DECISION)


def until_paid(statuses: tuple[str, ...]) -> Q:
    """Applications in one of these, and those that the customer has accepted, until the money is paid."""
    return Q(status__in=statuses) | Q(status="accepted") & ~Q(bound="paid")
