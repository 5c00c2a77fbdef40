"""Opening and correcting a customer's file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.customers import permissions, queries
from chezhe.customers.actions.create_company import create_company as file_company
from chezhe.customers.actions.create_person import create_person as file_person
from chezhe.customers.actions.edit_customer import edit_customer
from chezhe.customers.actions.pass_on_customer import pass_on_customer
from chezhe.customers.actions.record_trade import record_trade
from chezhe.customers.forms import NewCompanyForm, NewPersonForm, PassOnForm, TradeForm, edit_form, initial_company, initial_person
from chezhe.customers.models import Customer
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ui import carried


@require_http_methods(["GET", "POST"])
@needs(permissions.CREATE)
def create_person(request: HttpRequest) -> HttpResponse:
    """A natural person."""
    text = carried.typed(request)
    form = NewPersonForm(None if text else request.POST or None, initial=initial_person(text))
    form.ask_branch(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            customer = file_person(
                facts=form.facts(), branch_code=form.branch_code(), business_date=business_date.current(), by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("customers:customer", customer.number)
    context = {"form": form, "title": _("新建个人客户"), "submit": _("建档")}
    return render(request, "customers/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.CREATE)
def create_company(request: HttpRequest) -> HttpResponse:
    """A company."""
    text = carried.typed(request)
    form = NewCompanyForm(None if text else request.POST or None, initial=initial_company(text))
    form.ask_branch(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            customer = file_company(
                facts=form.facts(), branch_code=form.branch_code(), business_date=business_date.current(), by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("customers:customer", customer.number)
    context = {"form": form, "title": _("新建企业客户"), "submit": _("建档")}
    return render(request, "customers/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.EDIT)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct the file; what was there stays in the history."""
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    form, status = edit_form(customer, request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_customer(
                customer_number=number, version=form.cleaned_data["version"], changes=form.changes(),
                reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("修改已保存，原内容保留在“修改记录”中。"))
            return redirect("customers:customer", number)
    elif form.errors:
        status = 422
    context = {"form": form, "title": _("修改客户资料"), "submit": _("保存修改"), "customer": customer}
    return render(request, "customers/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(permissions.EDIT)
def trade(request: HttpRequest, number: str) -> HttpResponse:
    """The trade of a sole trader: written down once, corrected with a reason."""
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    form, status = TradeForm(request.POST or None, customer=customer), 200
    if request.method == "POST" and form.is_valid():
        try:
            record_trade(
                customer_number=number, version=form.cleaned_data["version"], facts=form.facts(),
                reason=form.cleaned_data.get("reason", ""), business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("个体工商户资料已保存。"))
            return redirect("customers:customer", number)
    elif form.errors:
        status = 422
    title = _("修改个体工商户") if form.trade else _("登记个体工商户")
    context = {"form": form, "title": title, "submit": _("保存"), "customer": customer}
    return render(request, "customers/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(permissions.PASS_ON)
def pass_on(request: HttpRequest, number: str) -> HttpResponse:
    """Give the customer to another colleague of the branch."""
    customer, on = Customer.objects.visible_to(request.actor).fetch(number), business_date.current()
    colleagues = [(user.username, user.name) for user in queries.colleagues(customer.branch_id, on) if user.pk != customer.owner_id]
    form, status = PassOnForm(request.POST or None, colleagues=colleagues), 200
    if request.method == "POST" and form.is_valid():
        try:
            pass_on_customer(customer_number=number, business_date=on, by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("客户已转交，保护期自今日起重新计算。"))
            return redirect("customers:customer", number)
    elif form.errors:
        status = 422
    context = {"form": form, "title": _("转交客户"), "submit": _("转交客户"), "customer": customer}
    return render(request, "customers/form.html", context, status=status)
