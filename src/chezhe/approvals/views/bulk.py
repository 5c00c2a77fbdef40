"""The same to many requests at once: claimed, handed on, urged. Each request is its own action call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import permissions, seats
from chezhe.approvals.actions.claim_request import claim_request
from chezhe.approvals.actions.transfer_request import transfer_request
from chezhe.approvals.actions.urge_request import urge_request
from chezhe.approvals.forms import ToColleagueForm
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.ui import row_keys
from chezhe.ui.lists import Bulk


def offered(actor: Actor, box: str) -> Sequence[Bulk]:
    """What this actor may do to several of those in a box."""
    fitting = {"waiting": (_CLAIM, _TRANSFER), "free": (_CLAIM, _TRANSFER), "claimed": (_TRANSFER,), "mine": (_URGE,), "copied": (_URGE,)}
    return [one for one in fitting.get(box, ()) if actor.can(one.permission.code)]


def _claim(row: ApprovalRequest, _values: Mapping[str, Any], request: HttpRequest) -> object:
    return claim_request(request_number=row.number, by=request.actor)


def _transfer(row: ApprovalRequest, values: Mapping[str, Any], request: HttpRequest) -> object:
    return transfer_request(request_number=row.number, username=values["username"], reason=values["reason"], by=request.actor)


def _urge(row: ApprovalRequest, _values: Mapping[str, Any], request: HttpRequest) -> object:
    return urge_request(request_number=row.number, by=request.actor)


def _form(request: HttpRequest, data: Any) -> ToColleagueForm:
    """Offers whoever could vote on one of the chosen; a row on its own leaves it to the action to refuse a stranger."""
    if request.POST.get("step") == "one":
        return ToColleagueForm(data, people=[(request.POST.get("username", ""), "")])
    rows = ApprovalRequest.objects.visible_to(request.actor).filter(pk__in=row_keys.read(request.POST.getlist("rows")))
    on, census, found = clock.today(), seats.Census(), {}
    for row in rows.filter(status="open").prefetch_related("votes"):
        for seat in seats.voters(row, row.votes.all(), on, census):
            found[seat.username] = seat.name
    return ToColleagueForm(data, people=sorted(found.items(), key=lambda pair: pair[1]))


_CLAIM = Bulk(
    key="claim", label=pgettext_lazy("handling", "领取"), icon="hand-grab", permission=permissions.HANDLE, carry_out=_claim,
    amount="amount", sentence=_("领取后由您办理，其他同事不再重复看。被同事抢先的会逐条说明。"),
)
_TRANSFER = Bulk(
    key="transfer", label=_("转审"), icon="user-plus", permission=permissions.HANDLE, carry_out=_transfer, form=_form, amount="amount",
    sentence=_("交给同一位能审批的同事；不能审批其中某一笔的会逐条说明。"),
)
_URGE = Bulk(
    key="urge", label=_("催办"), icon="bell", permission=permissions.URGE, carry_out=_urge,
    sentence=_("提醒当前轮到的审批人；刚催办过的会逐条说明。"),
)
