"""Money that ends or changes a plan and was noticed late: bookable on its own day, unless something decided since would come to nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError
from chezhe.servicing.models import CHANGE_KINDS, Loan

# What had no object if the loan had been over before, and what would plan otherwise on another plan.
AFTER_SETTLEMENT = (*(kind for kind in CHANGE_KINDS if kind not in ("deposited", "refund_paid")), "prepaid")
AFTER_PREPAYMENT = ("prepaid", "due_day", "holiday", "extended", "restructured", "repriced", "accelerated", "written_off")


class ChangedSince(BusinessError):
    code = "changed_since"
    field = "paid_on"
    sentence = _("%(on)s 之后已有“%(what)s”（%(since)s）生效，不能倒记到它之前；请先冲正该事项，或按 %(since)s 及以后的日期办理。")


def require_nothing_since(loan: Loan, on: date, kinds: Collection[str]) -> None:
    """Raises ChangedSince (409) when an event of these kinds counts after `on` and still stands."""
    later = loan.events.filter(kind__in=kinds, value_on__gt=on, reversal__isnull=True).order_by("value_on", "id").first()
    if later is not None:
        raise ChangedSince(on=on, what=later.get_kind_display(), since=later.value_on)
