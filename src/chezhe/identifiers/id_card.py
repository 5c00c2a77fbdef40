"""Citizen identity numbers, GB 11643: 6 area, 8 birth, 3 sequence, 1 check (ISO 7064 MOD 11-2).

Also read: the old 15-digit number, residence permits of Hong Kong, Macau and Taiwan residents (81, 82, 83), and
the foreign permanent resident card of 2023 (9, province, country, then the same tail).
Area codes get abolished and reused, so an odd area warns; the province, the date and the check digit decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.identifiers.excel import looks_rounded
from chezhe.identifiers.findings import Finding, Judgement, error, warning
from chezhe.identifiers.regions import PROVINCES, TAIWAN_RESIDENCE
from chezhe.identifiers.text import clean_code, is_digits

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
LENGTH = 18
LENGTH_OLD = 15
BIRTH_YEAR_FIRST = 1800
RESIDENCE_PREFIXES = ("81", "82", TAIWAN_RESIDENCE)


@dataclass(frozen=True, slots=True)
class IdCard(Judgement):
    """`type` is resident, residence_permit, foreign_permanent_resident, or "" when the form is wrong."""

    type: str = ""
    province: str = ""
    birth_date: date | None = None
    sex: str = ""  # "male", "female" or "" when unknown
    was_old: bool = False  # given with 15 digits


def normalise(text: str) -> str:
    """The stored form of a pasted number: half-width, no separators, X upper case."""
    return clean_code(text)


def check_character(first_17: str) -> str:
    """The check character of the first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    return CHECK_CHARACTERS[sum(w * int(d) for w, d in zip(WEIGHTS, first_17, strict=True)) % 11]


def to_18(old: str) -> str:
    """The 18-digit number of an old 15-digit one: the century 19 goes in, the check character comes behind."""
    body = f"{old[:6]}19{old[6:]}"
    return body + check_character(body)


def judge(text: str, on: date | None = None) -> IdCard:
    """Judge the exact string. `on` is the business date that a birth may not lie after; None skips that."""
    number = to_18(text) if len(text) == LENGTH_OLD and is_digits(text) else text[:-1] + text[-1:].replace("x", "X")
    if not _has_form(number):
        return IdCard(text, "", (BAD_FORM,))
    was_old = len(text) == LENGTH_OLD
    birth_date = _birth_date(number[6:14])
    findings = (
        *_area_findings(number),
        *_birth_findings(birth_date, on),
        *_check_findings(number),
        *((OLD_FORM,) if was_old else ()),
    )
    sex = "male" if int(number[16]) % 2 else "female"
    return IdCard(text, number, findings, _type(number), _province(number), birth_date, sex, was_old)


def age_on(birth_date: date, on: date) -> int:
    """Completed years of life on a date."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def _has_form(number: str) -> bool:
    return len(number) == LENGTH and is_digits(number[:17]) and (number[17] == "X" or is_digits(number[17]))


def _type(number: str) -> str:
    if number.startswith("9"):
        return "foreign_permanent_resident"
    return "residence_permit" if number[:2] in RESIDENCE_PREFIXES else "resident"


def _province(number: str) -> str:
    """The province of the card; for a foreign permanent resident, the one that issued it."""
    prefix = number[1:3] if number.startswith("9") else number[:2]
    return "台湾" if prefix == TAIWAN_RESIDENCE else PROVINCES.get(prefix, "")


def _area_findings(number: str) -> tuple[Finding, ...]:
    if number.startswith("9"):
        return () if _province(number) else (ODD_AREA,)
    if not _province(number):
        return (BAD_PROVINCE,)
    if _type(number) == "residence_permit":
        return () if number[2:6] == "0000" else (ODD_AREA,)
    return (ODD_AREA,) if "00" in (number[2:4], number[4:6]) else ()


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _birth_findings(birth_date: date | None, on: date | None) -> tuple[Finding, ...]:
    if birth_date is None or birth_date.year < BIRTH_YEAR_FIRST:
        return (BAD_BIRTH,)
    return (FUTURE_BIRTH,) if on is not None and birth_date > on else ()


def _check_findings(number: str) -> tuple[Finding, ...]:
    if check_character(number[:17]) == number[17]:
        return ()
    return (EXCEL_ROUNDED, BAD_CHECK) if looks_rounded(number) else (BAD_CHECK,)


BAD_FORM = error(
    "id_card.form",
    "身份证号应为 18 位：17 位数字加 1 位数字或 X。",
    "An ID number has 18 characters: 17 digits, then a digit or X.",
)
BAD_PROVINCE = error(
    "id_card.province",
    "身份证号前两位不是任何省级行政区的代码。",
    "The first two digits are not the code of any province.",
)
ODD_AREA = warning(
    "id_card.area",
    "身份证号前六位不是常见的区县代码，请与证件核对。",
    "The first six digits are not a usual county code; compare with the card.",
)
BAD_BIRTH = error(
    "id_card.birth_date",
    "身份证号第 7 至 14 位不是真实存在的出生日期。",
    "Digits 7 to 14 are not a date that exists.",
)
FUTURE_BIRTH = error(
    "id_card.birth_in_future",
    "身份证号中的出生日期晚于今天。",
    "The date of birth in this number lies in the future.",
)
BAD_CHECK = error(
    "id_card.check_digit",
    "身份证号校验码不符，请逐位核对。",
    "The check digit does not fit; compare digit by digit.",
)
EXCEL_ROUNDED = error(
    "id_card.excel_rounded",
    "末三位为 000，可能已被 Excel 当作数字改写；请用文本格式的列重新填写。",
    "It ends in 000: Excel has probably rounded it as a number; use a text column and type it again.",
)
OLD_FORM = warning(
    "id_card.old_form",
    "这是旧的 15 位号码，已换算为 18 位，请与现行证件核对。",
    "This is an old 15-digit number, converted to 18 digits; compare with the current card.",
)
