"""What people fill in where the words of papers are written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.wording import outline, queries
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.rules import BODY_MAX, CLAUSE_NAME_MAX, CLAUSE_NOTE_MAX, TITLE_MAX, Wording
from chezhe.ui import forms


class TemplateForm(forms.Form):
    """Title, what stands before the articles, and the outline of articles and clauses."""

    title = forms.TextField(label=_("标题"), max_length=TITLE_MAX)
    before = forms.LongTextField(label=_("前言"), max_length=BODY_MAX, required=False)
    outline = forms.LongTextField(label=_("条文与条款"), max_length=20_000, help_text=_(
        "“## 标题 | 表 | bold”起一条，“- 条款代码/版次 when 条件”列一款；条款、表和条件见右侧。"))
    effective_from = forms.DateField(label=_("生效日"))
    note = forms.LongTextField(label=_("修改说明"), max_length=1000, required=False)
    based_on = forms.HiddenField(required=False)

    def clean_outline(self) -> list[dict[str, Any]]:
        """The articles as a version keeps them."""
        try:
            return outline.read(self.cleaned_data["outline"])
        except outline.OutlineWrong as wrong:
            raise ValidationError(
                _("第 %(line)s 行看不懂：%(said)s"), code="outline_wrong", params={"line": wrong.line, "said": wrong.said}) from wrong

    @property
    def wording(self) -> Wording:
        """What was written, clauses fetched from the library."""
        said = self.cleaned_data
        return queries.read({"title": said["title"], "before": said["before"], "articles": said["outline"]})

    @staticmethod
    def initial_of(version: TemplateVersion) -> dict[str, Any]:
        """A version as people edit it."""
        said = version.wording
        return {"title": said.title, "before": said.before, "outline": outline.written(said), "effective_from": version.effective_from,
                "note": version.note, "based_on": version.content_hash}


class ClauseForm(forms.Form):
    code = forms.TextField(label=_("条款代码"), max_length=39)
    name = forms.TextField(label=_("条款名称"), max_length=CLAUSE_NAME_MAX)
    body = forms.LongTextField(label=_("条款内容"), max_length=BODY_MAX)
    note = forms.TextField(label=_("修改说明"), max_length=CLAUSE_NOTE_MAX, required=False)


class OpinionForm(forms.Form):
    opinion = forms.LongTextField(label=_("意见"), max_length=500)


class PublishForm(forms.Form):
    effective_from = forms.DateField(label=_("生效日"))
    opinion = forms.LongTextField(label=_("意见"), max_length=500, required=False)
