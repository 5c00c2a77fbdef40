"""What people fill in about debits."""

from django.utils.translation import gettext_lazy as _

from chezhe.ui import forms


class DebitNowForm(forms.Form):
    amount = forms.MoneyField(label=_("扣款金额"), minimum=1)


class CancelForm(forms.Form):
    reason = forms.LongTextField(label=_("取消原因"), max_length=200)


class BookAgainForm(forms.Form):
    """Nothing to fill in; it keeps why not."""
