"""The profile of a customer, and everybody by how likely they are to be late."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.customers.models import Customer
from chezhe.kernel import business_date, clock, subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.risk.actions.review_warning import review_warning
from chezhe.risk.profiles import offering, pages, permissions, queries
from chezhe.risk.profiles.choices import LEVELS
from chezhe.risk.profiles.forms import ReviewForm
from chezhe.risk.profiles.models import Profile
from chezhe.staff.models import Branch
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, ListPage, ScopeFilter

TRAIL = (gettext_lazy("风控"), "")
REVIEWS_SHOWN = 20


@require_GET
@needs(permissions.VIEW)
def panel(request: HttpRequest) -> HttpResponse:
    """Panel: the profile of `?subject=customer:…`."""
    return _panel(request, _customer(request))


@require_POST
@needs(permissions.REVIEW_WARNING)
def review(request: HttpRequest) -> HttpResponse:
    """What was done about a warning."""
    customer, form = _customer(request), ReviewForm(request.POST)
    done = form.carries_out(lambda: review_warning(
        customer_number=customer.number, measure=form.cleaned_data["measure"], note=form.cleaned_data["note"],
        business_date=business_date.current(), by=request.actor,
    ))
    return _panel(request, customer, None if done else form)


def _customer(request: HttpRequest) -> Customer:
    opened = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    return Customer.objects.visible_to(request.actor).select_related("branch", "owner").fetch(opened.text.partition(":")[2])


def _panel(request: HttpRequest, customer: Customer, form: ReviewForm | None = None) -> HttpResponse:
    shown = pages.shown_of(customer, clock.now())
    is_warned = shown.profile is not None and shown.profile.level in queries.WARNED
    context = {
        "customer": customer, "shown": shown, "form": form or ReviewForm(), "reviews": queries.reviews_of(customer)[:REVIEWS_SHOWN],
        "can_review": is_warned and request.actor.can(permissions.REVIEW_WARNING.code),
    }
    return render(request, "risk/profiles_panel.html", context, status=422 if form is not None and form.errors else 200)


@require_GET
@needs(permissions.VIEW_WARNINGS)
def profiles(request: HttpRequest) -> HttpResponse:
    """Customers with a running loan, the most likely to be late first."""
    return ListPage(
        title=_("客户画像与预警"), subtitle=_("按 90 天内逾期 30 天以上的概率排列；评分只供贷后管理，不用于定价。"),
        queryset=queries.profiles(request.actor), columns=_columns(), filters=[
            ScopeFilter(owner="customer__owner_id", branch="customer__branch_id"),
            ChoiceFilter(name="level", label=_("预警等级"), choices=LEVELS),
            CustomFilter(
                name="warned", label=_("只看预警"), choices=[("open", _("待处理")), ("yes", _("全部预警与已逾期 30 天以上"))],
                narrow=_warned),
            ChoiceFilter(name="branch", label=_("门店"), field="customer__branch__code", choices=lambda: _branches(request.actor)),
        ],
        search=("customer__number__icontains",), search_hint=_("客户编号"), default_sort="-probability", breadcrumbs=[TRAIL],
        file_name="customer-profiles", empty_title=_("还没有评分"),
        empty_hint=_("贷款满 3 个月后，每次日终之后按还款行为评分，这里列出全部在还客户。"),
    ).respond(request)


def _columns() -> list[Column]:
    return [
        Column("customer.number", _("客户编号"), kind="link", url=lambda row: offering.panel_url(row.customer.number)),
        Column("name", _("客户"), value=lambda row: row.customer.masked_name),
        Column("customer.branch.name", _("门店"), phone=False), Column("customer.owner.name", _("客户经理"), phone=False),
        Column("level", _("预警等级"), kind="status", statuses=pages.STATUSES),
        Column("probability", _("预警概率"), kind="rate", sortable=True),
        Column("score", _("行为评分"), kind="number", sortable=True, total=False),
        Column("level_since", pgettext("level", "起始日期"), kind="date", sortable=True, phone=False),
        Column("reviewed_on", _("处理日期"), kind="date", sortable=True, phone=False),
        Column("on", _("评分日期"), kind="date", sortable=True, phone=False),
    ]


def _warned(rows: QuerySet[Profile], value: str) -> QuerySet[Profile]:
    warned = rows.filter(level__in=queries.WARNED)
    return warned.filter(reviewed_on=None) if value == "open" else warned


def _branches(by: Actor) -> list[tuple[str, str]]:
    rows = Branch.objects.all() if by.sees_whole_house else Branch.objects.filter(pk__in=by.branch_ids)
    return list(rows.order_by("code").values_list("code", "name"))
