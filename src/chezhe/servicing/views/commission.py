"""What dealers earn: lines, monthly statements, and what goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.channels.models import Dealer
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import monthly
from chezhe.servicing.actions.approve_commission import approve_commission
from chezhe.servicing.actions.discard_commission import discard_commission
from chezhe.servicing.actions.draw_up_commission import draw_up_commission
from chezhe.servicing.actions.pay_commission import pay_commission
from chezhe.servicing.actions.record_car_return import record_car_return
from chezhe.servicing.actions.reverse_commission import reverse_commission
from chezhe.servicing.commission import accruing, permissions, queries, statements
from chezhe.servicing.commission import pages as shown
from chezhe.servicing.commission.forms import ApproveForm, CarReturnForm, CommissionMonthForm, PayForm
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.commission.states import KINDS, STATEMENT
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import is_confirmed, mark_of_all, trail_of
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter

PANEL_SHOWN = 50


def _loan_url(line: CommissionLine) -> str:
    return f"{reverse('servicing:loan', args=[line.loan.number])}?tab=commission"


@require_GET
@needs(permissions.VIEW)
def lines(request: HttpRequest) -> HttpResponse:
    """Every line within reach, newest first."""
    return ListPage(
        title=_("返佣明细"), subtitle=_("放款时按返佣方案计提，提前结清、首期违约、退车时退佣；每笔都已入账。"),
        queryset=queries.lines(request.actor),
        columns=[
            Column("loan.number", _("贷款"), kind="link", url=_loan_url, sortable=True), Column("dealer.name", _("车商名称")),
            Column("kind", _("类型"), value=lambda line: line.get_kind_display()), Column("amount", _("金额"), kind="money", sortable=True),
            Column("on", _("日期"), kind="date", sortable=True), Column("rate", _("返佣比例"), kind="rate", phone=False),
            Column("base", _("基数"), kind="money", total=False, phone=False),
            Column("held_months", _("已持有（月）"), kind="number", phone=False),
            Column("plan.number", _("返佣方案"), kind="identifier", phone=False),
            Column("statement.number", _("结算单"), kind="identifier", phone=False),
        ],
        filters=[
            ScopeFilter(owner="dealer__owner_id", branch="dealer__branch_id"), ChoiceFilter(name="kind", label=_("类型"), choices=KINDS),
            DateRangeFilter(name="on", label=_("日期")),
        ],
        search=("loan__number__istartswith", "dealer__name__icontains", "dealer__number__istartswith"), search_hint=_("贷款编号或车商"),
        default_sort="-on", breadcrumbs=shown.trail(_("返佣明细")), file_name="commission", empty_title=_("还没有返佣"),
        empty_hint=_("车商推荐的贷款放款后，按已核定的返佣方案计提。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def all_statements(request: HttpRequest) -> HttpResponse:
    """The dealers' statements, newest first."""
    may_draw = request.actor.can(permissions.DRAW_UP.code)
    return ListPage(
        title=shown.TITLE, subtitle=_("每月一次：编制、核准、支付由三个人办理；退佣先从应付返佣中轧差。"),
        queryset=queries.statements(request.actor),
        columns=[
            Column("number", _("结算单"), kind="link", sortable=True, sort="pk",
                   url=lambda row: reverse("servicing:commission_statement", args=[row.number])),
            Column("dealer.name", _("车商名称")), Column("as_of", _("月末"), kind="date", sortable=True),
            Column("accrued", _("本期返佣"), kind="money", phone=False), Column("clawed", _("本期退佣"), kind="money", phone=False),
            Column("payable", _("应付"), kind="money"), Column("left", _("结转欠款"), kind="money", phone=False),
            Column("status", _("状态"), kind="status", statuses=shown.STATUSES),
        ],
        filters=[
            ScopeFilter(owner="dealer__owner_id", branch="dealer__branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=STATEMENT.choices()), DateRangeFilter(name="as_of", label=_("月末")),
        ],
        search=("number__istartswith", "dealer__name__icontains"), search_hint=_("结算单编号或车商"), default_sort="-number",
        breadcrumbs=shown.trail(), file_name="commission-statements", empty_title=_("还没有返佣结算单"),
        empty_hint=_("月末日终完成后由财务编制。"),
        actions=[(_("编制返佣结算单"), reverse("servicing:commission_draw"), "plus")] if may_draw else [],
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.DRAW_UP)
def draw(request: HttpRequest) -> HttpResponse:
    """Choose the month, look at what every dealer's statement would say, and draw them up."""
    form = CommissionMonthForm(request.POST or None, months=monthly.choices(monthly.ends_before(business_date.current())))
    found: list[statements.Due] = []
    if request.method == "POST" and form.is_valid():
        as_of = form.cleaned_data["as_of"]
        try:
            if request.POST.get("seen") == as_of.isoformat():
                made = draw_up_commission(as_of=as_of, by=request.actor)
                messages.success(request, _("已编制 %(count)s 张结算单，请另一位财务核准。") % {"count": len(made)})
                return redirect("servicing:commission_statements")
            found = statements.due(as_of, request.actor)
            if not found:
                raise statements.NothingToState(as_of=as_of)
        except BusinessError as refusal:
            form.refuse(refusal)
    return render(request, "servicing/commission_draw.html", {
        "form": form, "found": found, "seen": request.POST.get("as_of", ""), "breadcrumbs": shown.trail(_("编制返佣结算单")),
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """One statement: its sums, lines, entries, and what may be done with it."""
    return _page(request, number)


@require_POST
@needs(permissions.APPROVE)
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """A second person agrees."""
    form = ApproveForm(request.POST)
    return _done(request, number, "approve", form, _("已核准。"), lambda: approve_commission(
        statement_number=number, invoice_number=form.cleaned_data["invoice_number"], by=request.actor))


@require_POST
@needs(permissions.PAY)
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """A third person lets it go."""
    form = PayForm(request.POST, statement=queries.statements(request.actor).fetch(number))
    return _done(request, number, "pay", form, _("付款指令已交银行。"), lambda: pay_commission(
        statement_number=number, payee_number=form.cleaned_data["payee_number"], by=request.actor))


@require_POST
@needs(permissions.DRAW_UP)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Put it aside."""
    form = ReasonForm(request.POST)
    return _done(request, number, "discard", form, _("已作废，各笔返佣留待下次结算。"), lambda: discard_commission(
        statement_number=number, reason=form.cleaned_data["reason"], by=request.actor))


@require_POST
@needs(permissions.REVERSE)
def reverse_one(request: HttpRequest, number: str) -> HttpResponse:
    """Take it back."""
    form = ReasonForm(request.POST)
    return _done(request, number, "reverse", form, _("已冲回，各笔返佣留待下次结算。"), lambda: reverse_commission(
        statement_number=number, reason=form.cleaned_data["reason"], by=request.actor))


def _done(request: HttpRequest, number: str, verb: str, form: Any, said: str, act: Callable[[], object]) -> HttpResponse:
    if form.carries_out(act):
        messages.success(request, said)
        return redirect("servicing:commission_statement", number)
    return _page(request, number, {verb: form})


def _page(request: HttpRequest, number: str, filled: dict[str, Any] | None = None) -> HttpResponse:
    row, given = queries.statements(request.actor).fetch(number), filled or {}
    may = shown.verbs(row, request.actor)
    forms = {
        "approve": given.get("approve") or ApproveForm(), "pay": given.get("pay") or PayForm(statement=row),
        "discard": given.get("discard") or ReasonForm(), "reverse": given.get("reverse") or ReasonForm(),
    }
    return render(request, "servicing/commission_statement.html", {
        "row": row, "status": shown.STATUSES[row.status], "lines": row.lines.select_related("loan").order_by("id"), "forms": forms, **may,
        "refused": [form for verb, form in given.items() if not may[f"can_{verb}"]], "would": shown.would(row), "booked": shown.booked(row),
        "track": shown.track(row), "breadcrumbs": shown.trail(number),
    }, status=422 if given else 200)


@require_GET
@needs(permissions.VIEW)
def of_loan(request: HttpRequest) -> HttpResponse:
    """Panel of a loan: what its dealer earned and owes back."""
    loan = fetch(request, request.GET.get("subject", "").removeprefix("loan:"))
    rows = queries.lines(request.actor).filter(loan=loan).order_by("id")
    can = bool(rows) and accruing.standing_clawback(loan) is None and request.actor.can(permissions.RECORD_RETURN.code)
    return render(request, "servicing/commission_of.html", {"loan": loan, "rows": rows, "can_return": can})


@require_GET
@needs(permissions.VIEW)
def of_dealer(request: HttpRequest) -> HttpResponse:
    """Panel of a dealer: where it stands, and its statements."""
    dealer = Dealer.objects.visible_to(request.actor).fetch(request.GET.get("subject", "").removeprefix("dealer:"))
    rows = queries.statements(request.actor).filter(dealer=dealer).order_by("-id")[:PANEL_SHOWN]
    return render(request, "servicing/commission_of_dealer.html", {
        "dealer": dealer, "summary": queries.summary(request.actor, dealer.pk), "rows": [(row, shown.STATUSES[row.status]) for row in rows],
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.RECORD_RETURN)
def car_return(request: HttpRequest, number: str) -> HttpResponse:
    """The car went back: what the dealer owes is shown, then booked."""
    loan, today = fetch(request, number), business_date.current()
    form, found, mark = CarReturnForm(request.POST or None, initial={"returned_on": today}), None, ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = accruing.judge_return(loan, said["returned_on"], said["reason"], today)
            mark = mark_of_all(loan.number, said["returned_on"], said["reason"], found.amount, today)
            if is_confirmed(request, mark):
                record_car_return(loan_number=number, **said, business_date=today, by=request.actor)
                messages.success(request, _("退佣已入账，在下一张结算单中轧差。"))
                return redirect(f"{reverse('servicing:loan', args=[number])}?tab=commission")
        except BusinessError as refusal:
            form.refuse(refusal)
            found = None
    return render(request, "servicing/car_return.html", {
        "loan": loan, "form": form, "found": found, "mark": mark, "journals": shown.journals([found.booking()]) if found else [],
        "breadcrumbs": trail_of(loan, _("登记退车退佣")),
    }, status=422 if form.errors else 200)
