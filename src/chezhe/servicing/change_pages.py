"""View-models of the pages about changes of a loan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.permission import Permission
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import changes, coverage, pages, permissions, previews, reversals, reversing, steps
from chezhe.servicing.charges import FEES
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.position import Waiver
from chezhe.servicing.replans import METHODS
from chezhe.servicing.states import LOAN, LOAN_CHANGE
from chezhe.ui import formats, parts
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

_TONES = {
    "proposed": "progress", "applied": "good", "rejected": "neutral", "withdrawn": "neutral", "taken_back": "warning", "sent": "progress",
    "paid": "good", "failed": "danger", "returned": "danger", "cancelled": "neutral",
}
STATUSES = {status: Status(LOAN_CHANGE.labels[status], tone) for status, tone in _TONES.items()}


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that may be asked for on a loan's page: `may` says whether it makes sense for the loan as it stands."""

    code: str
    label: Any
    icon: str
    permission: Permission
    may: Callable[[Loan], bool]


def _allows(verb: str) -> Callable[[Loan], bool]:
    return lambda loan: LOAN.allows(loan.status, verb)


def _may_use_deposit(loan: Loan) -> bool:
    return bool(loan.deposit) and loan.oldest_due_on is not None


def _may_subsidise(loan: Loan) -> bool:
    return LOAN.allows(loan.status, "subsidise") and loan.recognised > 0


def _may_replan(loan: Loan) -> bool:
    return LOAN.allows(loan.status, "replan") and loan.oldest_due_on is None


def _is_hopeless(loan: Loan) -> bool:
    return LOAN.allows(loan.status, "write_off") and loan.is_off_book


def _has_several_cars(loan: Loan) -> bool:
    return LOAN.allows(loan.status, "release_vehicle") and len(coverage.registered(loan)) > 1


VERBS = (
    Verb("charge", gettext_lazy("收取费用"), "cash", permissions.CHARGE_FEE, _allows("charge")),
    Verb("waiver", gettext_lazy("申请减免"), "receipt-2", permissions.REQUEST_WAIVER, _allows("waive")),
    Verb("due_day", gettext_lazy("变更还款日"), "calendar", permissions.REQUEST_PLAN_CHANGE, _may_replan),
    Verb("holiday", gettext_lazy("延期还款"), "player-pause", permissions.REQUEST_PLAN_CHANGE, _may_replan),
    Verb("extension", gettext_lazy("展期"), "calendar", permissions.REQUEST_PLAN_CHANGE, _may_replan),
    Verb("rate_change", gettext_lazy("利率调整"), "percentage", permissions.REQUEST_RATE_CHANGE, _may_replan),
    Verb("restructuring", gettext_lazy("重组"), "refresh", permissions.REQUEST_RESTRUCTURING, _allows("restructure")),
    Verb("refinance", gettext_lazy("借新还旧"), "refresh", permissions.NAME_REFINANCING, _allows("refinance")),
    Verb("acceleration", gettext_lazy("宣布提前到期"), "alarm", permissions.REQUEST_ACCELERATION, _allows("accelerate")),
    Verb("write_off", gettext_lazy("核销"), "trash", permissions.REQUEST_WRITE_OFF, _is_hopeless),
    Verb("vehicle_release", gettext_lazy("解押一辆车"), "shield-off", permissions.REQUEST_VEHICLE_RELEASE, _has_several_cars),
    Verb("deposit", pgettext_lazy("verb", "存入保证金"), "lock", permissions.TAKE_DEPOSIT, _allows("deposit")),
    Verb("deposit_use", pgettext_lazy("verb", "保证金抵扣"), "lock-open", permissions.REQUEST_DEPOSIT_USE, _may_use_deposit),
    Verb("deposit_return", gettext_lazy("退还保证金"), "arrow-back-up", permissions.REQUEST_REFUND, lambda loan: bool(loan.deposit)),
    Verb("insurance", gettext_lazy("保险赔款"), "shield-check", permissions.RECORD_INSURANCE, _allows("repay")),
    Verb("subsidy", gettext_lazy("财政贴息"), "coin-yuan", permissions.GRANT_SUBSIDY, _may_subsidise),
    Verb("refund", gettext_lazy("申请退款"), "arrow-back-up", permissions.REQUEST_REFUND, lambda loan: bool(loan.unapplied)),
)


def verbs_of(loan: Loan, actor: Actor) -> list[tuple[Any, str, str]]:
    """Label, icon and address of what this person may ask for now."""
    return [
        (verb.label, verb.icon, reverse(f"servicing:{verb.code}", args=[loan.number]))
        for verb in VERBS if actor.can(verb.permission.code) and verb.may(loan)
    ]


def facts_of(change: LoanChange, today: date) -> dict[str, Any]:
    """What a change booked, or would book today while it waits."""
    asked = {"asked": said_of(change)}
    if change.event is not None or change.status != "proposed":
        return {"journals": [ledger_pages.journal_of(entry) for entry in _booked(change)], **asked}
    preview, refused = reversing.would(change, today)
    if preview is None:
        return {"journals": [], "refused": str(refused), **asked}
    return {"journals": pages.journals_of(preview), "changes": pages.changes_of(preview), "preview": preview, "refused": str(refused or ""),
            **asked, **_new_plan(change, preview)}


def _booked(change: LoanChange) -> list[JournalEntry]:
    """The entry of its event; of a reversal, what the replay lacked as well."""
    if change.event is None:
        return []
    replay = JournalEntry.objects.filter(reference=f"{change.event.reference}/replay") if change.kind == reversals.KIND else ()
    return [entry for entry in (change.event.entry, *replay) if entry is not None]


def _new_plan(change: LoanChange, preview: previews.Preview) -> dict[str, Any]:
    """The plan that it would make, for those that make one."""
    if change.kind == reversals.KIND or changes.RULES[change.kind].event not in steps.PLANNING:
        return {}
    rows = pages.plan_rows(preview.after)
    return {"rows": rows, "totals": pages.totals_of(rows)}


def said_of(change: LoanChange) -> list[tuple[str, Any]]:
    """What was asked for, as facts with a label."""
    if change.reverses is not None:
        back = change.reverses
        return [(_("要冲正的事项"), f"{back.get_kind_display()} {back.value_on}"), (_("凭证号"), back.slip)]
    asked = changes.asked_of(change).change
    if change.account is not None:
        return [(_("收款账户"), f"{change.account.bank_name} {change.account.masked}")]
    if isinstance(asked, Waiver):
        return [(_("减免项目"), str(pages.ITEMS[asked.item]))]
    return [(str(_PARTS[name]), _SHOWN[name](value)) for name, value in _values_of(asked) if name in _PARTS and value is not None]


def _values_of(asked: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(asked, field.name)) for field in fields(asked)]


_PARTS = {
    "code": gettext_lazy("费用"), "due_day": gettext_lazy("新的还款日"), "months": gettext_lazy("月数"), "method": gettext_lazy("还款方式"),
    "annual_rate": gettext_lazy("年利率"), "periods": gettext_lazy("期数"), "observed_months": gettext_lazy("观察期（月）"),
    "vehicle": gettext_lazy("车辆"),
}
_SHOWN: dict[str, Callable[[Any], Any]] = {
    "code": lambda code: str(FEES[code]),
    "due_day": str, "months": str, "method": lambda method: METHODS[method.value], "annual_rate": formats.rate, "periods": str,
    "observed_months": str, "vehicle": str,
}


def track_of(change: LoanChange) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(change.subject), LOAN_CHANGE, begun=_("提出"), icon="flag")
