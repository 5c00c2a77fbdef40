"""A condition is to be let go, or put off until after the payout."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, queries
from chezhe.contracts.conditions import errors
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.conditions.models import ContractCondition
from chezhe.contracts.models import Contract
from chezhe.kernel import parameters
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, require_reason


@action(permissions.WAIVE_CONDITION)
def waive_condition(
    *, contract_number: str, code: str, reason: str, put_off_until: date | None = None, business_date: date, by: Actor
) -> ContractCondition:
    """Ask the branch manager and then risk. The registration of a mortgage can only be put off (先放后抵), within the days in which a
    purchase-money mortgage keeps its rank (民法典 §416). Raises CannotBeWaived, NotThisCondition, ContractBegun or WaiverPending (409),
    Invalid or ReasonRequired (422)."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    kept = require_reason(reason, most=200)
    if not condition_queries.is_open_to_change(contract):
        raise errors.ContractBegun(contract=contract.number)
    standing = next((one for one in queries.standings(contract, business_date) if one.code == code), None)
    if standing is None or standing.is_met:
        raise errors.NotThisCondition(contract=contract.number, label=standing.label if standing else code)
    if not (standing.may_be_waived or standing.may_be_put_off):
        raise errors.CannotBeWaived(label=standing.label)
    if standing.may_be_put_off:
        last = business_date + timedelta(days=parameters.count("PMSI_REGISTER_DAYS", business_date))
        if put_off_until is None or not business_date <= put_off_until <= last:
            raise Invalid(
                field="put_off_until", code="put_off_invalid", sentence=_("请填写补办期限，不晚于 %(last)s。"), last=last)
    elif put_off_until is not None:
        raise Invalid(field="put_off_until", code="put_off_invalid", sentence=_("这项条件只能豁免，不能延后办理。"))
    return condition_steps.request_waiver(contract, code, reason=kept, put_off_until=put_off_until, by=by)
