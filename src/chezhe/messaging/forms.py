"""What people fill in to send or take back a message."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.messaging import labels, rules
from chezhe.messaging.models import Template
from chezhe.ui import forms

KIND_HINTS = {
    "name": _("称谓或脱敏姓名，例如 王先生、王*明"), "money": _("例如 3,321.43"), "day": _("例如 2026-03-15"), "count": _("整数"),
    "number": _("业务编号"), "rate": _("例如 11.88%"), "plate": _("脱敏车牌，例如 沪A**12"), "phone": _("本机构服务电话"),
    "word": _("30 字以内"), rules.CODE: _("6 位数字"), rules.LINK: _("网址"),
}


class SendForm(forms.Form):
    """The recipient, and one field for each fact of the template."""

    subject = forms.TextField(label=_("收件对象"), max_length=80, help_text=_("例如 customer:C26-000123-7"))
    address = forms.TextField(label=_("号码或地址"), max_length=120)
    language = forms.ChoiceField(label=_("语言"), choices=labels.LANGUAGES, initial="zh-hans")

    def __init__(self, *args: Any, template: Template, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact_fields = template.fields
        for name, kind in template.fields.items():
            self.fields[f"fact_{name}"] = forms.TextField(
                label=f"{{{name}}}", max_length=60, help_text=KIND_HINTS[kind], error_messages={"required": _("请填写这个变量。")}
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        facts = {name: cleaned[f"fact_{name}"] for name in self.fact_fields if f"fact_{name}" in cleaned}
        try:
            if len(facts) == len(self.fact_fields):
                rules.check_facts(facts, self.fact_fields)
        except rules.FactRefused as refusal:
            self.add_error(f"fact_{refusal.name}", _("格式不符，或含有个人敏感信息。"))
        cleaned["facts"] = facts
        return cleaned


class WithdrawForm(forms.Form):
    reason = forms.TextField(label=_("撤回原因"), max_length=200)
