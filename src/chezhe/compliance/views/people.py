"""Consents and contacts of one customer as parts of other rooms' pages, and the log of all contacts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.compliance import contact_rules, labels, permissions, queries, steps
from chezhe.compliance.actions.block_contact import block_contact
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.actions.lift_contact_block import lift_contact_block
from chezhe.compliance.actions.record_contact_outcome import record_contact_outcome
from chezhe.compliance.actions.reserve_contact import reserve_contact
from chezhe.compliance.actions.withdraw_consent import withdraw_consent as take_consent_back
from chezhe.compliance.forms import BlockForm, ConsentForm, ContactForm, OutcomeForm, WithdrawalForm
from chezhe.compliance.models import ContactAttempt
from chezhe.compliance.states import CONTACT
from chezhe.kernel import business_date, clock, subjects
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.ui.status import Status

CONTACT_STATUSES = {
    "reserved": Status(CONTACT.labels["reserved"], "progress"), "completed": Status(CONTACT.labels["completed"], "good"),
    "cancelled": Status(CONTACT.labels["cancelled"], "neutral"),
}
_KINDS, _CHANNELS, _REASONS = dict(labels.CONSENT_KINDS), dict(labels.EVIDENCE_CHANNELS), dict(labels.BLOCK_REASONS)


def _subject(request: HttpRequest) -> str:
    """The subject asked for, if the actor may see it (404 otherwise)."""
    return subjects.open_subject(request.GET.get("subject", ""), request.actor).text


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_SUBJECT)
def consents(request: HttpRequest) -> HttpResponse:
    """What `?subject=` has agreed to and what `?required=` still lacks; a POST records one more consent."""
    if request.method == "POST":
        require(request, permissions.GRANT_CONSENT)
    subject = _subject(request)
    form = ConsentForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            grant_consent(subject=subject, **form.cleaned_data, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _changed(_consents(request, subject, None, WithdrawalForm(), paper=form.cleaned_data))
    return _consents(request, subject, form, WithdrawalForm())


@require_POST
@needs(permissions.WITHDRAW_CONSENT)
def withdraw_consent(request: HttpRequest) -> HttpResponse:
    """Record that `?subject=` took a consent back."""
    subject = _subject(request)
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        try:
            take_consent_back(subject=subject, **form.cleaned_data, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _changed(_consents(request, subject, None, WithdrawalForm()))
    return _consents(request, subject, None, form)


def _changed(response: HttpResponse) -> HttpResponse:
    """Other parts of the page hear of it."""
    response["HX-Trigger"] = "consents-changed"
    return response


def _consents(
    request: HttpRequest, subject: str, form: ConsentForm | None, withdrawal: WithdrawalForm, paper: dict[str, Any] | None = None
) -> HttpResponse:
    """`paper` is the signature just recorded: often the next consent stands on the same sheet."""
    standings = queries.consents_of(subject, business_date.current())
    required = [kind for kind in request.GET.get("required", "").split(",") if kind in _KINDS]
    lacking = [standing.kind for standing in standings if standing.kind in required and not standing.is_in_force]
    known = {"channel": paper["channel"], "evidence": paper["evidence"]} if paper and lacking else {}
    form = form or ConsentForm(initial={"kind": lacking[0] if lacking else "", **known})
    context = {
        "subject": subject, "standings": standings, "form": form, "withdrawal": withdrawal, "required": required,
        "history": [(entry, _KINDS[entry.kind], _CHANNELS[entry.channel]) for entry in queries.consent_history(subject)[:50]],
        "is_asked": bool(lacking or form.errors), "parameters": urlencode({"subject": subject, "required": ",".join(required)}),
        "can_grant": request.actor.can(permissions.GRANT_CONSENT.code),
        "can_withdraw": request.actor.can(permissions.WITHDRAW_CONSENT.code),
    }
    return render(request, "compliance/consents.html", context, status=422 if form.errors or withdrawal.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_SUBJECT)
def contact_panel(request: HttpRequest) -> HttpResponse:
    """The contacts of `?subject=` with today's clock; a POST reserves one more."""
    if request.method == "POST":
        require(request, permissions.RESERVE_CONTACT)
    subject = _subject(request)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reserve_contact(subject=subject, **form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            form = ContactForm()
    return _contacts(request, subject, contact=form)


@require_POST
@needs(permissions.RECORD_CONTACT_OUTCOME)
def contact_outcome(request: HttpRequest, number: str) -> HttpResponse:
    """Say what came of one contact."""
    subject = subjects.open_subject(queries.contact(number).subject_text, request.actor).text
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            record_contact_outcome(contact_number=number, outcome=form.cleaned_data["outcome"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
    return _contacts(request, subject, outcome=form)


@require_POST
@needs(permissions.BLOCK_CONTACT)
def block(request: HttpRequest) -> HttpResponse:
    """Stop contacts with `?subject=` for a reason."""
    subject = _subject(request)
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            block_contact(subject=subject, **form.cleaned_data, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
    return _contacts(request, subject, blocking=form)


@require_POST
@needs(permissions.LIFT_CONTACT_BLOCK)
def lift_block(request: HttpRequest) -> HttpResponse:
    """Allow contacts with `?subject=` again."""
    subject = _subject(request)
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            lift_contact_block(subject=subject, **form.cleaned_data, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
    return _contacts(request, subject, blocking=form)


def _contacts(
    request: HttpRequest, subject: str, *, contact: ContactForm | None = None, outcome: OutcomeForm | None = None,
    blocking: BlockForm | None = None,
) -> HttpResponse:
    today = clock.today()
    refused = steps.may_contact(subject=subject, channel="voice", purpose="collection")
    context: dict[str, Any] = {
        "subject": subject, "clock": queries.contact_clock(subject, today), "policy": steps.policy_on(today),
        "refusal": str(steps.ContactRefused(refused)) if refused else "",
        "rows": [(a, CONTACT_STATUSES[a.status], _outcome_form(a)) for a in queries.contacts_of(subject)[:50]],
        "blocks": [(b, _REASONS[b.reason]) for b in queries.blocks_of(subject)],
        "form": contact or ContactForm(), "outcome": outcome, "blocking": blocking or BlockForm(),
        "can_reserve": request.actor.can(permissions.RESERVE_CONTACT.code),
        "can_record": request.actor.can(permissions.RECORD_CONTACT_OUTCOME.code),
        "can_block": request.actor.can(permissions.BLOCK_CONTACT.code), "can_lift": request.actor.can(permissions.LIFT_CONTACT_BLOCK.code),
    }
    bad = any(form is not None and form.errors for form in (contact, outcome, blocking))
    return render(request, "compliance/contacts.html", context, status=422 if bad else 200)


def _outcome_form(attempt: ContactAttempt) -> OutcomeForm | None:
    """The small form of a row; none where the contact is over or reports itself."""
    is_asked = attempt.status == "reserved" and attempt.channel in contact_rules.SPOKEN
    return OutcomeForm(channel=attempt.channel, auto_id=f"id_{attempt.number}_%s") if is_asked else None


@require_GET
@needs(permissions.VIEW_CONTACTS)
def contacts(request: HttpRequest) -> HttpResponse:
    """Every contact, our own and the agencies'."""
    return ListPage(
        title=_("联系记录"), queryset=ContactAttempt.objects.all(),
        columns=[
            Column("number", _("编号")), Column("subject_text", _("对象"), value=lambda a: a.subject_text.partition(":")[2]),
            Column("channel", _("方式"), value=lambda a: a.get_channel_display()),
            Column("purpose", _("目的"), value=lambda a: a.get_purpose_display()),
            Column("address_tail", _("号码尾号"), phone=False), Column("agency", _("委外机构")),
            Column("reserved_at", _("时间"), kind="moment", sortable=True),
            Column("outcome", _("结果"), value=lambda a: a.get_outcome_display()),
            Column("recorded_by_name", _("经办人"), phone=False),
            Column("status", _("状态"), kind="status", statuses=CONTACT_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="channel", label=_("方式"), choices=labels.CHANNELS),
            ChoiceFilter(name="purpose", label=_("目的"), choices=labels.PURPOSES),
            DateRangeFilter(name="day", label=_("日期"), field="day"),
        ],
        search=("number__icontains", "subject_text__icontains", "agency__iexact"), search_hint=_("编号、客户号或委外机构"),
        default_sort="-reserved_at", breadcrumbs=[(_("合规"), "")], file_name="contacts",
    ).respond(request)
