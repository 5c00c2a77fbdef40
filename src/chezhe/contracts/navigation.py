"""The room's place in the rail, its piles of waiting work and its subjects."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import kinds
from chezhe.contracts import permissions, queries
from chezhe.contracts.collateral import piles
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.lane import queries as lane_queries
from chezhe.contracts.lane.pages import STAGE_LABELS
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.paying import queries as paying_queries
from chezhe.contracts.printing import sealing
from chezhe.contracts.wording.models import TEMPLATE_KIND
from chezhe.contracts.wording.queries import version_called
from chezhe.contracts.wording.steps import settle_version
from chezhe.documents import permissions as document_permissions
from chezhe.kernel import clock, roles, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.worklist import Waiting
from chezhe.ledger import permissions as ledger_permissions
from chezhe.payments.states import failure_label
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    see = permissions.VIEW.code
    navigation.register(NavItem(
        "contracts", "contracts", pgettext_lazy("list", "合同"), "contracts:contracts", see, icon="writing-sign", order=10))
    navigation.register(NavItem("contracts.waiting", "contracts", _("待制合同"), "contracts:waiting", permissions.PREPARE.code,
                                icon="file-plus", order=11))
    navigation.register(NavItem("contracts.board", "contracts", _("放款工作台"), "contracts:board", see, icon="cash", order=20))
    navigation.register(NavItem("contracts.lane", "contracts", _("办理时限"), "contracts:lane", see, icon="clock", order=5))
    panels.register("application", "lane", _("办理时限"), "contracts:lane_of", see, order=15)
    navigation.register(NavItem(
        "contracts.payees", "contracts", pgettext_lazy("list", "收款账户"), "contracts:payees", see, icon="building-bank", order=21))
    navigation.register(NavItem("contracts.limits", "contracts", _("放款限额"), "contracts:limits", see, icon="gauge", order=22))
    subjects.register("payee_account", queries.open_payee)
    subjects.register("payout_limit", queries.open_limit)
    navigation.register(NavItem("contracts.templates", "contracts", pgettext_lazy("list", "文本模板"), "contracts:templates",
                                permissions.VIEW_TEMPLATES.code, icon="file-text", order=30))
    navigation.register(NavItem("contracts.seals", "contracts", pgettext_lazy("list", "用印登记"), "contracts:seal_uses",
                                permissions.VIEW_SEALS.code, icon="certificate", order=31))
    subjects.register("seal_use", _open_seal_use)
    piles.register()
    kinds.register(kinds.Kind(TEMPLATE_KIND, _("文本模板版本"), url=_template_url, settle=settle_version))
    subjects.register("template", _open_template)
    subjects.register("contract", queries.open_contract)
    subjects.register("disbursement", queries.open_disbursement)
    panels.register("contract", "documents", _("资料"), "documents:panel", document_permissions.VIEW.code, order=10)
    panels.register("contract", "ledger", _("分录"), "ledger:panel", ledger_permissions.VIEW.code, order=20)
    panels.register("application", "contracts", pgettext_lazy("list", "合同"), "contracts:contracts_of", see, order=50)
    panels.register("customer", "contracts", pgettext_lazy("list", "合同"), "contracts:contracts_of", see, order=35)
    panels.offer(panels.Offer(
        "application", _("制作合同"), "contracts:prepare", permissions.PREPARE.code, "writing-sign", fits=queries.waits_for_contract,
    ))
    kinds.register(kinds.Kind(
        condition_steps.WAIVER_KIND, _("豁免或延后放款条件"), _condition_url, is_decidable=True, settle=condition_steps.settle_waiver))
    for pile in (*_piles(), _lane_pile()):
        worklist.register(pile)


def _template_url(subject: str) -> str:
    return reverse("contracts:template", args=[subject.partition(":")[2]])


def _open_seal_use(actor: Actor, number: str) -> subjects.Subject:
    if not actor.can(permissions.VIEW_SEALS.code):
        raise NotFound(what=number)
    use = sealing.uses(actor).fetch(number)
    return subjects.Subject(use.subject, f"{use.seal} {number}", reverse("contracts:seal_use", args=[number]))


def _open_template(actor: Actor, number: str) -> subjects.Subject:
    if not actor.can(permissions.VIEW_TEMPLATES.code):
        raise NotFound(what=number)
    version = version_called(number)
    return subjects.Subject(version.subject, str(version), _template_url(version.subject))


def _condition_url(subject: str) -> str:
    """The page of "condition:K26-….mortgage"."""
    number, _dot, code = subject.partition(":")[2].partition(".")
    return reverse("contracts:condition", args=[number, code])


def _piles() -> list[worklist.Pile]:
    pile = worklist.Pile
    return [
        pile("contracts.waiting", _("待制合同"), "contracts:waiting", permissions.PREPARE.code,
             worklist.Counted(queries.accepted_applications), _applications, icon="file-plus", order=20,
             verb=_("制作合同"), late=_late_applications),
        pile("contracts.unsigned", _("待签署合同"), "contracts:contracts", permissions.SIGN.code,
             worklist.Counted(queries.unsigned), lambda actor, most: _contracts(queries.unsigned(actor), most),
             icon="writing-sign", order=21, verb=_("登记签署"), query="status=prepared"),
        pile("contracts.unregistered", _("待登记抵押"), "contracts:contracts", permissions.MORTGAGE.code,
             worklist.Counted(queries.unregistered), lambda actor, most: _contracts(queries.unregistered(actor), most),
             icon="shield-check", order=22, verb=_("登记抵押"), query="status=signed&mortgage=proposed"),
        pile("contracts.payable", _("待经办放款"), "contracts:board", permissions.PREPARE_DISBURSEMENT.code,
             worklist.Counted(queries.payable), lambda actor, most: _contracts(queries.payable(actor), most),
             icon="cash", order=23, verb=_("经办放款")),
        pile("contracts.unchecked", _("待放款复核"), "contracts:board", permissions.CHECK_DISBURSEMENT.code,
             worklist.Counted(queries.unchecked), lambda actor, most: _payouts(queries.unchecked(actor), most),
             icon="checks", order=24, verb=_("复核放款")),
        pile("contracts.troubled", _("放款失败与退回"), "contracts:board", permissions.PREPARE_DISBURSEMENT.code,
             worklist.Counted(queries.troubled), lambda actor, most: _payouts(queries.troubled(actor), most),
             icon="alert-triangle", order=25, verb=_("处理")),
        pile("contracts.conditions", _("待办放款条件"), "contracts:contracts", permissions.SATISFY_CONDITION.code,
             worklist.Counted(condition_queries.open_rows), _conditions, icon="list-check", order=23, verb=_("登记条件已办妥"),
             late=_late_conditions),
        pile("contracts.payees", _("待核定收款账户"), "contracts:payees", permissions.DECIDE_PAYEE.code,
             worklist.Counted(paying_queries.proposed_payees), _payees, icon="building-bank", order=27, verb=_("核定收款账户"),
             query="status=proposed"),
        pile("contracts.limits", _("待核定放款限额"), "contracts:limits", permissions.DECIDE_LIMIT.code,
             worklist.Counted(paying_queries.proposed_limits), _limits, icon="gauge", order=28, verb=_("核定放款限额"),
             query="status=proposed"),
        pile("contracts.seals", _("待用印"), "contracts:seal_uses", permissions.USE_SEAL.code,
             worklist.Counted(sealing.waiting), _seal_uses, icon="certificate", order=27,
             verb=pgettext_lazy("verb", "用印"), query="status=asked"),
        pile("contracts.releasable", _("待解押"), "contracts:contracts", permissions.MORTGAGE.code,
             worklist.Counted(queries.releasable), _mortgages, icon="shield-off", order=26,
             verb=_("登记解押"), query="mortgage=release_requested"),
    ]


def _lane_pile() -> worklist.Pile:
    """What comes near its time is the manager's."""
    return worklist.Pile(
        "contracts.lane", _("临近或超出时限"), "contracts:lane", permissions.VIEW.code, worklist.Counted(lane_queries.escalated), _runs,
        icon="clock", order=15, verb=_("催办"), query="told=yes", roles=(roles.BRANCH_MGR, roles.REGIONAL_MGR),
        late=lambda actor, at: lane_queries.escalated(actor).filter(due_at__lt=at).count(),
    )


def _runs(actor: Actor, most: int) -> list[Waiting]:
    rows = lane_queries.escalated(actor).select_related("application__customer").order_by("due_at")[:most]
    return [
        Waiting(f"{run.application.number} {run.application.customer.masked_name}",
                reverse("origination:application", args=[run.application.number]), run.due_at, str(STAGE_LABELS[run.stage]),
                run.application.amount, run.began_at)
        for run in rows
    ]


def _late_applications(actor: Actor, at: datetime) -> int:
    """Whose approval lapsed before the contract was made."""
    return queries.accepted_applications(actor).filter(approval_expires_on__lt=at.astimezone(clock.SHANGHAI).date()).count()


def _applications(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.accepted_applications(actor).select_related("customer").order_by("approval_expires_on")[:most]
    return [
        Waiting(f"{a.number} {a.customer.masked_name}", reverse("contracts:prepare", args=[a.number]),
                datetime.combine(a.approval_expires_on, time(23, 59), clock.SHANGHAI) if a.approval_expires_on else None, "", a.amount,
                a.decided_at)
        for a in rows
    ]


def _contracts(rows: object, most: int) -> list[Waiting]:
    found: list[Contract] = list(rows.order_by("id")[:most])  # type: ignore[attr-defined]
    return [
        Waiting(f"{c.number} {c.customer.masked_name}", reverse("contracts:contract", args=[c.number]), None, "", c.principal,
                datetime.combine(c.signed_on or c.prepared_on, time(9), clock.SHANGHAI))
        for c in found
    ]


def _payouts(rows: object, most: int) -> list[Waiting]:
    found: list[Disbursement] = list(rows.order_by("id")[:most])  # type: ignore[attr-defined]
    return [
        Waiting(f"{d.number} {d.contract.customer.masked_name}", reverse("contracts:disbursement", args=[d.number]), None,
                failure_label(d.failure_code), d.amount, d.checked_at or d.prepared_at)
        for d in found
    ]


def _seal_uses(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{use.number} {use.paper.label}", reverse("contracts:seal_use", args=[use.number]), None, use.asked_by_name,
                since_at=use.asked_at)
        for use in sealing.waiting(actor).order_by("pk")[:most]
    ]


def _mortgages(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.releasable(actor).order_by("release_requested_at")[:most]
    return [
        Waiting(f"{m.of.number} {m.of.customer.masked_name}", reverse("contracts:contract", args=[m.of.number]), None,
                m.release_reason, None, m.release_requested_at)
        for m in rows
    ]


def _late_conditions(actor: Actor, at: datetime) -> int:
    """Whose day has passed."""
    today = at.astimezone(clock.SHANGHAI).date()
    rows = condition_queries.open_rows(actor)
    return rows.filter(put_off_until__lt=today).count() + rows.filter(put_off_until=None, due_on__lt=today).count()


def _conditions(actor: Actor, most: int) -> list[Waiting]:
    found = []
    for row in condition_queries.open_rows(actor)[:most]:
        until, contract = row.put_off_until or row.due_on, row.contract
        found.append(Waiting(
            f"{contract.number} {contract.customer.masked_name}", reverse("contracts:condition", args=[contract.number, row.code]),
            datetime.combine(until, time(23, 59), clock.SHANGHAI) if until else None,
            str(condition_queries.label_of(row.code, {row.code: row})), row.contract.principal, row.asked_at))
    return found


def _payees(actor: Actor, most: int) -> list[Waiting]:
    rows = paying_queries.proposed_payees(actor).order_by("id")[:most]
    return [Waiting(f"{p.number} {p.name}", reverse("contracts:payee", args=[p.number]), None, "", None, p.proposed_at) for p in rows]


def _limits(actor: Actor, most: int) -> list[Waiting]:
    rows = paying_queries.proposed_limits(actor).order_by("id")[:most]
    return [
        Waiting(one.number, reverse("contracts:limit", args=[one.number]), None, one.reason, one.per_day, one.proposed_at) for one in rows
    ]
