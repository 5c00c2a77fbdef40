"""Who may sign in for a dealer at the dealers' portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.channels import permissions, queries
from chezhe.channels.actions.add_dealer_person import add_dealer_person
from chezhe.channels.actions.disable_dealer_person import disable_dealer_person
from chezhe.channels.forms import DealerPersonForm, ReasonForm
from chezhe.channels.models import Dealer
from chezhe.channels.views.dealers import form_page
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ui.status import Status

OPEN, CLOSED = Status(_("已开通"), "good"), Status(_("已停止使用"), "neutral")


def _back(number: str) -> str:
    return f"{reverse('channels:dealer', args=[number])}?tab=people"


@require_GET
@needs(permissions.VIEW)
def people(request: HttpRequest) -> HttpResponse:
    """Panel: the dealer's people, masked."""
    number = request.GET.get("subject", "").removeprefix("dealer:")
    row = Dealer.objects.visible_to(request.actor).fetch(number)
    lines = [(person, CLOSED if person.disabled_at else OPEN) for person in queries.people(row)]
    may = request.actor.can(permissions.MANAGE_PEOPLE.code)
    context = {"dealer": row, "lines": lines, "may_manage": may, "may_add": may and row.status == "active"}
    return render(request, "channels/people.html", context)


@require_http_methods(["GET", "POST"])
@needs(permissions.MANAGE_PEOPLE)
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody more of a dealer."""
    row = Dealer.objects.visible_to(request.actor).fetch(number)
    form, status = DealerPersonForm(request.POST or None), 0
    if request.method == "POST" and form.is_valid():
        try:
            add_dealer_person(dealer_number=number, **form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            return redirect(_back(number))
    return form_page(request, form, _("开通车商人员"), _("开通"), row, status)


@require_http_methods(["GET", "POST"])
@needs(permissions.MANAGE_PEOPLE)
def disable(request: HttpRequest, number: str, person_id: int) -> HttpResponse:
    """Close the portal to somebody of a dealer."""
    row = Dealer.objects.visible_to(request.actor).fetch(number)
    person = queries.people(row).filter(pk=person_id).first()
    if person is None:
        raise NotFound(what=str(person_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.carries_out(lambda: disable_dealer_person(
        dealer_number=number, person_id=person_id, reason=form.cleaned_data["reason"], by=request.actor
    )):
        return redirect(_back(number))
    return form_page(request, form, _("停用 %(name)s") % {"name": person.masked_name}, _("停止使用"), row)
