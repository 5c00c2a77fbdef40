"""What people decide about a version of a paper's words. Scheduled and superseded are the calendar's (`queries.current`)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

DRAFT, SUBMITTED, PUBLISHED, DISCARDED = "draft", "submitted", "published", "discarded"
TEMPLATE = machine(
    _("文本模板版本"),
    [
        (DRAFT, "submit_template", SUBMITTED),
        (DRAFT, "discard_template", DISCARDED),
        (SUBMITTED, "publish_template", PUBLISHED),
        (SUBMITTED, "return_template", DRAFT),
    ],
    {
        DRAFT: _("草稿"), SUBMITTED: _("待发布"), PUBLISHED: _("已发布"), DISCARDED: pgettext_lazy("template", "已放弃"),
        "submit_template": _("提交"), "publish_template": _("发布"), "return_template": _("退回"),
        "discard_template": pgettext_lazy("template", "放弃"),
    },
)
