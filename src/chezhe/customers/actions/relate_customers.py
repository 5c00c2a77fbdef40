from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chezhe.customers import errors, permissions, rules, steps
from chezhe.customers.models import Customer, Relation
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.ui.fields import refuse


@action(permissions.RELATE, label=_("登记关联人"))
def relate_customers(
    *, customer_number: str, other_number: str, kind: str, share_rate: Decimal | None = None, by: Actor
) -> Relation:
    """Say who stands behind a customer: spouse, guarantor, controller, owner of a quarter or more."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    other = steps.fetch_other(other_number, by)
    if other.pk == customer.pk:
        raise errors.RelationToSelf()
    refuse(rules.relation_faults(kind, share_rate))
    relation = Relation(
        customer=customer, other=other, kind=kind, share_rate=share_rate, added_at=clock.now(), added_by_name=by.name
    )
    try:
        with transaction.atomic():
            relation.save()
    except IntegrityError:
        raise errors.RelationTwice() from None
    return relation
