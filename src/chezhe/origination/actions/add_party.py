from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.origination import choices, duplicates, errors, permissions, steps
from chezhe.origination.models import Application, ApplicationParty
from chezhe.origination.revising import history


@action(permissions.WRITE, label=_("添加共借或担保人"))
def add_party(*, application_number: str, customer_number: str, role: str, by: Actor) -> Application:
    """Let a co-borrower, guarantor or spouse stand beside the borrower."""
    application = steps.lock_editable(application_number, by)
    if role not in dict(choices.PARTY_ROLES):
        raise Invalid(field="role", code="party_role_unknown", sentence=_("请选择身份。"))
    customer = steps.customer_called(customer_number, by)
    if customer.pk == application.customer_id:
        raise errors.PartyIsBorrower()
    if role == "spouse" and not (customer.is_person and application.customer.is_person):
        raise errors.SpouseNotPerson()
    if role == "co_borrower":
        duplicates.require_room(customer, business_date.current(), by, beside=application)
    before = history.standing_beside(application)
    _party, is_new = ApplicationParty.objects.get_or_create(application=application, customer=customer, defaults={"role": role})
    if not is_new:
        raise errors.PartyTwice(name=customer.masked_name)
    steps.mark_beside(application, before, by)
    return application
