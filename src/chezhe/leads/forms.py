from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.channels import choices as channel_choices
from chezhe.channels import queries as channel_queries
from chezhe.channels.models import Dealer
from chezhe.customers.forms import CompanyForm, OfBranch, PersonForm
from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.kernel.actor import Actor, Reach
from chezhe.leads import choices
from chezhe.leads.models import Lead
from chezhe.leads.steps import LeadFacts
from chezhe.ui import forms


class LeadForm(forms.Form):
    name = forms.TextField(label=_("称呼（企业填名称）"), max_length=100, help_text=_("只知道姓也可以，例如“王先生”。"))
    is_company = forms.BooleanField(label=_("企业客户"), required=False)
    mobile = forms.MobileField(label=_("手机号"))
    source = forms.ChoiceField(label=_("来源"), choices=channel_choices.SOURCES)
    dealer_number = forms.ChoiceField(label=_("车商"), required=False)
    product_interest = forms.ChoiceField(label=_("意向产品"), choices=choices.PRODUCTS, required=False)
    amount_wanted = forms.MoneyField(label=_("需要金额"), required=False)
    city = forms.TextField(label=_("城市"), max_length=40, required=False)
    note = forms.LongTextField(label=_("备注"), max_length=1000, required=False)

    def __init__(self, *args: Any, branch_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dealers = [(d.number, f"{d.name}（{d.tier}）") for d in channel_queries.choosable(branch_id)]
        self.fields["dealer_number"].choices = [("", _("无")), *dealers]  # type: ignore[attr-defined]

    def facts(self) -> LeadFacts:
        """The form as the action takes it; only after `is_valid()`."""
        given = dict(self.cleaned_data)
        for asked in ("is_mine", "branch_code"):
            given.pop(asked, None)
        return LeadFacts(**given)


class NewLeadForm(OfBranch, LeadForm):
    """Who sees only his own leads keeps what he takes down and is not asked."""

    is_mine = forms.BooleanField(label=_("由我跟进"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, branch_id=actor.branch_id, **kwargs)
        self.ask_branch(actor)
        if actor.reach == Reach.OWN:
            del self.fields["is_mine"]
        if actor.branch_id is None:
            self.fields["dealer_number"].choices = [("", _("无")), *_dealers_of(actor)]  # type: ignore[attr-defined]


def _dealers_of(actor: Actor) -> list[tuple[str, str]]:
    """For the head office: the active dealers of every branch in reach, named with their branch."""
    dealers = Dealer.objects.visible_to(actor).filter(status="active").select_related("branch").order_by("branch__code", "name")
    return [(dealer.number, f"{dealer.branch.name} · {dealer.name}") for dealer in dealers]


class LeadEditForm(LeadForm):
    """Name and mobile are not put on the page: an empty box leaves what is on file."""

    version = forms.WholeField(label=_("版本"), min_value=1)
    hidden_now = ("name", "mobile")

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": lead.version, "is_company": lead.is_company, "source": lead.source, "city": lead.city, "note": lead.note,
            "dealer_number": lead.dealer.number if lead.dealer else "", "product_interest": lead.product_interest,
            "amount_wanted": lead.amount_wanted,
        }
        super().__init__(*args, branch_id=lead.branch_id, **kwargs)
        if lead.dealer and lead.dealer.status != "active":
            self.fields["dealer_number"].choices += [(lead.dealer.number, lead.dealer.name)]  # type: ignore[attr-defined]
        self.fields["version"].widget = forms.HiddenField().widget
        for name, now in (("name", lead.masked_name), ("mobile", lead.masked_mobile)):
            self.fields[name].required = False
            self.fields[name].help_text = gettext("现为 %(now)s，不修改请留空。") % {"now": now}

    def changes(self) -> dict[str, Any]:
        """Only what was filled in; only after `is_valid()`."""
        return {k: v for k, v in self.cleaned_data.items() if k != "version" and (k not in self.hidden_now or v)}


class AssignForm(forms.Form):
    owner_username = forms.ChoiceField(label=_("跟进人"))
    reason = forms.TextField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_username"].choices = [("", _("请选择")), *colleagues]  # type: ignore[attr-defined]


class TouchForm(forms.Form):
    channel = forms.ChoiceField(label=_("联系方式"), choices=choices.TOUCH_CHANNELS, initial="phone")
    outcome = forms.ChoiceField(label=_("结果"), choices=choices.OUTCOMES)
    touch_next_on = forms.DateField(label=_("下次联系日期"), required=False)
    note = forms.LongTextField(label=_("沟通内容"), max_length=1000, required=False)


class LoseForm(forms.Form):
    reason_code = forms.ChoiceField(label=_("流失原因"), choices=choices.LOST_REASONS)
    reason = forms.TextField(label=_("说明"), max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)


class ExistingForm(forms.Form):
    customer_number = forms.TextField(label=_("已有客户编号"), max_length=20, help_text=_("例如 C26-000123-7"))


class _FromLead:
    """Name and mobile may stay empty: the lead knows them, and they need not be shown."""

    def take(self, lead: Lead) -> None:
        self.lead = lead
        for name, now in (("name", lead.masked_name), ("mobile", lead.masked_mobile)):
            self.fields[name].required = False  # type: ignore[attr-defined]
            self.fields[name].help_text = gettext("不填则用线索中的 %(now)s。") % {"now": now}  # type: ignore[attr-defined]

    def filled(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)  # type: ignore[attr-defined]
        return given | {"name": given["name"] or self.lead.name, "mobile": given["mobile"] or self.lead.mobile}


class ConvertPersonForm(_FromLead, PersonForm):
    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take(lead)

    def facts(self) -> PersonFacts:
        """The form as the action takes it; only after `is_valid()`."""
        return PersonFacts(**self.filled())


class ConvertCompanyForm(_FromLead, CompanyForm):
    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take(lead)

    def facts(self) -> CompanyFacts:
        """The form as the action takes it; only after `is_valid()`."""
        return CompanyFacts(**self.filled())

