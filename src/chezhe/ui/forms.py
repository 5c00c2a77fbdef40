"""Forms: the base class, how a field is dressed, and every field type a page needs.

    from chezhe.ui import forms

    class RepaymentForm(forms.Form):
        amount = forms.MoneyField(label=_("金额"), minimum=1)
        paid_on = forms.DateField(label=_("到账日"))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError
from chezhe.ui.fields import (
    AccountField,
    BankCardField,
    DateField,
    IdCardField,
    IdentifierField,
    LongTextField,
    MobileField,
    MoneyField,
    PlateField,
    RateField,
    TextField,
    UsccField,
    VinField,
    WholeField,
)

__all__ = [
    "AccountField", "BankCardField", "BooleanField", "ChoiceField", "DateField", "FileField", "Form", "HiddenField", "IdCardField",
    "IdentifierField", "LongTextField", "MobileField", "MoneyField", "MultipleChoiceField", "PlateField", "RadioField",
    "RateField", "TextField", "UsccField", "VinField", "WholeField", "dressed",
]

BooleanField = forms.BooleanField
FileField = forms.FileField
MultipleChoiceField = forms.MultipleChoiceField


class ChoiceField(forms.ChoiceField):
    """A select; an optional one, or one without an initial value, begins with an empty line."""

    def __init__(self, *, choices: Any = (), empty_label: Any = None, **kwargs: Any) -> None:
        pairs = choices() if callable(choices) else choices
        if empty_label is not None or not kwargs.get("required", True) or kwargs.get("initial") is None:
            pairs = [("", empty_label or _("请选择")), *pairs]
        super().__init__(choices=list(pairs), **kwargs)


class RadioField(forms.ChoiceField):
    """Few choices, all in sight."""

    widget = forms.RadioSelect


class HiddenField(forms.CharField):
    widget = forms.HiddenInput


class Form(forms.Form):
    """Our base form: `{{ form }}` or `<c-ui.form>` renders it; `refuse(error)` shows an action's refusal."""

    template_name = "ui/forms/form.html"
    required_css_class = "required"
    default_renderer = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写%(label)s。") % {"label": field.label or _("此项")}
            if isinstance(field, forms.ChoiceField):
                field.error_messages["required"] = _("请选择%(label)s。") % {"label": field.label or _("一项")}
                field.error_messages["invalid_choice"] = _("没有这个选项，请重新选择。")
            if isinstance(field, forms.CharField) and field.max_length:
                field.error_messages["max_length"] = _("最多输入 %(limit_value)s 个字，现在是 %(show_value)s 个。")

    def refuse(self, refusal: BusinessError) -> None:
        """Put an action's refusal beside the field it names, or above the form."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))

    def carries_out(self, act: Callable[[], object]) -> bool:
        """Whether all was filled in and `act`, which may read what was, went through; a refusal stands beside its field."""
        if not self.is_valid():
            return False
        try:
            act()
        except BusinessError as refusal:
            self.refuse(refusal)
            return False
        return True

    @property
    def has_files(self) -> bool:
        return self.is_multipart()


def dressed(field: BoundField) -> SafeString:
    """The widget with its css class, input mode, live check and the ids of its hint and error."""
    widget, declared = field.field.widget, field.field
    attrs: dict[str, Any] = {"class": _css(widget)}
    if field.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] += " is-invalid"
    described = [f"{field.auto_id}_hint"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    check_kind = getattr(declared, "check_kind", "")
    if check_kind:
        described.append(f"{field.auto_id}_check")
        attrs |= {
            "hx-post": reverse("ui:check", args=[check_kind]), "hx-trigger": "change", "hx-target": f"#{field.auto_id}_check",
            "hx-params": field.html_name, "hx-sync": "this:replace", "hx-swap": "innerHTML",
        }
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if mode := getattr(declared, "input_mode", ""):
        attrs["inputmode"] = mode
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        attrs = {"class": "form-check-input"}
    return field.as_widget(attrs=attrs)


def _css(widget: forms.Widget) -> str:
    own = widget.attrs.get("class", "")
    if isinstance(widget, forms.CheckboxInput):
        return f"form-check-input {own}".strip()
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        return f"form-select {own}".strip()
    return f"form-control {own}".strip()
