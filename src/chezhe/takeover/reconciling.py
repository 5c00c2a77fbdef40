"""Old system, our loans and our ledger side by side, and the clearing that must end at nought."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer, moving
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.models import Transfer as TransferRow
from chezhe.servicing import steps as servicing_steps
from chezhe.takeover.models import STATED, Takeover

FUNDING = "taken_over_funding"
# Where the money behind a book came from.
SOURCES = (chart.BORROWED_FUNDS, chart.CAPITAL, chart.RETAINED_EARNINGS, chart.BANK, chart.BANK_PAYOUT)
PENALTY = "penalty"
# On which accounts an item of a loan stands when it begins; penalties are in no account before they are paid.
ACCOUNTS = {
    "principal": (chart.LOAN_PRINCIPAL,), "interest": (chart.INTEREST_RECEIVABLE, chart.OFF_BOOK_INTEREST), "fee": (chart.FEE_RECEIVABLE,),
    "unapplied": (chart.UNAPPLIED_CASH,), "deposit": (chart.DEPOSITS_HELD,),
}


class NothingToClear(BusinessError):
    code = "takeover_cleared"
    sentence = _("迁入清算余额已是 0.00，不需要再登记资金来源。")


class MoreThanCleared(BusinessError):
    code = "takeover_clearing_exceeded"
    http_status = 422
    field = "amount"
    sentence = _("金额须大于 0，且不超过迁入清算余额 %(left)s 元。")


@dataclass(frozen=True, slots=True)
class Compared:
    """One item over the whole takeover, in fen; `ledger` is None for what stands in no account."""

    item: str
    stated: int
    ours: int
    ledger: int | None

    @property
    def difference(self) -> int:
        return self.ours - self.stated

    @property
    def ledger_difference(self) -> int:
        return 0 if self.ledger is None else self.ledger - self.ours


def compared(book: Takeover) -> list[Compared]:
    """The taken loans, item by item: as stated, as they stand with us, and as the opening entries booked them."""
    names = [f"{name}_{side}" for name in STATED for side in ("stated", "ours")]
    found = book.rows.filter(status="taken").aggregate(*(Sum(name) for name in names))
    sums = {name: _fen(found[f"{name}__sum"]) for name in names}
    booked = booked_by_account(book)
    return [
        Compared(name, sums[f"{name}_stated"], sums[f"{name}_ours"],
                 None if name == PENALTY else sum(abs(booked.get(account, 0)) for account in ACCOUNTS[name]))
        for name in STATED
    ]


def booked_by_account(book: Takeover) -> dict[str, int]:
    """Fen by account, debit positive, over all entries of the takeover."""
    rows = TransferRow.objects.filter(entry__in=entries_of(book))
    sums: dict[str, int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        for code, fen in rows.values_list(f"{side}_account__code").annotate(Sum("amount_fen")).order_by():
            sums[code] = sums.get(code, 0) + sign * fen
    return sums


def entries_of(book: Takeover) -> QuerySet[JournalEntry]:
    """Every entry that the takeover wrote, funding included."""
    return JournalEntry.objects.filter(reference__startswith=f"{book.reference}/")


def clearing_of(book: Takeover) -> Money:
    """What the loans brought and no source of money stands behind yet: credit balance of the clearing."""
    return Money(-booked_by_account(book).get(chart.MIGRATION_CLEARING, 0))


def funding_transfers(book: Takeover, account: str, amount: Money) -> tuple[Transfer, ...]:
    """What naming a source books. Raises Invalid, MoreThanCleared (422) or NothingToClear (409)."""
    left = clearing_of(book)
    if account not in SOURCES:
        raise Invalid(field="account", code="source_unknown", sentence=_("请选择资金来源科目。"))
    if not left:
        raise NothingToClear()
    if not 0 < amount.fen <= left.fen:
        raise MoreThanCleared(left=left)
    return tuple(moving(chart.MIGRATION_CLEARING, account, amount.fen, book.subject))


def would_fund(book: Takeover, account: str, amount: Money) -> tuple[Booking, ...]:
    """What `fund` would book. Raises what `funding_transfers` raises."""
    return (Booking(servicing_steps.booking_day(book.as_of), FUNDING, funding_transfers(book, account, amount)),)


def fund(book: Takeover, account: str, amount: Money, *, by: Actor) -> JournalEntry:
    """Name where (part of) the money behind the book came from."""
    transfers = funding_transfers(book, account, amount)
    times = JournalEntry.objects.filter(reference__startswith=f"{book.reference}/funding/").count()
    return ledger_steps.post(
        event=FUNDING, reference=f"{book.reference}/funding/{times + 1}", transfers=transfers,
        on=servicing_steps.booking_day(book.as_of), branch_id=None, memo=book.number, by=by,
    )


def funding_of(book: Takeover) -> QuerySet[TransferRow]:
    """What was named as a source, in order."""
    rows = TransferRow.objects.filter(entry__reference__startswith=f"{book.reference}/funding/")
    return rows.select_related("entry", "credit_account").order_by("id")


def _fen(value: Money | int | None) -> int:
    return value.fen if isinstance(value, Money) else int(value or 0)

