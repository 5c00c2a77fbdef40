"""Books that come: the list, one of them from its files to its end, and the tables behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.takeover import blanks, books, pages, permissions, reconciling, reports
from chezhe.takeover.actions.begin_book import begin_book
from chezhe.takeover.forms import BeginForm, FileForm, FundForm, ReasonForm, TotalsForm
from chezhe.takeover.layout import SHEETS
from chezhe.takeover.models import LOAN_STATUSES as LOAN_CHOICES
from chezhe.takeover.models import STATED, TakenLoan, Takeover, TakeoverFault
from chezhe.takeover.states import TAKEOVER
from chezhe.takeover.vocabulary import FIGURES, LOAN_STATUSES, STATUSES, column_label, sheet_label, why
from chezhe.ui.list_files import CONTENT_TYPES
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, TextFilter

HISTORY_SHOWN = 50


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def all_books(request: HttpRequest) -> HttpResponse:
    """Every takeover, and the form that begins the next one."""
    if request.method == "POST":
        require(request, permissions.PREPARE)
    form = BeginForm(request.POST or None, initial={"as_of": business_date.current()})
    if request.method == "POST" and form.is_valid():
        try:
            book = begin_book(**form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("takeover:book", book.number)
    rows = [(book, STATUSES[book.status]) for book in Takeover.objects.visible_to(request.actor)[:HISTORY_SHOWN]]
    return render(request, "takeover/books.html", {
        "form": form, "rows": rows, "sheets": SHEETS.values(), "breadcrumbs": [*pages.TRAIL, (pgettext("book", "存量迁入"), "")],
        "can_begin": request.actor.can(permissions.PREPARE.code) and request.actor.sees_whole_house,
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def book(request: HttpRequest, number: str) -> HttpResponse:
    """One takeover."""
    return shown(request, fetch(request, number))


@require_GET
@needs(permissions.VIEW)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that asks again every second until the worker is done."""
    found = fetch(request, number)
    return render(request, "takeover/progress.html", {"book": found, "job": pages.job_of(found)})


def fetch(request: HttpRequest, number: str) -> Takeover:
    """The takeover named in the address; raises NotFound (404) for who does not see the whole house."""
    return Takeover.objects.visible_to(request.actor).fetch(number)


def shown(request: HttpRequest, found: Takeover, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    can = request.actor.can
    prepares, approves = can(permissions.PREPARE.code), can(permissions.APPROVE.code)
    is_other = not set(found.maker_ids) & set(request.actor.user_ids)
    is_taken = found.status == "taken"
    left = reconciling.clearing_of(found) if is_taken else None
    context = {
        "book": found, "status": STATUSES[found.status], "steps": pages.steps_of(found), "job": pages.job_of(found),
        "files": books.files_of(found), "faults": pages.faults_of(found), "totals": pages.totals_of(found),
        "figures": [FIGURES[name] for name in FIGURES], "differences": pages.differences_of(found), "journal": pages.journal_of(found),
        "compared": pages.compared_of(found) if is_taken else [], "left": left, "track": pages.track_of(found),
        "failed": found.rows.filter(status="failed").count(), "taken": found.rows.filter(status="taken").count(),
        "totals_form": TotalsForm(keys=list(found.found), stated=found.stated), "file_form": FileForm(), "reason_form": ReasonForm(),
        "fund_form": FundForm(initial={"amount": left} if left else None), "breadcrumbs": pages.trail(found),
        "can_collect": prepares and found.status in ("collecting", "faulty", "tried"),
        "can_try": prepares and found.status in ("collecting", "faulty"), "can_state": prepares and found.status == "tried",
        "can_submit": prepares and found.status == "tried" and bool(found.stated) and not books.differences_of(found),
        "can_decide": approves and is_other and found.status == "submitted",
        "can_discard": prepares and TAKEOVER.allows(found.status, "discard"),
        "can_resume": prepares and (found.status == "taking" or is_taken), "can_fund": can(permissions.FUND.code) and bool(left), **forms,
    }
    refused = any(getattr(form, "errors", None) for form in forms.values())
    return render(request, "takeover/book.html", context, status=422 if refused else 200)


@require_GET
@needs(permissions.VIEW)
def faults(request: HttpRequest, number: str) -> HttpResponse:
    """Everything the trial found wrong, as a list to search and to take away."""
    found = fetch(request, number)
    return ListPage(
        title=_("迁入试算的错误"), subtitle=found.number, queryset=TakeoverFault.objects.filter(takeover=found),
        columns=[
            Column("sheet", _("表"), value=lambda one: sheet_label(one.sheet), sortable=True, sort="sheet"),
            Column("row", _("行号"), kind="number", total=False, sortable=True),
            Column("column", _("列"), value=lambda one: column_label(one.sheet, one.column)),
            Column("given", _("填写内容")),
            Column("why", _("错误"), value=lambda one: why(one.code, one.facts)),
        ],
        filters=[ChoiceFilter(name="sheet", label=_("表"), choices=[(sheet.name, sheet.title) for sheet in SHEETS.values()])],
        search=("given__icontains", "code__icontains"), search_hint=_("填写内容"), default_sort="row",
        breadcrumbs=pages.trail(found, above=True), file_name=f"takeover-faults-{found.number}", empty_title=_("没有错误"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def loans(request: HttpRequest, number: str) -> HttpResponse:
    """The reconciliation loan by loan: as stated, with us, and the difference."""
    found = fetch(request, number)
    columns = [
        Column("old_number", _("原贷款号"), sortable=True),
        Column("loan.number", _("贷款"), kind="link", url=_loan_url),
        Column("status", _("状态"), kind="status", statuses=LOAN_STATUSES),
        Column("branch_code", _("门店代码"), phone=False), Column("product_code", _("产品代码"), phone=False),
    ]
    for name in STATED:
        figure, on_phone = {"figure": FIGURES[name]}, name == "principal"
        columns.append(Column(f"{name}_stated", _("%(figure)s（原系统）") % figure, kind="money", phone=on_phone))
        columns.append(Column(f"{name}_ours", _("%(figure)s（本系统）") % figure, kind="money", phone=on_phone))
    columns += [
        Column("difference", _("差额"), kind="money", total=False, value=lambda row: row.difference),
        Column("reason", _("未迁入原因"), value=pages.reason_of),
    ]
    return ListPage(
        title=_("逐笔对账"), subtitle=found.number, columns=columns,
        queryset=TakenLoan.objects.filter(takeover=found).select_related("loan").defer("content"),
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=LOAN_CHOICES),
            TextFilter(name="branch", label=_("门店代码"), field="branch_code"),
            TextFilter(name="product", label=_("产品代码"), field="product_code"),
        ],
        search=("old_number__icontains", "loan__number__icontains"), search_hint=_("原贷款号或贷款编号"), default_sort="old_number",
        breadcrumbs=pages.trail(found, above=True), file_name=f"takeover-{found.number}", empty_title=_("还没有贷款"),
        empty_hint=_("试算通过后列出每笔贷款。"),
    ).respond(request)


def _loan_url(row: TakenLoan) -> str:
    return reverse("servicing:loan", args=[row.loan.number]) if row.loan else ""


@require_GET
@needs(permissions.VIEW)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """The reconciliation as a workbook."""
    found = fetch(request, number)
    return attachment(reports.workbook(found), CONTENT_TYPES["xlsx"], f"takeover-{found.number}.xlsx")


@require_GET
@needs(permissions.VIEW)
def report_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The reconciliation on paper, to be signed; only of a book that has been taken over."""
    found = fetch(request, number)
    if found.status != "taken":
        raise NotFound(what=number)
    return attachment(reports.paper(found, business_date.current()), "application/pdf", f"takeover-{found.number}.pdf")


@require_GET
@needs(permissions.VIEW)
def report_rows(request: HttpRequest, number: str) -> HttpResponse:
    """Every loan of the reconciliation as CSV, however many."""
    found = fetch(request, number)
    return attachment("".join(reports.lines(found)).encode(), CONTENT_TYPES["csv"], f"takeover-{found.number}.csv")


@require_GET
@needs(permissions.VIEW)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return attachment(blanks.workbook(), CONTENT_TYPES["xlsx"], "takeover-template.xlsx")


@require_GET
@needs(permissions.VIEW)
def template_sheet(request: HttpRequest) -> HttpResponse:
    """One sheet to fill in, as CSV; that of the loans unless another is named."""
    sheet = request.GET.get("sheet", "loans")
    if sheet not in SHEETS:
        raise NotFound(what=sheet)
    return attachment(blanks.table(sheet), CONTENT_TYPES["csv"], f"takeover-{sheet}.csv")


def attachment(body: bytes, content_type: str, name: str) -> HttpResponse:
    """Bytes to be saved under a name."""
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
