"""Form fields that know money, rates, days and the numbers people carry. Each refuses with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.identifiers import bank_card, id_card, phone, plate, uscc, vin
from chezhe.identifiers.findings import Finding, Judgement
from chezhe.identifiers.text import clean
from chezhe.kernel.errors import Invalid
from chezhe.kernel.unseen import TURNING
from chezhe.ui import formats

MONEY_MAX_FEN = 10_000_000_000_00
_AMOUNT = re.compile(r"(-?)(\d{1,14})(?:\.(\d+))?", re.ASCII)
# Commas by thousands or by 万; anywhere else one may be a slip of the finger for the point: 12,00 is not 1,200.
_GROUPED = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)(?:\.\d+)?", re.ASCII)
_PERCENT = re.compile(r"-?\d{1,6}(?:\.\d{1,10})?", re.ASCII)
_WHOLE = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})", re.ASCII)
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?", re.ASCII)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


def tidy(text: str) -> str:
    """For names and sentences: full-width digits and odd spaces become plain; Chinese punctuation stays."""
    table = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | dict.fromkeys(map(ord, "\u3000\u00a0\u202f"), " ")
    return text.translate(table | dict.fromkeys(map(ord, f"\u200b\u200c\u2060\ufeff{TURNING}"), None)).strip()


class TextField(forms.CharField):
    """A line of words; always with a limit."""

    def __init__(self, *, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(tidy(value) if isinstance(value, str) else value)


class LongTextField(TextField):
    """Several lines."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, max_length: int = 2000, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class MoneyField(forms.CharField):
    """Yuan as people type them (`1,409.5`, `￥１４０９．５`, `12 000`) become `Money` in whole fen.

    `minimum` and `maximum` are Money or fen and included; the minimum is 0 unless said.
    """

    unit = _("元")
    input_mode = "decimal"

    def __init__(self, *, minimum: Any = 0, maximum: Any = MONEY_MAX_FEN, **kwargs: Any) -> None:
        self.minimum_fen, self.maximum_fen = formats.fen_of(minimum), formats.fen_of(maximum)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Money | None:
        if isinstance(value, Money):
            return value
        text = clean(str(value or "")).replace(" ", "").lstrip("¥￥").removesuffix("元")
        if not text:
            return None
        match = _AMOUNT.fullmatch(text.replace(",", "")) if _GROUPED.fullmatch(text) else None
        if match is None:
            raise ValidationError(_("请填写金额，例如 12,000.00。"), code="money_form")
        sign, whole, part = match.groups(default="")
        if len(part.rstrip("0")) > 2:
            raise ValidationError(_("金额最多两位小数（精确到分）。"), code="money_precision")
        return Money(int(whole) * 100 + int(part[:2].ljust(2, "0"))) if not sign else Money(-int(whole + part[:2].ljust(2, "0")))

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value is None:
            return
        if self.minimum_fen is not None and value.fen < self.minimum_fen:
            sentence = _("金额不能是负数。") if self.minimum_fen == 0 else _("金额不能低于 %(limit)s。")
            raise ValidationError(sentence, code="money_low", params={"limit": formats.money(self.minimum_fen)})
        if self.maximum_fen is not None and value.fen > self.maximum_fen:
            raise ValidationError(_("金额不能超过 %(limit)s。"), code="money_high", params={"limit": formats.money(self.maximum_fen)})

    def run_validators(self, value: Any) -> None:
        return None

    def prepare_value(self, value: Any) -> Any:
        return formats.yuan(value) if isinstance(value, Money) else value


class RateField(forms.CharField):
    """Percent on the screen, a Decimal fraction in Python: `11.88` ⇄ `Decimal("0.1188")`."""

    unit = "%"
    input_mode = "decimal"

    def __init__(self, *, minimum: str = "0", maximum: str = "1", **kwargs: Any) -> None:
        self.minimum, self.maximum = Decimal(minimum), Decimal(maximum)
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):
            return value
        text = clean(str(value or "")).removesuffix("%").strip()
        if not text:
            return None
        if not _PERCENT.fullmatch(text):
            raise ValidationError(_("请填写百分数，例如 11.88。"), code="rate_form")
        try:
            fraction = Decimal(text) / 100
        except InvalidOperation:
            raise ValidationError(_("请填写百分数，例如 11.88。"), code="rate_form") from None
        if fraction != fraction.quantize(Decimal("1e-10")):
            raise ValidationError(_("百分数最多八位小数。"), code="rate_precision")
        return fraction

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value is not None and not self.minimum <= value <= self.maximum:
            limits = {"low": _percent_text(self.minimum), "high": _percent_text(self.maximum)}
            raise ValidationError(_("请填写 %(low)s%% 到 %(high)s%% 之间的数。"), code="rate_range", params=limits)

    def run_validators(self, value: Any) -> None:
        return None

    def prepare_value(self, value: Any) -> Any:
        return _percent_text(value) if isinstance(value, Decimal) else value


def _percent_text(fraction: Decimal) -> str:
    text = f"{fraction * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class WholeField(forms.IntegerField):
    """A count with its unit inside the box: `WholeField(unit=_("期"), min_value=1, max_value=96)`; also reads 56,000 and 24 期."""

    input_mode = "numeric"

    def __init__(self, *, unit: Any = "", **kwargs: Any) -> None:
        self.unit = unit
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)
        for validator in self.validators:
            if validator.code == "min_value":
                validator.message = _("请填写不小于 %(limit_value)s 的整数。")
            elif validator.code == "max_value":
                validator.message = _("请填写不大于 %(limit_value)s 的整数。")

    def to_python(self, value: Any) -> int | None:
        text = clean(str(value)).removesuffix(str(self.unit)).strip() if value not in (None, "") else ""
        if text and not _WHOLE.fullmatch(text):
            raise ValidationError(_("请填写整数。"), code="whole_form")
        return int(text.replace(",", "")) if text else None


class DateField(forms.DateField):
    """A real day between `earliest` and `latest`; also reads 2026/11/23, 2026.11.23, 20261123 and 2026年11月23日."""

    widget = forms.DateInput(format="%Y-%m-%d")
    input_mode = "numeric"

    def __init__(self, *, earliest: date = FIRST_DAY, latest: date = LAST_DAY, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)
        bounds = {"data-first": earliest.isoformat(), "data-last": latest.isoformat()}
        self.widget.attrs |= {"data-date": True, "autocomplete": "off", "placeholder": _("年-月-日"), "maxlength": 12, **bounds}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        match = _DAY.fullmatch(clean(str(value)))
        try:
            return date(*map(int, match.groups())) if match else _no_date()
        except ValueError:
            return _no_date()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not self.earliest <= value <= self.latest:
            limits = {"first": formats.day(self.earliest), "last": formats.day(self.latest)}
            raise ValidationError(_("日期应在 %(first)s 与 %(last)s 之间。"), code="date_range", params=limits)


def _no_date() -> date:
    raise ValidationError(_("没有这一天，请按 2026-11-23 的样子填写真实日期。"), code="date_form")


class IdentifierField(forms.CharField):
    """Text judged by `chezhe.identifiers`. `check_kind` is the live check at `/ui/check/<kind>/`."""

    check_kind = ""
    input_mode = "text"
    normalise: Callable[[str], str]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("spellcheck", "false")

    def judge(self, text: str) -> Judgement:
        raise NotImplementedError

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Everything there is to say about the value; errors block, warnings do not."""
        return self.judge(text).findings

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return type(self).normalise(text) if text else ""

    def validate(self, value: Any) -> None:
        super().validate(value)
        errors = [f for f in self.findings(value) if f.is_error] if value else []
        if errors:
            raise ValidationError([ValidationError(sentence_of(f), code=f.code) for f in errors])


class IdCardField(IdentifierField):
    check_kind = "id"
    normalise = staticmethod(id_card.normalise)

    def judge(self, text: str) -> Judgement:
        return id_card.judge(text)


class UsccField(IdentifierField):
    check_kind = "uscc"
    normalise = staticmethod(uscc.normalise)

    def judge(self, text: str) -> Judgement:
        return uscc.judge(text)


class VinField(IdentifierField):
    """An import with a foreign check digit is accepted with a warning (DOMAIN.md)."""

    check_kind = "vin"
    normalise = staticmethod(vin.normalise)

    def judge(self, text: str) -> Judgement:
        return vin.judge(text)

    def findings(self, text: str) -> tuple[Finding, ...]:
        return vin.findings_for_form(vin.judge(text))


class PlateField(IdentifierField):
    check_kind = "plate"
    normalise = staticmethod(plate.normalise)

    def judge(self, text: str) -> Judgement:
        return plate.judge(text)


class BankCardField(IdentifierField):
    check_kind = "card"
    input_mode = "numeric"
    normalise = staticmethod(bank_card.normalise)

    def judge(self, text: str) -> Judgement:
        return bank_card.judge(text)


class AccountField(IdentifierField):
    """A card or a company's account: what would block a card warns, since only the form's other fields tell which it is."""

    check_kind = "account"
    input_mode = "numeric"
    normalise = staticmethod(bank_card.normalise)

    def judge(self, text: str) -> Judgement:
        return bank_card.judge_account(text)


class MobileField(IdentifierField):
    check_kind = "mobile"
    input_mode = "tel"
    normalise = staticmethod(phone.normalise)

    def judge(self, text: str) -> Judgement:
        return phone.judge(text)


CHECKED: dict[str, type[IdentifierField]] = {
    field.check_kind: field for field in (IdCardField, UsccField, VinField, PlateField, BankCardField, AccountField, MobileField)
}


def sentence_of(finding: Finding) -> str:
    """The finding in the language of the page."""
    return finding.en if (get_language() or "").startswith("en") else finding.zh


def sentences(findings: Iterable[Finding]) -> list[str]:
    return [sentence_of(f) for f in findings]


class Fault(Protocol):
    """A finding and the field it belongs to."""

    @property
    def field(self) -> str: ...

    @property
    def finding(self) -> Finding: ...


def refuse(faults: Sequence[Fault]) -> None:
    """Raise the first fault as Invalid (422), in the user's language, beside its field."""
    if faults:
        first = faults[0]
        raise Invalid(field=first.field, code=first.finding.code, sentence=sentence_of(first.finding))
