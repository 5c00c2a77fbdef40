"""What the treasury transfers of a month's subsidies: judged, shown, set against its debt, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer, moving
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking, mirrored
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.models import Transfer as TransferRow
from chezhe.payments.reconciliation import leaving
from chezhe.servicing import queries, reversals
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.subsidy_claims import Claimed, claimed, owner_of

PAID_EVENT = "subsidy_paid"
LOCK = "servicing.subsidy_payment"
_STEM = "subsidy-paid/"


class PaymentExceeds(BusinessError):
    code = "subsidy_payment_exceeds"
    http_status = 422
    field = "amount"
    sentence = _("%(month)s 的贴息应收 %(granted)s 元，已到账 %(paid)s 元，本次不能超过 %(left)s 元。")


class PaymentReversed(BusinessError):
    code = "subsidy_payment_reversed"
    sentence = _("这笔贴息到账已于 %(on)s 冲正，不能再冲正一次。")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a transfer of the treasury books under `reference`; `standing` is the entry of a slip that is booked already."""

    reference: str
    transfers: tuple[Transfer, ...]
    stands: Claimed
    standing: JournalEntry | None

    def bookings(self, today: date) -> tuple[Booking, ...]:
        """What taking it in today would post."""
        return () if self.standing else (Booking(today, PAID_EVENT, self.transfers),)

    @property
    def left_after(self) -> Money:
        """What the treasury still owes of the month afterwards."""
        return self.stands.left if self.standing else self.stands.left - Money(sum(moved.fen for moved in self.transfers))


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer in the books, by the number of its entry and the slip; `reversed_on` once it was taken back."""

    entry: JournalEntry
    amount: Money
    slip: str
    reversed_on: date | None


def judge(month: date, receipt: CounterReceipt, today: date) -> Judged:
    """What the money would book. A slip that was taken back may be registered again.

    Raises Invalid, PaidInFuture or PaymentExceeds (422), ReferenceTaken (409) when the slip stands for other money.
    """
    receipt.require_complete()
    if receipt.paid_on > today:
        raise queries.PaidInFuture(paid_on=receipt.paid_on, today=today)
    money, stands = receipt.money, claimed(month)
    transfers = tuple(moving(money.source, chart.SUBSIDY_RECEIVABLE, money.amount.fen, owner_of(month)))
    uses = _uses_of(f"{_STEM}{money.reference}")
    standing = next((entry for entry in uses if not hasattr(entry, "reversal")), None)
    if standing is not None:
        if ledger_steps.transfers_of(standing) != transfers:
            raise ledger_steps.ReferenceTaken(reference=receipt.reference)
        return Judged(standing.reference, transfers, stands, standing)
    if receipt.amount.fen > stands.left.fen:
        raise PaymentExceeds(month=f"{month:%Y-%m}", granted=stands.granted, paid=stands.paid, left=stands.left)
    again = f"/again-{len(uses) + 1}" if uses else ""
    return Judged(f"{_STEM}{money.reference}{again}", transfers, stands, None)


def _uses_of(reference: str) -> list[JournalEntry]:
    """Every entry under a slip: a second one only follows a first that was taken back."""
    entries = JournalEntry.objects.filter(event=PAID_EVENT).select_related("reversal").order_by("pk")
    return [*entries.filter(reference=reference), *entries.filter(reference__startswith=f"{reference}/again-")]


def take(month: date, receipt: CounterReceipt, *, today: date, by: Actor) -> JournalEntry:
    """Set the treasury's money against a month's receivable; the same slip counts once. Raises what `judge` raises."""
    judged = judge(month, receipt, today)
    if judged.standing is not None:
        return judged.standing
    memo = " ".join(filter(None, (f"{month:%Y-%m}", receipt.paid_on.isoformat(), receipt.payer, receipt.memo)))
    return ledger_steps.post(
        event=PAID_EVENT, reference=judged.reference, transfers=judged.transfers, on=today, branch_id=None, memo=memo, by=by,
    )


def payments_of(month: date) -> list[Payment]:
    """What came of a month, in the order in which it was booked, what was taken back among it."""
    rows = TransferRow.objects.filter(owner=owner_of(month), entry__event=PAID_EVENT).select_related("entry__reversal").order_by("pk")
    return [_payment(row) for row in rows]


def _payment(row: TransferRow) -> Payment:
    reversal = getattr(row.entry, "reversal", None)
    slip, _again, _time = row.entry.reference.removeprefix(_STEM).split("/", 2)[2].partition("/again-")
    return Payment(row.entry, Money(row.amount_fen), slip, reversal and reversal.posted_on)


def called(number: str, by: Actor) -> JournalEntry:
    """The entry of a transfer. Raises NotFound (404)."""
    entry = ledger_queries.entry_called(number, by)
    if entry.event != PAID_EVENT:
        raise NotFound(what=number)
    return entry


def month_of(entry: JournalEntry) -> date:
    """The first day of the month whose subsidies it paid."""
    owner = ledger_steps.transfers_of(entry)[0].owner
    return date.fromisoformat(f"{owner.partition(':')[2]}-01")


def amount_of(entry: JournalEntry) -> Money:
    """What the treasury paid by it."""
    return Money(sum(moved.fen for moved in ledger_steps.transfers_of(entry)))


def bookings_back(entry: JournalEntry, today: date) -> tuple[Booking, ...]:
    """What taking a transfer back would post today; a receipt of the statement that was merged with it waits in suspense again.

    Raises PaymentReversed (409)."""
    _require_standing(entry)
    left = leaving.merged_with(entry)
    return mirrored([one for one in (entry, left) if one is not None], today)


def take_back(entry: JournalEntry, *, reason: str, today: date, by: Actor) -> JournalEntry:
    """Mirror the entry today: the treasury owes the sum again, and what the statement brought of it waits for its place.

    Raises PaymentReversed (409), Invalid (422) without a reason."""
    reason = reversals.require_reason(reason)
    left = leaving.hold_merged(entry)
    _require_standing(entry)
    reversal = ledger_steps.reverse(reference=entry.reference, on=today, reason=reason, by=by)
    if left is not None:
        leaving.restore(leaving.receipt_of(left), reason=reason, by=by)
    return reversal


def _require_standing(entry: JournalEntry) -> None:
    reversal = JournalEntry.objects.filter(reverses=entry).first()
    if reversal is not None:
        raise PaymentReversed(on=reversal.posted_on)
