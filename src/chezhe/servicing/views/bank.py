"""Bank files: which loan each line belongs to, and lines that somebody has to claim."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.payments import queries as payment_queries
from chezhe.payments.models import BankFile, BankLine
from chezhe.payments.states import BANK_LINE
from chezhe.payments.vocabulary import LINE_STATUSES
from chezhe.servicing import bank_lines, batch_previews, pages, permissions, previews, queries
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.forms import MatchForm
from chezhe.servicing.views.previewing import NOT_SHOWN, batch_facts, facts_of, is_confirmed, mark_of
from chezhe.ui import forms
from chezhe.ui.lists import ChoiceFilter, Column, ListPage

VERDICTS = {"posted": gettext_lazy("将入账"), "known": gettext_lazy("柜面已登记"), "left": gettext_lazy("将挂账")}


@require_GET
@needs(permissions.POST_BANK_FILE)
def files(request: HttpRequest) -> HttpResponse:
    """Imported files with lines that have no loan yet."""
    return ListPage(
        title=_("流水入账"), subtitle=_("有未入账流水的文件。"), queryset=queries.files_to_post(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda f: reverse("servicing:file", args=[f.number]), sortable=True, sort="pk"),
            Column("name", _("文件名")), Column("line_count", _("行数"), kind="number"), Column("amount", _("金额"), kind="money"),
            Column("imported_at", _("导入时间"), kind="moment", sortable=True),
        ],
        search=("number__icontains", "name__icontains"), search_hint=_("编号或文件名"), default_sort="-number", breadcrumbs=pages.TRAIL,
        file_name="bank-files-to-post", empty_title=_("没有待入账的流水"), empty_hint=_("导入银行流水后在此入账。"),
    ).respond(request)


@require_GET
@needs(permissions.POST_BANK_FILE)
def file(request: HttpRequest, number: str) -> HttpResponse:
    """One file: every line with its result."""
    found = BankFile.objects.visible_to(request.actor).fetch(number)
    counts = payment_queries.line_counts(found)
    return ListPage(
        title=found.name, queryset=found.lines.all(), columns=_columns(),
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=BANK_LINE.choices())],
        search=("bank_serial__icontains", "memo__icontains"), search_hint=_("流水号或附言"), default_sort="row_number",
        breadcrumbs=[*pages.TRAIL, (_("流水入账"), reverse("servicing:files"))], file_name=f"bank-file-{found.number}",
        template="servicing/bank_file.html", extra={
            "file": found, "stats": [(status.label, counts.get(code, 0), status.tone) for code, status in LINE_STATUSES.items()],
            "can_post": bool(counts.get("open", 0) + counts.get("parked", 0)),
        },
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.POST_BANK_FILE)
def post_file(request: HttpRequest, number: str) -> HttpResponse:
    """What posting a file would do, line by line and in the books; posting again changes only what is still open."""
    found = BankFile.objects.visible_to(request.actor).fetch(number)
    said = batch_previews.of_bank_file(found, business_date.current(), by=request.actor)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if is_confirmed(request, said.mark):
        done = post_bank_file(file_number=number, by=request.actor)
        messages.success(request, _("已入账 %(posted)s 行，挂账 %(parked)s 行。") % {"posted": done.posted, "parked": done.parked})
        if done.known:
            messages.info(request, _("其中 %(known)s 行柜面已登记过，未重复入账。") % {"known": done.known})
        return redirect("servicing:file", number)
    if form.is_bound:
        form.add_error(None, NOT_SHOWN)
    back = reverse("servicing:file", args=[number])
    trail = [*pages.TRAIL, (_("流水入账"), reverse("servicing:files")), (number, back), (_("入账"), "")]
    return render(request, "servicing/confirm_batch.html", {
        "title": _("流水入账"), "code": found.number, "subtitle": found.name, "form": form, "submit": _("确认入账"), "icon": "check",
        "back": back, "can_confirm": bool(said.outcomes), "breadcrumbs": trail,
        **batch_facts(said, VERDICTS, lambda serial: reverse("servicing:match", args=[serial])),
    }, status=422 if form.errors else 200)


def _columns() -> list[Column]:
    return [
        Column("row_number", _("行号"), kind="number", total=False, sortable=True),
        Column("value_on", _("交易日期"), kind="date", sortable=True), Column("amount", _("金额"), kind="money", sortable=True),
        Column("bank_serial", _("流水号"), kind="link", url=lambda line: reverse("servicing:match", args=[line.bank_serial])),
        Column("masked_payer", _("付款人")), Column("memo", _("附言"), phone=False),
        Column("status", _("状态"), kind="status", statuses=LINE_STATUSES), Column("outcome", _("结果")),
    ]


@require_http_methods(["GET", "POST"])
@needs(permissions.MATCH_RECEIPT)
def match(request: HttpRequest, serial: str) -> HttpResponse:
    """One line: claim it for a loan, or see where it went."""
    line = BankLine.objects.visible_to(request.actor).select_related("file").fetch(serial)
    form = MatchForm(request.POST or None, initial={"loan_number": queries.loan_for(line, request.actor)})
    preview, mark, loan = None, "", None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            bank_lines.require_claim(line, values["reason"])
            loan, news = bank_lines.judge(line, values["loan_number"], by=request.actor)
            mark = mark_of(("match", serial, values), loan)
            if is_confirmed(request, mark):
                event = match_receipt(
                    bank_serial_number=serial, loan_number=values["loan_number"], reason=values["reason"], by=request.actor)
                messages.success(request, _("已入账到 %(loan)s。") % {"loan": event.loan.number})
                return redirect("servicing:loan", event.loan.number)
            preview = previews.preview_news(loan, news, business_date.current())
        except BusinessError as refusal:
            form.refuse(refusal)
    kind, _colon, loan_number = line.matched_subject.partition(":")
    trail = [*pages.TRAIL, (_("流水入账"), reverse("servicing:files")),
             (line.file.number, reverse("servicing:file", args=[line.file.number])), (line.bank_serial, "")]
    return render(request, "servicing/match.html", {
        "line": line, "form": form, "status": LINE_STATUSES[line.status], "loan_number": loan_number if kind == "loan" else "",
        "can_match": BANK_LINE.allows(line.status, "match"), "breadcrumbs": trail,
        "loan": loan, "mark": mark, **facts_of(preview),
    }, status=422 if form.errors else 200)
