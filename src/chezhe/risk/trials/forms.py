"""What people fill in about live trials."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding.labels import STAGES
from chezhe.risk.deciding.values import TABLES
from chezhe.risk.lab import trying
from chezhe.risk.trials import labels, planning
from chezhe.risk.trials.planning import COUNT_MAX, HYPOTHESIS_MAX, TITLE_MAX, Plan
from chezhe.ui import forms

ABOUT = ("title", "purpose", "hypothesis")
SPLIT = ("share", "begins_on", "ends_on", "applications_max")
GUARDS = ("approval_gap_max", "applications_min", "bad_rate_max", "loans_min")


class LiveTrialForm(forms.Form):
    """What is believed, a version for every table that is to be another one, a model, the share and the period, and what stops it."""

    title = forms.TextField(label=pgettext_lazy("trial", "名称"), max_length=TITLE_MAX)
    hypothesis = forms.LongTextField(
        label=pgettext_lazy("trial", "预期"), max_length=HYPOTHESIS_MAX, help_text=_("相信挑战策略会好在哪里，拿什么衡量。"))
    purpose = forms.RadioField(label=pgettext_lazy("trial", "对哪类借款人"), choices=labels.PURPOSES, initial="person")
    model_number = forms.ChoiceField(label=_("评分模型"), required=False)
    share = forms.RateField(
        label=_("挑战组比例"), maximum="0.5", help_text=_("大于 0，不超过 50%。每笔申请按编号固定分组，申诉和重新决策都不换组。"))
    begins_on = forms.DateField(label=_("开始日"))
    ends_on = forms.DateField(label=_("截止日（不含当日）"))
    applications_max = forms.WholeField(label=_("最多申请数"), unit=_("笔"), min_value=1, max_value=COUNT_MAX, required=False)
    approval_gap_max = forms.RateField(
        label=_("自动批准率最多高出"), required=False, help_text=_("百分点；挑战组比冠军组高出更多时自动停止。"))
    applications_min = forms.WholeField(
        label=_("批准率起算笔数"), unit=_("笔"), min_value=1, max_value=COUNT_MAX, help_text=_("两组各决策满这么多笔后才看。"))
    bad_rate_max = forms.RateField(
        label=_("放款不良率上限"), required=False, help_text=_("挑战组已放款中已转不良的比例超过时自动停止。"))
    loans_min = forms.WholeField(
        label=_("不良率起算笔数"), unit=_("笔"), min_value=1, max_value=COUNT_MAX, help_text=_("挑战组放款满这么多笔后才看。"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["model_number"].choices = [  # type: ignore[attr-defined]
            ("", _("现行模型")),
            *((model.number, f"{model.title} {model.number} · {model.get_purpose_display()}") for model in planning.to_choose()),
        ]
        for table in TABLES:
            choices = [(version.number, _named(version)) for version in trying.to_try(table) if version.status != "cancelled"]
            self.fields[f"table_{table}"] = forms.ChoiceField(
                label=STAGES[table], choices=choices, required=False, empty_label=_("现行版本"))

    @property
    def about_fields(self) -> list[Any]:
        return [self[name] for name in ABOUT]

    @property
    def table_fields(self) -> list[Any]:
        return [*(self[f"table_{table}"] for table in TABLES), self["model_number"]]

    @property
    def split_fields(self) -> list[Any]:
        return [self[name] for name in SPLIT]

    @property
    def guard_pairs(self) -> list[list[Any]]:
        """Each guard with the count from which it is watched."""
        fields = [self[name] for name in GUARDS]
        return [fields[:2], fields[2:]]

    @property
    def plan(self) -> Plan:
        """What was filled in; only after `is_valid()`."""
        given = self.cleaned_data
        return Plan(
            versions={table: given[f"table_{table}"] for table in TABLES if given[f"table_{table}"]},
            **{name: given[name] for name in (*ABOUT, *SPLIT, *GUARDS, "model_number")},
        )


def _named(version: PolicyVersion) -> str:
    return f"{version.number} · {version.get_status_display()}"


def initial_of(plan: Plan) -> dict[str, Any]:
    """A plan as the form is first shown with it."""
    told = {name: getattr(plan, name) for name in (*ABOUT, *SPLIT, *GUARDS, "model_number")}
    return told | {f"table_{table}": number for table, number in plan.versions.items()}
