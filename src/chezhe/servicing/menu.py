"""The room's place in the rail, its panels, its piles of waiting work, and its words in the journal."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.approvals import kinds
from chezhe.documents import permissions as document_permissions
from chezhe.kernel import business_date, clock, roles, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Waiting
from chezhe.ledger import closing as ledger_closing
from chezhe.ledger import permissions as ledger_permissions
from chezhe.ledger import vocabulary as journal
from chezhe.payments import queries as payment_queries
from chezhe.payments.debits import claims
from chezhe.payments.reconciliation import proposing
from chezhe.servicing import changes, pages, permissions, queries, reversals
from chezhe.servicing.debits import ordering
from chezhe.servicing.debits import pages as debit_pages
from chezhe.servicing.debits import queries as debit_queries
from chezhe.servicing.early import asking as early_asking
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import ProvisionRun
from chezhe.servicing.quality import downgrades
from chezhe.servicing.repricing import batches
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem

JOURNAL_EVENTS = {
    "payout": gettext_lazy("放款"), "due": gettext_lazy("到期"), "repayment": gettext_lazy("还款"),
    "unapplied_used": gettext_lazy("暂收款抵扣"), "early_settlement": gettext_lazy("提前结清"),
    "prepayment": gettext_lazy("部分提前还款"), "off_book": gettext_lazy("利息转表外"),
    "accrual": gettext_lazy("每日计提"), "replay": gettext_lazy("重算差额"), "charged": gettext_lazy("收费"),
    "waived": gettext_lazy("减免"), "restructured": gettext_lazy("重组"), "accelerated": gettext_lazy("提前到期"),
    "written_off": gettext_lazy("核销"), "recovery": gettext_lazy("核销后收回"),
    "insurance_proceeds": gettext_lazy("保险赔款"), "disposal_proceeds": gettext_lazy("车辆处置款"),
     "deposited": pgettext_lazy("event", "存入保证金"), "deposit_used": gettext_lazy("保证金抵扣"),
    "refinancing": gettext_lazy("借新还旧"), "subsidised": gettext_lazy("财政贴息"),
    "subsidy_paid": gettext_lazy("贴息到账"),
    "undone": gettext_lazy("撤销放款"), "refunded": gettext_lazy("退款待付"), "refund_paid": gettext_lazy("退款付出"),
    "provision": gettext_lazy("拨备计提"),
}

# Who calls a borrower that is late; many more may look at the loan.
FOLLOW_UP = (roles.SALES, roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR, *roles.MANAGERS)


_STUCK = worklist.Counted(
    lambda by, ordered_before: debit_queries.stuck(by, ordered_before + debit_queries.SILENT_AFTER), mark=worklist.LONG_AGO,
    given=lambda: clock.now() - debit_queries.SILENT_AFTER,
)


def register() -> None:
    """Called once at start-up."""
    see = permissions.VIEW.code
    navigation.register(NavItem("servicing.loans", "servicing", gettext_lazy("贷款"), "servicing:loans", see, icon="car", order=10))
    navigation.register(NavItem(
        "servicing.changes", "servicing", pgettext_lazy("list", "贷款变更"), "servicing:changes", see, icon="pencil", order=11))
    navigation.register(NavItem(
        "servicing.settlement_asks", "servicing", gettext_lazy("提前结清申请"), "servicing:settlement_asks", see, icon="calendar-check",
        order=11))
    navigation.register(NavItem(
        "servicing.downgrades", "servicing", gettext_lazy("分类下调"), "servicing:downgrades", see, icon="arrow-down", order=12))
    navigation.register(NavItem(
        "servicing.debits", "servicing", gettext_lazy("代扣中心"), "servicing:debits", permissions.VIEW_DEBITS.code, icon="arrows-down",
        order=25))
    claims.register(ordering.still_owed)
    ledger_closing.register(runs.require_month_done)
    navigation.register(NavItem(
        "servicing.files", "servicing", gettext_lazy("流水入账"), "servicing:files", permissions.POST_BANK_FILE.code,
        icon="arrows-split", order=29))
    navigation.register(NavItem(
        "servicing.subsidies", "servicing", gettext_lazy("财政贴息"), "servicing:subsidies", permissions.GRANT_SUBSIDY.code,
        icon="coin-yuan", order=30))
    navigation.register(NavItem(
        "servicing.day", "servicing", gettext_lazy("日终中心"), "servicing:day", permissions.END_OF_DAY.code, icon="moon-stars", order=80))
    navigation.register(NavItem(
        "servicing.proof", "servicing", gettext_lazy("账实核对"), "servicing:proof", permissions.PROVE.code, icon="equal", order=81))
    navigation.register(NavItem(
        "servicing.provisions", "servicing", gettext_lazy("拨备计提"), "servicing:provisions", permissions.VIEW_PROVISIONS.code,
        icon="shield-check", order=82))
    navigation.register(NavItem(
        "servicing.repricing", "servicing", gettext_lazy("调息日历"), "servicing:repricing", see, icon="percentage", order=13))
    subjects.register("loan", queries.open_subject)
    proposing.parties["loan"] = queries.parties_of
    kinds.register(kinds.Kind(changes.APPROVAL_KIND, gettext_lazy("贷款变更"), _change_url, is_decidable=True, settle=changes.decide))
    kinds.register(kinds.Kind(
        reversals.APPROVAL_KIND, gettext_lazy("贷款冲正"), _change_url, is_decidable=True, settle=reversals.decide))
    kinds.register(kinds.Kind(
        downgrades.APPROVAL_KIND, gettext_lazy("解除分类下调"), _downgrade_url, is_decidable=True, settle=downgrades.decide))
    kinds.register(kinds.Kind(
        batches.APPROVAL_KIND, gettext_lazy("整批重定价"), _repricing_url, is_decidable=True, settle=batches.decide))
    for event, label in JOURNAL_EVENTS.items():
        journal.name_event(event, label)
    for pile in _piles():
        worklist.register(pile)
    _panels(see)


def _change_url(subject: str) -> str:
    return reverse("servicing:change", args=[subject.partition(":")[2]])


def _downgrade_url(subject: str) -> str:
    return reverse("servicing:downgraded", args=[subject.partition(":")[2]])


def _repricing_url(subject: str) -> str:
    return reverse("servicing:repricing_batch", args=[subject.partition(":")[2]])


def _panels(see: str) -> None:
    panels.register("loan", "plan", gettext_lazy("还款计划"), "servicing:plan", see, order=0)
    panels.register("loan", "events", gettext_lazy("流水"), "servicing:events", see, order=10)
    panels.register("loan", "changes", gettext_lazy("办理"), "servicing:changes_of", see, order=15)
    panels.register("loan", "debits", gettext_lazy("代扣"), "servicing:debits_of", permissions.VIEW_DEBITS.code, order=16)
    panels.register("loan", "quality", gettext_lazy("分类与拨备"), "servicing:quality_of", see, order=18)
    panels.register("loan", "journal", gettext_lazy("分录"), "ledger:panel", ledger_permissions.VIEW.code, order=20)
    panels.register("loan", "documents", gettext_lazy("资料"), "servicing:papers", document_permissions.VIEW.code, order=40)
    panels.register("loan", "track", gettext_lazy("轨迹"), "servicing:track", see, order=90)
    panels.register("loan", "audit", gettext_lazy("审计"), "servicing:audit", see, order=95)
    panels.register("refinancing", "settled_first", gettext_lazy("放款时先结清的贷款"), "servicing:settled_first", see)
    panels.register("loan_change", panels.DECIDING, gettext_lazy("若今日同意"), "servicing:change_of", see)
    for kind in ("customer", "contract"):
        panels.register(kind, "loans", gettext_lazy("贷款"), "servicing:loans_of", see, order=50)


def _piles() -> list[worklist.Pile]:
    return [
        worklist.Pile(
            "servicing.overdue", gettext_lazy("逾期贷款"), "servicing:loans", permissions.VIEW.code,
            worklist.Counted(queries.overdue, mark=date.min, given=business_date.current), _overdue, icon="alarm", order=50,
            verb=gettext_lazy("跟进"), query="bucket=overdue", roles=FOLLOW_UP,
        ),
        worklist.Pile(
            "servicing.parked", gettext_lazy("挂账待认领"), "payments:lines", permissions.MATCH_RECEIPT.code,
            worklist.Counted(lambda by: payment_queries.waiting_lines(by).filter(status="parked")), _parked, icon="arrows-split", order=39,
            verb=gettext_lazy("认领"), query="status=parked",
        ),
        worklist.Pile(
            "servicing.provisions", gettext_lazy("拨备待入账"), "servicing:provisions", permissions.POST_PROVISION.code,
            worklist.Counted(_to_post), _provisions, icon="shield-check", order=38, verb=gettext_lazy("入账"),
        ),
        worklist.Pile(
            "servicing.debits_stuck", gettext_lazy("久未答复或待重新入账的扣款"), "servicing:debits", permissions.DEBIT_NOW.code,
            _STUCK, _stuck, icon="clock", order=37, verb=pgettext_lazy("link", "查看"),
            query="attention=stuck",
        ),
        worklist.Pile(
            "servicing.settlement_asks", gettext_lazy("客户要提前结清"), "servicing:settlement_asks", permissions.ASK_SETTLEMENT.code,
            worklist.Counted(early_asking.waiting, mark=date.min, given=business_date.current), _early, icon="calendar-check", order=45,
            verb=pgettext_lazy("link", "查看"), query="when=waiting", roles=(roles.FINANCE, roles.SERVICING),
        ),
    ]


def _early(actor: Actor, most: int) -> list[Waiting]:
    rows = early_asking.waiting(actor, business_date.current()).select_related("loan__customer").order_by("settles_on")[:most]
    return [
        Waiting(f"{one.loan.number} {one.loan.customer.masked_name}", reverse("servicing:settlement", args=[one.loan.number]),
                _morning(one.settles_on), "", one.amount, one.asked_at)
        for one in rows
    ]


def _stuck(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(one.number, reverse("servicing:debit", args=[one.number]), None, debit_pages.stuck_because(one),
                one.amount if one.status == "ordered" else one.collected - one.booked, one.ordered_at)
        for one in debit_queries.stuck(actor, clock.now()).order_by("ordered_at")[:most]
    ]


def _morning(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), clock.SHANGHAI) if day else None


def _overdue(actor: Actor, most: int) -> list[Waiting]:
    today = business_date.current()
    rows = queries.overdue(actor, today).select_related("customer").order_by("oldest_due_on")[:most]
    return [
        Waiting(f"{loan.number} {loan.customer.masked_name}", reverse("servicing:loan", args=[loan.number]), None,
                pages.days_late(loan.days_past_due(today)), loan.principal_left, _morning(loan.oldest_due_on))
        for loan in rows
    ]


def _to_post(actor: Actor) -> QuerySet[ProvisionRun]:
    """Computed provisions that somebody else started."""
    return ProvisionRun.objects.visible_to(actor).filter(status="computed").exclude(started_by_id__in=actor.user_ids)


def _provisions(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{run.number} {run.as_of}", reverse("servicing:provision", args=[run.number]), run.computed_at, run.started_by_name,
                run.allowance)
        for run in _to_post(actor).order_by("as_of")[:most]
    ]


def _parked(actor: Actor, most: int) -> list[Waiting]:
    rows = payment_queries.waiting_lines(actor).filter(status="parked").order_by("value_on")[:most]
    return [
        Waiting(line.masked_payer or line.bank_serial, reverse("servicing:match", args=[line.bank_serial]), None, line.outcome, line.amount,
                _morning(line.value_on))
        for line in rows
    ]
