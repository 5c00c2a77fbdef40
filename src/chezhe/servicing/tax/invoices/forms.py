"""What people fill in for an invoice."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from chezhe.servicing.tax.invoices.models import TITLE_KINDS
from chezhe.servicing.tax.invoices.requests import TITLE_MAX, Title
from chezhe.servicing.tax.invoices.rules import Key
from chezhe.ui import forms


class InvoiceForm(forms.Form):
    title_kind = forms.RadioField(label=_("抬头类型"), choices=TITLE_KINDS, initial="person")
    title = forms.TextField(
        label=_("发票抬头"), max_length=TITLE_MAX, required=False, help_text=_("留空即用借款人的名称；单位填营业执照上的全称"))
    tax_number = forms.TextField(
        label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("单位填写；借款单位留空即用其代码"))
    lines = forms.MultipleChoiceField(
        label=_("开票项目"), widget=django_forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选择一项。")})

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lines"].choices = offered

    @property
    def asked_title(self) -> Title:
        """The title as the action takes it."""
        said = self.cleaned_data
        return Title(kind=said["title_kind"], name=said["title"], tax_number=said["tax_number"])

    @property
    def asked_lines(self) -> dict[Key, int | None]:
        """All that is left of what was ticked."""
        return {key_of(text): None for text in self.cleaned_data["lines"]}


def text_of(key: Key) -> str:
    """An instalment's item as the form sends it: `3:interest`."""
    return f"{key[0]}:{key[1]}"


def key_of(text: str) -> Key:
    """What the form sent."""
    period, _colon, item = text.partition(":")
    return int(period), item
