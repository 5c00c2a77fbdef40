"""What people do to a takeover: each page sends one form to one action and shows the takeover again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.takeover import permissions
from chezhe.takeover.actions.add_book_file import add_book_file
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.actions.discard_book import discard_book
from chezhe.takeover.actions.drop_book_file import drop_book_file
from chezhe.takeover.actions.fund_book import fund_book
from chezhe.takeover.actions.resume_book import resume_book
from chezhe.takeover.actions.return_book import return_book
from chezhe.takeover.actions.start_trial import start_trial
from chezhe.takeover.actions.state_totals import state_totals
from chezhe.takeover.actions.submit_book import submit_book
from chezhe.takeover.forms import FileForm, FundForm, ReasonForm, TotalsForm
from chezhe.takeover.totals import Stated
from chezhe.takeover.views.books import fetch, shown
from chezhe.ui import forms


@require_POST
@needs(permissions.PREPARE)
def add_file(request: HttpRequest, number: str) -> HttpResponse:
    """One more file."""
    form = FileForm(request.POST, request.FILES)
    return _sent(request, number, "file_form", form, lambda: add_book_file(
        takeover_number=number, upload=form.cleaned_data["file"], by=request.actor))


@require_POST
@needs(permissions.PREPARE)
def drop_file(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """A file that was wrong."""
    return _pressed(request, number, lambda: drop_book_file(takeover_number=number, key=key, by=request.actor))


@require_POST
@needs(permissions.PREPARE)
def trial(request: HttpRequest, number: str) -> HttpResponse:
    """Let the worker try the files."""
    return _pressed(request, number, lambda: start_trial(takeover_number=number, by=request.actor))


@require_POST
@needs(permissions.PREPARE)
def totals(request: HttpRequest, number: str) -> HttpResponse:
    """What somebody read off the old system."""
    found = fetch(request, number)
    form = TotalsForm(request.POST, keys=list(found.found), stated=found.stated)
    return _sent(request, number, "totals_form", form, lambda: state_totals(
        takeover_number=number, stated=Stated(form.stated), by=request.actor))


@require_POST
@needs(permissions.PREPARE)
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Hand it to a second person."""
    return _pressed(request, number, lambda: submit_book(takeover_number=number, by=request.actor), _("已提交，等待另一位财务复核。"))


@require_POST
@needs(permissions.APPROVE)
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """A second person lets it go."""
    return _pressed(request, number, lambda: approve_book(takeover_number=number, by=request.actor), _("已复核，开始分批迁入。"))


@require_POST
@needs(permissions.APPROVE)
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """A second person gives it back."""
    form = ReasonForm(request.POST)
    return _sent(request, number, "reason_form", form, lambda: return_book(
        takeover_number=number, reason=form.cleaned_data["reason"], by=request.actor))


@require_POST
@needs(permissions.PREPARE)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing of it comes."""
    form = ReasonForm(request.POST)
    return _sent(request, number, "reason_form", form, lambda: discard_book(
        takeover_number=number, reason=form.cleaned_data["reason"], by=request.actor))


@require_POST
@needs(permissions.PREPARE)
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Go on, or try the refused loans again."""
    return _pressed(request, number, lambda: resume_book(takeover_number=number, by=request.actor))


@require_POST
@needs(permissions.FUND)
def fund(request: HttpRequest, number: str) -> HttpResponse:
    """Where the money came from."""
    form = FundForm(request.POST)
    return _sent(request, number, "fund_form", form, lambda: fund_book(
        takeover_number=number, account=form.cleaned_data["account"], amount=form.cleaned_data["amount"], by=request.actor))


def _pressed(request: HttpRequest, number: str, act: Callable[[], Any], said: str = "") -> HttpResponse:
    """A button without a form: a refusal is told above the page."""
    fetch(request, number)
    try:
        act()
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("takeover:book", number)


def _sent(request: HttpRequest, number: str, name: str, form: forms.Form, act: Callable[[], Any]) -> HttpResponse:
    """A form: a refusal stands beside its field."""
    found = fetch(request, number)
    if form.carries_out(act):
        return redirect("takeover:book", number)
    return shown(request, found, **{name: form})
