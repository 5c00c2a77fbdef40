"""What people fill in for an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.servicing.tax.invoices.models import TITLE_KINDS
from chezhe.servicing.tax.invoices.requests import TITLE_MAX, NotInvoiceable, Title
from chezhe.servicing.tax.invoices.rules import Key
from chezhe.ui import forms


@dataclass(frozen=True, slots=True)
class Offered:
    """An item that can be invoiced, and how much of it."""

    text: str
    label: str
    left: Money

    @property
    def field(self) -> str:
        """The name of the box for its amount."""
        return f"amount-{self.text}"


class InvoiceForm(forms.Form):
    title_kind = forms.RadioField(label=_("抬头类型"), choices=TITLE_KINDS, initial="person")
    title = forms.TextField(
        label=_("发票抬头"), max_length=TITLE_MAX, required=False, help_text=_("留空即用借款人的名称；单位填营业执照上的全称"))
    tax_number = forms.TextField(
        label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("单位填写；借款单位留空即用其代码"))
    lines = forms.MultipleChoiceField(
        label=_("开票项目"), widget=django_forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选择一项。")})

    def __init__(self, *args: Any, offered: Sequence[Offered], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = offered
        self.fields["lines"].choices = [(one.text, one.label) for one in offered]
        for one in offered:
            label = _("%(item)s开票金额") % {"item": one.label}
            self.fields[one.field] = forms.MoneyField(label=label, minimum=1, required=False, initial=str(one.left))
            self.fields[one.field].widget.attrs["aria-label"] = label

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self.offered:
            amount = said.get(one.field)
            if one.text in said.get("lines", ()) and amount and amount > one.left:
                self.add_error(one.field, str(NotInvoiceable(what=one.label, left=one.left, asked=amount)))
        return said

    @property
    def item_rows(self) -> list[tuple[Offered, bool, Any]]:
        """What the table of items shows: the item, whether it is ticked, and the box for its amount."""
        ticked = self.data.getlist("lines") if self.is_bound else []
        return [(one, one.text in ticked, self[one.field]) for one in self.offered]

    @property
    def asked_title(self) -> Title:
        """The title as the action takes it."""
        said = self.cleaned_data
        return Title(kind=said["title_kind"], name=said["title"], tax_number=said["tax_number"])

    @property
    def asked_lines(self) -> dict[Key, int | None]:
        """What was ticked: the amount beside it, or without one all that is left."""
        said = self.cleaned_data
        wanted = {one.text: said.get(one.field) for one in self.offered if one.text in said["lines"]}
        return {key_of(text): amount.fen if amount else None for text, amount in wanted.items()}


def text_of(key: Key) -> str:
    """An instalment's item as the form sends it: `3:interest`."""
    return f"{key[0]}:{key[1]}"


def key_of(text: str) -> Key:
    """What the form sent."""
    period, _colon, item = text.partition(":")
    return int(period), item
