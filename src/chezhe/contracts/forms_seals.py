"""What people fill in around seals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.models import SEAL_KINDS, Seal
from chezhe.contracts.printing.sealing import COPIES_MAX, NAME_MAX
from chezhe.staff.models import Branch
from chezhe.ui import forms


class SealForm(forms.Form):
    code = forms.TextField(label=_("印章编号"), max_length=20)
    kind = forms.ChoiceField(label=_("印章种类"), choices=SEAL_KINDS, initial="contract")
    name = forms.TextField(label=_("印章名称"), max_length=NAME_MAX)
    branch_code = forms.ChoiceField(label=_("保管门店"))
    is_kept = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch_code"].choices = list(Branch.objects.order_by("code").values_list("code", "name"))  # type: ignore[attr-defined]


class AskSealForm(forms.Form):
    seal_code = forms.ChoiceField(label=_("印章"))
    copies = forms.WholeField(label=_("份数"), min_value=1, max_value=COPIES_MAX, initial=1)
    reason = forms.LongTextField(label=_("用印事由"), max_length=200)

    def __init__(self, *args: Any, seals: list[Seal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seal_code"].choices = [(seal.code, str(seal)) for seal in seals]  # type: ignore[attr-defined]
