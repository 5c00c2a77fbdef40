"""What customers fill in about an application."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.origination.offers.rules import Change
from chezhe.ui import forms


class PaperForm(forms.Form):
    """One paper of a category that is wanted."""

    category = forms.HiddenField(max_length=40)
    file = forms.FileField(label=_("文件"), required=False, allow_empty_file=True)


class AnswerForm(forms.Form):
    wanted = forms.WholeField(label=_("补件要求"))
    answer = forms.TextField(label=_("答复"), max_length=200)


class WishForm(forms.Form):
    """Other terms than those that were approved."""

    amount = forms.MoneyField(label=_("希望的金额"), minimum=1, required=False)
    periods = forms.WholeField(label=_("希望的期限"), unit=_("月"), min_value=1, max_value=120, required=False)
    reason = forms.TextField(label=_("原因"), max_length=200)

    @property
    def change(self) -> Change:
        """The other terms that were typed."""
        return Change(amount=self.cleaned_data["amount"], periods=self.cleaned_data["periods"])


class WhyForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)
