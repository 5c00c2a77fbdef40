"""The same thing to many leads at once; each lead is its own action call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers import queries as customer_queries
from chezhe.kernel import business_date
from chezhe.leads import permissions
from chezhe.leads.actions.assign_lead import assign_lead
from chezhe.leads.actions.claim_lead import claim_lead
from chezhe.leads.forms import AssignForm
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD
from chezhe.ui import row_keys
from chezhe.ui.lists import Bulk


def assign() -> Bulk:
    """分配: to one colleague, who has thirty days of protection on each."""
    return Bulk(
        key="assign", label=LEAD.label("assign"), icon="user-plus", permission=permissions.ASSIGN, carry_out=_assign, form=_assign_form,
        why_not=lambda lead: "" if LEAD.allows(lead.status, "assign") else _("目前为“%(status)s”。") % {"status": LEAD.label(lead.status)},
        amount="amount_wanted", sentence=gettext_lazy("分给同一位同事；只能分给线索所在门店的人，不符的会逐条说明。"),
    )


def _assign_form(request: HttpRequest, data: Any) -> AssignForm:
    """Offers the colleagues of the chosen leads' branches; a row on its own leaves it to the action to refuse a stranger."""
    if request.POST.get("step") == "one":
        return AssignForm(data, colleagues=[(request.POST.get("owner_username", ""), "")])
    on = business_date.current()
    people = {user.username: user for branch_id in _branches(request) for user in customer_queries.colleagues(branch_id, on)}
    ordered = sorted(people.values(), key=lambda user: (user.branch_id or 0, user.name))
    return AssignForm(data, colleagues=[(user.username, f"{user.name} · {user.branch or '—'}") for user in ordered])


def _branches(request: HttpRequest) -> list[int | None]:
    """Where the leads are that were chosen."""
    rows = Lead.objects.visible_to(request.actor).filter(pk__in=row_keys.read(request.POST.getlist("rows")))
    return list(rows.order_by().values_list("branch_id", flat=True).distinct())


def _assign(lead: Lead, values: Mapping[str, Any], request: HttpRequest) -> object:
    return assign_lead(
        lead_number=lead.number, owner_username=values["owner_username"], reason=values["reason"],
        business_date=business_date.current(), by=request.actor,
    )


def claim() -> Bulk:
    """领取: out of the public pool, into one's own hands."""
    return Bulk(
        key="claim", label=gettext_lazy("领取"), icon="hand-grab", permission=permissions.FOLLOW, carry_out=_claim, amount="amount_wanted",
        sentence=gettext_lazy("领取后由您跟进，保护期三十天。被同事抢先的会逐条说明。"),
    )


def _claim(lead: Lead, values: Mapping[str, Any], request: HttpRequest) -> object:
    return claim_lead(lead_number=lead.number, business_date=business_date.current(), by=request.actor)
