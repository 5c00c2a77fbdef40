"""The list of loans, a loan's page, and the parts that other pages fetch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chezhe.documents import permissions as document_permissions
from chezhe.finmath import ageing
from chezhe.finmath.ageing import BUCKET_BOUNDS, Bucket
from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.scope import Fetching
from chezhe.servicing import case, pages, permissions, queries, refinancing
from chezhe.servicing.models import Loan
from chezhe.servicing.quality import booked
from chezhe.servicing.quality import pages as quality_pages
from chezhe.servicing.states import LOAN, ON_BOOKS
from chezhe.ui import panels
from chezhe.ui.filters import CustomFilter
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter, TextFilter


@require_GET
@needs(permissions.VIEW)
def loans(request: HttpRequest) -> HttpResponse:
    """Every loan in the actor's reach, with how late it is on the business date."""
    today = business_date.current()
    rows = Loan.objects.visible_to(request.actor).listed("customer", "branch", "product_version__product")
    classes = quality_pages.ClassesToday(today)
    return ListPage(
        title=_("贷款"), queryset=booked.with_class(rows),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda loan: reverse("servicing:loan", args=[loan.number]), sortable=True),
            Column("customer.masked_name", _("客户")),
            Column("status", _("状态"), kind="status", statuses=pages.LOAN_STATUSES),
            Column("product", _("产品"), value=lambda loan: loan.product_version.product.label, phone=False),
            Column("principal", _("本金"), kind="money", sortable=True, phone=False),
            Column("principal_left", _("剩余本金"), kind="money", sortable=True),
            Column("next_due_on", _("下次到期"), kind="date", sortable=True),
            Column("dpd", _("逾期"), value=lambda loan: str(pages.bucket_status(loan.days_past_due(today)).label)),
            Column("bucket", _("账期"), value=lambda loan: ageing.bucket(loan.days_past_due(today)).value, shown=False),
            Column("class_today", _("当前分类"), kind="status", statuses=quality_pages.CLASS_STATUSES, value=classes.of,
                   gather=classes.gather, export=False, phone=False, shown=False,
                   hint=_("按今天的逾期、下调、观察期与同一客户的其他贷款推算；未计减值测试")),
            Column("booked_class", _("上期分类"), kind="status", statuses=quality_pages.CLASS_STATUSES, shown=False,
                   hint=_("最近一次已入账的月度计提所得")),
            Column("annual_rate", _("年利率"), kind="rate", phone=False),
            Column("paid_out_on", _("放款日"), kind="date", sortable=True, phone=False),
            Column("branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=[(k, s.label) for k, s in pages.LOAN_STATUSES.items()]),
            CustomFilter(
                name="bucket", label=_("账期"), choices=_bucket_choices(), narrow=lambda rows, value: in_bucket(rows, value, today)
            ),
            CustomFilter(name="class", label=_("上期分类"), choices=[(k, s.label) for k, s in quality_pages.CLASS_STATUSES.items()],
                         narrow=booked.of_class),
            DateRangeFilter(name="paid_out", label=_("放款日"), field="paid_out_on"),
            DateRangeFilter(name="next", label=_("下次到期"), field="next_due_on"),
            TextFilter(name="contract", label=_("合同编号"), field="contract__number"),
        ],
        search=("number__icontains", "contract__number__icontains"), search_hint=_("贷款或合同编号"), default_sort="-number",
        breadcrumbs=pages.TRAIL, file_name="loans", empty_title=_("没有贷款"), empty_hint=_("放款到账后自动建立。"),
    ).respond(request)


def _bucket_choices() -> list[tuple[str, Any]]:
    return [("overdue", _("所有逾期")), (Bucket.C.value, _("未逾期")), *((b.value, b.value) for b in Bucket if b is not Bucket.C)]


def in_bucket(rows: QuerySet[Any], value: str, today: date) -> QuerySet[Any]:
    """Active loans of one ageing bucket on `today`, by their oldest unpaid due date."""
    rows = rows.filter(status__in=ON_BOOKS)
    if value == Bucket.C.value:
        return rows.exclude(oldest_due_on__lt=today)
    if value == "overdue":
        return rows.filter(oldest_due_on__lt=today)
    at = list(Bucket).index(Bucket(value))
    rows = rows.filter(oldest_due_on__lt=today - timedelta(days=BUCKET_BOUNDS[at - 1]))
    return rows.filter(oldest_due_on__gte=today - timedelta(days=BUCKET_BOUNDS[at])) if at < len(BUCKET_BOUNDS) else rows


_SHOWN = Fetching(
    lambda by: Loan.objects.visible_to(by).naming("customer", "contract__vehicle", "branch", "owner").select_related(
        "product_version__product"))


def fetch(request: HttpRequest, number: str) -> Loan:
    """One loan in the actor's reach, with what its pages show."""
    return _SHOWN.fetch(number, request.actor)


@require_GET
@needs(permissions.VIEW)
def loan(request: HttpRequest, number: str) -> HttpResponse:
    """The whole of a loan: its head for the business date, and every room's panel."""
    row, today = fetch(request, number), business_date.current()
    tabs = panels.tabs_for(row.subject, request.actor)
    keys = [tab.key for tab in tabs]
    can = request.actor.can
    return render(request, "servicing/loan.html", {
        "loan": row, "head": pages.head_of(queries.current_position(row, today)), "today": today, "tabs": tabs,
        "standing": quality_pages.standing_of(row, today),
        "current_tab": request.GET.get("tab") if request.GET.get("tab") in keys else keys[0],
        "status": pages.LOAN_STATUSES[row.status], "title": row.customer.masked_name,
        "settled_by": refinancing.named_for(row) if LOAN.allows(row.status, "refinance") else None,
        "can_print": can(permissions.PRINT_PAPER.code),
        "can_undo": LOAN.allows(row.status, "undo") and can(permissions.UNDO_PAYOUT.code),
        "can_settle": LOAN.allows(row.status, "settle"),
        "can_repay": LOAN.allows(row.status, "repay") and can(permissions.RECORD_REPAYMENT.code),
        "can_prepay": LOAN.allows(row.status, "prepay") and can(permissions.PREPAY.code)
        and bool(row.product_version.terms.prepayment.modes),
    })


def _of_subject(request: HttpRequest) -> Loan:
    return fetch(request, request.GET.get("subject", "").removeprefix("loan:"))


@require_GET
@needs(permissions.VIEW)
def plan(request: HttpRequest) -> HttpResponse:
    """Panel: the plan with what was paid on each instalment."""
    row = _of_subject(request)
    rows = pages.plan_rows(queries.current_position(row, business_date.current()))
    context = {"loan": row, "rows": rows, "totals": pages.totals_of(rows), "chart": pages.plan_chart(rows)}
    return render(request, "servicing/plan.html", context)


@require_GET
@needs(permissions.VIEW)
def events(request: HttpRequest) -> HttpResponse:
    """Panel: everything that happened, newest first."""
    row = _of_subject(request)
    rows = pages.event_rows(row, request.actor.can(permissions.REVERSE.code))
    return render(request, "servicing/events.html", {"loan": row, "rows": rows})


@require_GET
@needs(permissions.VIEW)
def track(request: HttpRequest) -> HttpResponse:
    """Panel: how the case went, from the application to the release: who moved it, when and why."""
    return render(request, "servicing/track.html", {"track": case.track_of(_of_subject(request))})


@require_GET
@needs(permissions.VIEW)
def audit(request: HttpRequest) -> HttpResponse:
    """Panel: what was audited on the case, refusals included."""
    return render(request, "servicing/track.html", {"track": case.audit_of(_of_subject(request))})


@require_GET
@needs(document_permissions.VIEW)
def papers(request: HttpRequest) -> HttpResponse:
    """Panel: the papers of the whole case, wherever they were filed."""
    row = fetch(request, request.GET.get("subject", "").removeprefix("loan:"))
    return render(request, "servicing/papers.html", {"places": case.papers_of(row, request.actor)})


@require_GET
@needs(permissions.VIEW)
def loans_of(request: HttpRequest) -> HttpResponse:
    """Panel on a customer's and a contract's page: their loans."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    mine = Loan.objects.visible_to(request.actor).select_related("customer", "contract").order_by("-id")
    if subject.kind == "customer":
        mine = mine.filter(customer__number=subject.number)
    elif subject.kind == "contract":
        mine = mine.filter(contract__number=subject.number)
    else:
        raise NotFound(what=subject.text)
    today = business_date.current()
    rows = [(row, pages.LOAN_STATUSES[row.status], pages.bucket_status(row.days_past_due(today))) for row in mine]
    return render(request, "servicing/loans_of.html", {"rows": rows})
