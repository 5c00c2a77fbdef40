"""What people fill in about a takeover."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.ledger import chart
from chezhe.takeover import totals
from chezhe.takeover.reconciling import SOURCES
from chezhe.takeover.vocabulary import FIGURES
from chezhe.ui import forms


class BeginForm(forms.Form):
    title = forms.TextField(label=_("迁入来源"), max_length=60, help_text=_("从哪家机构或哪个系统迁入"))
    as_of = forms.DateField(label=_("截至日"), help_text=_("余额是这一天营业终了的余额；之后由本系统记账"))


class FileForm(forms.Form):
    file = forms.FileField(label=_("文件"))


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class FundForm(forms.Form):
    """Where the money came from; the whole clearing is proposed."""

    account = forms.ChoiceField(
        label=_("资金来源"), help_text=_("贷方科目"),
        choices=[(code, format_lazy("{code} {name}", code=code, name=_(chart.BY_CODE[code].name))) for code in SOURCES],
    )
    amount = forms.MoneyField(label=_("金额"), minimum=1)


class TotalsForm(forms.Form):
    """A field for each figure of each branch and product."""

    def __init__(self, *args: Any, keys: list[str], stated: totals.Totals, **options: Any) -> None:
        super().__init__(*args, **options)
        for place, key in enumerate(keys):
            for figure in totals.FIGURES:
                kept = stated.get(key, {}).get(figure)
                self.fields[f"{figure}_{place}"] = _field(figure, kept)
        self._keys = keys

    @property
    def rows(self) -> list[tuple[str, str, list[Any]]]:
        """Branch and product, and the fields of their line."""
        return [
            (*key.split("|", 1), [self[f"{figure}_{place}"] for figure in totals.FIGURES])  # type: ignore[misc]
            for place, key in enumerate(self._keys)
        ]

    @property
    def stated(self) -> dict[str, dict[str, int]]:
        """What was typed, by key and figure; a count, else fen."""
        return {
            key: {figure: _number(self.cleaned_data[f"{figure}_{place}"]) for figure in totals.FIGURES}
            for place, key in enumerate(self._keys)
        }


def _field(figure: str, kept: int | None) -> Any:
    if figure == totals.COUNT:
        return forms.WholeField(label=FIGURES[figure], initial=kept)
    return forms.MoneyField(label=FIGURES[figure], minimum=0, maximum=10**15, initial=None if kept is None else Money(kept))


def _number(value: Any) -> int:
    return value.fen if isinstance(value, Money) else int(value)
