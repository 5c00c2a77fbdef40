"""What a freeze stops. Whoever may not see screenings is told no more than that the case cannot go on: the customer must not learn of it
(反洗钱法 §30, §40)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.risk.screening import queries
from chezhe.risk.screening.silence import may_know


class BusinessHeld(BusinessError):
    """The same code for everybody, so that no answer gives away why."""

    code = "business_held"
    sentence = gettext_lazy("这笔业务目前不能继续办理，请联系合规岗。")


class CustomerFrozen(BusinessHeld):
    """The same, for those who may know."""

    sentence = gettext_lazy("%(who)s 疑似在制裁或恐怖活动名单上，业务已冻结，合规核实前不得继续；请勿向客户透露。")


def require_free(customers: Iterable[Customer], *, by: Actor) -> None:
    """Raise BusinessHeld (409) while one of these stands frozen; whoever may see screenings or due diligence reads who and why."""
    frozen = queries.frozen_among(customers)
    if not frozen:
        return
    if may_know(by):
        raise CustomerFrozen(who=_("、").join(f"{one.masked_name} {one.number}" for one in frozen))
    raise BusinessHeld()
