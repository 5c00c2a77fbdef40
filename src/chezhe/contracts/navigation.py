"""The room's place in the rail, its piles of waiting work and its subjects."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.contracts import permissions, queries
from chezhe.contracts.models import Contract, Disbursement
from chezhe.documents import permissions as document_permissions
from chezhe.kernel import clock, subjects, worklist
from chezhe.kernel.actor import Actor
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
    subjects.register("contract", queries.open_contract)
    subjects.register("disbursement", queries.open_disbursement)
    panels.register("contract", "documents", _("资料"), "documents:panel", document_permissions.VIEW.code, order=10)
    panels.register("contract", "ledger", _("分录"), "ledger:panel", ledger_permissions.VIEW.code, order=20)
    panels.register("application", "contracts", pgettext_lazy("list", "合同"), "contracts:contracts_of", see, order=50)
    panels.register("customer", "contracts", pgettext_lazy("list", "合同"), "contracts:contracts_of", see, order=35)
    panels.offer(panels.Offer(
        "application", _("制作合同"), "contracts:prepare", permissions.PREPARE.code, "writing-sign", fits=queries.waits_for_contract,
    ))
    for pile in _piles():
        worklist.register(pile)


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
        pile("contracts.releasable", _("待解押"), "contracts:contracts", permissions.MORTGAGE.code,
             worklist.Counted(queries.releasable), _mortgages, icon="shield-off", order=26,
             verb=_("登记解押"), query="mortgage=release_requested"),
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


def _mortgages(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.releasable(actor).order_by("release_requested_at")[:most]
    return [
        Waiting(f"{m.of.number} {m.of.customer.masked_name}", reverse("contracts:contract", args=[m.of.number]), None,
                m.release_reason, None, m.release_requested_at)
        for m in rows
    ]
