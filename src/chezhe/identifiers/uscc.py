"""Unified social credit codes, GB 32100: department, category, region (6), organisation code (9), check."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.identifiers.excel import looks_rounded
from chezhe.identifiers.findings import Finding, Judgement, error, warning
from chezhe.identifiers.regions import PROVINCES
from chezhe.identifiers.text import clean_code, is_digits

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
NATIONAL_REGION = "10"  # registered with the national authority, not with a province
TYPES = {
    "91": "enterprise",
    "92": "individual_business",
    "93": "farmer_cooperative",
    "11": "government_body",
    "12": "public_institution",
    "51": "social_organisation",
    "52": "private_non_enterprise",
    "53": "foundation",
}
DEPARTMENTS = "123456789ANY"


@dataclass(frozen=True, slots=True)
class Uscc(Judgement):
    """`type` is one of TYPES' values or "other"; `organisation_code` its characters 9–17."""

    type: str = ""
    province: str = ""
    organisation_code: str = ""


def normalise(text: str) -> str:
    """The stored form of a pasted code: half-width, no separators, upper case."""
    return clean_code(text)


def check_character(first_17: str) -> str:
    """The check character of the first 17 (GB 32100: weights 3^i mod 31)."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(first_8: str) -> str:
    """The check character of an organisation code's first eight (GB 11714, 0–9 and A=10 … Z=35)."""
    remainder = 11 - sum(w * int(c, 36) for w, c in zip(ORGANISATION_WEIGHTS, first_8, strict=True)) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def judge(text: str) -> Uscc:
    """Judge the exact string."""
    if len(text) != LENGTH or not set(text) <= set(ALPHABET) or not is_digits(text[2:8]):
        return Uscc(text, "", (BAD_FORM,))
    findings = (*_prefix_findings(text), *_check_findings(text))
    return Uscc(text, text, findings, TYPES.get(text[:2], "other"), PROVINCES.get(text[2:4], ""), text[8:17])


def _prefix_findings(text: str) -> tuple[Finding, ...]:
    found = []
    if text[0] not in DEPARTMENTS:
        found.append(ODD_DEPARTMENT)
    if text[2:4] != NATIONAL_REGION and text[2:4] not in PROVINCES:
        found.append(ODD_REGION)
    return tuple(found)


def _check_findings(text: str) -> tuple[Finding, ...]:
    if check_character(text[:17]) != text[17]:
        return (EXCEL_ROUNDED, BAD_CHECK) if looks_rounded(text) else (BAD_CHECK,)
    return () if organisation_check(text[8:16]) == text[16] else (BAD_ORGANISATION_CHECK,)


BAD_FORM = error(
    "uscc.form",
    "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z），第 3 至 8 位为数字。",
    "A unified social credit code has 18 digits or capital letters (no I, O, S, V, Z); characters 3 to 8 are digits.",
)
BAD_CHECK = error(
    "uscc.check_digit",
    "统一社会信用代码校验码不符，请逐位核对。",
    "The check character does not fit; compare character by character.",
)
EXCEL_ROUNDED = error(
    "uscc.excel_rounded",
    "末三位为 000，可能已被 Excel 当作数字改写；请用文本格式的列重新填写。",
    "It ends in 000: Excel has probably rounded it as a number; use a text column and type it again.",
)
BAD_ORGANISATION_CHECK = error(
    "uscc.organisation_check",
    "统一社会信用代码中的组织机构代码（第 9 至 17 位）校验码不符。",
    "The organisation code inside (characters 9 to 17) fails its own check digit.",
)
ODD_DEPARTMENT = warning(
    "uscc.department",
    "统一社会信用代码首位不是常见的登记管理部门代码，请核对。",
    "The first character is not a usual registration department; please compare.",
)
ODD_REGION = warning(
    "uscc.region",
    "统一社会信用代码第 3、4 位不是省级行政区代码，请核对。",
    "Characters 3 and 4 are not a province code; please compare.",
)
