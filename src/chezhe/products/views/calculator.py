"""The calculator's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.products import pages, permissions
from chezhe.products.calculator import CalculatorForm, comparison_chart, ltv_chart


@needs(permissions.CALCULATE)
def calculator(request: HttpRequest) -> HttpResponse:
    """Up to three plans for one car; everything asked stands in the address."""
    asked = bool(request.GET.get("price") or request.GET.get("product_1"))
    form = CalculatorForm(request.GET if asked else None, on=business_date.current())
    context: dict[str, Any] = {"form": form, "breadcrumbs": [(_("进件与审批"), ""), (_("试算器"), "")]}
    if asked and form.is_valid():
        plans = form.plans()
        if plans:
            context |= {
                "plans": plans, "chart": pages.plan_chart(plans[0].sample, "plan"),
                "comparison": comparison_chart(plans) if len(plans) > 1 else None, "ltv": ltv_chart(plans[0]),
                "disclosure": _("单利 = 月内部收益率 × 12；复利 = (1 + 月内部收益率)^12 − 1，均按借款人实际到手金额计算。"),
            }
    return render(request, "products/calculator.html", context, status=422 if form.errors else 200)
