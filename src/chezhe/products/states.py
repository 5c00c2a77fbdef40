"""What people decide about a version of a product."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

DRAFT, SUBMITTED, PUBLISHED, RETIRED, DISCARDED = "draft", "submitted", "published", "retired", "discarded"

VERSION = machine(
    _("产品版本"),
    [
        (DRAFT, "submit_version", SUBMITTED),
        (DRAFT, "discard_version", DISCARDED),
        (SUBMITTED, "publish_version", PUBLISHED),
        (SUBMITTED, "return_version", DRAFT),
        (PUBLISHED, "retire_version", RETIRED),
    ],
    {
        DRAFT: _("草稿"), SUBMITTED: _("待发布"), PUBLISHED: _("已发布"), RETIRED: _("已停用"), DISCARDED: _("已作废"),
        "submit_version": _("提交"), "publish_version": _("发布"), "return_version": _("退回"),
        "retire_version": _("停用"), "discard_version": _("作废"),
    },
)
