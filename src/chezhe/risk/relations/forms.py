"""What people fill in about relations and the blacklist."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.risk.relations import labels
from chezhe.risk.relations.blacklist import Proposal
from chezhe.ui import forms


class RelationForm(forms.Form):
    """The verdict comes from the button that was pressed."""

    kind = forms.ChoiceField(label=_("关联种类"), choices=labels.RELATION_KINDS, required=False)
    reason = forms.LongTextField(label=_("核实依据"), max_length=1000, help_text=_("例如：电话核实、户籍资料、工商登记。"))
    verdict = forms.ChoiceField(label=_("结论"), choices=[("confirm", _("确认关联")), ("refuse", _("排除"))])


class EndForm(forms.Form):
    reason = forms.LongTextField(label=_("终止理由"), max_length=1000)


class BlacklistForm(forms.Form):
    """A proposal."""

    kind = forms.ChoiceField(label=_("种类"), choices=labels.BLACKLIST_KINDS)
    value = forms.TextField(
        label=_("值"), max_length=100, help_text=_("个人填身份证号，企业和车商填统一社会信用代码，其余填完整的号码或名称。"),
    )
    reason_code = forms.ChoiceField(label=_("理由"), choices=labels.BLACKLIST_REASONS)
    words = forms.LongTextField(label=_("事实说明"), max_length=1000)
    evidence = forms.TextField(label=_("证据编号"), max_length=80, required=False, help_text=_("文件、案件或判决的编号。"))
    source = forms.ChoiceField(label=_("来源"), choices=labels.BLACKLIST_SOURCES)
    starts_on = forms.DateField(label=_("生效日"))
    expires_on = forms.DateField(label=_("失效日（含当日）"), required=False, help_text=_("不填为长期，但须定期复审。"))

    def proposal(self) -> Proposal:
        """The proposal, once the form is valid."""
        return Proposal(**self.cleaned_data)


class LiftForm(forms.Form):
    reason = forms.LongTextField(label=_("移出理由"), max_length=1000)
