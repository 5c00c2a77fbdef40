"""How the stories are told: what the books gained by each turn, and everything at the end of a day in its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chezhe.kernel import business_date
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, pay
from chezhe.servicing.tests.test_life import agrees, journal


def fen(yuan: str) -> int:
    """`3 321.43` → 332143."""
    return int((Decimal(yuan.replace(" ", "")) * 100).to_integral_exact())


class Told:
    """The journal of a loan, read on from where it was left; row, fold and ledger agree at every reading."""

    def __init__(self, loan: Loan) -> None:
        self.loan, self.read = loan, journal(loan)

    def more(self) -> str:
        """What was booked since."""
        assert agrees(self.loan)
        before, self.read = self.read, journal(self.loan)
        assert self.read.startswith(before), "nothing that was written changes"
        return self.read[len(before) :].strip()

    def last(self) -> str:
        """The last entry of what was booked since."""
        return self.more().rpartition("\n\n")[2]


def paid_in_time(bank: Bank, loan: Loan, count: int, yuan: str, until: date) -> Loan:
    """So many instalments, each on its day; what is paid brings the loan along, no night is closed."""
    for due in list(loan.schedules.get(version=1).due_dates)[:count]:
        business_date.open_day(due)
        pay(bank, loan, yuan, due, f"R{due:%Y%m%d}")
    business_date.open_day(until)
    return Loan.objects.get(pk=loan.pk)


def one_year_paid(bank: Bank, loan: Loan, until: date) -> Loan:
    """AC-11: 70 558.46 are left."""
    return paid_in_time(bank, loan, 12, "3321.43", until)
