"""What people fill in for payouts and bank files."""

from django.utils.translation import gettext_lazy as _

from chezhe.ui import forms


class RetryForm(forms.Form):
    reason = forms.LongTextField(label=_("失败原因如何排除"), max_length=300)


class ResolutionForm(forms.Form):
    resolution = forms.LongTextField(label=_("与银行核对的结果"), max_length=200)


class BankFileForm(forms.Form):
    """The file; `confirm` is the digest of what was tried before."""

    file = forms.FileField(label=_("银行流水文件"))
    confirm = forms.HiddenField(required=False)
