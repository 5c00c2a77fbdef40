"""Names of people and companies as their papers write them."""

from __future__ import annotations

import re

from chezhe.identifiers.findings import TextJudgement, error
from chezhe.identifiers.text import clean

# CJK Unified Ideographs with the extensions used for rare given names, and 〇.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
PERSON = re.compile(f"(?=.{{2,20}}$)[{HAN}]+(?:·[{HAN}]+)*")
COMPANY = re.compile(f"[{HAN}A-Za-z0-9()\uff08\uff09《》·&\\-.、,\uff0c' ]{{4,100}}")
COMPANY_CORE = re.compile(f"[{HAN}A-Za-z]")
DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅\uff65.", "·"))
FULL_BRACKETS = str.maketrans("()", "\uff08\uff09")
COMPOUND_SURNAMES = frozenset(
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 端木 长孙 宇文 轩辕 南宫 西门 东郭 独孤 闻人 百里 呼延 赫连".split()
)


def normalise_person(text: str) -> str:
    """A pasted name without blanks, its dot the one middle dot that ID cards print."""
    return clean(text).replace(" ", "").translate(DOTS)


def normalise_company(text: str) -> str:
    """A pasted company name with single blanks and full-width brackets, as licences print them."""
    return clean(text).translate(FULL_BRACKETS)


def judge_person(text: str) -> TextJudgement:
    """Judge the exact string: 2 to 20 Chinese characters, parts of a minority name joined by ·."""
    return TextJudgement(text, text, ()) if PERSON.fullmatch(text) else TextJudgement(text, "", (BAD_PERSON,))


def judge_company(text: str) -> TextJudgement:
    """Judge the exact string: 4 to 100 characters of a company name, no control characters or outer blanks."""
    is_fine = COMPANY.fullmatch(text) and COMPANY_CORE.search(text) and text == text.strip()
    return TextJudgement(text, text, ()) if is_fine else TextJudgement(text, "", (BAD_COMPANY,))


def surname_of(name: str) -> str:
    """The surname: two characters for a compound one (欧阳…) in a name of three or more, otherwise one."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


BAD_PERSON = error(
    "person_name.form",
    "姓名应为 2 至 20 个汉字，少数民族姓名用“·”分隔。",
    "A name has 2 to 20 Chinese characters; parts of a minority name are joined by ·.",
)
BAD_COMPANY = error(
    "company_name.form",
    "企业名称应为 4 至 100 个字符，由汉字、字母、数字和常用标点组成。",
    "A company name has 4 to 100 characters: Chinese characters, letters, digits and common punctuation.",
)
