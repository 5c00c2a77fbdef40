"""Lay what is new on any side beside what is there: by its number if it has one, else alone.

Everything is found by what no item points to yet, so that running it twice, or after anything was written in any order,
gives the same tallies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from chezhe.finmath.money import ZERO, Money
from chezhe.kernel import business_date, locks
from chezhe.ledger import chart
from chezhe.ledger.models import Line
from chezhe.payments.models import BankLine, ChannelLine, Payout, StatementLine, Tally, TallyItem
from chezhe.payments.reconciliation import judging, rules
from chezhe.payments.reconciliation.accounts import NUMBERS
from chezhe.payments.rules import counter_serial

BATCH = 2000
_ENTRY_KEY = re.compile(r"payout-(paid|returned):(Y\d{2}-\d{6,12}-\d\.\d{1,4})(/reversal)?$")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run found: new items, and the movements that all sides now agree on among those it touched."""

    items: int
    agreed: int
    differing: int


def gather() -> Gathered:
    """Take in what is new on every side, join by number, judge anew what was touched. Stands inside a transaction."""
    locks.hold("payments.reconcile")
    touched: list[Tally] = []
    count = 0
    for batch in _batches([*_from_ledger(), *_from_bank(), *_from_statements(), *_from_channel()]):
        count += len(batch)
        touched += _lay(batch)
    judging.judge(touched)
    agreed = sum(not tally.kind for tally in touched)
    return Gathered(count, agreed, len(touched) - agreed)


def waiting(account: str, on: date) -> tuple[int, int]:
    """How many lines of bank and ledger up to the end of a day no run has taken in yet, and bank less ledger of them in fen."""
    books = _new_lines(account).filter(posted_on__lte=on).aggregate(lines=Count("id"), fen=Sum(F("debit_fen") - F("credit_fen")))
    count, fen = books["lines"], -int(books["fen"] or 0)
    for rows in (_new_receipts() if account == chart.BANK else None, _new_statement_lines().filter(account=account)):
        if rows is not None:
            found = rows.filter(value_on__lte=on).aggregate(lines=Count("id"), fen=Sum("amount"))
            count, fen = count + found["lines"], fen + (found["fen"].fen if isinstance(found["fen"], Money) else int(found["fen"] or 0))
    return count, fen


def _batches(items: list[TallyItem]) -> Iterator[list[TallyItem]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _lay(items: list[TallyItem]) -> list[Tally]:
    """Give each item its tally: that of its number, or a new one. Returns the tallies touched."""
    known = _tallies_by_key({(item.account, item.key) for item in items if item.key})
    fresh: list[Tally] = []
    made_on = business_date.current()
    for item in items:
        tally = known.get((item.account, item.key)) if item.key else None
        if tally is None:
            tally = Tally(account=item.account, made_on=made_on, first_on=item.on, last_on=item.on, difference=ZERO)
            fresh.append(tally)
            if item.key:
                known[item.account, item.key] = tally
        item.tally = tally
    Tally.objects.bulk_create(fresh)
    for item in items:
        item.tally = item.tally  # the key that its new tally has got
    TallyItem.objects.bulk_create(items)
    return list({item.tally_id: item.tally for item in items}.values())


def _tallies_by_key(keys: set[tuple[str, str]]) -> dict[tuple[str, str], Tally]:
    found = TallyItem.objects.filter(key__in=[key for _account, key in keys]).select_related("tally").order_by("id")
    return {(item.account, item.key): item.tally for item in found if (item.account, item.key) in keys}


# ---- the ledger's side ----------------------------------------------------------------------------------------


def _new_lines(account: str) -> QuerySet[Line]:
    taken = TallyItem.objects.filter(entry=OuterRef("entry_id"), account=account)
    return Line.objects.filter(~Exists(taken), account__code=account)


def _from_ledger() -> Iterator[TallyItem]:
    """One item an entry, account and owner: a repayment splits into several transfers and is one sum at the bank."""
    for account in NUMBERS:
        rows = _new_lines(account).values(
            "entry_id", "owner", "entry__posted_on", "entry__reference", "entry__reverses_id",
        ).annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen")).order_by("entry_id", "owner")
        for row in rows:
            yield TallyItem(
                side=rules.LEDGER, account=account, on=row["entry__posted_on"], amount=Money(int(row["debit"] - row["credit"])), fee=ZERO,
                key=_key_of_entry(row), reference=row["entry__reference"], subject=row["owner"], entry_id=row["entry_id"],
            )


def _key_of_entry(row: dict[str, Any]) -> str:
    """The bank's serial, our order, or the entry itself, so that a reversal lies with what it reverses."""
    kind, _colon, number = row["owner"].partition(":")
    if kind == "bank_line":
        return f"serial:{number}"
    order = _ENTRY_KEY.match(row["entry__reference"])
    if order:
        return f"{'order' if order[1] == 'paid' else 'return'}:{order[2]}"
    serial = counter_serial(row["entry__reference"])
    if serial:
        return f"serial:{serial}"
    return f"entry:{row['entry__reverses_id'] or row['entry_id']}:{row['owner']}"[:90]


# ---- the bank's side ------------------------------------------------------------------------------------------


def _new_receipts() -> QuerySet[BankLine]:
    return BankLine.objects.filter(~Exists(TallyItem.objects.filter(bank_line=OuterRef("pk"))))


def _new_statement_lines() -> QuerySet[StatementLine]:
    return StatementLine.objects.filter(~Exists(TallyItem.objects.filter(statement_line=OuterRef("pk"))))


def _from_bank() -> Iterator[TallyItem]:
    for pk, serial, value_on, amount in _new_receipts().order_by("id").values_list("pk", "bank_serial", "value_on", "amount"):
        yield TallyItem(
            side=rules.BANK, account=chart.BANK, on=value_on, amount=amount, fee=ZERO, key=f"serial:{serial}", reference=serial,
            subject=f"bank_line:{serial}", bank_line_id=pk,
        )


def _from_statements() -> Iterator[TallyItem]:
    rows = list(_new_statement_lines().order_by("id"))
    orders = _orders_by_serial(row.bank_serial for row in rows)
    for row in rows:
        yield TallyItem(
            side=rules.BANK, account=row.account, on=row.value_on, amount=row.amount, fee=ZERO, key=_key_of_line(row, orders),
            reference=row.bank_serial, subject="", statement_line=row,
        )


def _orders_by_serial(serials: Iterable[str]) -> dict[str, str]:
    """Our order by the bank's serial of it, as the bank told it when it took the order."""
    payouts = Payout.objects.filter(bank_serial__in=[serial for serial in serials if serial])
    return {payout.bank_serial: payout.bank_reference for payout in payouts.only("bank_serial", "number", "attempt")}


def _key_of_line(row: StatementLine, orders: dict[str, str]) -> str:
    """The order that the bank's memo or serial names; money that comes in under it came back. A receipt undone lies with the receipt."""
    if row.takes_back:
        return f"serial:{row.bank_serial}"
    if row.account != chart.BANK_PAYOUT:
        return ""
    named = rules.ORDER.search(row.memo.upper().replace(" ", ""))
    order = named[0] if named else orders.get(row.bank_serial, "")
    return f"{'order' if row.amount.fen < 0 else 'return'}:{order}" if order else ""


# ---- the channel's side ---------------------------------------------------------------------------------------


def _from_channel() -> Iterator[TallyItem]:
    taken = TallyItem.objects.filter(channel_line=OuterRef("pk"))
    for row in ChannelLine.objects.filter(~Exists(taken)).order_by("id"):
        kind = "order" if row.kind == "payout" else "return"
        yield TallyItem(
            side=rules.CHANNEL, account=chart.BANK_PAYOUT, on=row.done_on, amount=row.amount, fee=row.fee,
            key=f"{kind}:{row.reference}", reference=row.serial or row.reference, subject=f"payout:{row.reference.partition('.')[0]}",
            channel_line=row,
        )
