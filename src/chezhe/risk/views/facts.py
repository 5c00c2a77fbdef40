"""The catalogue of features, what is known of a subject, and asking for more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import clock, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.risk import permissions
from chezhe.risk.actions.confirm_fact import confirm_fact
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.facts import asking, pages
from chezhe.risk.forms import RequestForm


@require_GET
@needs(permissions.VIEW_FACTS)
def catalogue(request: HttpRequest) -> HttpResponse:
    """特征目录: every fact that training and decisions may use."""
    text = request.GET.get("q", "")[:60]
    rows = pages.catalogue_rows(text)
    return render(request, "risk/facts_catalogue.html", {"rows": rows, "text": text, "breadcrumbs": [(_("风控"), ""), (_("特征目录"), "")]})


@require_GET
@needs(permissions.VIEW_FACTS)
def panel(request: HttpRequest) -> HttpResponse:
    """The facts of `?subject=`."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    at = clock.now()
    can_ask = request.actor.can(permissions.REQUEST_FACTS.code) and subject.kind in ("customer", "vehicle")
    return render(request, "risk/facts_panel.html", {
        "subject": subject, "seen": pages.seen_of(subject.text, at, request.actor), "enquiries": pages.enquiries_of(subject.text),
        "failures": pages.failures_of(subject.text, at), "can_ask": can_ask,
        "can_confirm": request.actor.can(permissions.CONFIRM_FACT.code), "can_reveal": request.actor.can(permissions.REVEAL_REPORT.code),
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_FACTS)
def request_more(request: HttpRequest) -> HttpResponse:
    """Choose sources; each says beforehand whether it may be asked."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    offered = pages.offered(asking.preview(subject.text))
    form = RequestForm(request.POST or None, services=[(row["code"], row["title"]) for row in offered if row["can"]])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            wished = request_facts(
                subject=subject.text, services=given["services"], query_reason_code=given["reason"], anew=given["anew"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _asked_text(wished))
            return redirect(f"{subject.url}?tab=facts")
    return render(request, "risk/facts_request.html", {
        "subject": subject, "offered": offered, "form": form, "chosen": request.POST.getlist("services"),
        "breadcrumbs": [(_("风控"), ""), (subject.label, subject.url), (_("向外部来源查询"), "")],
    }, status=422 if form.errors else 200)


@require_POST
@needs(permissions.CONFIRM_FACT)
def confirm(request: HttpRequest) -> HttpResponse:
    """One of two contradicting sources is right."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    try:
        confirm_fact(
            subject=subject.text, fact_code=request.POST.get("code", "")[:60], source_code=request.POST.get("source", "")[:30],
            reason=request.POST.get("reason", "")[:300], by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已确认，从现在起按这个值判断。"))
    return redirect(f"{subject.url}?tab=facts")


def _asked_text(wished: asking.Wished) -> str:
    count = len(wished.asked)
    if not count:
        return _("没有新的查询：所选来源已有有效回复或正在等待。")
    return ngettext("已提交 %(count)s 项查询，回复后显示在这里。", "已提交 %(count)s 项查询，回复后显示在这里。", count) % {"count": count}
