"""What people gave for something about a loan, judged on its face."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import errors
from chezhe.kernel.errors import Invalid

REASON_MAX = 300


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Raises ReasonRequired (422) unless it has 2 to 300 characters."""
    return errors.require_reason(reason, most=REASON_MAX)


def require_positive(amount: Money) -> None:
    """Raises Invalid (422) beside the field for a sum of nothing or less."""
    if amount.fen <= 0:
        raise Invalid(field="amount", code="amount_not_positive", sentence=_("金额须大于 0。"))
