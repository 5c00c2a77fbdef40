"""Pages of the books."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import pages, permissions, queries, sheets
from chezhe.ledger.actions.close_period import close_period
from chezhe.ledger.actions.open_account import open_account
from chezhe.ledger.actions.retire_account import retire_account
from chezhe.ledger.actions.reverse_entry import reverse_entry
from chezhe.ledger.forms import AccountForm, RetireForm, ReversalForm, StatementForm, TrialForm, statement_days, trial_days
from chezhe.ledger.models import MANUAL, JournalEntry, Transfer
from chezhe.ledger.states import PROPOSED
from chezhe.ledger.vocabulary import event_choices, event_label
from chezhe.ui.list_files import hand_out
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter


class _OwnerFilter(TextFilter):
    """Entries in which a loan, customer or application moves, by its number."""

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        return queries.owned_by(queryset, value)


@needs(permissions.VIEW)
def entries(request: HttpRequest) -> HttpResponse:
    """The journal."""
    return ListPage(
        title=_("分录"), subtitle=_("只增不改；记错了就冲正，再记一笔对的。"),
        queryset=queries.entries_visible(request.actor).select_related("branch"),
        columns=[
            Column(
                "number", pgettext("entry", "凭证号"), kind="link", url=lambda e: reverse("ledger:entry", args=[e.number]), sort="pk",
                sortable=True,
            ),
            Column("posted_on", _("记账日期"), kind="date", sortable=True),
            Column("event", pgettext("event", "事项"), value=lambda e: event_label(e.event)),
            Column("amount_fen", _("金额"), kind="money", sortable=True),
            Column("memo", _("摘要"), phone=False),
            Column("reference", _("参考号"), kind="identifier", phone=False),
            Column("branch", _("门店"), value=lambda e: e.branch.name if e.branch else _("总部"), phone=False),
            Column("actor_name", _("记账人"), phone=False),
        ],
        filters=[
            DateRangeFilter(name="posted", label=_("记账日期"), field="posted_on"),
            ChoiceFilter(name="event", label=pgettext("event", "事项"), choices=event_choices),
            _OwnerFilter(name="owner", label=_("归属编号")),
        ],
        search=("reference__icontains", "memo__icontains"), search_hint=_("参考号或摘要"), default_sort="-number",
        actions=_entry_actions(request), breadcrumbs=pages.TRAIL, file_name="journal",
    ).respond(request)


def _entry_actions(request: HttpRequest) -> list[tuple[str, str, str]]:
    if not request.actor.can(permissions.POST_MANUAL_ENTRY.code):
        return []
    return [(_("新建手工分录"), reverse("ledger:propose"), "plus")]


@needs(permissions.VIEW)
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """One entry with its lines and, for a manual one, the way back."""
    found = queries.entry_called(number, request.actor)
    form = ReversalForm(initial={"on": business_date.current()})
    return render(request, "ledger/entry.html", _entry_context(request, found, form))


@require_POST
@needs(permissions.REVERSE_ENTRY)
def reverse_one(request: HttpRequest, number: str) -> HttpResponse:
    form = ReversalForm(request.POST)
    if form.is_valid():
        try:
            proposed = reverse_entry(entry_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("冲正已提交，等待另一位财务复核。"))
            return redirect("ledger:manual_entry", proposed.number)
    found = queries.entry_called(number, request.actor)
    return render(request, "ledger/entry.html", _entry_context(request, found, form), status=422)


def _entry_context(request: HttpRequest, found: JournalEntry, form: ReversalForm) -> dict[str, Any]:
    reversal = getattr(found, "reversal", None)
    waiting = found.reversals_proposed.filter(status=PROPOSED).first()
    may_reverse = request.actor.can(permissions.REVERSE_ENTRY.code)
    moved = Transfer.objects.filter(entry=found).exclude(owner="").values_list("owner", flat=True)
    return {
        "entry": found, "journal": pages.journal_of(found), "reversal": reversal, "event": event_label(found.event),
        "owners": list(dict.fromkeys(moved.order_by("id"))), "form": form,
        "can_reverse": may_reverse and found.event == MANUAL and reversal is None and waiting is None and found.reverses_id is None,
        "waiting": waiting,
        "mirror": pages.mirror_of(found), "breadcrumbs": [*pages.TRAIL, (_("分录"), reverse("ledger:entries")), (found.number, "")],
    }


@needs(permissions.VIEW)
def accounts(request: HttpRequest) -> HttpResponse:
    """The chart of accounts with what stands on each."""
    context = pages.chart_of_accounts(request.actor, business_date.current())
    return render(request, "ledger/accounts.html", context | {
        "can_manage": request.actor.can(permissions.MANAGE_ACCOUNTS.code), "retire_form": RetireForm(),
    })


@needs(permissions.MANAGE_ACCOUNTS)
def new_account(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = open_account(by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已增设科目 %(account)s。") % {"account": account})
            return redirect("ledger:accounts")
    trail = [*pages.TRAIL, (_("会计科目"), reverse("ledger:accounts")), (_("增设明细"), "")]
    return render(request, "ledger/new_account.html", {"form": form, "breadcrumbs": trail}, status=422 if form.errors else 200)


@require_POST
@needs(permissions.MANAGE_ACCOUNTS)
def retire(request: HttpRequest, code: str) -> HttpResponse:
    form = RetireForm(request.POST)
    if not form.is_valid():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请填写停用原因。"))
    account = retire_account(account_code=code, reason=form.cleaned_data["reason"], by=request.actor)
    messages.success(request, _("科目 %(account)s 已停用。") % {"account": account})
    return redirect("ledger:accounts")


@needs(permissions.VIEW)
def statement(request: HttpRequest) -> HttpResponse:
    """What moved on an account or for an owner, with the running balance."""
    given = {name: request.GET[name] for name in ("account", "owner", "first", "last") if request.GET.get(name)}
    form = StatementForm({**statement_days(business_date.current()), **given} if given else None,
                         initial=statement_days(business_date.current()))
    context: dict[str, Any] = {"form": form, "breadcrumbs": [*pages.TRAIL, (_("对账单"), "")]}
    if given and form.is_valid():
        context |= pages.statement(form.cleaned_data, request.actor)
        if request.GET.get("export") == "xlsx":
            said = context["statement"]
            body = sheets.statement(said, _("对账单"), request.actor)
            return hand_out(body, "xlsx", file_name="statement", rows_count=len(said.rows), actor=request.actor)
    return render(request, "ledger/statement.html", context, status=422 if form.errors else 200)


@needs(permissions.VIEW)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Opening, turnover and closing of a period, the month of its last day unless asked otherwise; the differences must be 0.00."""
    form = TrialForm(trial_days(request.GET.get("since", ""), request.GET.get("on", ""), business_date.current()))
    context: dict[str, Any] = {"form": form, "breadcrumbs": [*pages.TRAIL, (_("试算平衡"), "")]}
    if form.is_valid():
        context |= pages.trial_balance(form.cleaned_data["since"], form.cleaned_data["on"], request.actor)
        if request.GET.get("export") == "xlsx":
            trial = context["trial"]
            body = sheets.trial_balance(trial, request.actor)
            return hand_out(body, "xlsx", file_name="trial-balance", rows_count=len(trial.rows), actor=request.actor)
    return render(request, "ledger/trial_balance.html", context, status=422 if form.errors else 200)


@needs(permissions.VIEW)
def periods(request: HttpRequest) -> HttpResponse:
    """The months of the books."""
    return render(request, "ledger/periods.html", {
        "months": pages.months(business_date.current()), "can_close": request.actor.can(permissions.CLOSE_PERIOD.code),
        "breadcrumbs": [*pages.TRAIL, (_("会计期间"), "")],
    })


@require_POST
@needs(permissions.CLOSE_PERIOD)
def close(request: HttpRequest, month: str) -> HttpResponse:
    close_period(month=pages.month_named(month), business_date=business_date.current(), by=request.actor)
    messages.success(request, _("%(month)s 已关账。") % {"month": month})
    return redirect("ledger:periods")


@needs(permissions.VIEW)
def panel(request: HttpRequest) -> HttpResponse:
    """The journal of one subject, as a part of its own page."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    return render(request, "ledger/panel.html", {
        "subject": subject.text, "journals": pages.journals_of(subject.text),
        "balances": pages.balances_of(subject.text),
    })
