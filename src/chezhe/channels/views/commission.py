"""What dealers earn: plans proposed by the channel manager, agreed to by another person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.channels import permissions
from chezhe.channels.actions.decide_commission_plan import decide_commission_plan
from chezhe.channels.actions.end_commission_plan import end_commission_plan
from chezhe.channels.actions.propose_commission_plan import propose_commission_plan
from chezhe.channels.commission import offers, queries
from chezhe.channels.forms import CommissionEndForm, CommissionPlanForm, CommissionVerdictForm
from chezhe.channels.models import CommissionPlan, Dealer
from chezhe.channels.states import COMMISSION_PLAN
from chezhe.channels.views.dealers import form_page
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, ScopeFilter
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

_TONES = {"proposed": "warning", "agreed": "good", "refused": "neutral", "ended": "neutral"}
STATUSES = {code: Status(label, _TONES[code]) for code, label in COMMISSION_PLAN.choices()}
ALL_PRODUCTS = gettext_lazy("全部产品")


def _product(plan: CommissionPlan) -> Any:
    return offers.name_of(plan.product_code) if plan.product_code else ALL_PRODUCTS


@require_GET
@needs(permissions.VIEW)
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan in the actor's reach, newest first."""
    return ListPage(
        title=_("返佣方案"), subtitle=_("按放款额计返佣，受参数“车商返佣上限”约束，不与客户利率挂钩。"),
        queryset=queries.plans(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda p: reverse("channels:commission_plan", args=[p.number]), sortable=True,
                   sort="pk"),
            Column("dealer.name", _("车商名称")), Column("product", _("产品"), value=_product, phone=False),
            Column("rate", _("返佣比例"), kind="rate", sortable=True),
            Column("amount_max", _("单笔上限"), kind="money", total=False, phone=False),
            Column("hold_months", _("最短持有期（月）"), kind="number", phone=False),
            Column("effective_from", _("生效日期"), kind="date", sortable=True),
            Column("effective_to", _("截止日期"), kind="date", phone=False),
            Column("status", _("状态"), kind="status", statuses=STATUSES),
        ],
        filters=[
            ScopeFilter(owner="dealer__owner_id", branch="dealer__branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=COMMISSION_PLAN.choices()),
        ],
        search=("number__istartswith", "dealer__name__icontains", "dealer__number__istartswith"), search_hint=_("编号或车商"),
        default_sort="-number", breadcrumbs=[(_("车商与渠道"), reverse("channels:dealers"))], file_name="commission-plans",
        empty_title=_("还没有返佣方案"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def plans_of(request: HttpRequest) -> HttpResponse:
    """Panel of a dealer: its plans, and the cap of today."""
    row = Dealer.objects.visible_to(request.actor).fetch(request.GET.get("subject", "").removeprefix("dealer:"))
    lines = [(plan, _product(plan), STATUSES[plan.status]) for plan in queries.plans_of(row)]
    return render(request, "channels/plans_of.html", {
        "dealer": row, "lines": lines, "cap": queries.cap("", business_date.current()),
        "may_add": row.status == "active" and request.actor.can(permissions.PROPOSE_COMMISSION.code),
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.PROPOSE_COMMISSION)
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """A new plan of a dealer."""
    row, today = Dealer.objects.visible_to(request.actor).fetch(number), business_date.current()
    form, status = CommissionPlanForm(request.POST or None, initial={"effective_from": today, "hold_months": 24}), 0
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_commission_plan(
                dealer_number=number, terms=form.terms(), reason=form.cleaned_data["reason"], business_date=today, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("已提出，请另一位同事核定。"))
            return redirect("channels:commission_plan", made.number)
    return form_page(request, form, _("提出返佣方案"), _("提交核定"), row, status)


@require_GET
@needs(permissions.VIEW)
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """One plan: its terms, the cap with its source, who proposed it and who agreed."""
    return _page(request, number)


@require_POST
@needs(permissions.DECIDE_COMMISSION)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, or not."""
    form = CommissionVerdictForm(request.POST)
    if form.carries_out(lambda: decide_commission_plan(
        plan_number=number, agrees=form.cleaned_data["verdict"] == "yes", opinion=form.cleaned_data["opinion"], by=request.actor
    )):
        messages.success(request, _("已登记结论。"))
        return redirect("channels:commission_plan", number)
    return _page(request, number, verdict=form)


@require_POST
@needs(permissions.PROPOSE_COMMISSION)
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Let it count no longer."""
    form = CommissionEndForm(request.POST)
    if form.carries_out(lambda: end_commission_plan(
        plan_number=number, last_day=form.cleaned_data["last_day"], reason=form.cleaned_data["reason"],
        business_date=business_date.current(), by=request.actor,
    )):
        messages.success(request, _("方案已终止；已放款的贷款仍按原方案返佣。"))
        return redirect("channels:commission_plan", number)
    return _page(request, number, ending=form)


def _page(
    request: HttpRequest, number: str, *, verdict: CommissionVerdictForm | None = None, ending: CommissionEndForm | None = None
) -> HttpResponse:
    found, actor = queries.plans(request.actor).fetch(number), request.actor
    verdict = verdict or CommissionVerdictForm()
    ending = ending or CommissionEndForm(initial={"last_day": business_date.current()})
    track = [
        Happening(m.moved_at, COMMISSION_PLAN.label(m.verb) if m.status_from else _("提出"), m.actor_name, m.reason,
                  STATUSES[m.status_to].tone)
        for m in reversed(moves.history(found.subject))
    ]
    return render(request, "channels/plan.html", {
        "plan": found, "product": _product(found), "status": STATUSES[found.status], "track": track, "verdict": verdict, "ending": ending,
        "cap": queries.cap(found.product_code, found.effective_from),
        "can_decide": COMMISSION_PLAN.allows(found.status, "agree") and actor.can(permissions.DECIDE_COMMISSION.code),
        "can_end": COMMISSION_PLAN.allows(found.status, "end") and actor.can(permissions.PROPOSE_COMMISSION.code),
    }, status=422 if verdict.errors or ending.errors else 200)
