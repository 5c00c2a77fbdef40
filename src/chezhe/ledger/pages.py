"""View-models of the ledger's pages: small values, so that templates neither query nor decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.ledger import queries, steps
from chezhe.ledger.chart import BY_CODE, Kind
from chezhe.ledger.models import KIND_LABELS, Account, JournalEntry, Period, month_of
from chezhe.ledger.models import Transfer as TransferRow
from chezhe.ledger.states import CLOSED, PERIOD
from chezhe.ledger.vocabulary import event_label
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Journal, JournalLine
from chezhe.ui.status import Status

TRAIL = [(gettext_lazy("还款与账务"), "")]
PANEL_ENTRIES = 50


def journal_of(entry: JournalEntry) -> Journal:
    """An entry for `<c-ui.journal>`."""
    return _journal(entry, steps.transfers_of(entry))


def preview(posted_on: date, title: str, transfers: Iterable[Transfer]) -> Journal:
    """An entry that is not written yet."""
    return Journal(posted_on, title, _lines(transfers), is_preview=True)


def mirror_of(entry: JournalEntry) -> Journal:
    """What reversing the entry would post."""
    mirrored = [transfer.mirrored() for transfer in steps.transfers_of(entry)]
    return Journal(None, _("冲正 %(number)s") % {"number": entry.number}, _lines(mirrored), is_preview=True)


def journals_of(owner: str) -> list[Journal]:
    """The newest entries of an owner, only its own lines."""
    rows = TransferRow.objects.filter(owner=owner).select_related("debit_account", "credit_account")
    groups: dict[int, list[Transfer]] = {}
    for row in rows.order_by("id"):
        groups.setdefault(row.entry_id, []).append(row.value)
    entries = JournalEntry.objects.filter(pk__in=groups).select_related("reverses").order_by("-posted_on", "-id")
    return [_journal(entry, groups[entry.pk]) for entry in entries[:PANEL_ENTRIES]]


def _journal(entry: JournalEntry, transfers: Iterable[Transfer]) -> Journal:
    reverses = entry.reverses.number if entry.reverses_id and entry.reverses else ""
    return Journal(entry.posted_on, event_label(entry.event), _lines(transfers), reference=entry.number, reverses=reverses)


def _lines(transfers: Iterable[Transfer]) -> list[JournalLine]:
    """Debits, then credits, each account once, as in the journal's text."""
    moved = list(transfers)
    names = {a.code: a.label for a in Account.objects.filter(code__in={c for t in moved for c in (t.debit, t.credit)})}
    debits: dict[str, int] = {}
    credits: dict[str, int] = {}
    for transfer in moved:
        debits[transfer.debit] = debits.get(transfer.debit, 0) + transfer.fen
        credits[transfer.credit] = credits.get(transfer.credit, 0) + transfer.fen
    return [
        *(JournalLine(names.get(code, code), debit=fen, code=code) for code, fen in debits.items()),
        *(JournalLine(names.get(code, code), credit=fen, code=code) for code, fen in credits.items()),
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """An account with what stands on it."""

    account: Account
    balance: Money
    can_retire: bool = False


def balances_of(owner: str) -> list[Standing]:
    """What stands on each account for an owner, zeros left out."""
    found = {code: sum_ for code, sum_ in queries.balances_of(owner).items() if sum_}
    return [Standing(account, found[account.code]) for account in Account.objects.filter(code__in=found)]


def chart_of_accounts(actor: Actor, on: date) -> dict[str, Any]:
    """All accounts under their kind, with balances at the end of `on`."""
    nets = {row.account.pk: (row.debit.fen, row.credit.fen) for row in queries.trial_balance(on, actor).rows}
    groups: dict[str, list[Standing]] = {kind.value: [] for kind in Kind}
    for account in Account.objects.all():
        balance = account.on_normal_side(*nets.get(account.pk, (0, 0)))
        can_retire = account.is_active and account.code not in BY_CODE and not balance
        groups[account.kind].append(Standing(account, balance, can_retire))
    return {
        "groups": [(KIND_LABELS[Kind(kind)], standing) for kind, standing in groups.items()], "on": on,
        "breadcrumbs": [*TRAIL, (_("会计科目"), "")],
    }


def statement(asked: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The statement that the form asked for; both days are included."""
    said = queries.statement(
        account=asked["account"] or None, owner=asked["owner"] or None, start=asked["first"],
        end=asked["last"] + timedelta(days=1), actor=actor,
    )
    rows = [(row, event_label(row.line.entry.event)) for row in said.rows]
    return {
        "statement": said, "rows": rows, "debit": Money(sum(row.line.debit_fen for row in said.rows)),
        "credit": Money(sum(row.line.credit_fen for row in said.rows)), "of_owner_only": not asked["account"],
    }


def trial_balance(since: date, on: date, actor: Actor) -> dict[str, Any]:
    """The trial balance of a period on and off the balance sheet, with a chart of the closing balances by kind."""
    trial = queries.trial_balance(on, actor, since=since)
    by_kind = trial.by_kind()
    chart = Chart(
        id="by-kind", kind="rows", title=_("各类科目余额"), measure="money",
        categories=[KIND_LABELS[kind] for kind in by_kind], series=[Series(_("余额"), list(by_kind.values()))],
        category_label=_("类别"), source=_("总账"),
    )
    return {"trial": trial, "books": [(_("表内"), trial.rows_of(memo=False)), (_("表外"), trial.rows_of(memo=True))], "chart": chart}


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the books and whether it can be closed now."""

    first_day: date
    status: Status
    entries: int
    period: Period | None
    can_close: bool

    @property
    def name(self) -> str:
        return f"{self.first_day:%Y-%m}"

    @property
    def closed_by(self) -> str:
        return self.period.closed_by if self.period else ""

    @property
    def closed_at(self) -> datetime | None:
        return self.period.closed_at if self.period else None


def month_named(text: str) -> date:
    """`2026-03` as its first day; Invalid (422) for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(field="month", code="month_invalid", sentence=_("月份应写成 2026-03 的样子。")) from None


def months(business_date: date) -> list[Month]:
    """Every month from the first entry to the business date, newest first; the oldest open one that is over can be closed."""
    first = JournalEntry.objects.aggregate(first=Min("posted_on"))["first"] or business_date
    known = {period.month: period for period in Period.objects.all()}
    month, found, closable_found = month_of(min([first, *known])), [], False
    while month <= business_date:
        following = queries.next_month(month)
        period = known.get(month)
        is_closed = period is not None and period.status == CLOSED
        can_close = not is_closed and not closable_found and following <= business_date
        closable_found = closable_found or not is_closed
        count = JournalEntry.objects.filter(posted_on__gte=month, posted_on__lt=following).count()
        label = Status(PERIOD.label("closed"), "neutral", "lock") if is_closed else Status(PERIOD.label("open"), "good", "lock-open")
        found.append(Month(month, label, count, period, can_close))
        month = following
    return found[::-1]
