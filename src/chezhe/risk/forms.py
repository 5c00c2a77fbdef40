"""What people fill in about facts and proofs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.risk.facts.enterprise import Accounts
from chezhe.risk.facts.models import QUERY_REASONS
from chezhe.risk.facts.proofs import ACCOUNT_LABELS
from chezhe.ui import forms


class RequestForm(forms.Form):
    """Which sources are asked, and why."""

    services = forms.MultipleChoiceField(label=_("来源"))
    reason = forms.ChoiceField(label=_("查询原因"), choices=QUERY_REASONS, initial="loan_approval")
    anew = forms.BooleanField(label=_("重新查询"), required=False, help_text=_("有效期内的回复也再问一次；征信查询次数会影响客户"))

    def __init__(self, *args: Any, services: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["services"].choices = services  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class StatementForm(forms.Form):
    file = forms.FileField(label=_("文件"), required=False, allow_empty_file=True)


class AccountsForm(forms.Form):
    """One year of a company, and what it plans for the next."""

    year = forms.WholeField(label=_("年度"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in ACCOUNT_LABELS.items():
            is_signed = name == "profit_before_tax"
            self.fields[name] = forms.MoneyField(label=label, minimum=-(10**14) if is_signed else 0)
        self.fields["growth_rate"] = forms.RateField(label=_("预计销售收入增长率"), required=False)
        for name, label in PLAN_LABELS.items():
            self.fields[name] = forms.MoneyField(label=label, minimum=0, required=False)

    def accounts(self) -> Accounts:
        """The figures in fen."""
        return Accounts(**{name: self.cleaned_data[name].fen for name in ACCOUNT_LABELS})

    def plan(self) -> dict[str, Any]:
        """Growth as text and sources of money in fen; nothing when no growth was given."""
        given = self.cleaned_data
        if given["growth_rate"] is None:
            return {}
        return {"growth_rate": str(given["growth_rate"]), **{name: given[name].fen if given[name] else 0 for name in PLAN_LABELS}}


PLAN_LABELS = {"own": _("自有资金"), "loans": _("现有流动资金贷款"), "other": _("其他渠道提供的营运资金")}
