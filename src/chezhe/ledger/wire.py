"""How programs read entries that would be posted; `bookings.told` fills these."""

from chezhe.kernel.rest import Day, Out, Yuan


class MovedOut(Out):
    debit: str
    credit: str
    amount: Yuan


class SumOut(Out):
    account: str
    debit: Yuan
    credit: Yuan


class BookingOut(Out):
    on: Day
    event: str
    transfers: list[MovedOut]
    accounts: list[SumOut]


class EntriesOut(Out):
    bookings: list[BookingOut]
