"""Somebody knows worse of a loan than its arrears show."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.models import ClassDowngrade, Loan
from chezhe.servicing.quality import downgrades


@action(permissions.DOWNGRADE, label=_("下调资产分类"))
def downgrade_loan(*, loan_number: str, asset_class: str, reason: str, by: Actor) -> ClassDowngrade:
    """Hold a loan in a worse class from today on, for a reason that is kept; only others can lift it."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return downgrades.put_down(loan, asset_class, reason, by=by)
