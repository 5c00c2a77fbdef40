"""The message log, one message, the templates, and the vendors' way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.compliance import labels as compliance_labels
from chezhe.kernel import outside, subjects
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.messaging import labels, permissions, queries, vendors
from chezhe.messaging.actions.accept_receipt import accept_receipt
from chezhe.messaging.actions.send_message import send_message
from chezhe.messaging.actions.withdraw_message import withdraw_message
from chezhe.messaging.forms import SendForm, WithdrawForm
from chezhe.messaging.models import Message
from chezhe.messaging.states import MESSAGE
from chezhe.ui.lists import Bulk, ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

STATUSES = {
    status: Status(MESSAGE.labels[status], tone)
    for status, tone in {
        "queued": "info", "sent": "progress", "delivered": "good", "failed": "danger", "refused": "warning", "withdrawn": "neutral",
    }.items()
}


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def messages(request: HttpRequest) -> HttpResponse:
    """What was sent, to whom (masked), and what became of it."""
    return ListPage(
        title=_("消息"), queryset=queries.messages(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda m: reverse("messaging:message", args=[m.number]), sortable=True),
            Column("recipient_label", _("收件人")), Column("masked_address", _("号码或地址"), phone=False),
            Column("template.name", _("模板"), value=lambda m: m.template.label),
            Column("channel", _("通道"), value=lambda m: m.get_channel_display()),
            Column("purpose", _("目的"), value=lambda m: m.get_purpose_display(), phone=False),
            Column("created_at", _("时间"), kind="moment", sortable=True),
            Column("reason", _("原因"), value=lambda m: str(labels.reason_label(m.reason)) if m.reason else ""),
            Column("status", _("状态"), kind="status", statuses=STATUSES),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=[(k, s.label) for k, s in STATUSES.items()]),
            ChoiceFilter(name="channel", label=_("通道"), choices=labels.CHANNELS),
            ChoiceFilter(name="purpose", label=_("目的"), choices=labels.PURPOSES),
            DateRangeFilter(name="created", label=_("日期"), field="created_at", moments=True),
        ],
        search=("number__iexact", "recipient__icontains"), search_hint=_("消息编号或客户编号"), default_sort="-created_at",
        empty_title=_("还没有消息"), file_name="messages", bulk=[_withdraw_many()],
    ).respond(request)


def _withdraw_many() -> Bulk:
    """撤回 of many that wait; each is its own action call."""
    return Bulk(
        key="withdraw", label=MESSAGE.label("withdraw"), icon="arrow-back-up", permission=permissions.WITHDRAW, carry_out=_withdraw_one,
        form=lambda _request, data: WithdrawForm(data), sentence=_("只有还没交给通道的消息可以撤回。"),
        why_not=lambda m: "" if MESSAGE.allows(m.status, "withdraw") else _("目前为“%(status)s”。") % {"status": MESSAGE.label(m.status)},
    )


def _withdraw_one(row: Message, values: Mapping[str, Any], request: HttpRequest) -> object:
    return withdraw_message(message_number=row.number, reason=values["reason"], by=request.actor)


@require_GET
@needs(permissions.VIEW)
def message(request: HttpRequest, number: str) -> HttpResponse:
    """One message: what it said, its track and the vendor's receipts."""
    return _message_page(request, number, WithdrawForm())


@require_POST
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a waiting message back."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            withdraw_message(message_number=number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("messaging:message", number)
    return _message_page(request, number, form)


def _message_page(request: HttpRequest, number: str, form: WithdrawForm) -> HttpResponse:
    row = queries.messages(request.actor).fetch(number)
    track = [
        Happening(m.moved_at, MESSAGE.label(m.status_to), m.actor_name, m.reason, STATUSES[m.status_to].tone) for m in queries.track(row)
    ]
    context = {
        "row": row, "status": STATUSES[row.status], "track": track, "receipts": row.receipts.order_by("id"), "form": form,
        "reason": labels.reason_label(row.reason) if row.reason else "",
        "can_withdraw": row.status == "queued" and request.actor.can(permissions.WITHDRAW.code),
    }
    return render(request, "messaging/message.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def templates(request: HttpRequest) -> HttpResponse:
    """Every template with the consent it rests on."""
    kinds = dict(compliance_labels.CONSENT_KINDS)
    rows = [(row, kinds.get(row.consent_kind, "")) for row in queries.templates()]
    return render(request, "messaging/templates.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def template(request: HttpRequest, code: str) -> HttpResponse:
    """A preview in both languages with sample facts, and the form to send one."""
    if code not in {row.code for row in queries.templates()}:
        raise NotFound(what=code)
    if request.method == "POST":
        require(request, permissions.SEND)
    row = queries.template(code)
    form = SendForm(request.POST or None, template=row)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("subject", "address", "language", "facts")}
        try:
            sent = send_message(template_code=code, **said, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            notes.info(request, _("%(number)s：%(status)s。") % {"number": sent.number, "status": MESSAGE.label(sent.status)})
            return redirect("messaging:message", sent.number)
    context = {
        "row": row, "previews": queries.preview(row), "form": form,
        "can_send": request.actor.can(permissions.SEND.code) and not row.is_secret,
        "consent": dict(compliance_labels.CONSENT_KINDS).get(row.consent_kind, ""),
    }
    return render(request, "messaging/template.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def panel(request: HttpRequest) -> HttpResponse:
    """The messages to `?subject=` as a part of its page."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    found: QuerySet[Message] = queries.messages_of(subject.text)
    rows = [(m, STATUSES[m.status], labels.reason_label(m.reason) if m.reason else "") for m in found[:50]]
    return render(request, "messaging/panel.html", {"rows": rows})


@csrf_exempt
@require_POST
def callback(request: HttpRequest, channel: str) -> HttpResponse:
    """A vendor says what became of messages. The signature is the key to this door; the same receipt may come many times."""
    if channel not in vendors.CLIENTS:
        raise NotFound(what=channel)
    try:
        said = outside.read_callback(channel, request)
        receipts = vendors.CLIENTS[channel].receipts(said)
        new = accept_receipt(channel=channel, receipts=receipts, by=SYSTEM)
    except ValueError:
        return JsonResponse({"code": "callback_unreadable"}, status=400)
    except BusinessError as refusal:
        return JsonResponse({"code": refusal.code}, status=refusal.http_status)
    return JsonResponse({"code": "OK", "new": new})
