"""A day of one of our accounts, added up on both sides: every fen of the difference lies in something that is listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, Sum, When

from chezhe.finmath.money import Money
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.models import BankLine, StatementBalance, StatementLine, Tally, TallyItem
from chezhe.payments.reconciliation import gathering, rules
from chezhe.payments.reconciliation.accounts import OurAccount, ours
from chezhe.payments.reconciliation.rules import BankSide, Flow, Standing, Stated


@dataclass(frozen=True, slots=True)
class OpenTally:
    """A tally on which the two sides had not said the same by the end of the day."""

    tally: Tally
    standing: Standing

    @property
    def reason(self) -> str:
        return rules.reason_of(self.standing)

    @property
    def amount(self) -> Money:
        return Money(self.standing.fen)

    @property
    def is_over(self) -> bool:
        """Whether the sides have agreed since."""
        return not self.tally.difference


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One account at the end of a day. `unexplained` must be 0.00; when it is not, `bank.gaps` say where.

    `waiting_fen` is bank less ledger of what no run has taken in yet.
    """

    account: OurAccount
    on: date
    bank: BankSide
    ledger_opening: Money
    ledger_flow: Flow
    ledger_closing: Money
    open: tuple[OpenTally, ...]
    waiting_fen: int
    waiting_count: int

    @property
    def difference(self) -> Money:
        return Money(self.bank.closing_fen) - self.ledger_closing

    @property
    def listed(self) -> Money:
        """What the list explains, the bank's balance before its first line included."""
        return Money(sum(row.standing.fen for row in self.open) + self.bank.anchor_fen + self.waiting_fen)

    @property
    def unexplained(self) -> Money:
        return self.difference - self.listed

    @property
    def by_reason(self) -> list[tuple[str, int, Money]]:
        """How many and how much in each of the lists, in their order."""
        found = []
        for reason in rules.REASONS:
            rows = [row.standing.fen for row in self.open if row.reason == reason]
            found.append((reason, len(rows), Money(sum(rows))))
        return found

    @property
    def is_quiet(self) -> bool:
        """Nothing has ever moved."""
        return not (self.bank.flow.net_fen or self.bank.closing_fen or self.ledger_closing or self.open)


def day_of(on: date) -> list[AccountDay]:
    """All our accounts at the end of a business day."""
    return [account_day(account, on) for account in ours(on)]


def account_day(account: OurAccount, on: date) -> AccountDay:
    """One of them."""
    bank = rules.bank_side(_stated(account.code, on), _bank_flows(account.code, on), on)
    closing, flow = ledger_queries.balance(account.code, on=on), _ledger_flow(account.code, on)
    count, fen = gathering.waiting(account.code, on)
    return AccountDay(account, on, bank, closing - Money(flow.net_fen), flow, closing, tuple(_open(account.code, on)), fen, count)


def _stated(account: str, on: date) -> list[Stated]:
    """At most one row a day: files that go on where another ended are one, else the latest speaks."""
    found: dict[date, Stated] = {}
    for row in StatementBalance.objects.filter(account=account, on__lte=on).order_by("on", "id"):
        before = found.get(row.on)
        goes_on = before is not None and before.closing_fen == row.opening.fen
        found[row.on] = Stated(row.on, before.opening_fen if before is not None and goes_on else row.opening.fen, row.closing.fen)
    return list(found.values())


def _bank_flows(account: str, on: date) -> dict[date, Flow]:
    """From the statements themselves, not from what reconciliation has taken of them."""
    flows: dict[date, Flow] = {}
    sources = [StatementLine.objects.filter(account=account), *([BankLine.objects.all()] if account == chart.BANK else [])]
    for lines in sources:
        rows = lines.filter(value_on__lte=on).values("value_on").annotate(
            came=Sum(Case(When(amount__gt=0, then=F("amount")))), went=Sum(Case(When(amount__lt=0, then=F("amount")))),
        )
        for row in rows.order_by():
            known = flows.get(row["value_on"], Flow())
            flows[row["value_on"]] = Flow(known.in_fen + _fen(row["came"]), known.out_fen - _fen(row["went"]))
    return flows


def _fen(found: Money | int | None) -> int:
    return found.fen if isinstance(found, Money) else int(found or 0)


def _ledger_flow(account: str, on: date) -> Flow:
    debit, credit = ledger_queries.turnover_on(account, on)
    return Flow(debit.fen, credit.fen)


def _open(account: str, on: date) -> Iterable[OpenTally]:
    """Tallies whose bank and ledger had said different sums by the end of the day. Those that agree and lie wholly before it are
    not read: they come to nothing."""
    tallies = Tally.objects.filter(Q(last_on__gt=on) | ~Q(difference=Money(0)), account=account, first_on__lte=on)
    sums = TallyItem.objects.filter(tally__in=tallies.values("pk"), on__lte=on).exclude(side=rules.CHANNEL)
    rows = sums.values("tally").annotate(
        bank=Sum(Case(When(side=rules.BANK, then=F("amount")))), ledger=Sum(Case(When(side=rules.LEDGER, then=F("amount")))),
    )
    standings = {row["tally"]: Standing(_fen(row["bank"]), _fen(row["ledger"])) for row in rows}
    found = {tally.pk: tally for tally in Tally.objects.filter(pk__in=[pk for pk, standing in standings.items() if standing.fen])}
    return sorted((OpenTally(found[pk], standings[pk]) for pk in found), key=lambda row: (row.tally.first_on, row.tally.pk))
