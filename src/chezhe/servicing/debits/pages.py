"""View-models of the debit pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from chezhe.finmath.money import Money
from chezhe.kernel import moves
from chezhe.payments.debits.models import Debit
from chezhe.payments.debits.states import DEBIT, FAILURES
from chezhe.payments.debits.states import reason_label as channel_reason
from chezhe.payments.debits.vocabulary import DEBIT_STATUSES, DEBIT_TONES
from chezhe.payments.models import BankNotice
from chezhe.payments.states import OUTCOME_LABELS, VERDICTS
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.debits.states import LOAN_DEBIT, SKIPS, reason_label
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

TONES = {
    "planned": "info", "ordered": "progress", "collected": "good", "partly": "warning", "failed": "danger", "skipped": "neutral",
    "cancelled": "neutral", "returned": "warning",
}
REASONS = [*SKIPS.items(), *((code, label) for code, label in FAILURES.items())]
STATUSES = {code: Status(label, TONES[code]) for code, label in LOAN_DEBIT.choices()}


__all__ = ["REASONS", "STATUSES", "parts_of", "reason_label", "reason_of", "reasons_chart", "stuck_because", "track_of"]


def reason_of(one: LoanDebit) -> str:
    """Why it did not bring everything: the channel's reason, or what somebody wrote."""
    return reason_label(one.reason_code) or one.note


def stuck_because(one: LoanDebit) -> str:
    """What somebody should do about it."""
    return _("等待渠道答复") if one.status == "ordered" else _("待重新入账")


def reasons_chart(rows: list[tuple[str, int, Money]]) -> Chart | None:
    """Failures by reason; its table says the same."""
    if not rows:
        return None
    return Chart(
        id="debit-reasons", kind="rows", title=_("近 30 天扣款失败的原因"), unit=_("次"), category_label=_("原因"), source=_("扣款结果"),
        categories=[reason_label(code) or "—" for code, _tries, _missing in rows],
        series=[Series(_("次数"), [tries for _code, tries, _missing in rows], tone="danger")],
        height=60 + 36 * len(rows),
    )


def parts_of(one: LoanDebit) -> list[tuple[Debit, Status, str]]:
    """The orders of a try, with their status and reason."""
    rows = Debit.objects.filter(claim=one.number).order_by("pk")
    return [(row, DEBIT_STATUSES[row.status], channel_reason(row.failure_code) if row.failure_code else "") for row in rows]


def track_of(one: LoanDebit, parts: list[tuple[Debit, Status, str]]) -> list[Happening]:
    """Our moves, the orders' and the channel's words, newest first."""
    ours = [
        Happening(m.moved_at, LOAN_DEBIT.label(m.verb), who=m.actor_name, detail=m.reason, tone=TONES[m.status_to], icon="arrow-right")
        for m in moves.history(one.subject)
    ]
    theirs: list[Any] = []
    for debit, _status, _reason in parts:
        theirs += [
            Happening(m.moved_at, f"{debit.reference} {DEBIT.label(m.verb)}", who=m.actor_name, detail=m.reason,
                      tone=DEBIT_TONES[m.status_to], icon="send")
            for m in moves.history(debit.subject) if m.status_from
        ]
    notices = BankNotice.objects.filter(debit__in=[debit for debit, _status, _reason in parts])
    theirs += [
        Happening(n.received_at, _("渠道通知：%(outcome)s") % {"outcome": OUTCOME_LABELS.get(n.outcome, n.outcome)}, who=_("代扣渠道"),
                  detail=f"{VERDICTS[n.verdict]} {n.bank_serial} {formats.money(n.amount)}",
                  tone="danger" if n.is_troubling else "neutral", icon="bell")
        for n in notices
    ]
    return sorted([*ours, *theirs], key=lambda happening: happening.at, reverse=True)
