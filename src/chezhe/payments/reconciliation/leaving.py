"""A receipt leaves suspense without going to a loan: the bank took it back, or the counter had booked it before the statement came."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import business_date, locks, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking, mirrored
from chezhe.ledger.models import JournalEntry
from chezhe.payments import postings
from chezhe.payments.models import BankLine, Tally, TallyItem
from chezhe.payments.reconciliation import gathering, matching, rules
from chezhe.payments.states import BANK_LINE

# What the entry is called, by why the receipt left.
EVENTS = {"take_back": "receipt_taken_back", "match": "receipt_booked_before"}
_STEM = "bank-line-out:"


class NotTheSameReceipt(BusinessError):
    code = "receipt_amount_differs"
    sentence = gettext_lazy("流水是 %(amount)s 元，账务登记的是 %(booked)s 元，不是同一笔。")


class NothingBooked(BusinessError):
    code = "nothing_booked_before"
    sentence = gettext_lazy("这项对账不是账务单方登记的收款，不能与流水合并。")


class NothingToRestore(BusinessError):
    code = "receipt_not_left"
    sentence = gettext_lazy("这笔流水没有被冲回或合并，无需恢复。")


def leave(receipt: BankLine, verb: str, *, outcome: str, memo: str, by: Actor, subject: str = "") -> None:
    """Book a locked receipt out of suspense and move it by `verb`; the money is `subject`'s, if anybody's. Raises WrongState (409)
    unless it waits."""
    BANK_LINE.require(receipt.status, verb)
    ledger_steps.post(
        event=EVENTS[verb], reference=f"{_stem(receipt)}{_entries(receipt).count() + 1}", on=business_date.current(),
        transfers=postings.taken_back(receipt.amount, receipt.subject), branch_id=receipt.file.branch_id, memo=memo, by=by,
    )
    receipt.matched_subject, receipt.outcome = subject, outcome
    receipt.save(update_fields=["matched_subject", "outcome"])
    moves.move(receipt, BANK_LINE, verb, by=by, reason=outcome)


def merge(receipt: BankLine, tally: Tally, *, by: Actor) -> Tally:
    """The counter had booked a receipt before the statement brought it: one of the two bookings goes, both lie in one tally.

    Raises NothingBooked, NotTheSameReceipt, WrongState (409).
    """
    locks.hold("payments.reconcile")
    item, entry = _booked_before(receipt, tally)
    outcome = _("柜面已入账 %(number)s") % {"number": entry.number}
    leave(receipt, "match", outcome=outcome, memo=entry.number, by=by, subject=item.subject)
    return bring_together(receipt, tally, by=by)


def would_merge(receipt: BankLine, tally: Tally, today: date) -> tuple[Booking, ...]:
    """What `merge` would book. Raises what it raises."""
    _booked_before(receipt, tally)
    BANK_LINE.require(receipt.status, "match")
    return (Booking(today, EVENTS["match"], postings.taken_back(receipt.amount, receipt.subject)),)


def _booked_before(receipt: BankLine, tally: Tally) -> tuple[TallyItem, JournalEntry]:
    """What the ledger alone has, if it is this very sum. Raises NothingBooked or NotTheSameReceipt (409)."""
    items = list(tally.items.select_related("entry"))
    if tally.kind != rules.LEDGER_ONLY or len(items) != 1 or items[0].amount.fen <= 0 or items[0].entry is None:
        raise NothingBooked()
    if JournalEntry.objects.filter(reverses=items[0].entry).exists():
        raise NothingBooked()  # it was taken back since the tally was drawn
    if items[0].amount != receipt.amount:
        raise NotTheSameReceipt(amount=receipt.amount, booked=items[0].amount)
    return items[0], items[0].entry


def restore(receipt: BankLine, *, reason: str, by: Actor) -> BankLine:
    """Undo either: the entry is mirrored, and the receipt waits in suspense again. Raises NothingToRestore (409)."""
    entry, verb = _to_restore(receipt)
    locks.hold("payments.reconcile")
    ledger_steps.reverse(reference=entry.reference, on=business_date.current(), reason=reason, by=by)
    receipt.matched_subject, receipt.outcome = "", ""
    receipt.save(update_fields=["matched_subject", "outcome"])
    moves.move(receipt, BANK_LINE, verb, by=by, reason=reason)
    gathering.gather()
    tally = Tally.objects.select_for_update(no_key=True).get(items__bank_line=receipt)
    if TallyItem.objects.filter(tally=tally).exclude(key=f"serial:{receipt.bank_serial}").exists():
        matching.part(tally)
    return receipt


def would_restore(receipt: BankLine, today: date) -> tuple[Booking, ...]:
    """What `restore` would book. Raises what it raises."""
    return mirrored([_to_restore(receipt)[0]], today)


def require_why(reason: str) -> str:
    """Why a receipt is restored, without blanks around it. Raises Invalid (422) when nothing is said."""
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明为何恢复。"))
    return reason.strip()


def _to_restore(receipt: BankLine) -> tuple[JournalEntry, str]:
    """The entry by which it left, and the verb that brings it back."""
    entry = booked_out(receipt)
    verb = {"returned": "restore", "matched": "unmatch"}.get(receipt.status)
    if entry is None or verb is None:
        raise NothingToRestore()
    return entry, verb


def booked_out(receipt: BankLine) -> JournalEntry | None:
    """The entry by which a receipt left suspense without going to a loan, while it stands."""
    return _entries(receipt).filter(reversal=None).last()


def merged_with(entry: JournalEntry) -> JournalEntry | None:
    """By which entry a receipt left suspense because `entry` had booked it before, while that stands."""
    left = JournalEntry.objects.filter(event=EVENTS["match"], posted_on__gte=entry.posted_on, memo=entry.number, reversal=None)
    return left.order_by("id").last()


def hold_merged(entry: JournalEntry) -> JournalEntry | None:
    """`merged_with`, and nobody merges a receipt with the entry until the transaction ends; the receipt is locked first, as by `merge`."""
    left = merged_with(entry)
    if left is not None:
        receipt_of(left)
    locks.hold("payments.reconcile")
    return left or merged_with(entry)


def receipt_of(left: JournalEntry) -> BankLine:
    """The receipt that left suspense by an entry, locked."""
    serial = left.reference.removeprefix(_STEM).rpartition("/")[0]
    return BankLine.objects.select_for_update(no_key=True).get(bank_serial=serial)


def bring_together(receipt: BankLine, tally: Tally, *, by: Actor) -> Tally:
    """Take in the new entry and lay both tallies together."""
    gathering.gather()
    mine = Tally.objects.select_for_update(no_key=True).filter(items__bank_line=receipt).first()
    tally = Tally.objects.select_for_update(no_key=True).get(pk=tally.pk)
    return matching.join(mine, tally, how="by_hand", by=by) if mine is not None and mine.pk != tally.pk else tally


def _stem(receipt: BankLine) -> str:
    return f"{_STEM}{receipt.bank_serial}/"


def _entries(receipt: BankLine) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(reference__startswith=_stem(receipt), event__in=EVENTS.values()).order_by("id")
