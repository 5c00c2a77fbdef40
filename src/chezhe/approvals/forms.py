"""The verdict and its words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals.states import VERDICTS
from chezhe.approvals.steps import OPINION_MAX
from chezhe.ui import forms


class VoteForm(forms.Form):
    """`verdict` comes from the button that was pressed."""

    opinion = forms.LongTextField(
        label=_("审批意见"), required=False, max_length=OPINION_MAX, help_text=_("退回或拒绝时必须写明理由。")
    )
    verdict = forms.ChoiceField(label=_("结论"), choices=list(VERDICTS.items()))
