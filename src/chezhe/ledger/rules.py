"""Pure rules of the books: what an entry may hold, what makes two entries the same, how a journal reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import eq

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.ledger.chart import Kind

Row = tuple[str, str, int, str]
"""A transfer as plain values: debited account, credited account, fen, owner."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The transfers of a large entry (a shard of the end of a day) side by side, in their order, without a value for each.

    Raises ValueError for what `Transfer` refuses.
    """

    debits: Sequence[str]
    credits: Sequence[str]
    fen: Sequence[int]
    owners: Sequence[str]

    def __post_init__(self) -> None:
        """Refuse a movement that moves nothing, or nowhere."""
        if len({len(self.debits), len(self.credits), len(self.fen), len(self.owners)}) > 1:
            raise ValueError("the columns are of different lengths")
        if any(map(eq, self.debits, self.credits)) or (self.fen and min(self.fen) <= 0):
            raise ValueError("a transfer moves more than nothing between two accounts")

    def __len__(self) -> int:
        return len(self.fen)

    def rows(self) -> list[Row]:
        return list(zip(self.debits, self.credits, self.fen, self.owners, strict=True))


@dataclass(frozen=True, slots=True)
class EntryContent:
    """Everything of an entry that counts when the same reference comes a second time."""

    event: str
    reference: str
    posted_on: date
    branch_id: int | None
    memo: str
    transfers: tuple[Transfer, ...] | Columns

    def rows(self) -> list[Row]:
        """What moves, in its order."""
        if isinstance(self.transfers, Columns):
            return self.transfers.rows()
        return [(t.debit, t.credit, t.fen, t.owner) for t in self.transfers]


def digest_of(content: EntryContent) -> str:
    """SHA-256 of what the entry says; the order of its transfers counts, who wrote it and when does not."""
    said = [content.event, content.reference, content.posted_on.isoformat(), content.branch_id, content.memo, content.rows()]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def mixes_books(kinds: dict[str, Kind], pairs: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The first pair (debited, credited) of a memo account and one on the balance sheet; None when there is none.

    Memo accounts (表外) stand beside the balance sheet: one leg on each would tear both trial balances.
    """
    for debit, credit in pairs:
        if (kinds[debit] == Kind.MEMO) != (kinds[credit] == Kind.MEMO):
            return debit, credit
    return None


@dataclass(frozen=True, slots=True)
class EntryText:
    """One entry for `journal_text`: `names` maps account codes to the names to print."""

    posted_on: date
    event: str
    transfers: Sequence[Transfer]


def journal_text(entries: Iterable[EntryText], names: dict[str, str]) -> str:
    """Entries as an accountant reads them, one blank line apart; sums of one account and side stand together."""
    return "\n\n".join(_entry_text(entry, names) for entry in entries)


def _entry_text(entry: EntryText, names: dict[str, str]) -> str:
    owners = dict.fromkeys(t.owner.partition(":")[2] or t.owner for t in entry.transfers if t.owner)
    heading = " ".join([entry.posted_on.isoformat(), entry.event, *owners])
    lines = [(side, names[code], Money(fen).format(grouped=True)) for (side, code), fen in _lines(entry.transfers).items()]
    name_width = max(len(name) for _, name, _ in lines)
    sum_width = max(len(text) for _, _, text in lines)
    return "\n".join([heading, *(f"  {side} {name:<{name_width}}  {text:>{sum_width}}" for side, name, text in lines)])


def _lines(transfers: Sequence[Transfer]) -> dict[tuple[str, str], int]:
    """Debits first, then credits, each in the order of first appearance; fen by (side, account code)."""
    sums: dict[tuple[str, str], int] = {}
    for side, codes in (("Dr", [t.debit for t in transfers]), ("Cr", [t.credit for t in transfers])):
        for code, transfer in zip(codes, transfers, strict=True):
            sums[side, code] = sums.get((side, code), 0) + transfer.fen
    return sums
