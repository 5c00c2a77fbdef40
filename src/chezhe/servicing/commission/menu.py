"""Commission in the rail, on pages of loans and dealers, in the journal and among the waiting work."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from chezhe.kernel import subjects, worklist
from chezhe.kernel.worklist import Waiting
from chezhe.ledger import vocabulary as journal
from chezhe.payments import guards
from chezhe.servicing.commission import accruing, permissions, queries, statements
from chezhe.servicing.commission.models import CommissionStatement
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    see = permissions.VIEW.code
    navigation.register(NavItem(
        "servicing.commissions", "servicing", gettext_lazy("返佣结算"), "servicing:commission_statements", see, icon="coin-yuan", order=31))
    navigation.register(NavItem(
        "servicing.commission_lines", "servicing", gettext_lazy("返佣明细"), "servicing:commissions", see, icon="list", order=32))
    panels.register("loan", "commission", gettext_lazy("返佣"), "servicing:commission_of", see, order=21)
    panels.register("dealer", "earned", gettext_lazy("返佣结算"), "servicing:commission_of_dealer", see, order=7)
    for event, label in (
        (accruing.ACCRUAL_EVENT, gettext_lazy("返佣计提")), (accruing.CLAWBACK_EVENT, gettext_lazy("退佣")),
        (statements.NETTING_EVENT, gettext_lazy("返佣轧差")), (statements.PAYMENT_EVENT, gettext_lazy("返佣付出")),
    ):
        journal.name_event(event, label)
    subjects.register("commission_statement", queries.open_statement)
    guards.register(statements.KIND, statements.guard_payout)
    worklist.register(worklist.Pile(
        "servicing.commission_to_approve", gettext_lazy("待核准返佣结算单"), "servicing:commission_statements", permissions.APPROVE.code,
        worklist.Counted(queries.to_approve), lambda actor, most: _waiting(queries.to_approve(actor), most), icon="checks", order=41,
        verb=gettext_lazy("核准结算单"), query="status=drawn",
    ))
    worklist.register(worklist.Pile(
        "servicing.commission_to_pay", gettext_lazy("待支付返佣"), "servicing:commission_statements", permissions.PAY.code,
        worklist.Counted(queries.to_pay), lambda actor, most: _waiting(queries.to_pay(actor), most), icon="coin-yuan", order=42,
        verb=gettext_lazy("支付返佣"),
    ))


def _waiting(rows: QuerySet[CommissionStatement], most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.number} {row.dealer.name}", reverse("servicing:commission_statement", args=[row.number]), None, f"{row.as_of:%Y-%m}",
                row.payable, row.approved_at or row.drawn_at)
        for row in rows.select_related("dealer").order_by("id")[:most]
    ]
