"""What a freeze stops. Whoever may not see screenings is told no more than that the case cannot go on: the customer must not learn of it
(反洗钱法 §30, §40)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.risk.screening import diligence, queries
from chezhe.risk.screening.silence import may_know


class BusinessHeld(BusinessError):
    """The same code for everybody, so that no answer gives away why."""

    code = "business_held"
    sentence = gettext_lazy("这笔业务目前不能继续办理，请联系合规岗。")


class CustomerFrozen(BusinessHeld):
    """The same, for those who may know."""

    sentence = gettext_lazy("%(who)s 疑似在制裁或恐怖活动名单上，业务已冻结，合规核实前不得继续；请勿向客户透露。")


def require_free(customers: Iterable[Customer], *, by: Actor) -> None:
    """Raise BusinessHeld (409) while one of these stands frozen, or who owns, controls or speaks for a company among them; whoever may see
    screenings or due diligence reads who and why."""
    frozen = _frozen(list(customers))
    if not frozen:
        return
    if may_know(by):
        raise CustomerFrozen(who=_("、").join(_told(one, because) for one, because in frozen))
    raise BusinessHeld()


def is_frozen(customer: Customer) -> bool:
    """Whether a likeness with a list that freezes stands now for the customer, or for who is behind a company."""
    return bool(_frozen([customer]))


def _frozen(customers: list[Customer]) -> list[tuple[Customer, list[Customer]]]:
    """Those of these who stand frozen, each with those because of whom."""
    behind = {one.pk: [one] if one.is_person else [one, *diligence.standing_behind(one)] for one in customers}
    keys = {one.pk for one in queries.frozen_among({one.pk: one for found in behind.values() for one in found}.values())}
    found = [(one, [other for other in behind[one.pk] if other.pk in keys]) for one in customers]
    return [(one, because) for one, because in found if because]


def _told(one: Customer, because: list[Customer]) -> str:
    """Of who is behind a company only the name: their file may be out of reach."""
    words = f"{one.masked_name} {one.number}"
    others = _("、").join(other.masked_name for other in because if other.pk != one.pk)
    return _("%(company)s（所有人或控制人 %(people)s）") % {"company": words, "people": others} if others else words
