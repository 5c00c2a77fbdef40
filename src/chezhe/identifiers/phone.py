"""Telephone numbers of mainland China: mobile (11 digits) and landline with area code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chezhe.identifiers.findings import Judgement, TextJudgement, error, warning
from chezhe.identifiers.text import clean_code

MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")
COUNTRY_CODE = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)")
VIRTUAL_PREFIXES = ("162", "165", "167", "170", "171")  # resold numbers, often used by fraud rings
MASK_SPACES = re.compile(r"[()]")


@dataclass(frozen=True, slots=True)
class Mobile(Judgement):
    """`type` is ordinary or virtual_operator."""

    type: str = ""


def normalise(text: str) -> str:
    """The stored form of a pasted mobile number: 11 digits, without +86, blanks and hyphens."""
    return COUNTRY_CODE.sub("", MASK_SPACES.sub("", clean_code(text)))


def judge(text: str) -> Mobile:
    """Judge the exact string as a mobile number."""
    if not MOBILE.fullmatch(text):
        return Mobile(text, "", (BAD_MOBILE,))
    is_virtual = text.startswith(VIRTUAL_PREFIXES)
    return Mobile(text, text, (VIRTUAL,) if is_virtual else (), "virtual_operator" if is_virtual else "ordinary")


def judge_landline(text: str) -> TextJudgement:
    """Judge the exact string as a landline: area code from 0, an optional hyphen, 7 or 8 digits."""
    if not LANDLINE.fullmatch(text):
        return TextJudgement(text, "", (BAD_LANDLINE,))
    return TextJudgement(text, text, ())


BAD_MOBILE = error(
    "mobile.form",
    "手机号应为 11 位数字，以 13 至 19 开头。",
    "A mobile number has 11 digits and starts with 13 to 19.",
)
VIRTUAL = warning(
    "mobile.virtual_operator",
    "该号码属于虚拟运营商号段，请核实机主。",
    "This number belongs to a virtual operator; verify its holder.",
)
BAD_LANDLINE = error(
    "landline.form",
    "固定电话应为区号加 7 至 8 位号码，例如 010-12345678。",
    "A landline is an area code and 7 or 8 digits, such as 010-12345678.",
)
