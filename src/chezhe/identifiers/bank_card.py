"""Bank card numbers: 16 to 19 digits with a Luhn check digit (ISO/IEC 7812); 62… is UnionPay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chezhe.identifiers.excel import looks_rounded
from chezhe.identifiers.findings import Finding, Judgement, error, warning
from chezhe.identifiers.text import clean_code, is_digits

LENGTHS = range(16, 20)
ACCOUNT_LENGTHS = range(8, 33)
BANKING_FIRST = "234569"  # industry digits of ISO/IEC 7812 that banks in China have issued under
UNIONPAY = "62"


@dataclass(frozen=True, slots=True)
class BankCard(Judgement):
    """`network` is unionpay or other; `issuer_code` the first six digits."""

    network: str = ""
    issuer_code: str = ""


def normalise(text: str) -> str:
    """The stored form of a pasted card number: half-width, without blanks and hyphens."""
    return clean_code(text)


def luhn_digit(payload: str) -> str:
    """The Luhn digit that belongs behind these digits."""
    total = sum(_doubled(int(d)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(payload)))
    return str(-total % 10)


def judge(text: str) -> BankCard:
    """Judge the exact string."""
    if not is_digits(text) or len(text) not in LENGTHS or text[0] not in BANKING_FIRST:
        return BankCard(text, "", (BAD_FORM,))
    network = "unionpay" if text.startswith(UNIONPAY) else "other"
    findings = (*_check_findings(text), *(() if network == "unionpay" else (NOT_UNIONPAY,)))
    return BankCard(text, text, findings, network, text[:6])


def judge_account(text: str) -> BankCard:
    """Judge a number that may be a card's or a company's account: a company's has no public check digit, so that only
    the form blocks, and what would block a card warns."""
    if not is_digits(text) or len(text) not in ACCOUNT_LENGTHS:
        return BankCard(text, "", (BAD_ACCOUNT,))
    if len(text) not in LENGTHS or text[0] not in BANKING_FIRST:
        return BankCard(text, text, ())
    card = judge(text)
    return BankCard(text, text, tuple(replace(finding, is_error=False) for finding in card.findings), card.network, card.issuer_code)


def _doubled(digit: int) -> int:
    return digit * 2 - 9 if digit > 4 else digit * 2


def _check_findings(text: str) -> tuple[Finding, ...]:
    if luhn_digit(text[:-1]) == text[-1]:
        return ()
    return (EXCEL_ROUNDED, BAD_CHECK) if looks_rounded(text) else (BAD_CHECK,)


BAD_FORM = error(
    "card.form",
    "银行卡号应为 16 至 19 位数字。",
    "A bank card number has 16 to 19 digits.",
)
BAD_CHECK = error(
    "card.check_digit",
    "银行卡号校验位不符，请逐位核对。",
    "The check digit does not fit; compare digit by digit.",
)
BAD_ACCOUNT = error("account.form", "账号应为 8 至 32 位数字。", "An account number has 8 to 32 digits.")
NOT_UNIONPAY = warning(
    "card.network",
    "该卡不是 62 开头的银联卡，请确认可用于代扣和放款。",
    "This is not a UnionPay card (62…); make sure it can be debited and credited.",
)
EXCEL_ROUNDED = error(
    "card.excel_rounded",
    "第 16 位起全为 0，可能已被 Excel 当作数字改写；请用文本格式的列重新填写。",
    "It is all zeros from the 16th digit on: Excel has probably rounded it; use a text column and type it again.",
)
