from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions
from chezhe.customers.models import Customer, Relation
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import FieldUnknown, require_reason


@action(permissions.RELATE, label=_("解除关联关系"))
def end_relation(*, customer_number: str, relation: int, reason: str, by: Actor) -> Relation:
    """A relation no longer holds; it stays in the history of the file."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    row = customer.relations.filter(pk=relation, ended_at__isnull=True).first()
    if row is None:
        raise FieldUnknown(field="relation")
    require_reason(reason)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    return row
