"""What somebody decided about a loan. Overdue, grace and M2 are computed for a date and are no status."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import Machine, machine

# Running means: not over. What was written off is still claimed.
RUNNING = ("active", "accelerated", "written_off")
# Whose interest and principal stand in the books.
ON_BOOKS = ("active", "accelerated")

LOAN = machine(
    _("贷款"),
    [
        ("active", "repay", "active"),
        ("active", "prepay", "active"),
        ("active", "complete", "settled"),
        ("active", "settle", "settled"),
        # A reversed receipt may show that a loan was not paid off after all.
        ("settled", "reopen", "active"),
        ("active", "charge", "active"),
        ("active", "waive", "active"),
        ("active", "deposit", "active"),
        ("active", "use_deposit", "active"),
        ("active", "subsidise", "active"),
        ("accelerated", "use_deposit", "accelerated"),
        ("written_off", "use_deposit", "written_off"),
        ("accelerated", "deposit", "accelerated"),
        # Of the lines that fell due before it was called in.
        ("accelerated", "subsidise", "accelerated"),
        ("active", "refinance", "active"),
        ("accelerated", "refinance", "accelerated"),
        ("active", "replan", "active"),
        ("active", "release_vehicle", "active"),
        ("active", "restructure", "active"),
        ("active", "refund", "active"),
        ("settled", "refund", "settled"),
        ("active", "accelerate", "accelerated"),
        ("accelerated", "repay", "accelerated"),
        ("accelerated", "charge", "accelerated"),
        ("accelerated", "waive", "accelerated"),
        ("accelerated", "refund", "accelerated"),
        ("accelerated", "complete", "settled"),
        ("accelerated", "settle", "settled"),
        # Restructured, or the acceleration was taken back.
        ("accelerated", "restructure", "active"),
        ("accelerated", "call_off", "active"),
        ("active", "write_off", "written_off"),
        ("accelerated", "write_off", "written_off"),
        # What the court and enforcement cost is claimed with the rest (民法典 §561).
        ("written_off", "charge", "written_off"),
        ("written_off", "settle", "settled"),
        ("written_off", "repay", "written_off"),
        ("written_off", "waive", "written_off"),
        ("written_off", "refund", "written_off"),
        ("written_off", "complete", "settled"),
        ("written_off", "reinstate", "active"),
        # The payout came back after the loan had begun: it goes once more, or there was no loan.
        ("active", "hold", "held"),
        ("held", "let_go", "active"),
        ("held", "undo", "undone"),
    ],
    {
        "active": _("还款中"), "accelerated": _("已提前到期"), "written_off": _("已核销"), "settled": _("已结清"),
        "repay": _("还款"), "prepay": _("部分提前还款"),
        "complete": _("到期结清"), "settle": _("提前结清"),
        "reopen": _("恢复还款"), "charge": _("收费"), "waive": _("减免"), "refund": _("退款"),
        "replan": _("变更还款计划"), "release_vehicle": _("解押一辆车"),
        "deposit": pgettext_lazy("verb", "存入保证金"),
        "refinance": _("借新还旧"), "use_deposit": pgettext_lazy("verb", "保证金抵扣"),
        "subsidise": _("财政贴息"), "restructure": _("重组"), "accelerate": _("宣布提前到期"), "call_off": _("撤销提前到期"),
        "write_off": _("核销"), "reinstate": _("恢复账面"),
        "held": _("放款退回待处理"), "undone": _("放款已撤销"),
        "hold": _("因放款退回暂停"), "let_go": _("重新放款后继续"), "undo": _("撤销放款"),
    },
)

LOAN_CHANGE = machine(
    _("贷款变更"),
    [
        ("proposed", "approve", "applied"),
        ("proposed", "reject", "rejected"),
        ("proposed", "withdraw", "withdrawn"),
        ("applied", "take_back", "taken_back"),
        # A refund has been set aside; a further person lets it go, and the bank answers.
        ("applied", "order", "sent"),
        ("sent", "pay", "paid"),
        ("sent", "fail", "failed"),
        ("failed", "pay", "paid"),
        ("failed", "fail", "failed"),
        ("paid", "return", "returned"),
        ("applied", "cancel", "cancelled"),
        ("failed", "cancel", "cancelled"),
        ("returned", "cancel", "cancelled"),
    ],
    {
        "proposed": _("待审批"), "applied": _("已生效"), "rejected": _("未通过"), "withdrawn": _("已撤回"), "taken_back": _("已冲正"),
        "sent": _("银行处理中"), "paid": _("已付款"), "failed": _("付款失败"), "returned": _("银行退回"), "cancelled": _("已取消"),
        "approve": _("同意"), "reject": _("驳回"), "withdraw": _("撤回"),
        "take_back": pgettext_lazy("verb", "冲正"), "order": pgettext_lazy("verb", "付款"), "pay": _("登记已付"),
        "fail": _("登记失败"), "return": _("登记退回"), "cancel": _("取消退款"),
    },
)

REPRICING = machine(
    _("重定价"),
    [
        ("proposed", "approve", "applying"),
        ("proposed", "reject", "rejected"),
        ("proposed", "withdraw", "withdrawn"),
        ("applying", "finish", "applied"),
        # Loans that failed are tried again; or all of it is taken back.
        ("applied", "retry", "applying"),
        # Who agreed to it agrees to that as well.
        ("applied", "ask_reversal", "reverse_asked"),
        ("reverse_asked", "reverse", "reversing"),
        ("reverse_asked", "keep", "applied"),
        ("reversing", "finish_reversal", "reversed"),
    ],
    {
        "proposed": _("待审批"), "applying": _("执行中"), "applied": _("已执行"), "rejected": _("未通过"), "withdrawn": _("已撤回"),
        "reversing": _("冲正中"), "reverse_asked": _("冲正待审批"), "reversed": _("已冲正"),
        "approve": _("同意"), "reject": _("驳回"), "withdraw": _("撤回"),
        "finish": pgettext_lazy("verb", "完成"), "retry": _("重试"), "reverse": _("整批冲正"), "finish_reversal": _("完成冲正"),
        "ask_reversal": _("申请整批冲正"), "keep": _("不冲正"),
    },
)

END_OF_DAY = machine(
    _("日终"),
    [
        ("running", "pause", "paused"),
        ("paused", "resume", "running"),
        ("running", "finish", "closed"),
    ],
    {
        "running": _("进行中"), "paused": pgettext_lazy("run", "已暂停"), "closed": _("已完成"), "pause": pgettext_lazy("run", "暂停"),
        "resume": _("继续"), "finish": pgettext_lazy("verb", "完成"),
    },
)

DOWNGRADE = machine(
    _("分类下调"),
    [
        ("standing", "ask", "lift_asked"),
        ("lift_asked", "lift", "lifted"),
        ("lift_asked", "keep", "standing"),
    ],
    {
        "standing": _("生效中"), "lift_asked": _("解除待审批"), "lifted": _("已解除"), "ask": _("申请解除"), "lift": _("解除"),
        "keep": _("维持下调"),
    },
)

# Of the runs of a month: while one is, there is no other of its month.
COMPUTED_OPEN = ("computing", "computed", "posted")


def computed_run(subject: Any) -> Machine:
    """The moves of a month's run that the worker computes and a second person posts."""
    return machine(
        subject,
        [
            ("computing", "compute", "computed"),
            ("computing", "discard", "discarded"),
            ("computed", "discard", "discarded"),
            ("computed", "post", "posted"),
            ("posted", "reverse", "reversed"),
        ],
        {
            "computing": _("计算中"), "computed": _("待入账"), "posted": _("已入账"), "discarded": _("已作废"), "reversed": _("已冲回"),
            "compute": _("算出结果"), "discard": _("作废"), "post": _("入账"), "reverse": _("冲回"),
        },
    )


PROVISION = computed_run(_("拨备计提"))
