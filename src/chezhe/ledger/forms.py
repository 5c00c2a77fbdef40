"""What people type into the books."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import ZERO, Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.errors import BusinessError
from chezhe.ledger.models import KIND_LABELS, Account
from chezhe.ui import forms

ROWS = 6


class ReversalForm(forms.Form):
    """Take an entry back."""

    on = forms.DateField(label=_("冲正日期"))
    reason = forms.LongTextField(label=_("原因"), max_length=300)


class RetireForm(forms.Form):
    reason = forms.TextField(label=_("原因"), max_length=200)


class AccountForm(forms.Form):
    """A further sub-account."""

    group_code = forms.ChoiceField(label=_("上级科目"))
    name = forms.TextField(label=_("中文名称"), max_length=60)
    english = forms.TextField(label=_("英文名称"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group_code"].choices = [("", _("请选择")), *_groups()]


def _groups() -> list[tuple[str, str]]:
    """Four-digit groups that have sub-accounts, named by their first one."""
    groups: dict[str, str] = {}
    for account in Account.objects.filter(code__contains="."):
        head = account.code.partition(".")[0]
        groups.setdefault(head, f"{head} {account.label}… ({KIND_LABELS[account.kind]})")
    return list(groups.items())


class StatementForm(forms.Form):
    """Of which account or owner, over which days (both included)."""

    account = forms.ChoiceField(label=_("科目"), required=False)
    owner = forms.TextField(label=_("归属（如 loan:L26-000123-7）"), required=False, max_length=80)
    first = forms.DateField(label=_("从"))
    last = forms.DateField(label=_("至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(a.code, str(a)) for a in Account.objects.all()]
        self.fields["account"].choices = [("", _("全部科目")), *choices]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("account") and not values.get("owner") and not self.errors:
            self.add_error("account", _("请选择科目，或填写归属。"))
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return values


class DaybookForm(forms.Form):
    """Of which days (both included)."""

    first = forms.DateField(label=_("从"))
    last = forms.DateField(label=_("至"))


def trial_days(since: str, on: str, today: date) -> dict[str, Any]:
    """What was asked for, else the month of the last day up to that day."""
    try:
        last = date.fromisoformat(on) if on else today
    except ValueError:
        last = today
    return {"since": since or last.replace(day=1), "on": on or today}


class TrialForm(forms.Form):
    """A period of the trial balance; both days are included."""

    since = forms.DateField(label=_("自"))
    on = forms.DateField(label=_("截至"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("since") and said.get("on") and said["since"] > said["on"]:
            self.add_error("since", _("开始日期不能晚于截至日期。"))
        return said


_MISSING = {
    "account": {"required": _("请选择科目。"), "invalid_choice": _("没有这个选项，请重新选择。")},
    "amount": {"required": _("请填写金额。")},
}


class ManualEntryForm(forms.Form):
    """A proposed entry of up to six transfers; lines left empty do not count."""

    posted_on = forms.DateField(label=_("记账日期"))
    memo = forms.LongTextField(label=_("摘要"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = [(account.code, str(account)) for account in Account.objects.filter(is_active=True)]
        for place in range(1, ROWS + 1):
            needed = place == 1
            self.fields[f"debit_{place}"] = forms.ChoiceField(
                label=_("借方科目"), choices=accounts, required=needed, error_messages=_MISSING["account"])
            self.fields[f"credit_{place}"] = forms.ChoiceField(
                label=_("贷方科目"), choices=accounts, required=needed, error_messages=_MISSING["account"])
            self.fields[f"amount_{place}"] = forms.MoneyField(
                label=_("金额"), minimum=1, required=needed, error_messages=_MISSING["amount"])
            self.fields[f"owner_{place}"] = forms.TextField(label=_("归属"), required=False, max_length=80)

    @property
    def rows(self) -> list[list[Any]]:
        """The bound fields line by line, for the template."""
        return [[self[f"{name}_{place}"] for name in ("debit", "credit", "amount", "owner")] for place in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place in range(1, ROWS + 1):
            debit, credit, amount = (values.get(f"{name}_{place}") for name in ("debit", "credit", "amount"))
            given = [debit, credit, amount]
            if any(given) and not all(given) and f"amount_{place}" not in self.errors:
                self.add_error(f"amount_{place}", _("这一行的借方、贷方、金额须一并填写。"))
            elif debit and debit == credit:
                self.add_error(f"credit_{place}", _("借方与贷方不能是同一科目。"))
        return values

    def refuse(self, refusal: BusinessError) -> None:
        """A refused account or an empty entry concerns the first line."""
        if refusal.field == "transfers":
            self.add_error("debit_1", str(refusal))
            return
        super().refuse(refusal)

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The filled lines of a valid form."""
        values = self.cleaned_data
        lines = [[values.get(f"{name}_{place}") for name in ("debit", "credit", "amount", "owner")] for place in range(1, ROWS + 1)]
        return tuple(
            Transfer(debit, credit, amount.fen, owner or "")
            for debit, credit, amount, owner in lines if isinstance(amount, Money) and amount != ZERO
        )


def statement_days(business_date: date) -> dict[str, date]:
    """The days a statement opens with: this month up to now."""
    return {"first": business_date.replace(day=1), "last": business_date}
