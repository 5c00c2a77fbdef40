"""What people fill in to try a draft."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.risk.deciding.labels import STAGES
from chezhe.risk.deciding.values import TABLES
from chezhe.risk.lab import engines, trying
from chezhe.risk.lab.figures import Parameters
from chezhe.risk.lab.models import BOOKS, ENGINES, INVENTED, Backtest
from chezhe.risk.lab.steps import Question
from chezhe.risk.lab.trying import Trial
from chezhe.ui import forms

FIGURES = ("lgd", "owed_at_default", "funding_rate", "review_share")


class BacktestForm(forms.Form):
    """A version for every table that is to be another one, a model, the applications, and what money costs and losses take."""

    title = forms.TextField(label=_("说明"), max_length=80, help_text=_("写明想验证什么，例如“B 层分数线降二十分”。"))
    book = forms.RadioField(label=_("用哪些申请"), choices=BOOKS)
    from_on = forms.DateField(label=_("起始日"), required=False)
    to_on = forms.DateField(label=_("截止日（不含当日）"), required=False)
    engine = forms.ChoiceField(label=_("计算引擎"), choices=ENGINES)
    lgd = forms.RateField(label=_("违约损失率（LGD）"))
    owed_at_default = forms.RateField(label=_("违约时剩余本金比例"))
    funding_rate = forms.RateField(label=_("资金年成本"))
    review_share = forms.RateField(label=_("人工审批通过比例"))

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {name: getattr(Parameters(), name) for name in FIGURES} | options.get("initial", {})
        super().__init__(*args, **options)
        for table in TABLES:
            choices = [(version.number, version.number) for version in trying.to_try(table)]
            field = forms.ChoiceField(label=STAGES[table], choices=choices, required=False, empty_label=_("现行版本"))
            self.fields[f"table_{table}"] = field
        models = [(one.content_hash, f"{one} · {one.get_status_display()}") for one in trying.models_to_try()]
        self.fields["model_hash"] = forms.ChoiceField(label=_("模型"), choices=models, required=False, empty_label=_("现行模型"))
        if not engines.has_spark():
            self.fields["engine"].choices = ENGINES[:1]

    @staticmethod
    def like(test: Backtest) -> dict[str, Any]:
        """What is filled in first to ask the same again."""
        other = {name: test.challenger[name] for name in (*TABLES, trying.MODEL) if test.challenger[name] != test.champion[name]}
        tried = {f"table_{name}": kept["number"] for name, kept in other.items() if name in TABLES and kept is not None}
        figures = {name: Decimal(value) for name, value in test.parameters.items()}
        asked = {name: getattr(test, name) for name in ("title", "book", "from_on", "to_on", "engine")}
        return tried | figures | asked | {"model_hash": other.get(trying.MODEL) or ""}

    @property
    def table_fields(self) -> list[Any]:
        return [self[f"table_{table}"] for table in TABLES]

    @property
    def book_fields(self) -> list[Any]:
        return [self[name] for name in ("title", "book", "from_on", "to_on", "engine")]

    @property
    def figure_fields(self) -> list[Any]:
        return [self[name] for name in FIGURES]

    @property
    def question(self) -> Question:
        """What was filled in; only after `is_valid()`."""
        given = self.cleaned_data
        trial = Trial({table: given[f"table_{table}"] for table in TABLES if given[f"table_{table}"]}, given["model_hash"])
        is_invented = given["book"] == INVENTED
        return Question(
            title=given["title"], trial=trial, book=given["book"], from_on=None if is_invented else given["from_on"],
            to_on=None if is_invented else given["to_on"], engine=given["engine"],
            parameters=Parameters(**{name: given[name] for name in FIGURES}),
        )
