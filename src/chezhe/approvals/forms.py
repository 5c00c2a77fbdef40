"""The verdict and its words; to whom something goes, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import kinds
from chezhe.approvals.choices import INTERESTS, PAUSES, PLACES
from chezhe.approvals.handling import WORDS_MAX
from chezhe.approvals.states import VERDICTS
from chezhe.approvals.steps import OPINION_MAX
from chezhe.kernel import roles
from chezhe.ui import forms

People = Iterable[tuple[str, Any]]


class VoteForm(forms.Form):
    """`verdict` comes from the button that was pressed."""

    opinion = forms.LongTextField(
        label=_("审批意见"), required=False, max_length=OPINION_MAX, help_text=_("退回或拒绝时必须写明理由。")
    )
    verdict = forms.ChoiceField(label=_("结论"), choices=list(VERDICTS.items()))


class WhyForm(forms.Form):
    """Only the reason."""

    reason = forms.LongTextField(label=pgettext_lazy("handling", "原因"), max_length=WORDS_MAX)

    def __init__(self, *args: Any, people: People = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "username" in self.fields:
            self.fields["username"].choices = [("", _("请选择")), *people]
        if "replacement" in self.fields:
            self.fields["replacement"].choices = [("", _("不指定")), *people]


class ToColleagueForm(WhyForm):
    """To whom, and why."""

    username = forms.ChoiceField(label=pgettext_lazy("approval", "同事"))
    field_order = ("username", "reason")


class SignerForm(ToColleagueForm):
    """Who else signs, and when."""

    place = forms.RadioField(label=_("加签的先后"), choices=list(PLACES.items()), initial="before")
    field_order = ("username", "place", "reason")


class CopyForm(ToColleagueForm):
    """Whom it is copied to, and with what words."""

    reason = forms.LongTextField(label=_("附言"), required=False, max_length=WORDS_MAX)


class RecuseForm(WhyForm):
    """Why somebody steps back, and who takes the place."""

    reason = forms.LongTextField(
        label=pgettext_lazy("handling", "原因"), max_length=WORDS_MAX, help_text=_("回避后不能再办理这一笔，原因记入轨迹。"))
    username = forms.ChoiceField(label=_("谁回避"), required=False, help_text=_("不选即本人；主管可代选当前的审批人。"))
    replacement = forms.ChoiceField(label=_("由谁接替"), required=False)
    field_order = ("username", "reason", "replacement")

    def __init__(self, *args: Any, people: People = (), present: People = (), **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["username"].choices = [("", pgettext_lazy("approval", "本人")), *present]


class PauseForm(WhyForm):
    """What is waited for."""

    why = forms.ChoiceField(label=_("在等什么"), choices=list(PAUSES.items()))
    field_order = ("why", "reason")


class LimitForm(forms.Form):
    """Whose limit, for what, up to which amount, from which day."""

    kind = forms.ChoiceField(label=_("审批类型"), choices=kinds.choices)
    role = forms.ChoiceField(label=_("角色"), choices=list(roles.LABELS.items()), required=False, help_text=_("角色和同事二者取其一。"))
    username = forms.TextField(label=_("同事的用户名"), required=False, max_length=40)
    branch_code = forms.TextField(label=_("门店代码"), required=False, max_length=12, help_text=_("不填即所有门店。"))
    product = forms.TextField(label=_("产品代码"), required=False, max_length=12, help_text=_("不填即所有产品。"))
    amount_max = forms.MoneyField(label=_("可终审至"), minimum=0)
    starts_on = forms.DateField(label=_("生效日"))
    reason = forms.LongTextField(label=pgettext_lazy("handling", "原因"), max_length=WORDS_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("请选择")), *kinds.choices()]


class InterestForm(forms.Form):
    """In whom, of what kind; for a colleague only by whoever watches over it."""

    subject = forms.TextField(label=_("客户或车商编号"), max_length=60)
    kind = forms.ChoiceField(label=_("关系"), choices=list(INTERESTS.items()))
    words = forms.TextField(label=_("说明"), required=False, max_length=WORDS_MAX)
    username = forms.TextField(label=_("同事的用户名"), required=False, max_length=40, help_text=_("不填即本人；合规可代同事登记。"))
