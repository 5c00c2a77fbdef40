"""The words of the bureau's reports, and what a month's letter means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: Final = {
    "D1": _("非循环贷账户"), "R1": _("循环额度下分账户"), "R4": _("循环贷账户"), "R2": _("贷记卡账户"), "R3": _("准贷记卡账户"),
    "C1": _("被追偿账户"),
}
BUSINESS: Final = {
    "house": _("住房贷款"), "car": _("汽车贷款"), "consumption": _("消费贷款"), "business": _("经营贷款"), "card": _("信用卡"),
    "recovered": _("追偿"), "other": pgettext_lazy("credit", "其他"),
}
STATUSES: Final = {
    "normal": pgettext_lazy("account", "正常"), "overdue": pgettext_lazy("account", "逾期"), "bad_debt": _("呆账"),
    "settled": pgettext_lazy("account", "结清"), "closed": _("销户"), "transferred": _("转出"), "frozen": _("冻结"), "stopped": _("止付"),
}
CLASSES: Final = {
    "normal": pgettext_lazy("account", "正常"), "watch": _("关注"), "substandard": _("次级"), "doubtful": _("可疑"), "loss": _("损失"),
    "unknown": _("未分类"),
}
GUARANTEES: Final = {
    "credit": _("信用"), "mortgage": _("抵押"), "pledge": _("质押"), "guarantee": _("保证"), "mixed": _("组合"),
    "other": pgettext_lazy("credit", "其他"),
}
REASONS: Final = {
    "loan_approval": _("贷款审批"), "card_approval": _("信用卡审批"), "guarantee_review": _("担保资格审查"),
    "financing_approval": _("融资审批"), "post_loan": _("贷后管理"), "self": _("本人查询"), "dispute": _("异议查询"),
    "admission": _("客户准入资格审查"),
    "other": pgettext_lazy("credit", "其他"),
}
PUBLIC: Final = {
    "tax_arrears": _("欠税记录"), "judgment": _("民事判决记录"), "enforcement": _("强制执行记录"), "penalty": _("行政处罚记录"),
    "fund": _("住房公积金参缴记录"),
}
SEXES: Final = {"male": _("男"), "female": _("女"), "unknown": pgettext_lazy("person", "未知")}
CURRENCIES: Final = {"CNY": _("人民币元")}
NOTES: Final = {"statement": _("本人声明"), "dispute": _("异议标注")}
MARITAL: Final = {"single": _("未婚"), "married": _("已婚"), "divorced": _("离异"), "widowed": _("丧偶"), "unknown": _("未说明")}
# What a month's letter means, and whether it is good, bad or says nothing.
LETTERS: Final = {
    "*": (_("当月无还款历史"), "neutral"), "#": (_("还款状况未知"), "neutral"), "N": (_("正常还款"), "good"),
    "1": (_("逾期 1–30 天"), "warning"),
    "2": (_("逾期 31–60 天"), "warning"), "3": (_("逾期 61–90 天"), "danger"), "4": (_("逾期 91–120 天"), "danger"),
    "5": (_("逾期 121–150 天"), "danger"), "6": (_("逾期 151–180 天"), "danger"), "7": (_("逾期 180 天以上"), "danger"),
    "B": (_("呆账"), "danger"),
    "M": (_("逾期后当月还清"), "warning"), "D": (_("担保人代还"), "danger"), "Z": (_("以资抵债"), "danger"),
    "C": (_("结清、销户"), "neutral"),
    "G": (_("结清以外的终止"), "warning"), "A": (_("账单日调整"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """One cell of a strip: the letter says it without the colour."""

    letter: str
    tone: str
    meaning: Any


def strip(codes: str) -> list[Month]:
    """The months of an account, old to new."""
    return [Month(letter, LETTERS[letter][1], LETTERS[letter][0]) for letter in codes]


def legend() -> list[Month]:
    """What the letters mean."""
    return strip("".join(LETTERS))
