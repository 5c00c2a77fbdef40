"""The forms of the staff room."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.permission import REGISTRY as PERMISSIONS
from chezhe.staff import passwords, rules
from chezhe.staff.models import REACH_CHOICES, Branch, Region
from chezhe.ui import forms


class PasswordField(django_forms.CharField):
    """Typed unseen and taken as it is: spaces belong to it."""

    def __init__(self, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        widget = django_forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(widget=widget, strip=False, max_length=200, **kwargs)


class CodeField(forms.TextField):
    """Six digits of the app, or a recovery code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("动态口令"))
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}


class SignInForm(forms.Form):
    username = forms.TextField(label=_("用户名"), max_length=60)
    password = PasswordField(label=_("密码"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}


class CodeForm(forms.Form):
    code = CodeField(help_text=_("手机验证器上的 6 位数字；手机不在身边时可输入一个恢复码。"))


class EnrolForm(forms.Form):
    code = CodeField(label=_("验证器显示的口令"), help_text=_("扫码后输入验证器上显示的 6 位数字，确认已绑定。"))


class ChangePasswordForm(forms.Form):
    current = PasswordField(label=_("当前密码"))
    password = PasswordField(label=_("新密码"), autocomplete="new-password")
    again = PasswordField(label=_("再次输入新密码"), autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = passwords.hint()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return values


def branch_choices() -> list[tuple[str, str]]:
    return [(b.code, f"{b.name} · {b.code}") for b in Branch.objects.filter(is_open=True)]


def region_choices() -> list[tuple[str, str]]:
    return [(r.code, f"{r.name} · {r.code}") for r in Region.objects.all()]


class PersonForm(forms.Form):
    username = forms.TextField(label=_("用户名"), max_length=40, help_text=_("小写字母开头，用于登录，以后不能更改。"))
    name = forms.TextField(label=_("姓名"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch_code"] = forms.ChoiceField(
            label=_("所属门店"), choices=branch_choices(), required=False, empty_label=_("总部（不属于门店）")
        )


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=200)


class ResetForm(ReasonForm):
    with_second_factor = forms.BooleanField(label=_("同时解绑动态口令（手机遗失时）"), required=False)


class GrantForm(forms.Form):
    """A role with its reach and dates; the place belongs to the reach."""

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("角色"), choices=list(roles.LABELS.items()))
        self.fields["reach"] = forms.ChoiceField(label=_("数据范围"), choices=REACH_CHOICES)
        self.fields["branch_code"] = forms.ChoiceField(
            label=_("门店"), choices=branch_choices(), required=False, help_text=_("范围为本店时选择。"))
        self.fields["region_code"] = forms.ChoiceField(
            label=_("区域"), choices=region_choices(), required=False, help_text=_("范围为本区时选择。"))
        self.fields["starts_on"] = forms.DateField(label=_("开始日"), initial=today)
        self.fields["ends_on"] = forms.DateField(label=_("结束日"), required=False, help_text=_("当天起失效；留空为长期。"))
        self.fields["reason"] = forms.LongTextField(label=_("原因"), max_length=200)


class RegionForm(forms.Form):
    code = forms.TextField(label=_("编号"), max_length=12, help_text=_("大写字母或数字，例如 EAST。"))
    name = forms.TextField(label=_("名称"), max_length=40)


class BranchForm(forms.Form):
    code = forms.TextField(label=_("编号"), max_length=12, help_text=_("大写字母或数字，例如 SH01。"))
    name = forms.TextField(label=_("名称"), max_length=40)
    city = forms.TextField(label=_("城市"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"] = forms.ChoiceField(label=_("区域"), choices=region_choices())


class DelegationForm(forms.Form):
    delegate_username = forms.TextField(label=_("受托人用户名"), max_length=40)

    def __init__(self, *args: Any, held: list[str], today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_ids"] = django_forms.MultipleChoiceField(
            label=_("委托的角色"), choices=[(r, roles.LABELS[r]) for r in held if r != roles.ADMIN],
            widget=django_forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选择一个角色。")},
        )
        self.fields["starts_on"] = forms.DateField(label=_("开始日"), initial=today)
        self.fields["ends_on"] = forms.DateField(
            label=_("结束日"), help_text=_("当天起失效，最长 %(days)s 天。") % {"days": rules.DELEGATION_DAYS_MAX})
        self.fields["reason"] = forms.LongTextField(label=_("原因"), max_length=200)


class TokenForm(forms.Form):
    label = forms.TextField(label=_("用途"), max_length=60, help_text=_("写明哪个程序使用，例如“财务对账接口”。"))
    days = forms.WholeField(label=_("有效期"), unit=_("天"), min_value=1, max_value=rules.TOKEN_DAYS_MAX, initial=90)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(code, p.label) for code, p in PERMISSIONS.items() if actor.can(code)]
        self.fields["scopes"] = django_forms.MultipleChoiceField(
            label=_("权限"), choices=held, widget=django_forms.CheckboxSelectMultiple,
            error_messages={"required": _("请至少选择一项权限。")},
        )
