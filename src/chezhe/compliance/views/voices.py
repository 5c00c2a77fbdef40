"""Complaints and ratings: who waits for an answer, the answer, and what customers gave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.compliance import labels, permissions, queries
from chezhe.compliance.actions.answer_complaint import answer_complaint
from chezhe.compliance.actions.close_complaint import close_complaint
from chezhe.compliance.actions.file_complaint import file_complaint
from chezhe.compliance.forms import AnswerForm, ComplaintForm
from chezhe.compliance.models import Complaint, Rating
from chezhe.compliance.states import COMPLAINT
from chezhe.kernel import business_date, moves, subjects
from chezhe.kernel.doors import needs, require
from chezhe.ui.charts import Chart, Series
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

_TONES = {"received": "warning", "answered": "progress", "closed": "good"}
STATUSES = {code: Status(label, _TONES[code]) for code, label in COMPLAINT.choices()}
_TRAIL = [(gettext_lazy("合规"), "")]


@require_GET
@needs(permissions.VIEW_COMPLAINTS)
def complaints(request: HttpRequest) -> HttpResponse:
    """Every complaint, the one that is due first on top."""
    return ListPage(
        title=_("客户投诉"), subtitle=_("自收到之日起在规定天数内答复；客户在手机上看到答复。"), queryset=Complaint.objects.all(),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda one: reverse("compliance:complaint", args=[one.number])),
            Column("kind", _("投诉类别"), value=lambda one: one.get_kind_display()),
            Column("subject_text", _("客户"), value=lambda one: one.subject_text.partition(":")[2]),
            Column("received_on", _("收到日"), kind="date", sortable=True), Column("due_on", _("答复期限"), kind="date", sortable=True),
            Column("channel", _("来源"), value=lambda one: one.get_channel_display(), phone=False),
            Column("answered_by_name", _("答复人"), phone=False), Column("status", _("状态"), kind="status", statuses=STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=COMPLAINT.choices()),
            ChoiceFilter(name="kind", label=_("投诉类别"), choices=labels.COMPLAINT_KINDS),
            DateRangeFilter(name="received_on", label=_("收到日"), field="received_on"),
        ],
        search=("number__icontains", "subject_text__icontains"), search_hint=_("投诉编号或客户号"), default_sort="due_on",
        breadcrumbs=_TRAIL, file_name="complaints", empty_title=_("没有客户投诉"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_COMPLAINTS)
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """What was said, by when it is answered, and the answer."""
    return _page(request, number, AnswerForm())


@require_POST
@needs(permissions.ANSWER_COMPLAINT)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the customer what was found."""
    form = AnswerForm(request.POST)
    if form.carries_out(lambda: answer_complaint(complaint_number=number, answer=form.cleaned_data["answer"], by=request.actor)):
        messages.success(request, _("已答复，客户可以在手机上看到。"))
        return redirect("compliance:complaint", number)
    return _page(request, number, form)


@require_POST
@needs(permissions.CLOSE_COMPLAINT)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing more is to be said."""
    close_complaint(complaint_number=number, by=request.actor)
    messages.success(request, _("投诉已办结。"))
    return redirect("compliance:complaint", number)


def _page(request: HttpRequest, number: str, form: AnswerForm) -> HttpResponse:
    found = queries.complaint(number)
    who, today = subjects.open_subject(found.subject_text, request.actor), business_date.current()
    can, allows = request.actor.can, COMPLAINT.allows
    return render(request, "compliance/complaint.html", {
        "complaint": found, "who": who, "status": STATUSES[found.status], "form": form,
        "is_late": found.status == "received" and found.due_on < today,
        "can_answer": allows(found.status, "answer") and can(permissions.ANSWER_COMPLAINT.code),
        "can_close": allows(found.status, "close") and can(permissions.CLOSE_COMPLAINT.code),
        "track": track_of(moves.history(found.subject), COMPLAINT, begun=COMPLAINT.label("file")),
    }, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_SUBJECT)
def complaints_of(request: HttpRequest) -> HttpResponse:
    """Panel of a customer: the complaints of `?subject=`; a POST takes one down that came by phone or at the counter."""
    opened = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    form = ComplaintForm(request.POST or None)
    if request.method == "POST":
        require(request, permissions.FILE_COMPLAINT)
        if form.carries_out(lambda: file_complaint(
            subject=opened.text, **form.cleaned_data, business_date=business_date.current(), by=request.actor,
        )):
            form = ComplaintForm()
    can = request.actor.can
    context: dict[str, Any] = {
        "rows": [(one, STATUSES[one.status]) for one in queries.complaints_of(opened.text)[:50]], "form": form,
        "parameters": request.GET.urlencode(), "can_file": can(permissions.FILE_COMPLAINT.code),
        "can_view": can(permissions.VIEW_COMPLAINTS.code),
    }
    return render(request, "compliance/complaints_of.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_RATINGS)
def ratings(request: HttpRequest) -> HttpResponse:
    """What customers gave, by month on average and one by one."""
    return ListPage(
        title=_("客户评价"), subtitle=_("放款和结清后各评价一次，1 到 5 分。"), queryset=Rating.objects.all(),
        columns=[
            Column("about", _("贷款"), value=lambda one: one.about.partition(":")[2]),
            Column("occasion", _("评价时点"), value=lambda one: one.get_occasion_display()),
            Column("stars", _("分数"), kind="number", sortable=True), Column("words", _("评价内容")),
            Column("rated_on", _("评价日"), kind="date", sortable=True),
        ],
        filters=[
            ChoiceFilter(name="occasion", label=_("评价时点"), choices=labels.OCCASIONS),
            ChoiceFilter(name="stars", label=_("分数"), choices=[(str(stars), str(stars)) for stars in range(1, 6)]),
            DateRangeFilter(name="rated_on", label=_("评价日"), field="rated_on"),
        ],
        search=("about__icontains",), search_hint=_("贷款编号"), default_sort="-rated_on", breadcrumbs=_TRAIL, file_name="ratings",
        empty_title=_("还没有评价"), template="compliance/ratings.html",
    ).respond(request, chart=_chart(queries.rated_by_month(business_date.current())))


def _chart(rows: list[queries.Rated]) -> Chart | None:
    """The averages month by month; its table says the same."""
    months = sorted({one.month for one in rows})
    by_place = {(one.month, one.occasion): one.average for one in rows}
    if not months:
        return None
    return Chart(
        id="ratings", kind="bar", measure="index", title=_("近 6 个月的平均分"), category_label=_("月份"), source=_("客户评价"),
        categories=months, height=220,
        series=[Series(label, [by_place.get((month, code)) for month in months]) for code, label in labels.OCCASIONS],
    )
