"""Payouts in files: made by one, sent by another, answered by the bank."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, StepUpRequired
from chezhe.payments import permissions
from chezhe.payments.actions.discard_batch import discard_batch
from chezhe.payments.actions.import_batch_answer import import_batch_answer
from chezhe.payments.actions.make_batch import make_batch
from chezhe.payments.actions.send_batch import send_batch
from chezhe.payments.actions.take_batch_file import take_batch_file
from chezhe.payments.batches import queries
from chezhe.payments.batches.queries import Told
from chezhe.payments.batches.states import BATCH
from chezhe.payments.forms import BatchAnswerForm, DiscardForm
from chezhe.payments.states import OUTCOME_LABELS
from chezhe.payments.vocabulary import BATCH_STATUSES, PAYOUT_STATUSES
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import track_of

TRAIL = [(gettext_lazy("合同与放款"), "")]


@require_GET
@needs(permissions.VIEW)
def batches(request: HttpRequest) -> HttpResponse:
    """The batches, and how many payouts wait for the next."""
    waiting = queries.waiting(request.actor).count()
    return ListPage(
        title=_("批量付款"), subtitle=_("等待进入下一批的付款：%(count)s 笔") % {"count": waiting}, queryset=queries.batches(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda b: reverse("payments:batch", args=[b.number]), sortable=True, sort="pk"),
            Column("status", _("状态"), kind="status", statuses=BATCH_STATUSES), Column("count", _("笔数"), kind="number"),
            Column("amount", _("金额"), kind="money", sortable=True), Column("made_by_name", _("生成人")),
            Column("made_at", _("生成时间"), kind="moment", sortable=True, phone=False),
            Column("sent_by_name", _("发出人"), phone=False), Column("sent_at", _("发出时间"), kind="moment", phone=False),
            Column("answered_at", _("回盘时间"), kind="moment", phone=False),
        ],
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=BATCH.choices())], search=("number__istartswith",),
        search_hint=_("批次编号"), default_sort="-number", breadcrumbs=TRAIL, file_name="payout-batches", template="payments/batches.html",
        empty_title=_("还没有批量付款"), extra={"can_make": waiting and request.actor.can(permissions.MAKE_BATCH.code)},
    ).respond(request)


@require_POST
@needs(permissions.MAKE_BATCH)
def make(request: HttpRequest) -> HttpResponse:
    try:
        made = make_batch(by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return redirect("payments:batches")
    messages.success(request, _("已生成批次 %(number)s，请另一位同事发出。") % {"number": made.number})
    return redirect("payments:batch", made.number)


@require_GET
@needs(permissions.VIEW)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: what is in it, and what the bank said of each line."""
    return _page(request, number)


def _page(
    request: HttpRequest, number: str, *, refused: str = "", discard: DiscardForm | None = None, answer: BatchAnswerForm | None = None,
    tried: list[Told] | None = None,
) -> HttpResponse:
    found, may = queries.batches(request.actor).fetch(number), request.actor.can
    discard, answer = discard or DiscardForm(), answer or BatchAnswerForm()
    lines = [
        (line, PAYOUT_STATUSES[line.payout.status], OUTCOME_LABELS.get(line.outcome, "—")) for line in queries.lines_of(found)
    ]
    context: dict[str, Any] = {
        "batch": found, "status": BATCH_STATUSES[found.status], "lines": lines, "answers": found.answers.all(), "refused": refused,
        "discard": discard, "answer": answer, "track": track_of(moves.history(found.subject), BATCH, begun=_("生成"), icon="arrow-right"),
        "tried": [(told, OUTCOME_LABELS[told.answer.outcome]) for told in tried or ()],
        "can_send": BATCH.allows(found.status, "send") and may(permissions.SEND_BATCH.code),
        "can_discard": BATCH.allows(found.status, "discard") and may(permissions.MAKE_BATCH.code),
        "can_take": found.status != "discarded" and may(permissions.MAKE_BATCH.code),
        "can_answer": found.status in ("sent", "answered") and may(permissions.IMPORT_BATCH_ANSWER.code),
    }
    is_wrong = discard.errors or answer.errors
    return render(request, "payments/batch.html", context, status=409 if refused else 422 if is_wrong else 200)


@require_POST
@needs(permissions.SEND_BATCH)
def send(request: HttpRequest, number: str) -> HttpResponse:
    try:
        send_batch(batch_number=number, by_hand=bool(request.POST.get("by_hand")), by=request.actor)
    except StepUpRequired:
        raise
    except BusinessError as refusal:
        return _page(request, number, refused=str(refusal))
    messages.success(request, _("批次已发出，等待银行回盘。"))
    return redirect("payments:batch", number)


@require_POST
@needs(permissions.MAKE_BATCH)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    form = DiscardForm(request.POST)
    if form.carries_out(lambda: discard_batch(batch_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("批次已撤销，其中的付款可以进入下一批。"))
        return redirect("payments:batch", number)
    return _page(request, number, discard=form)


@require_POST
@needs(permissions.MAKE_BATCH)
def take_file(request: HttpRequest, number: str) -> HttpResponse:
    """The file, for somebody who takes it to the bank."""
    try:
        taken = take_batch_file(batch_number=number, by=request.actor)
    except BusinessError as refusal:
        return _page(request, number, refused=str(refusal))
    return HttpResponse(taken.content, content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{taken.batch.number}.csv"', "Cache-Control": "no-store"})


@require_POST
@needs(permissions.IMPORT_BATCH_ANSWER)
def take_answer(request: HttpRequest, number: str) -> HttpResponse:
    """The bank's answer: read only, or recorded."""
    form = BatchAnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, number, answer=form)
    upload = form.cleaned_data["file"]
    content, tried = upload.read(), None
    try:
        if "dry_run" in request.POST:
            tried = queries.answer_in(content, queries.batches(request.actor).fetch(number))
        else:
            done = import_batch_answer(batch_number=number, content=content, name=upload.name, by=request.actor)
            facts = {"applied": done.applied, "known": done.known, "troubling": done.troubling}
            messages.success(request, _("已登记 %(applied)s 笔，%(known)s 笔此前已知，%(troubling)s 笔须与银行核对。") % facts)
            return redirect("payments:batch", number)
    except StepUpRequired:
        raise
    except BusinessError as refusal:
        form.refuse(refusal)
    return _page(request, number, answer=form, tried=tried)
