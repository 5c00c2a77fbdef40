from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security


@action(permissions.OFFER_SECURITY, label=_("登记一项担保"))
def offer_security(
    *, subject: str, offered: steps.Offered, guarantor_number: str = "", business_date: date, by: Actor,
) -> Security:
    """Put a guarantor, a pledge, a deposit or an insurance beside the car; another person says whether it counts."""
    guarantor = Customer.objects.visible_to(by).fetch(guarantor_number) if guarantor_number else None
    return steps.offer(subject, offered, guarantor=guarantor, on=business_date, by=by)
