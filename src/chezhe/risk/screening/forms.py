"""What people fill in about due diligence, holdings, lists and hits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.risk.screening import labels
from chezhe.risk.screening.diligence import Shares
from chezhe.risk.screening.lists import Heading
from chezhe.risk.screening.rules import Answers
from chezhe.ui import forms


class DiligenceForm(forms.Form):
    """The answers of one review."""

    occupation = forms.ChoiceField(label=_("职业或行业"), choices=labels.OCCUPATIONS)
    region = forms.ChoiceField(label=_("国籍或经营地区"), choices=labels.REGIONS, initial="ordinary")
    purpose = forms.ChoiceField(label=_("业务目的"), choices=labels.PURPOSES)
    is_pep = forms.BooleanField(label=_("本人或近亲属为特定自然人（政要）"), required=False)
    has_agent = forms.BooleanField(label=_("由他人代办（已核实代理人身份）"), required=False)
    is_remote = forms.BooleanField(label=_("全程非面对面办理"), required=False)
    note = forms.LongTextField(label=_("调查说明"), max_length=1000, required=False)

    def answers(self) -> Answers:
        """The answers, once the form is valid."""
        return Answers(**{name: value for name, value in self.cleaned_data.items() if name != "note"})


class HoldingForm(forms.Form):
    """One holder."""

    holder_number = forms.TextField(label=_("股东客户编号"), max_length=20, required=False, help_text=_("股东是本机构客户时填写。"))
    holder_name = forms.TextField(label=_("股东姓名（名称）"), max_length=100, required=False)
    holder_kind = forms.ChoiceField(label=_("股东种类"), choices=labels.ENTRY_KINDS, initial="person")
    share_rate = forms.RateField(label=_("持股比例"))
    of_name = forms.TextField(
        label=_("被持股企业"), max_length=100, required=False, help_text=_("穿透登记上层企业的股东时填写该企业名称；不填为本客户。"),
    )
    evidence = forms.TextField(label=_("依据编号"), max_length=80, required=False)

    def shares(self) -> Shares:
        """The holding, once the form is valid."""
        return Shares(**self.cleaned_data)


class ListForm(forms.Form):
    """A version of a list as CSV."""

    code = forms.TextField(label=_("名单代码"), max_length=40, help_text=_("同一名单各版本用同一代码，例如 UN-SC。"))
    kind = forms.ChoiceField(label=_("名单种类"), choices=labels.LIST_KINDS)
    title = forms.TextField(label=_("名单名称"), max_length=120)
    version = forms.TextField(label=_("版本"), max_length=40, help_text=_("例如发布日期 2026-03-16。"))
    source = forms.TextField(label=_("发布机关或来源"), max_length=120)
    file = forms.FileField(label=_("文件"))

    def heading(self) -> Heading:
        """Which list it is, once the form is valid."""
        return Heading(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


class HitForm(forms.Form):
    """The verdict comes from the button that was pressed."""

    reason = forms.LongTextField(label=_("判断理由"), max_length=1000, help_text=_("写明核对过的资料，例如证件、出生日期、住址。"))
    verdict = forms.ChoiceField(
        label=_("结论"), choices=[("clear", _("排除（非本人）")), ("confirm", _("确认为本人")), ("release", _("申请解除"))],
    )
