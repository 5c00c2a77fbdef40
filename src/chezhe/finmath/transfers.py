"""One movement between two accounts, as a value. Postings in the rooms above return lists of these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transfer:
    """`fen` (> 0, whole fen) moves from the credited to the debited account; both are account codes.

    `owner` is the subject the money belongs to, as text ("loan:L26-000123-7"), or empty. A journal entry made of
    transfers cannot be out of balance. Raises ValueError for nothing, less than nothing, or an account paying itself.
    """

    debit: str
    credit: str
    fen: int
    owner: str = ""

    def __post_init__(self) -> None:
        """Refuse a movement that moves nothing."""
        if type(self.fen) is not int or self.fen <= 0:
            raise ValueError(f"a transfer moves a positive whole number of fen, not {self.fen!r}")
        if not self.debit or not self.credit or self.debit == self.credit:
            raise ValueError(f"a transfer needs two different accounts, not {self.debit!r} and {self.credit!r}")

    def mirrored(self) -> "Transfer":
        """The same sum the other way: what a reversal posts."""
        return Transfer(self.credit, self.debit, self.fen, self.owner)


def moving(debit: str, credit: str, fen: int, owner: str = "") -> tuple[Transfer, ...]:
    """The transfer of `fen`, or none for zero; a negative amount moves the other way."""
    if fen == 0:
        return ()
    return (Transfer(debit, credit, fen, owner),) if fen > 0 else (Transfer(credit, debit, -fen, owner),)
