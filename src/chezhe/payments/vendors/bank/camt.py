"""A statement as ISO 20022 has it: camt.053 `BankToCustomerStatement`, any version, of one account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from chezhe.documents.inspection import xml
from chezhe.finmath.money import Money
from chezhe.kernel.errors import BusinessError
from chezhe.payments.rules import DayBalance, RawRow

_NAME = "BkToCstmrStmt"
_OURS = ("CNY", "RMB", "")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class NotAStatement(BusinessError):
    code = "camt_unknown"
    http_status = 422
    field = "file"
    sentence = _("这份 XML 不是银行对账单（camt.053）。")


class StatementDoesNotAddUp(BusinessError):
    code = "statement_does_not_add_up"
    http_status = 422
    field = "file"
    sentence = _("对账单 %(statement)s 期初 %(opening)s 加本期发生额后是 %(reckoned)s，与期末 %(closing)s 不符，请向银行重新索取。")


class SeveralAccounts(BusinessError):
    code = "camt_several_accounts"
    http_status = 422
    field = "file"
    sentence = _("对账单含有 %(count)s 个账户（尾号 %(tails)s）。请按账户分别导出，付款账户的款项不能当作收款入账。")


class EntryDoesNotAddUp(BusinessError):
    code = "camt_entry_does_not_add_up"
    http_status = 422
    field = "file"
    sentence = _("对账单中一笔 %(amount)s 元的汇总入账，明细合计 %(parts)s 元，二者不符，请向银行重新索取。")


@dataclass(frozen=True, slots=True)
class Read:
    """Every booked transaction of one `account` (the bank's number of it), in the file's order, and its balances by day."""

    account: str
    rows: list[RawRow]
    balances: list[DayBalance]


def read(content: bytes) -> Read:
    """What came in and what left: booked entries, one row a transaction, numbered in the file's order.

    Raises (all 422) NotAStatement, SeveralAccounts, and when balances, entries and their transactions disagree,
    StatementDoesNotAddUp or EntryDoesNotAddUp.
    """
    root = xml.parsed(content)
    statements = _all(root, _NAME, "Stmt")
    if not statements:
        raise NotAStatement()
    accounts = {_account(statement, "Acct/Id") for statement in statements}
    if len(accounts) > 1:
        raise SeveralAccounts(count=len(accounts), tails="、".join(sorted(account[-4:] for account in accounts)))
    found = [row for statement in statements for row in _moved(statement)]
    rows = [RawRow(number=number, **row) for number, row in enumerate(found, start=1)]
    return Read(accounts.pop(), rows, [balance for statement in statements for balance in _balances(statement)])


def _booked(statement: etree._Element) -> list[etree._Element]:
    return [entry for entry in _all(statement, "Ntry") if _status(entry) in ("BOOK", "")]


def _takes_back(entry: etree._Element) -> bool:
    return _sign(entry) < 0 and _first(entry, "RvslInd") == "true"


def _moved(statement: etree._Element) -> Iterator[dict[str, Any]]:
    """Of one account, after it has been added up."""
    entries = _booked(statement)
    _require_sum(statement, entries)
    for entry in entries:
        details = _all(entry, "NtryDtls", "TxDtls")
        if _takes_back(entry):
            details = []  # the reversal as a whole, whatever it says of its parts
        yield from (_row(entry, part) for part in (details or [entry]))
        _require_whole(entry, details)


def _balances(statement: etree._Element) -> Iterator[DayBalance]:
    """Opening and closing, when both are of one day; a statement of several days says nothing of each."""
    opening, closing = _ends(statement)
    if opening is None or closing is None:
        return
    days = [_first(balance, "Dt/Dt", "Dt/DtTm")[:10] for balance in (opening, closing)]
    code = _first(opening, "Tp/CdOrPrtry/Cd")
    # PRCD is the closing balance of the day before, under that day's date.
    if not days[1] or (days[0] != days[1] and code != "PRCD"):
        return
    try:
        on = date.fromisoformat(days[1])
    except ValueError:
        return
    yield DayBalance(on, Money(int(_signed(opening) * 100)), Money(int(_signed(closing) * 100)))


def _row(entry: etree._Element, part: etree._Element) -> dict[str, Any]:
    """One transaction: what it does not say, its entry does. The other party is who paid, or whom we paid."""
    whole, is_out = _is_alone(entry), _sign(entry) < 0
    party = "RltdPties/" + ("Cdtr" if is_out else "Dbtr")
    return {
        "direction": "DBIT" if is_out else "CRDT", "takes_back": _takes_back(entry),
        "value_on": _first(entry, "ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")[:10],
        "amount": _amount(entry if whole else part),
        "bank_serial": _first(part, "Refs/AcctSvcrRef", "Refs/TxId") or (_first(entry, "AcctSvcrRef") if whole or part is entry else ""),
        "payer_name": _first(part, f"{party}/Nm", f"{party}/Pty/Nm"),
        "payer_account": _account(part, f"{party}Acct/Id"),
        "memo": " ".join(_texts(part, "RmtInf/Ustrd")) or _first(part, "AddtlTxInf") or _first(entry, "AddtlNtryInf"),
    }


def _is_alone(entry: etree._Element) -> bool:
    return len(_all(entry, "NtryDtls", "TxDtls")) <= 1


def _amount(part: etree._Element) -> str:
    """In yuan; another currency stays beside its sum, which is then no valid amount."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        for found in _all(part, *path.split("/")):
            currency = found.get("Ccy", "")
            return (found.text or "").strip() + ("" if currency in _OURS else f" {currency}")
    return ""


def _account(part: etree._Element, path: str) -> str:
    return _first(part, f"{path}/IBAN", f"{path}/Othr/Id")


def _require_whole(entry: etree._Element, details: list[etree._Element]) -> None:
    """The transactions of a batch come to its entry, all of them credits: else some of it would have no place."""
    if len(details) < 2:
        return
    try:
        parts = sum((Decimal(_amount(part)) for part in details), Decimal(0))
    except InvalidOperation:
        return  # a foreign or missing amount is a fault of its own row
    if parts != Decimal(_first(entry, "Amt")):
        raise EntryDoesNotAddUp(amount=_first(entry, "Amt"), parts=f"{parts:.2f}")


def _require_sum(statement: etree._Element, entries: list[etree._Element]) -> None:
    opening, closing = _ends(statement)
    if opening is None or closing is None:
        return
    begun, ended = _signed(opening), _signed(closing)
    reckoned = begun + sum((_signed(entry) for entry in entries), Decimal(0))
    if reckoned != ended:
        raise StatementDoesNotAddUp(
            statement=_first(statement, "Id"), opening=f"{begun:.2f}", reckoned=f"{reckoned:.2f}", closing=f"{ended:.2f}"
        )


def _ends(statement: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
    balances = {_first(balance, "Tp/CdOrPrtry/Cd"): balance for balance in _all(statement, "Bal")}
    opening = next((balances[code] for code in _OPENING if code in balances), None)
    return opening, next((balances[code] for code in _CLOSING if code in balances), None)


def _signed(part: etree._Element) -> Decimal:
    try:
        return _sign(part) * Decimal(_first(part, "Amt"))
    except InvalidOperation:
        raise NotAStatement() from None


def _sign(part: etree._Element) -> int:
    """1 for money that came in, −1 for money that went out. An entry that reverses one says so by its own side (ISO 20022)."""
    return 1 if _first(part, "CdtDbtInd") == "CRDT" else -1


def _status(entry: etree._Element) -> str:
    """`BOOK`, `PDNG` or `INFO`: as text up to version 4, as a code inside afterwards."""
    return _first(entry, "Sts/Cd") or _first(entry, "Sts")


def _all(part: etree._Element, *names: str) -> list[etree._Element]:
    """Descendants along the names, whatever the version's namespace."""
    found = [part]
    for name in names:
        found = [child for parent in found for child in parent.iterchildren("{*}" + name)]
    return found


def _texts(part: etree._Element, path: str) -> list[str]:
    return [text for found in _all(part, *path.split("/")) if (text := (found.text or "").strip())]


def _first(part: etree._Element, *paths: str) -> str:
    return next((text for path in paths for text in _texts(part, path)), "")
