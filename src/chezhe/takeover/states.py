"""What a takeover may become: files are collected and tried, totals agreed, a second person lets it go, the worker carries it out."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

TAKEOVER = machine(
    pgettext_lazy("book", "存量迁入"),
    [
        ("collecting", "try", "trying"),
        ("trying", "accept", "tried"),
        ("trying", "refuse", "faulty"),
        # What was wrong may have been mended in the house, too.
        ("faulty", "try", "trying"),
        ("tried", "try", "trying"),
        # Another file takes the place of one that was wrong.
        ("faulty", "reopen", "collecting"),
        ("tried", "reopen", "collecting"),
        ("tried", "submit", "submitted"),
        ("submitted", "give_back", "tried"),
        ("submitted", "approve", "taking"),
        ("taking", "finish", "taken"),
        # Loans that were refused are tried once more when their reason is gone.
        ("taken", "take_again", "taking"),
        ("collecting", "discard", "discarded"),
        ("faulty", "discard", "discarded"),
        ("tried", "discard", "discarded"),
    ],
    {
        "collecting": _("收集文件"), "trying": _("试算中"), "faulty": _("有错误"), "tried": _("待核对总数"), "submitted": _("待复核"),
        "taking": _("迁入中"), "taken": _("已迁入"), "discarded": _("已作废"),
        "try": pgettext_lazy("takeover", "试算"), "accept": _("试算通过"), "refuse": _("发现错误"),
        "reopen": _("更换文件"), "submit": _("提交复核"),
        "give_back": _("退回"), "approve": _("复核通过"), "finish": _("迁入完成"), "take_again": _("重试未迁入的贷款"),
        "discard": _("作废"),
    },
)
