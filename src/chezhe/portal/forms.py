"""What outsiders fill in to come in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.portal import rules
from chezhe.ui import forms


class MobileForm(forms.Form):
    mobile = forms.TextField(label=_("手机号"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mobile"].widget.attrs |= {"inputmode": "tel", "autocomplete": "tel-national", "autofocus": True}


class CodeForm(forms.Form):
    typed = forms.TextField(label=_("短信验证码"), max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].widget.attrs |= {
            "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": rules.CODE_DIGITS + 2}


class IdentityForm(forms.Form):
    name = forms.TextField(label=_("姓名"), max_length=40)
    id_number = forms.TextField(label=_("身份证号码"), max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "name"}
        self.fields["id_number"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
