from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.customers import choices
from chezhe.customers.models import Customer, Trade
from chezhe.customers.values import CompanyFacts, PersonFacts, TradeFacts
from chezhe.identifiers import masks, names
from chezhe.identifiers.text import clean_code
from chezhe.kernel.actor import Actor
from chezhe.staff.models import Branch
from chezhe.ui import forms
from chezhe.ui.fields import sentence_of


class PersonNameField(forms.TextField):
    """A person's name as ID cards print it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return names.normalise_person(super().to_python(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        _refuse(names.judge_person(value).errors if value else ())


class CompanyNameField(forms.TextField):
    """A company's name as its licence prints it."""

    def to_python(self, value: Any) -> str:
        return names.normalise_company(super().to_python(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        _refuse(names.judge_company(value).errors if value else ())


def _refuse(findings: Any) -> None:
    if findings:
        raise ValidationError([ValidationError(sentence_of(f), code=f.code) for f in findings])


class OfBranch:
    """Asks for the branch when whoever fills the form in has none: colleagues of the head office."""

    def ask_branch(self, actor: Actor) -> None:
        if actor.branch_id is None:
            branches = Branch.objects.visible_to(actor).filter(is_open=True)
            offered = [(branch.code, branch.name) for branch in branches]
            self.fields = {"branch_code": forms.ChoiceField(label=_("所属门店"), choices=offered), **self.fields}  # type: ignore[has-type]

    def branch_code(self) -> str:
        """The chosen branch, empty for whoever has one; only after `is_valid()`."""
        return str(self.cleaned_data.get("branch_code", ""))  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    name = PersonNameField(label=_("姓名"))
    id_number = forms.IdCardField(label=_("身份证号"))
    mobile = forms.MobileField(label=_("手机号"))
    marital_status = forms.ChoiceField(label=_("婚姻状况"), choices=choices.MARITAL_STATUSES, initial="unknown")
    address = forms.TextField(label=_("居住地址"), max_length=200, required=False)
    employer = forms.TextField(label=_("工作单位"), max_length=100, required=False)
    monthly_income = forms.MoneyField(label=_("月收入"), required=False)

    def facts(self) -> PersonFacts:
        """The form as the action takes it; only after `is_valid()`."""
        return PersonFacts(**{k: v for k, v in self.cleaned_data.items() if k != "branch_code"})


def initial_person(text: str) -> dict[str, str]:
    """What was searched for and not found, in the field where it belongs."""
    code = clean_code(text)
    if len(code) in (15, 18) and code[:-1].isdigit():
        return {"id_number": code}
    if code.isdigit():
        return {"mobile": code}
    return {"name": text}


def initial_company(text: str) -> dict[str, str]:
    """The same for a company."""
    code = clean_code(text)
    return {"uscc": code} if len(code) == 18 and code.isascii() else {"name": text}


class NewPersonForm(OfBranch, PersonForm):
    """A person; the head office says of which branch."""


class CompanyForm(forms.Form):
    name = CompanyNameField(label=_("企业名称"))
    uscc = forms.UsccField(label=_("统一社会信用代码"))
    legal_representative = PersonNameField(label=_("法定代表人"))
    actual_controller = PersonNameField(label=_("实际控制人"), required=False)
    mobile = forms.MobileField(label=_("联系人手机号"))
    registered_capital = forms.MoneyField(label=_("注册资本"), required=False)
    established_on = forms.DateField(label=_("成立日期"), required=False)
    industry = forms.TextField(label=_("行业"), max_length=60, required=False)
    address = forms.TextField(label=_("经营地址"), max_length=200, required=False)

    def facts(self) -> CompanyFacts:
        """The form as the action takes it; only after `is_valid()`."""
        return CompanyFacts(**{k: v for k, v in self.cleaned_data.items() if k != "branch_code"})


class NewCompanyForm(OfBranch, CompanyForm):
    """A company; the head office says of which branch."""


class _EditForm(forms.Form):
    """Personal values are not put on the page: an empty box leaves what is on file."""

    version = forms.WholeField(label=_("版本"), min_value=1)
    reason = forms.TextField(label=_("修改原因"), max_length=200)
    language = forms.ChoiceField(
        label=_("消息语言"), choices=choices.LANGUAGES, required=False, help_text=_("发给客户的提醒和通知用这种语言。"))
    hidden_now: dict[str, Any] = {}

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].widget = forms.HiddenField().widget
        for name, now in current(customer).items():
            if name in self.fields and name in self.hidden_now:
                self.fields[name].required = False
                self.fields[name].help_text = gettext("现为 %(now)s，不修改请留空。") % {"now": now or "—"}

    def changes(self) -> dict[str, Any]:
        """Only what was filled in; only after `is_valid()`."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("version", "reason")}
        return {k: v for k, v in given.items() if k not in self.hidden_now or v not in ("", None)}


class PersonEditForm(_EditForm, PersonForm):
    hidden_now = dict.fromkeys(("name", "id_number", "mobile", "address", "employer", "monthly_income", "language"))
    field_order = [
        "name", "id_number", "mobile", "marital_status", "address", "employer", "monthly_income", "language", "reason", "version",
    ]


class CompanyEditForm(_EditForm, CompanyForm):
    hidden_now = dict.fromkeys(("legal_representative", "actual_controller", "mobile", "address", "language"))
    field_order = [
        "name", "uscc", "legal_representative", "actual_controller", "mobile", "registered_capital", "established_on", "industry",
        "address", "language", "reason", "version",
    ]


def edit_form(customer: Customer, data: Any = None) -> PersonEditForm | CompanyEditForm:
    """The right form, filled with what may be shown."""
    initial = {
        "version": customer.version, "marital_status": customer.marital_status, "uscc": customer.uscc, "name": customer.name,
        "registered_capital": customer.registered_capital, "established_on": customer.established_on, "industry": customer.industry,
        "language": customer.language,
    }
    if customer.is_person:
        return PersonEditForm(data, customer=customer, initial={k: v for k, v in initial.items() if k != "name"})
    return CompanyEditForm(data, customer=customer, initial=initial)


def current(customer: Customer) -> dict[str, str]:
    """What stands on file now, masked."""
    return {
        "name": customer.masked_name, "id_number": customer.masked_id_number, "mobile": customer.masked_mobile,
        "address": customer.masked_address, "employer": masks.HIDDEN if customer.employer else "",
        "monthly_income": masks.HIDDEN if customer.monthly_income else "",
        "legal_representative": masks.mask_name(customer.legal_representative),
        "actual_controller": masks.mask_name(customer.actual_controller),
    }


class TradeForm(forms.Form):
    """The trade of a sole trader. The premises are often the home: they are not put on the page, an empty box leaves what is on file."""

    name = CompanyNameField(label=_("字号"), max_length=100, required=False, help_text=_("没有字号的可不填。"))
    uscc = forms.UsccField(label=_("统一社会信用代码"))
    registered_on = forms.DateField(label=_("注册日期"))
    premises = forms.TextField(label=_("经营场所"), max_length=200, required=False)
    scope = forms.LongTextField(label=_("经营范围"), max_length=400, required=False)
    industry = forms.TextField(label=_("行业"), max_length=60, required=False)
    status = forms.ChoiceField(label=_("登记状态"), choices=choices.TRADE_STATUSES, initial="active")
    reason = forms.TextField(label=_("修改原因"), max_length=200, required=False)
    version = forms.WholeField(label=_("版本"), min_value=1)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        self.trade: Trade | None = customer.own_trade
        kept = ("name", "uscc", "registered_on", "scope", "industry", "status")
        initial = {name: getattr(self.trade, name) for name in kept} if self.trade else {}
        super().__init__(*args, initial={**initial, "version": customer.version}, **kwargs)
        self.fields["version"].widget = forms.HiddenField().widget
        if self.trade is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            now = self.trade.masked_premises or "—"
            self.fields["premises"].help_text = gettext("现为 %(now)s，不修改请留空。") % {"now": now}

    def facts(self) -> TradeFacts:
        """The form as the action takes it; only after `is_valid()`."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "reason")}
        if self.trade is not None and not said["premises"]:
            said["premises"] = self.trade.premises
        return TradeFacts(**said)


class AccountForm(forms.Form):
    kind = forms.ChoiceField(label=_("账户类型"), choices=choices.ACCOUNT_KINDS, initial="card")
    card_number = forms.AccountField(label=_("卡号（账号）"))
    bank_name = forms.TextField(label=_("开户银行"), max_length=60)
    holder_name = forms.TextField(label=_("户名"), max_length=100, required=False, help_text=_("不填则为客户本人。"))


class RelationForm(forms.Form):
    other_number = forms.TextField(label=_("对方客户编号"), max_length=20, help_text=_("例如 C26-000123-7；对方须先建档。"))
    kind = forms.ChoiceField(label=_("关系"), choices=choices.RELATIONS)
    share_rate = forms.RateField(label=_("持股比例"), required=False)


class ReasonForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)


class PassOnForm(forms.Form):
    owner_username = forms.ChoiceField(label=_("客户经理"))
    reason = forms.TextField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_username"].choices = [("", _("请选择")), *colleagues]  # type: ignore[attr-defined]
