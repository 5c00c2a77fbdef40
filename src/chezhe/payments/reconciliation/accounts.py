"""Which accounts at the bank are ours: their numbers are figures of the dated parameter table, agreed by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import chart

# The ledger account, and the parameter that holds the number the bank knows it by.
NUMBERS = {chart.BANK: "BANK_ACCOUNT_RECEIVING", chart.BANK_PAYOUT: "BANK_ACCOUNT_PAYOUT"}
LABELS = {chart.BANK: _("收款户"), chart.BANK_PAYOUT: _("放款户")}


class AccountNotOurs(BusinessError):
    code = "statement_account_foreign"
    http_status = 422
    field = "file"
    sentence = _("对账单的账户（尾号 %(tail)s）不是我司登记的账户，未导入。如为新开账户，请先在参数中登记“银行账号”。")


class AccountOther(BusinessError):
    code = "statement_account_other"
    http_status = 422
    field = "account"
    sentence = _("选择的是%(chosen)s，而对账单是%(found)s（尾号 %(tail)s）的，请核对。")


@dataclass(frozen=True, slots=True)
class OurAccount:
    """One of our accounts at the bank."""

    code: str
    number: str

    @property
    def label(self) -> str:
        return str(LABELS[self.code])

    @property
    def tail(self) -> str:
        return self.number[-4:]


def ours(on: date) -> list[OurAccount]:
    """In the chart's order; the number is empty where none is in force."""
    rows = parameters.find_all(NUMBERS.values(), on)
    return [OurAccount(code, rows[name].value if name in rows else "") for code, name in NUMBERS.items()]


def account_of(number: str, on: date, *, chosen: str = "") -> str:
    """The ledger account of a statement. Raises AccountNotOurs or AccountOther (422); a number without any is not ours."""
    found = next((account for account in ours(on) if account.number and account.number == number.replace(" ", "")), None)
    if found is None:
        raise AccountNotOurs(tail=number[-4:] or "—")
    if chosen and chosen != found.code:
        raise AccountOther(chosen=LABELS[chosen], found=found.label, tail=found.tail)
    return found.code
