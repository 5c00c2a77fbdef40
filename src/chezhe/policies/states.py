"""What people decide about a version of a decision table. Scheduled, in force and superseded are the calendar's (`queries.standing`)."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

DRAFT, SUBMITTED, PUBLISHED, CANCELLED, DISCARDED = "draft", "submitted", "published", "cancelled", "discarded"

VERSION = machine(
    _("决策表版本"),
    [
        (DRAFT, "submit_version", SUBMITTED),
        (DRAFT, "discard_version", DISCARDED),
        (SUBMITTED, "publish_version", PUBLISHED),
        (SUBMITTED, "return_version", DRAFT),
        (PUBLISHED, "cancel_version", CANCELLED),
    ],
    {
        DRAFT: _("草稿"), SUBMITTED: _("待发布"), PUBLISHED: _("已发布"), CANCELLED: _("已撤销"), DISCARDED: _("已作废"),
        "submit_version": _("提交"), "publish_version": _("发布"), "return_version": _("退回"),
        "cancel_version": _("撤销"), "discard_version": _("作废"), "roll_back": _("回退发布"),
    },
)
