"""Accounts and relations: the panel and its forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.customers import permissions, queries
from chezhe.customers.actions.add_bank_account import add_bank_account
from chezhe.customers.actions.close_bank_account import close_bank_account
from chezhe.customers.actions.end_relation import end_relation
from chezhe.customers.actions.relate_customers import relate_customers
from chezhe.customers.forms import AccountForm, ReasonForm, RelationForm
from chezhe.customers.models import Customer
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError


@require_GET
@needs(permissions.VIEW)
def relations(request: HttpRequest) -> HttpResponse:
    """Panel: bank accounts, and the people and companies behind the customer."""
    row = Customer.objects.visible_to(request.actor).fetch(request.GET.get("subject", "").removeprefix("customer:"))
    actor = request.actor
    context = {
        "customer": row, "accounts": row.accounts.filter(closed_at__isnull=True).order_by("-is_main", "id"),
        "relations": queries.relations_of(row, actor), "can_add_account": actor.can(permissions.ADD_ACCOUNT.code),
        "can_relate": actor.can(permissions.RELATE.code), "can_reveal": actor.can(permissions.REVEAL.code),
    }
    return render(request, "customers/relations.html", context)


@require_http_methods(["GET", "POST"])
@needs(permissions.ADD_ACCOUNT)
def add_account(request: HttpRequest, number: str) -> HttpResponse:
    """Register a bank account."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_bank_account(
                customer_number=number, kind=form.cleaned_data["kind"], account=form.cleaned_data["card_number"],
                bank_name=form.cleaned_data["bank_name"], holder_name=form.cleaned_data["holder_name"], by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _back(number)
    return _form_page(request, number, form, _("添加银行账户"), _("添加"))


@require_http_methods(["GET", "POST"])
@needs(permissions.ADD_ACCOUNT)
def close_account(request: HttpRequest, number: str, account: int) -> HttpResponse:
    """Stop using an account."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_bank_account(customer_number=number, account=account, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _back(number)
    return _form_page(request, number, form, _("停用银行账户"), pgettext("bank account", "停用"))


@require_http_methods(["GET", "POST"])
@needs(permissions.RELATE)
def relate(request: HttpRequest, number: str) -> HttpResponse:
    """Register a relation."""
    form = RelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            relate_customers(
                customer_number=number, other_number=form.cleaned_data["other_number"], kind=form.cleaned_data["kind"],
                share_rate=form.cleaned_data["share_rate"], by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _back(number)
    return _form_page(request, number, form, _("添加关系"), _("添加"))


@require_http_methods(["GET", "POST"])
@needs(permissions.RELATE)
def unrelate(request: HttpRequest, number: str, relation: int) -> HttpResponse:
    """End a relation."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_relation(customer_number=number, relation=relation, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _back(number)
    return _form_page(request, number, form, _("解除关系"), pgettext("relation", "解除"))


def _back(number: str) -> HttpResponse:
    response = redirect("customers:customer", number)
    response["Location"] += "?tab=relations"
    return response


def _form_page(request: HttpRequest, number: str, form: Any, title: str, submit: str) -> HttpResponse:
    row = Customer.objects.visible_to(request.actor).fetch(number)
    context = {"form": form, "title": title, "submit": submit, "customer": row}
    return render(request, "customers/form.html", context, status=422 if form.errors else 200)
