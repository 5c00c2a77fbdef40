from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.channels import choices
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
