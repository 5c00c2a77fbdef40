"""Deals of the market: the list, and one more of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.risk import permissions
from chezhe.risk.actions.record_deal import record_deal
from chezhe.risk.valuing.forms import DealForm
from chezhe.risk.valuing.models import MarketDeal
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.vehicles import choices as vehicle_choices


@require_GET
@needs(permissions.VIEW_VALUES)
def deals(request: HttpRequest) -> HttpResponse:
    """What cars were offered and sold for. They name no person and belong to the whole house."""
    can_record = request.actor.can(permissions.RECORD_DEAL.code)
    return ListPage(
        title=gettext_lazy("市场成交"), queryset=MarketDeal.objects.all(),
        columns=[
            Column("brand", gettext_lazy("品牌"), sortable=True), Column("series", gettext_lazy("车系"), sortable=True),
            Column("model", gettext_lazy("型号"), phone=False),
            Column("first_registered_on", gettext_lazy("初次登记"), kind="date", sortable=True, phone=False),
            Column("mileage_km", gettext_lazy("里程（公里）"), kind="number", sortable=True, total=False),
            Column("condition", gettext_lazy("车况等级"), phone=False), Column("transfers", gettext_lazy("过户次数"), kind="number",
                phone=False),
            Column("price", pgettext_lazy("deal", "成交价或挂牌价"), kind="money", sortable=True, total=False),
            Column("listed_on", gettext_lazy("挂牌日期"), kind="date", sortable=True, phone=False),
            Column("sold_on", gettext_lazy("成交日期"), kind="date", sortable=True),
            Column("source", pgettext_lazy("deal", "资料来源"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="energy", label=gettext_lazy("能源类型"), field="energy_type", choices=vehicle_choices.ENERGY_TYPES),
            DateRangeFilter(name="sold", label=gettext_lazy("成交日期"), field="sold_on"),
        ],
        search=("brand__icontains", "series__icontains", "model__icontains"), search_hint=gettext_lazy("品牌、车系、型号"),
        default_sort="-listed_on", file_name="market-deals", empty_hint=gettext_lazy("登记成交后，市价法和变现天数会用到它们。"),
        actions=[(gettext_lazy("登记成交"), reverse("risk:record_deal"), "plus")] if can_record else [],
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.RECORD_DEAL)
def record(request: HttpRequest) -> HttpResponse:
    """One more deal."""
    form = DealForm(request.POST or None, initial={"listed_on": business_date.current()})
    if request.method == "POST" and form.carries_out(lambda: record_deal(
            car=form.car, vehicle_number=form.cleaned_data["vehicle_number"], sold=form.sold, business_date=business_date.current(),
            by=request.actor)):
        messages.success(request, _("成交已登记。"))
        return redirect("risk:deals")
    return render(request, "risk/deal.html", {"form": form}, status=422 if form.errors else 200)
