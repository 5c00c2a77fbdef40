"""View-models of the loan pages: small values, so that templates neither query nor decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chezhe.finmath import ageing
from chezhe.finmath.ageing import Bucket
from chezhe.finmath.allocation import Due, Item, TransactionKind
from chezhe.finmath.money import Money
from chezhe.finmath.settlement import Settlement
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.vocabulary import event_label
from chezhe.servicing import lives, turns
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.position import LinePosition, Position
from chezhe.servicing.previews import Preview
from chezhe.servicing.receipts import ORIGINS
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Change, Journal
from chezhe.ui.status import Status

TRAIL = [(gettext_lazy("还款与账务"), "")]
LOAN_STATUSES = {
    "active": Status(gettext_lazy("还款中"), "good"), "accelerated": Status(gettext_lazy("已提前到期"), "danger"),
    "written_off": Status(gettext_lazy("已核销"), "warning"), "settled": Status(gettext_lazy("已结清"), "neutral"),
    "held": Status(gettext_lazy("放款退回待处理"), "warning"), "undone": Status(gettext_lazy("放款已撤销"), "neutral"),
}
ITEMS = {
    Item.FEE: gettext_lazy("费用"), Item.PENALTY: gettext_lazy("罚息"), Item.COMPOUND: gettext_lazy("复利"),
    Item.INTEREST: gettext_lazy("利息"), Item.PRINCIPAL: gettext_lazy("本金"),
}


def bucket_status(dpd: int) -> Status:
    """`C`, or `M2 · 45 天` with a tone that grows with the days."""
    bucket = ageing.bucket(dpd)
    if bucket is Bucket.C:
        return Status(_("未逾期"), "good")
    tone = "warning" if bucket is Bucket.M1 else "danger"
    said = ngettext("%(bucket)s · 逾期 %(days)s 天", "%(bucket)s · 逾期 %(days)s 天", dpd)
    return Status(said % {"bucket": bucket.value, "days": dpd}, tone)


def days_late(days: int) -> str:
    """`逾期 3 天`."""
    return ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", days) % {"days": days}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a loan's page, for the business date."""

    balance: Money
    due: Money
    next_on: date | None
    next_amount: Money
    dpd: int
    bucket: Status
    unapplied: Money
    deposit: Money


def head_of(position: Position) -> Head:
    """The head for the day on which the position stands."""
    following, dpd = position.next_line, 0 if position.settled_on else position.dpd
    amount = following.principal_fen + following.interest_asked_fen + following.fee_fen if following else 0
    due = 0 if position.settled_on else position.due_total_fen
    return Head(
        Money(position.principal_fen), Money(due), following.due_date if following else None, Money(amount), dpd,
        bucket_status(dpd), Money(position.unapplied_fen), Money(position.deposit_fen),
    )


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One instalment as the plan's table shows it, amounts in fen."""

    period: int
    due_date: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    total_fen: int
    paid_fen: int
    penalty_fen: int
    balance_fen: int
    status: Status


def plan_rows(position: Position) -> list[PlanRow]:
    """Every instalment with what was paid on it; after an early settlement the later ones are not asked for."""
    return [_plan_row(position, index, held) for index, held in enumerate(position.lines)]


def _plan_row(position: Position, index: int, held: LinePosition) -> PlanRow:
    line, is_due = held.line, index < position.recognised
    owed = held.owed(position.terms.penalty, position.as_of) if is_due and not position.settled_on else None
    principal = line.principal_fen - held.moved_principal_fen
    interest, fee = line.interest_asked_fen - held.moved_interest_fen, line.fee_fen - held.moved_fee_fen
    total = principal + interest + fee
    return PlanRow(
        line.period, line.due_date, principal, interest, fee, total,
        total - held.instalment_left_fen - held.waived_fen, owed.penalty_fen + owed.compound_fen if owed else 0,
        line.opening_fen - line.principal_fen, _line_status(position, held, is_due),
    )


def _line_status(position: Position, held: LinePosition, is_due: bool) -> Status:
    if held.has_moved:
        return Status(_("已并入重组"), "neutral")
    if held.instalment_left_fen == 0:
        return Status(_("已还"), "good")
    if position.settled_on:
        return Status(_("提前结清"), "neutral")
    if not is_due:
        return Status(_("未到期"), "neutral")
    days = (position.as_of - held.line.due_date).days
    return Status(days_late(days), "danger") if days else Status(_("今日到期"), "warning")


@dataclass(frozen=True, slots=True)
class PlanTotals:
    """The foot of the plan's table, in fen."""

    principal_fen: int
    interest_fen: int
    fee_fen: int
    total_fen: int
    paid_fen: int


def totals_of(rows: list[PlanRow]) -> PlanTotals:
    """The sums of the columns."""
    return PlanTotals(
        sum(r.principal_fen for r in rows), sum(r.interest_fen for r in rows), sum(r.fee_fen for r in rows),
        sum(r.total_fen for r in rows), sum(r.paid_fen for r in rows),
    )


def plan_chart(rows: list[PlanRow]) -> Chart:
    """Principal, interest and fees, instalment by instalment."""
    series = [Series(_("本金"), [r.principal_fen for r in rows]), Series(_("利息"), [r.interest_fen for r in rows])]
    if any(r.fee_fen for r in rows):
        series.append(Series(pgettext("list", "费用"), [r.fee_fen for r in rows]))
    return Chart(id="loan-plan", kind="stacked_area", title=_("每期还款构成"), measure="money",
                 categories=[r.period for r in rows], series=series, category_label=_("期"), source=_("还款计划"))


def due_rows(dues: Iterable[Due]) -> list[tuple[Due, list[int]]]:
    """Dues with their amounts in the order of `ITEMS`."""
    return [(due, [due.item_fen(item) for item in ITEMS]) for due in dues]


def changes_of(preview: Preview) -> list[Change]:
    """Before and after, in the figures of the head."""
    pairs = [
        (_("剩余本金"), preview.before.principal_fen, preview.after.principal_fen),
        (_("到期未还"), _due(preview.before), _due(preview.after)),
        (_("暂收款"), preview.before.unapplied_fen, preview.after.unapplied_fen),
    ]
    if preview.before.deposit_fen or preview.after.deposit_fen:
        pairs.append((_("保证金"), preview.before.deposit_fen, preview.after.deposit_fen))
    rows = [Change(label, formats.money(before), formats.money(after)) for label, before, after in pairs]
    rows.append(Change(_("逾期天数"), _dpd(preview.before), _dpd(preview.after)))
    rows.append(Change(_("剩余期数"), _left(preview.before), _left(preview.after)))
    return rows


def _due(position: Position) -> int:
    return 0 if position.settled_on else position.due_total_fen


def _dpd(position: Position) -> str:
    return str(0 if position.settled_on else position.dpd)


def _left(position: Position) -> str:
    return str(0 if position.settled_on else sum(1 for line in position.lines if line.instalment_left_fen))


def journals_of(preview: Preview) -> list[Journal]:
    """The entries that would be posted."""
    return [ledger_pages.preview(b.on, event_label(b.event), b.transfers) for b in preview.bookings]


def payoff_items(figure: Settlement) -> list[tuple[str, Money]]:
    """The payoff by item, in the order in which a borrower reads it."""
    pairs = [
        (_("剩余本金"), figure.principal_fen), (_("利息"), figure.interest_fen), (_("费用"), figure.fee_fen),
        (_("罚息"), figure.penalty_fen), (_("复利"), figure.compound_fen), (_("提前结清违约金"), figure.early_settlement_fee_fen),
    ]
    return [(label, Money(fen)) for label, fen in pairs]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened, for the list of events; `moved` says from which bucket into which."""

    event: LoanEvent
    label: str
    uses: list[tuple[str, int]]
    reversed_on: date | None
    can_reverse: bool
    moved: str = ""
    asked: LoanChange | None = None
    reversals: Sequence[LoanChange] = ()


def event_rows(loan: Loan, can_reverse: bool) -> list[EventRow]:
    """Newest first; a reversed one stays, with the day of its reversal. What fell due stands before the money of that day."""
    stored = loan.events.select_related("reversal", "entry", "reverses").order_by("-value_on", "-id")
    changes = list(loan.changes.order_by("id"))
    rows = [*(_event_row(event, can_reverse, changes) for event in stored), *_due_rows(loan)]
    return sorted(rows, key=lambda row: row.event.value_on, reverse=True)


def _due_rows(loan: Loan) -> list[EventRow]:
    """The instalments that fell due, which the schedule tells and nobody wrote down."""
    position = lives.standing(loan)
    fallen = list(reversed(position.lines[: position.recognised]))
    lines, amounts = [held.line for held in fallen], [_fell_due(held) for held in fallen]
    return [
        EventRow(LoanEvent(value_on=line.due_date, posted_on=line.due_date, amount=amount, facts={"period": line.period}), str(_("到期")),
                 [], None, False)
        for line, amount in zip(lines, amounts, strict=True)
    ]


def _fell_due(held: LinePosition) -> Money:
    """What a line asked for; the principal that a restructuring took out of a running line never fell due."""
    was_cut = held.has_moved and held.cleared_on == held.line.due_date
    return Money((0 if was_cut else held.line.principal_fen) + held.line.interest_asked_fen + held.line.fee_fen)


def _event_row(event: LoanEvent, can_reverse: bool, changes: Sequence[LoanChange]) -> EventRow:
    """With the request that led to it, and those that ask to take it back."""
    reversal = getattr(event, "reversal", None)
    asked = next((change for change in changes if change.event_id == event.pk), None)
    back = [change for change in changes if change.reverses_id == event.pk]
    can_reverse = can_reverse and event.is_reversible and all(change.status != "proposed" for change in back)
    return EventRow(event, _named(event), _uses(event), reversal.posted_on if reversal else None, can_reverse,
                    " → ".join(turns.moved_by(event.kind, event.facts)), asked, back)


def _named(event: LoanEvent) -> str:
    """What it was, and for a repayment that is no borrower's own what kind of money."""
    kind = lives.transaction_of(event) if event.kind == "repaid" else TransactionKind.REPAYMENT
    return event.get_kind_display() if kind is TransactionKind.REPAYMENT else f"{event.get_kind_display()} · {ORIGINS[kind]}"


def _uses(event: LoanEvent) -> list[tuple[str, int]]:
    paid: list[dict[str, Any]] = event.facts.get("paid", [])
    sums = [(str(label), sum(int(part.get(f"{item.value}_fen", 0)) for part in paid)) for item, label in ITEMS.items()]
    return [(label, fen) for label, fen in sums if fen]
