"""What the books say: balances, trial balance, statements, and the journal as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth

from chezhe.finmath.money import ZERO, Money
from chezhe.identifiers import numbers
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import NotFound
from chezhe.ledger import rules
from chezhe.ledger.chart import Kind
from chezhe.ledger.models import ENTRY_PREFIX, Account, JournalEntry, Line, Period, PeriodBalance, Transfer
from chezhe.ledger.states import CLOSED

# All debits and credits in fen, by (account id, branch id).
Turnover = dict[tuple[int, int | None], tuple[int, int]]


def balance(account: str, owner: str | None = None, on: date | None = None) -> Money:
    """What stands on `account` (a code) at the end of business date `on` (default: everything posted).

    Positive on the side on which the account grows; of one `owner` ("loan:L26-…") or of all. NotFound (404) for an
    account that does not exist.
    """
    row = account_called(account)
    lines = Line.objects.filter(account=row)
    if owner is not None:
        lines = lines.filter(owner=owner)
    return row.on_normal_side(*_sums(_until(lines, on)))


def turnover_on(account: str, on: date) -> tuple[Money, Money]:
    """What was debited and credited to `account` (a code) on one business date; nothing for an unknown account."""
    debit, credit = _sums(Line.objects.filter(account__code=account, posted_on=on))
    return Money(debit), Money(credit)


def balances_of(owner: str, on: date | None = None) -> dict[str, Money]:
    """Every account on which `owner` has ever moved, with what stands there (zeros included), by account code."""
    return balances_of_many([owner], on).get(owner, {})


def balances_of_many(owners: Iterable[str], on: date | None = None) -> dict[str, dict[str, Money]]:
    """`balances_of` for many owners in one query; owners without transfers are missing."""
    lines = _until(Line.objects.filter(owner__in=list(owners)), on)
    rows = lines.values("owner", "account__code", "account__side").annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    found: dict[str, dict[str, Money]] = {}
    for row in rows.order_by("owner", "account__code"):
        account = Account(code=row["account__code"], side=row["account__side"])
        found.setdefault(row["owner"], {})[account.code] = account.on_normal_side(int(row["debit"]), int(row["credit"]))
    return found


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account of the trial balance, in fen: its opening and its closing balance (`debit`, `credit`) stand in one of two columns each.

    The turnover is of the days in between; without a first day the opening is 0.00 and the turnover is all there ever was.
    """

    account: Account
    debit_turnover: Money
    credit_turnover: Money
    debit: Money
    credit: Money
    opening_debit: Money = ZERO
    opening_credit: Money = ZERO


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts with movements up to the end of `on`; `difference` is debit − credit balances and must be 0.00."""

    on: date
    rows: tuple[TrialRow, ...]
    since: date | None = None

    def rows_of(self, *, memo: bool) -> tuple[TrialRow, ...]:
        return tuple(row for row in self.rows if (row.account.kind == Kind.MEMO) == memo)

    @property
    def debit(self) -> Money:
        return Money(sum(row.debit.fen for row in self.rows))

    @property
    def credit(self) -> Money:
        return Money(sum(row.credit.fen for row in self.rows))

    @property
    def difference(self) -> Money:
        return self.debit - self.credit

    @property
    def turnover_difference(self) -> Money:
        """Debits − credits of the period, which must be 0.00 as well."""
        return Money(sum(row.debit_turnover.fen - row.credit_turnover.fen for row in self.rows))

    def by_kind(self) -> dict[Kind, Money]:
        """The balance of each kind of account, positive on the side on which the kind grows."""
        sums = dict.fromkeys(Kind, 0)
        for row in self.rows:
            net = row.debit.fen - row.credit.fen
            sums[Kind(row.account.kind)] += net if row.account.kind in (Kind.ASSET, Kind.EXPENSE) else -net
        return {kind: Money(fen) for kind, fen in sums.items() if kind != Kind.MEMO}


def trial_balance(on: date, actor: Actor = SYSTEM, *, since: date | None = None) -> TrialBalance:
    """The trial balance at the end of business date `on`, of the branches the actor may see; with `since`, of the period that
    begins on that day: opening balance, turnover, closing balance.

    Starts from the figures kept at the last close before and adds what was posted since.
    """
    sums = _turnovers(on, actor)
    before = _turnovers(since - timedelta(days=1), actor) if since is not None else {}
    accounts = Account.objects.filter(pk__in=sums).order_by("code")
    return TrialBalance(on, tuple(_trial_row(account, sums[account.pk], before.get(account.pk, [0, 0])) for account in accounts), since)


def _turnovers(on: date, actor: Actor) -> dict[int, list[int]]:
    """All debits and credits up to the end of `on`, by account id."""
    sums: dict[int, list[int]] = {}
    base = Period.objects.filter(status=CLOSED, month__lt=(on + timedelta(days=1)).replace(day=1)).order_by("-month").first()
    if base is not None:
        kept = _in_scope(PeriodBalance.objects.filter(period=base), actor)
        _add(sums, kept.values_list("account_id", "debit_fen", "credit_fen"))
    lines = Line.objects.visible_to(actor).filter(posted_on__lte=on)
    if base is not None:
        lines = lines.filter(posted_on__gte=next_month(base.month))
    _add(sums, lines.values_list("account_id").annotate(Sum("debit_fen"), Sum("credit_fen")))
    return sums


def _trial_row(account: Account, sums: list[int], before: list[int]) -> TrialRow:
    net, opening = sums[0] - sums[1], before[0] - before[1]
    return TrialRow(
        account, Money(sums[0] - before[0]), Money(sums[1] - before[1]), Money(max(net, 0)), Money(max(-net, 0)),
        Money(max(opening, 0)), Money(max(-opening, 0)),
    )


def _in_scope(rows: QuerySet[PeriodBalance], actor: Actor) -> QuerySet[PeriodBalance]:
    """Kept figures of the branches whose entries the actor sees."""
    everything = actor.kind == "system" or actor.reach == "all"
    if everything:
        return rows
    return rows.filter(branch_id__in=actor.branch_ids) if actor.reach in ("branch", "region") else rows.none()


def _add(sums: dict[int, list[int]], rows: Iterable[tuple[int, Any, Any]]) -> None:
    for account_id, debit, credit in rows:
        total = sums.setdefault(account_id, [0, 0])
        total[0] += int(debit)
        total[1] += int(credit)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line with the balance after it, on the account's normal side (of an owner: debit − credit)."""

    line: Line
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """`opening`, the lines of `[start, end)` in posting order with running balances, and `closing`."""

    opening: Money
    rows: tuple[StatementRow, ...]
    closing: Money


def statement(
    *, start: date, end: date, account: str | None = None, owner: str | None = None, actor: Actor = SYSTEM,
) -> Statement:
    """What moved on an account, for an owner, or on an account for an owner, in `[start, end)`.

    Of an owner without an account every line is shown and the balance is of all its accounts: debits less credits.
    Raises NotFound (404) for an unknown account; ValueError when neither account nor owner is given.
    """
    if account is None and owner is None:
        raise ValueError("a statement is of an account, an owner or both")
    row = account_called(account) if account else None
    lines = Line.objects.visible_to(actor)
    lines = lines.filter(account=row) if row else lines
    lines = lines.filter(owner=owner) if owner else lines
    debit, credit = _sums(lines.filter(posted_on__lt=start))
    sign = -1 if row is not None and row.side == "credit" else 1
    opening = running = sign * (debit - credit)
    rows = []
    inside = lines.filter(posted_on__gte=start, posted_on__lt=end).select_related("entry", "account")
    for line in inside.order_by("posted_on", "entry_id", "transfer_id", "-side"):
        running += sign * (line.debit_fen - line.credit_fen)
        rows.append(StatementRow(line, Money(running)))
    return Statement(Money(opening), tuple(rows), Money(running))


def journal_text(owner: str | None = None, *, entry: JournalEntry | None = None) -> str:
    """The journal of an owner (only its own lines) or of one entry, as an accountant reads it (English names)."""
    rows = Transfer.objects.select_related("entry", "debit_account", "credit_account")
    rows = rows.filter(entry=entry) if entry is not None else rows
    rows = rows.filter(owner=owner) if owner is not None else rows
    by_entry: dict[int, list[Transfer]] = {}
    for row in rows.order_by("entry__posted_on", "entry_id", "id"):
        by_entry.setdefault(row.entry_id, []).append(row)
    texts = [
        rules.EntryText(group[0].entry.posted_on, group[0].entry.event, [row.value for row in group])
        for group in by_entry.values()
    ]
    return rules.journal_text(texts, dict(Account.objects.values_list("code", "english")))


def account_called(code: str) -> Account:
    """The account with this code; NotFound (404) otherwise."""
    found = Account.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def entry_called(number: str, actor: Actor) -> JournalEntry:
    """The entry people call `J26-000123-7`; NotFound (404) also outside the actor's branches."""
    judged = numbers.judge(numbers.normalise(number))
    found = None
    if judged.prefix == ENTRY_PREFIX:
        found = JournalEntry.objects.visible_to(actor).filter(pk=judged.sequence).first()
    if found is None or found.number != numbers.normalise(number):
        raise NotFound(what=number)
    return found


def closed_until() -> date | None:
    """The first day that is still open: the day after the last closed month; None while no month is closed."""
    last = Period.objects.filter(status=CLOSED).order_by("-month").values_list("month", flat=True).first()
    return next_month(last) if last else None


def next_month(month: date) -> date:
    """The first day of the month after the one `month` lies in."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _until(lines: QuerySet[Line], on: date | None) -> QuerySet[Line]:
    return lines if on is None else lines.filter(posted_on__lte=on)


def _sums(lines: QuerySet[Line]) -> tuple[int, int]:
    found = lines.aggregate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    return int(found["debit"] or 0), int(found["credit"] or 0)


@dataclass(frozen=True, slots=True)
class Proof:
    """`faults` name what is wrong, in words for the log; an empty tuple is a sound set of books."""

    entries: int
    transfers: int
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults


def prove(*, thorough: bool = False) -> Proof:
    """Check what must never be false: debits equal credits, on and off the balance sheet; every entry has
    transfers and, when `thorough`, still says what it said when it was written; kept figures equal the transfers."""
    faults = [*_side_faults(), *_empty_entries(), *_kept_faults(), *(_altered_entries() if thorough else ())]
    return Proof(JournalEntry.objects.count(), Transfer.objects.count(), tuple(faults))


def _side_faults() -> list[str]:
    rows = Line.objects.values("account__kind").annotate(net=Sum(F("debit_fen") - F("credit_fen")))
    nets = {row["account__kind"]: int(row["net"]) for row in rows}
    memo = nets.pop(Kind.MEMO.value, 0)
    return [
        f"{book} is out of balance by {Money(net)}"
        for book, net in (("the balance sheet", sum(nets.values())), ("the memo book", memo)) if net
    ]


def _empty_entries() -> list[str]:
    return [f"{entry.number} has no transfers" for entry in JournalEntry.objects.filter(transfers=None)[:20]]


def _kept_faults() -> list[str]:
    """The figures kept at each close against the transfers up to its last day, which are summed month by month once."""
    periods = list(Period.objects.filter(status=CLOSED).order_by("month"))
    if not periods:
        return []
    kept: dict[int, Turnover] = {period.pk: {} for period in periods}
    for row in PeriodBalance.objects.filter(period__in=periods):
        kept[row.period_id][row.account_id, row.branch_id] = (row.debit_fen, row.credit_fen)
    faults, running = [], Turnover()
    months = _turnover_by_month(next_month(periods[-1].month))
    for period in periods:
        while months and months[0][0] <= period.month:
            _add_turnover(running, months.pop(0)[1])
        if kept[period.pk] != running:
            faults.append(f"the figures kept at the close of {period.month:%Y-%m} differ from the transfers")
    return faults


def _turnover_by_month(end: date) -> list[tuple[date, Turnover]]:
    rows = Line.objects.filter(posted_on__lt=end).values_list(TruncMonth("posted_on"), "account_id", "branch_id")
    found: dict[date, Turnover] = {}
    for month, account, branch, debit, credit in rows.annotate(Sum("debit_fen"), Sum("credit_fen")):
        found.setdefault(month, {})[account, branch] = (int(debit), int(credit))
    return sorted(found.items())


def _add_turnover(running: Turnover, added: Turnover) -> None:
    for key, (debit, credit) in added.items():
        before = running.get(key, (0, 0))
        running[key] = (before[0] + debit, before[1] + credit)


def turnover_until(end: date) -> Turnover:
    """All debits and credits before `end` in fen, by (account id, branch id)."""
    rows = Line.objects.filter(posted_on__lt=end).values_list("account_id", "branch_id")
    summed = rows.annotate(Sum("debit_fen"), Sum("credit_fen"))
    return {(account, branch): (int(debit), int(credit)) for account, branch, debit, credit in summed}


def _altered_entries() -> list[str]:
    faults = []
    entries = JournalEntry.objects.prefetch_related("transfers__debit_account", "transfers__credit_account")
    for entry in entries.order_by("id").iterator(chunk_size=500):
        moved = tuple(row.value for row in sorted(entry.transfers.all(), key=lambda row: row.pk))
        said = rules.EntryContent(entry.event, entry.reference, entry.posted_on, entry.branch_id, entry.memo, moved)
        if rules.digest_of(said) != entry.digest:
            faults.append(f"{entry.number} no longer says what it said")
    return faults


def entries_visible(actor: Actor) -> QuerySet[JournalEntry]:
    """Journal entries of the branches the actor may see, each with its sum."""
    moved = Transfer.objects.filter(entry=OuterRef("pk")).order_by().values("entry").annotate(fen=Sum("amount_fen"))
    return JournalEntry.objects.visible_to(actor).annotate(amount_fen=Subquery(moved.values("fen")))


def owned_by(queryset: QuerySet[JournalEntry], owner: str) -> QuerySet[JournalEntry]:
    """Entries in which `owner` (its whole text or only the number) moves."""
    return queryset.filter(pk__in=Transfer.objects.filter(Q(owner=owner) | Q(owner__endswith=f":{owner}")).values("entry"))
