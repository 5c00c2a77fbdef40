"""What papers must say, may not say, and how they count."""

from __future__ import annotations

# What a paper of a kind may not be without: an article's clause that says one of these words, whatever else changes.
OBLIGATORY: dict[str, tuple[tuple[str, ...], ...]] = {
    "loan_contract": (("年化利率", "综合年化"), ("不得预先在本金中扣除", "不从借款本金中扣除"), ("送达地址",), ("提前结清",), ("罚息",)),
    "mortgage_contract": (("不因债务人不履行债务而当然取得",), ("解除抵押登记",), ("超过债权数额的部分归抵押人",)),
    "guarantee_contract": (("连带责任保证", "一般保证"), ("保证期间",)),
    "consent_letter": (("撤回",), ("{{consent_text}}",)),
    "gps_notice": (("位置",), ("不得拆除", "不拆除"), ("结清",)),
    "address_confirmation": (("送达地址",), ("视为送达",)),
    "insurance_undertaking": (("第一受益人",), ("续保",)),
}
# 流押 and what else no paper may say.
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "mortgage_contract": ("车辆归抵押权人所有", "直接取得车辆所有权", "自动归抵押权人"),
    "loan_contract": ("砍头息", "预扣利息"),
}


def numeral(place: int) -> str:
    """一 … 三十: how articles are counted."""
    digits = "一二三四五六七八九十"
    if place <= 10:
        return digits[place - 1]
    tens, ones = divmod(place, 10)
    return ("" if tens == 1 else digits[tens - 1]) + "十" + (digits[ones - 1] if ones else "")
