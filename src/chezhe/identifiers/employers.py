"""Employers in one comparable form: without legal form, brackets and the words of their province."""

from __future__ import annotations

import re
from typing import Final

from chezhe.identifiers.regions import PROVINCES
from chezhe.identifiers.text import clean

_LEGAL_FORMS = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|股份公司|集团公司|总公司|责任公司|公司|合伙企业|\(有限合伙\)|\(普通合伙\)|\(个人独资\)|集团|经营部|商行)$"
)
_NO_EMPLOYER: Final = frozenset(
    "无 无业 自由职业 自由职业者 个体 个体户 个体经营 待业 退休 务农 农民 学生 自营 打工".split()
)


def employer_key(text: str) -> str:
    """An employer without its legal form and the words of its province and city; "" for none and for what names nobody."""
    name = clean(text).replace("（", "(").replace("）", ")").replace(" ", "").upper()
    before = ""
    while name != before:
        before, name = name, re.sub(r"\(\)$", "", _LEGAL_FORMS.sub("", re.sub(r"\((集团|股份)\)$", r"\1", name)))
    name = name.replace("(", "").replace(")", "")
    name = re.sub(rf"^(?:{'|'.join(PROVINCES.values())})省?(?=.{{3}})", "", name)
    name = re.sub(r"^([^\d]{2,3})市(?=.{2})", r"\1", name)
    return "" if len(name) < 2 or name in _NO_EMPLOYER else name
