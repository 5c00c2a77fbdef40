"""Statements of our receiving account: try, import, look at every line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import chart
from chezhe.payments import permissions, queries, sheets
from chezhe.payments.actions.import_bank_file import FileHasFaults, import_bank_file
from chezhe.payments.forms import BankFileForm
from chezhe.payments.models import BankFile
from chezhe.payments.queries import Preview
from chezhe.payments.reconciliation import pages
from chezhe.payments.rules import Receipt
from chezhe.payments.states import BANK_LINE
from chezhe.payments.vocabulary import LINE_STATUSES, fault_sentence
from chezhe.ui.list_files import CONTENT_TYPES
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.ui.status import Status

TRAIL = [(gettext_lazy("还款与账务"), "")]
ROWS_SHOWN = 200


@needs(permissions.VIEW)
def files(request: HttpRequest) -> HttpResponse:
    """The statements that were imported."""
    can_import = request.actor.can(permissions.IMPORT_BANK_FILE.code)
    return ListPage(
        title=pgettext("list", "银行流水文件"), queryset=BankFile.objects.visible_to(request.actor).select_related("imported_by", "branch"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda f: reverse("payments:file", args=[f.number]), sortable=True, sort="pk"),
            Column("name", _("文件名")),
            Column("account", _("账户"), value=lambda f: pages.account_label(f.account)),
            Column("line_count", _("行数"), kind="number", sortable=True),
            Column("amount", _("金额"), kind="money", sortable=True),
            Column("imported_at", _("导入时间"), kind="moment", sortable=True),
            Column("imported_by.name", _("导入人"), phone=False),
            Column("branch", _("门店"), value=lambda f: f.branch.name if f.branch else _("总部"), phone=False),
        ],
        filters=[DateRangeFilter(name="imported", label=_("导入日期"), field="imported_at__date")],
        search=("number__icontains", "name__icontains"), search_hint=_("编号或文件名"), default_sort="-number",
        actions=[(_("导入流水"), reverse("payments:import"), "upload")] if can_import else [],
        breadcrumbs=TRAIL, file_name="bank-files",
    ).respond(request)


_LINE_COLUMNS = [
    Column("row_number", gettext_lazy("行号"), kind="number", total=False, sortable=True),
    Column("value_on", gettext_lazy("交易日期"), kind="date", sortable=True),
    Column("amount", gettext_lazy("金额"), kind="money", sortable=True),
    Column("bank_serial", gettext_lazy("流水号"), kind="identifier"),
    Column("masked_payer", gettext_lazy("付款人")),
    Column("masked_account", gettext_lazy("付款账号"), kind="identifier", phone=False),
    Column("memo", gettext_lazy("附言"), phone=False),
    Column("status", gettext_lazy("状态"), kind="status", statuses=LINE_STATUSES),
    Column("outcome", gettext_lazy("结果")),
]


@needs(permissions.VIEW)
def file(request: HttpRequest, number: str) -> HttpResponse:
    """One statement: where each of its lines went."""
    found = BankFile.objects.visible_to(request.actor).select_related("imported_by").fetch(number)
    counts = queries.line_counts(found)
    return ListPage(
        title=found.name, queryset=found.lines.all(), columns=_LINE_COLUMNS,
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=BANK_LINE.choices())],
        search=("bank_serial__icontains", "memo__icontains"), search_hint=_("流水号或附言"), default_sort="row_number",
        breadcrumbs=[*TRAIL, (pgettext("list", "银行流水文件"), reverse("payments:files"))], file_name=f"bank-file-{found.number}",
        template="payments/file.html",
        extra={"file": found, "account": pages.account_label(found.account), "others": found.other_lines.count(),
               "stats": [(status.label, counts.get(code, 0), status.tone) for code, status in LINE_STATUSES.items()],
               "known": found.line_count - sum(counts.values())},
    ).respond(request)


@needs(permissions.VIEW)
def lines(request: HttpRequest) -> HttpResponse:
    """Receipts whose place is not known yet, with the check that every fen has one."""
    clearing = queries.clearing()
    return ListPage(
        title=_("待清分"), subtitle=_("已到账、尚未找到归属的款项。"), queryset=queries.waiting_lines(request.actor).select_related("file"),
        columns=[
            Column("file.number", _("文件"), kind="link", url=lambda line: reverse("payments:file", args=[line.file.number]), phone=False),
            *_LINE_COLUMNS[1:],
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[c for c in BANK_LINE.choices() if c[0] in ("open", "parked")]),
            DateRangeFilter(name="value", label=_("交易日期"), field="value_on"),
        ],
        search=("bank_serial__icontains", "memo__icontains", "payer_tail"), search_hint=_("流水号、附言或账号尾号"),
        default_sort="-value_on", breadcrumbs=TRAIL, file_name="bank-lines", template="payments/lines.html",
        empty_title=_("没有待清分的款项"), extra={"clearing": clearing},
    ).respond(request)


@needs(permissions.IMPORT_BANK_FILE)
def import_file(request: HttpRequest) -> HttpResponse:
    """Choose a statement, look at what would be booked, then book it by sending the same form again."""
    if request.method != "POST":
        return _import_page(request, BankFileForm())
    form = BankFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, form)
    upload, confirmed, account = (form.cleaned_data[name] for name in ("file", "confirm", "account"))
    content, name = upload.read(), upload.name
    try:
        if not confirmed or {"errors", "dry_run"} & set(request.POST):
            return _tried(request, form, content, name)
        if confirmed != hashlib.sha256(content).hexdigest():
            form.add_error("file", _("文件与试算时的不同，请重新试算后再导入。"))
            return _tried(request, form, content, name)
        done = import_bank_file(content=content, name=name, account=account, by=request.actor)
    except FileHasFaults as refusal:
        form.refuse(refusal)
        return _tried(request, form, content, name)
    except BusinessError as refusal:
        form.refuse(refusal)
        return _import_page(request, form)
    facts = {"new": done.new_lines, "others": done.new_others, "known": done.known_lines}
    messages.success(request, _("已导入 %(new)s 行收款、%(others)s 行其他收支，%(known)s 行以前导入过，未重复入账。") % facts)
    return redirect("payments:file", done.file.number)


def _tried(request: HttpRequest, form: BankFileForm, content: bytes, name: str) -> HttpResponse:
    """The dry run on the page, or its error rows as a file."""
    tried = queries.preview(content, name=name, on=business_date.current(), account=form.cleaned_data["account"])
    if "errors" in request.POST:
        return _attachment(sheets.error_rows(tried), CONTENT_TYPES["csv"], "bank-file-errors.csv")
    return _import_page(request, form, preview=shown(tried, content))


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the preview."""

    number: int
    raw: Any
    result: str
    status: Status


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """The dry run for the template: faults first, then the first rows. `once` makes sending it twice harmless."""

    preview: Preview
    digest: str
    once: str
    rows: list[ShownRow]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)

    @property
    def known(self) -> int:
        return len(self.preview.known_serials) + len(self.preview.known_others)

    @property
    def news(self) -> int:
        return len(self.preview.fresh) + len(self.preview.fresh_others)

    @property
    def can_import(self) -> bool:
        return not self.preview.faults and self.preview.has_news


def shown(tried: Preview, content: bytes) -> ShownPreview:
    """What would become of every row, in words."""
    rows = [ShownRow(f.row_number, tried.rows[f.row_number], fault_sentence(f), Status(_("不能入账"), "danger")) for f in tried.faults]
    read = sorted([*tried.receipts, *tried.others], key=lambda row: row.row_number)
    for row in read[: max(0, ROWS_SHOWN - len(rows))]:
        result, status = _fate(row, tried)
        rows.append(ShownRow(row.row_number, tried.rows[row.row_number], result, status))
    total = len(tried.faults) + len(read)
    return ShownPreview(tried, hashlib.sha256(content).hexdigest(), uuid4().hex, rows[:ROWS_SHOWN], total)


def _fate(row: Receipt, tried: Preview) -> tuple[str, Status]:
    is_receipt = not row.is_out and tried.account == chart.BANK
    if (row.bank_serial in tried.known_serials) if is_receipt else ((row.bank_serial, row.is_out) in tried.known_others):
        return _("不重复入账"), Status(_("以前导入过"), "neutral")
    if not is_receipt:
        told = _("银行冲回以前的收款，请核对并冲正对应的还款") if row.takes_back else ""
        return told, Status(_("只作对账"), "warning" if row.takes_back else "info")
    named = _("附言中有贷款 %(loan)s") % {"loan": row.loan_number} if row.loan_number else ""
    return named, Status(_("将入账"), "good")


def _import_page(request: HttpRequest, form: BankFileForm, *, preview: ShownPreview | None = None) -> HttpResponse:
    template = "payments/preview.html" if request.headers.get("HX-Request") == "true" else "payments/import.html"
    context = {"form": form, "shown": preview, "file_error": " ".join(form.errors.get("file", []))}
    return render(request, template, context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.IMPORT_BANK_FILE)
def template(request: HttpRequest) -> HttpResponse:
    """An empty statement whose columns are text."""
    return _attachment(sheets.template(), CONTENT_TYPES["xlsx"], "bank-file-template.xlsx")


def _attachment(body: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
