"""Whether a read value can be right in itself, and how it looks while it is hidden."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.documents.reading.catalogue import FOREVER
from chezhe.finmath.money import Money
from chezhe.identifiers import bank_card, id_card, masks, names, plate, vin

_WRONG = {
    "name": _("不像姓名"), "id_number": _("身份证号码校验不符"), "vin": _("车架号校验不符"), "plate": _("不是有效的车牌号"),
    "card": _("银行卡号校验不符"), "day": _("不是日期"), "until": _("不是日期"), "yuan": _("不是金额"),
}
_HIDING = {
    "name": masks.mask_name, "id_number": masks.mask_id_number, "vin": masks.mask_vin, "plate": masks.mask_plate,
    "card": masks.mask_bank_card, "address": masks.mask_address,
}


def fault(judged_as: str, text: str) -> Any:
    """What is wrong with a value by the rules of its kind; empty when nothing is."""
    return "" if _is_fine(judged_as, text) else _WRONG[judged_as]


def _is_fine(judged_as: str, text: str) -> bool:
    if judged_as == "name":
        return names.judge_person(text).valid or names.judge_company(text).valid
    if judged_as == "id_number":
        return len(text) == 18 and id_card.judge(text).valid
    if judged_as == "vin":
        return vin.judge(text).valid
    if judged_as == "plate":
        return plate.judge(text).valid
    if judged_as == "card":
        return bank_card.judge(text).valid
    if judged_as in ("day", "until"):
        return day_of(text) is not None or judged_as == "until" and text == FOREVER
    return yuan_of(text) is not None if judged_as == "yuan" else True


def day_of(text: str) -> date | None:
    """The day of an ISO text; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def yuan_of(text: str) -> Money | None:
    """A sum in yuan with at most two decimals; None when it is none, not positive or beyond ten thousand million."""
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        return None
    return Money(int(fen)) if fen.is_finite() and fen == fen.to_integral_value() and 0 < fen < 10**12 else None


def hidden(judged_as: str, text: str) -> str:
    """The value as a page shows it to somebody who has not asked for it."""
    if judged_as == "engine":
        return masks.HIDDEN + text[-3:] if len(text) > 5 else masks.HIDDEN
    return _HIDING[judged_as](text) if judged_as in _HIDING else text
