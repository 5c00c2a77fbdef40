"""What people fill in on the compliance pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.compliance import contact_rules, labels, rules
from chezhe.compliance.steps import Figure, Particulars
from chezhe.compliance.steps.voices import WORDS_MAX
from chezhe.finmath.money import ZERO
from chezhe.ui import forms

_EVERYBODY = _("不限")


class FigureForm(forms.Form):
    """A new figure for one code."""

    value = forms.TextField(label=_("数值"), max_length=80, help_text=_("比率写成小数：24% 写 0.24，1.5 倍写 1.5。"))
    effective_from = forms.DateField(label=_("生效日"))
    effective_to = forms.DateField(label=_("失效日（含当日）"), required=False)
    licence_type = forms.ChoiceField(label=_("适用机构类型"), choices=labels.LICENCES, required=False, empty_label=_EVERYBODY)
    region = forms.TextField(label=_("适用地区"), max_length=6, required=False, help_text=_("六位行政区划代码；不填为不限。"))
    product = forms.TextField(label=_("适用产品"), max_length=40, required=False, help_text=_("产品代码；不填为不限。"))
    source = forms.TextField(label=_("依据"), max_length=200, help_text=_("文件名称和文号。"))
    note = forms.TextField(label=_("说明"), max_length=300, required=False)
    reason = forms.LongTextField(label=_("调整理由"), max_length=500)

    def figure(self, code: str) -> Figure:
        """The proposal for a code, once the form is valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return Figure(code=code, **said)


class LenderForm(forms.Form):
    name = forms.TextField(label=_("机构名称"), max_length=120)
    licence_type = forms.ChoiceField(label=_("机构类型"), choices=labels.LICENCES)
    region = forms.TextField(label=_("注册地区"), max_length=6, help_text=_("六位行政区划代码，例如 330000。"))
    uscc = forms.UsccField(label=_("统一社会信用代码"))
    net_assets = forms.MoneyField(label=_("净资产"), minimum=1)
    reason = forms.LongTextField(label=_("变更理由"), max_length=500)

    def particulars(self) -> Particulars:
        """The proposal, once the form is valid."""
        return Particulars(**{name: value for name, value in self.cleaned_data.items() if name != "reason"})


class DecisionForm(forms.Form):
    """The verdict comes from the button that was pressed."""

    opinion = forms.LongTextField(label=_("复核意见"), max_length=500, required=False, help_text=_("驳回时必须写明理由。"))
    verdict = forms.ChoiceField(label=_("结论"), choices=[("agree", _("同意")), ("reject", _("驳回"))])


BORROWERS = [
    (rules.PERSON, _("个人")), (rules.SOLE_TRADER, _("个体工商户")), (rules.COMPANY, _("企业")), (rules.DEALER, _("车商")),
]
PURPOSES = [
    (rules.PURCHASE, _("购车")), (rules.CONSUMPTION, _("消费")), (rules.BUSINESS, _("经营")),
    (rules.WORKING_CAPITAL, _("流动资金")), (rules.STOCK, _("库存")),
]
CONDITIONS = [(rules.NEW, _("新车")), (rules.USED, _("二手车"))]
USAGES = [(rules.PRIVATE_USE, _("自用")), (rules.COMMERCIAL_USE, _("商用"))]
ENERGIES = [(rules.CONVENTIONAL, _("传统动力")), (rules.NEV, _("新能源"))]


class CapsForm(forms.Form):
    """The facts of one loan for the cap engine."""

    on = forms.DateField(label=_("签约日"))
    licence_type = forms.ChoiceField(label=_("贷款机构类型"), choices=labels.LICENCES)
    region = forms.TextField(label=_("地区"), max_length=6, required=False)
    product_code = forms.TextField(label=_("产品代码"), max_length=40, required=False)
    borrower_kind = forms.ChoiceField(label=_("借款人"), choices=BORROWERS, initial=rules.PERSON)
    purpose = forms.ChoiceField(label=_("用途"), choices=PURPOSES, initial=rules.PURCHASE)
    vehicle_condition = forms.ChoiceField(label=_("车况"), choices=CONDITIONS, initial=rules.NEW)
    usage = forms.ChoiceField(label=_("使用性质"), choices=USAGES, initial=rules.PRIVATE_USE)
    energy = forms.ChoiceField(label=_("动力"), choices=ENERGIES, initial=rules.CONVENTIONAL)
    amount = forms.MoneyField(label=_("贷款金额"), minimum=1)
    price_base = forms.MoneyField(label=_("计价基础"), minimum=1, help_text=_("新车取实际价与指导价较低者，二手车取实际价与评估价较低者。"))
    term_months = forms.WholeField(label=_("期限（含展期）"), unit=_("月"), min_value=1, max_value=600)
    annual_rate = forms.RateField(label=_("合同年利率"), maximum="10")
    all_in_simple = forms.RateField(label=_("综合年化（单利）"), maximum="10", help_text=_("可用还款试算得出。"))
    all_in_compound = forms.RateField(label=_("综合年化（复利）"), maximum="10")
    penalty_percent = forms.RateField(label=_("罚息为合同利率的"), maximum="10", help_text=_("1.5 倍填 150。"))
    deducted_from_principal = forms.MoneyField(label=_("放款时预扣"), required=False)

    def facts(self) -> rules.PricingFacts:
        """What the cap engine judges, once the form is valid."""
        said: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name not in ("on", "penalty_percent")}
        said["deducted_from_principal"] = said["deducted_from_principal"] or ZERO
        return rules.PricingFacts(**said, penalty_multiple=self.cleaned_data["penalty_percent"])


class ConsentForm(forms.Form):
    kind = forms.ChoiceField(label=_("授权种类"), choices=labels.CONSENT_KINDS)
    channel = forms.ChoiceField(label=_("取得方式"), choices=labels.EVIDENCE_CHANNELS, initial="paper")
    evidence = forms.TextField(label=_("证明编号"), max_length=80, help_text=_("签字扫描件、录音或电子签名的编号。"))
    detail = forms.TextField(label=_("查询用途或接收方"), max_length=120, required=False)
    expires_on = forms.DateField(label=pgettext_lazy("consent", "到期日"), required=False)


class WithdrawalForm(forms.Form):
    kind = forms.ChoiceField(label=_("授权种类"), choices=labels.CONSENT_KINDS)
    channel = forms.ChoiceField(label=_("撤回方式"), choices=labels.EVIDENCE_CHANNELS, initial="paper")
    evidence = forms.TextField(label=_("证明编号"), max_length=80)


class ContactForm(forms.Form):
    channel = forms.ChoiceField(label=_("方式"), choices=labels.CHANNELS, initial=contact_rules.VOICE)
    purpose = forms.ChoiceField(label=_("目的"), choices=labels.PURPOSES, initial=contact_rules.NOTICE)
    address = forms.TextField(label=_("号码"), max_length=80, required=False, help_text=_("只用于计数，不保存。"))
    agency = forms.TextField(label=_("委外机构代码"), max_length=40, required=False)


class OutcomeForm(forms.Form):
    """The outcomes that a contact on `channel` can have."""

    outcome = forms.ChoiceField(label=_("结果"), choices=labels.OUTCOMES)

    def __init__(self, *args: Any, channel: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = contact_rules.OUTCOMES_OF.get(channel, contact_rules.OUTCOMES)
        self.fields["outcome"].choices = [("", _("请选择")), *((code, label) for code, label in labels.OUTCOMES if code in possible)]


class BlockForm(forms.Form):
    reason_code = forms.ChoiceField(label=_("限制原因"), choices=labels.BLOCK_REASONS)
    note = forms.TextField(label=_("说明"), max_length=200, required=False)


class ComplaintForm(forms.Form):
    kind = forms.ChoiceField(label=_("投诉类别"), choices=labels.COMPLAINT_KINDS)
    words = forms.LongTextField(label=_("投诉内容"), max_length=WORDS_MAX)


class AnswerForm(forms.Form):
    answer = forms.LongTextField(label=_("答复内容"), max_length=WORDS_MAX, help_text=_("客户会在手机上看到这段话。"))


class DayForm(forms.Form):
    """One day of the calendar; `first` is the earliest that may still change."""

    day = forms.DateField(label=_("日期"))
    kind = forms.ChoiceField(label=_("设为"), choices=[("holiday", _("放假")), ("working", _("上班")), ("plain", _("平常"))])
    name = forms.TextField(label=_("名称"), max_length=40, required=False)
    source = forms.TextField(label=_("依据"), max_length=120, required=False)

    def __init__(self, *args: Any, first: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first is not None:
            self.fields["day"].widget.attrs["min"] = first.isoformat()


class YearForm(forms.Form):
    source = forms.TextField(label=_("依据"), max_length=120, help_text=_("国务院办公厅通知的文号。"))
