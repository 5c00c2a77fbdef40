from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.channels import choices, rules
from chezhe.channels.commission import offers
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import Dealer
from chezhe.channels.steps import FACT_NAMES, DealerFacts
from chezhe.customers.forms import CompanyNameField, OfBranch, PersonNameField
from chezhe.ui import forms


class DealerForm(forms.Form):
    kind = forms.ChoiceField(label=_("类型"), choices=choices.DEALER_KINDS)
    name = CompanyNameField(label=_("车商名称"))
    uscc = forms.UsccField(label=_("统一社会信用代码"))
    tier = forms.ChoiceField(label=_("等级"), choices=choices.TIERS)
    city = forms.TextField(label=_("城市"), max_length=40)
    address = forms.TextField(label=_("地址"), max_length=200, required=False)
    contact_name = PersonNameField(label=_("联系人"), required=False)
    contact_mobile = forms.MobileField(label=_("联系人手机号"), required=False)

    def facts(self) -> DealerFacts:
        """The form as the action takes it; only after `is_valid()`."""
        return DealerFacts(**{name: self.cleaned_data[name] for name in FACT_NAMES})


class NewDealerForm(OfBranch, DealerForm):
    """A dealer; the head office says of which branch."""


class DealerEditForm(DealerForm):
    """The contact's name and mobile are not put on the page: an empty box leaves what is on file."""

    version = forms.WholeField(label=_("版本"), min_value=1)
    reason = forms.TextField(label=_("修改原因"), max_length=200)
    hidden_now = ("contact_name", "contact_mobile")

    def __init__(self, *args: Any, dealer: Dealer, **kwargs: Any) -> None:
        initial = {name: getattr(dealer, name) for name in FACT_NAMES if name not in self.hidden_now}
        kwargs["initial"] = {**initial, "version": dealer.version}
        super().__init__(*args, **kwargs)
        self.fields["version"].widget = forms.HiddenField().widget
        self.fields["contact_name"].help_text = gettext("现为 %(now)s，不修改请留空。") % {"now": dealer.masked_contact or "—"}

    def changes(self) -> dict[str, Any]:
        """Only what was filled in; only after `is_valid()`."""
        given = {name: self.cleaned_data[name] for name in FACT_NAMES}
        return {k: v for k, v in given.items() if k not in self.hidden_now or v}


class DealerPersonForm(forms.Form):
    """Somebody of a dealer; codes go to this number."""

    name = PersonNameField(label=_("姓名"))
    mobile = forms.MobileField(label=_("手机号"), help_text=_("登录验证码发到这个号码，须为本人使用。"))


class ReasonForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)


class CommissionPlanForm(forms.Form):
    """What a dealer earns; what is left empty sets no limit of its own."""

    product_code = forms.ChoiceField(label=_("产品"), required=False, help_text=_("某产品另有方案时，以该产品的方案为准。"))
    rate = forms.RateField(label=_("返佣比例"), help_text=_("占放款额的百分比；不与客户利率挂钩。"))
    amount_max = forms.MoneyField(label=_("单笔上限"), required=False, help_text=_("不填为不另设上限"))
    hold_months = forms.WholeField(
        label=_("最短持有期（月）"), min_value=0, max_value=rules.HOLD_MONTHS_MAX, initial=24,
        help_text=_("未满即提前结清的，按差额月数退佣。"))
    effective_from = forms.DateField(label=_("生效日期"))
    effective_to = forms.DateField(label=_("截止日期"), required=False, help_text=_("不填为长期有效"))
    reason = forms.TextField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_code"].choices = [("", _("全部产品")), *offers.products()]  # type: ignore[attr-defined]

    def terms(self) -> PlanTerms:
        """The form as the action takes it; only after `is_valid()`."""
        return PlanTerms(**{name: value for name, value in self.cleaned_data.items() if name != "reason"})


class CommissionVerdictForm(forms.Form):
    """Agree or not, and why."""

    verdict = forms.RadioField(label=_("结论"), choices=[("yes", _("同意")), ("no", _("不同意"))])
    opinion = forms.LongTextField(label=_("意见"), max_length=200, required=False)


class CommissionEndForm(forms.Form):
    last_day = forms.DateField(label=_("最后一天"))
    reason = forms.TextField(label=_("原因"), max_length=200)
