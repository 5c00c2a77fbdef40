"""Products, their versions, and the verbs on a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.permission import Permission
from chezhe.products import labels, pages, permissions, queries
from chezhe.products.actions.create_product import create_product
from chezhe.products.actions.discard_version import discard_version
from chezhe.products.actions.draft_version import draft_version
from chezhe.products.actions.edit_version import edit_version
from chezhe.products.actions.publish_version import publish_version
from chezhe.products.actions.retire_version import retire_version
from chezhe.products.actions.return_version import return_version
from chezhe.products.actions.submit_version import submit_version
from chezhe.products.forms import OpinionForm, ProductForm, RetireForm, VersionForm, initial_of
from chezhe.products.models import Product, ProductVersion
from chezhe.products.states import DRAFT, SUBMITTED, VERSION
from chezhe.ui import navigation
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import Happening, track_of

NEEDED: dict[str, Permission] = {
    "submit_version": permissions.EDIT_VERSION, "discard_version": permissions.EDIT_VERSION,
    "publish_version": permissions.PUBLISH_VERSION, "return_version": permissions.PUBLISH_VERSION,
    "retire_version": permissions.RETIRE_VERSION,
}


def _trail(*steps: tuple[str, str]) -> list[tuple[Any, str]]:
    return [*pages.TRAIL, (pgettext("list", "产品"), reverse("products:products")), *steps]


@needs(permissions.VIEW)
def products(request: HttpRequest) -> HttpResponse:
    """What is on offer today."""
    today = business_date.current()
    current = {version.product_id: version for version in queries.on_offer(today)}
    waiting = {v.product_id: v for v in ProductVersion.objects.filter(status__in=[DRAFT, SUBMITTED])}
    shelf = [_shelved(product, current.get(product.pk), waiting.get(product.pk)) for product in Product.objects.all()]
    return render(request, "products/products.html", {
        "shelf": shelf, "can_create": request.actor.can(permissions.CREATE_PRODUCT.code),
        "can_edit": request.actor.can(permissions.EDIT_VERSION.code), "statuses": labels.STATUSES,
        "breadcrumbs": [*pages.TRAIL, (pgettext("list", "产品"), "")],
    })


def _shelved(product: Product, version: ProductVersion | None, waiting: ProductVersion | None) -> tuple[Any, ...]:
    """What the card of a product shows: itself, its version in force, the waiting one, key facts, description."""
    facts = pages.describe(version.terms)[:2] if version else []
    return product, version, waiting, facts, labels.description(version.terms) if version else ""


@needs(permissions.VIEW)
def versions(request: HttpRequest) -> HttpResponse:
    """Every version there has been."""
    return ListPage(
        title=_("产品版本"), queryset=ProductVersion.objects.select_related("product"),
        columns=[
            Column("number", _("版本"), kind="link", url=lambda v: reverse("products:version", args=[v.number]), sortable=True),
            Column("product", _("产品"), value=lambda v: v.product.label),
            Column("status", _("状态"), kind="status", statuses=labels.STATUSES),
            Column("effective_from", _("生效日期"), kind="date", sortable=True), Column("retired_on", _("停用日期"), kind="date"),
            Column("drafted_by_name", _("起草人"), phone=False), Column("published_by_name", _("发布人"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=VERSION.choices()),
            ChoiceFilter(name="product", label=_("产品"), field="product__code",
                         choices=lambda: [(p.code, str(p)) for p in Product.objects.all()]),
        ],
        search=("number__icontains",), search_hint=_("版本号"), default_sort="-effective_from", breadcrumbs=_trail(),
        file_name="product-versions",
    ).respond(request)


@needs(permissions.VIEW)
def version(request: HttpRequest, number: str) -> HttpResponse:
    """One version: its terms, what it changes, what a loan under it costs, and who decided."""
    found = queries.version_called(number)
    return render(request, "products/version.html", _version_context(request, found))


def _version_context(request: HttpRequest, found: ProductVersion) -> dict[str, Any]:
    before = queries.previous(found)
    sample = pages.sample(found, business_date.current())
    verbs = {verb: True for verb in VERSION.verbs(found.status) if request.actor.can(NEEDED[verb].code)}
    return {
        "version": found, "status": labels.STATUSES[found.status], "sections": pages.describe(found.terms),
        "fees": pages.fee_rows(found.terms), "description": labels.description(found.terms), "worst": pages.worst_words(found),
        "sample": sample, "chart": pages.plan_chart(sample, "plan") if sample else None, "previous": before,
        "changes": pages.differences(before.terms, found.terms) if before else [], "track": _track(found), "verbs": verbs,
        "can_edit": found.status == DRAFT and request.actor.can(permissions.EDIT_VERSION.code),
        "opinion_form": OpinionForm(), "retire_form": RetireForm(initial={"retire_on": business_date.current()}),
        "approval_url": (navigation.url_or_none("approvals:request", found.approval_number) or "") if found.approval_number else "",
        "breadcrumbs": _trail((found.number, "")),
    }


def _track(found: ProductVersion) -> list[Happening]:
    return track_of(moves.history(found.subject), VERSION, begun=_("建立"))


@needs(permissions.CREATE_PRODUCT)
def new_product(request: HttpRequest) -> HttpResponse:
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            product = create_product(by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已新建产品 %(product)s，请起草第一个版本。") % {"product": product})
            return redirect("products:products")
    context = {"form": form, "breadcrumbs": _trail((_("新建产品"), ""))}
    return render(request, "products/new_product.html", context, status=422 if form.errors else 200)


@require_POST
@needs(permissions.EDIT_VERSION)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    made = draft_version(product_code=code, business_date=business_date.current(), by=request.actor)
    return redirect("products:edit", made.number)


@needs(permissions.EDIT_VERSION)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The editor of a draft."""
    found = queries.version_called(number)
    form = VersionForm(request.POST or None, initial=initial_of(found), standing=found.terms)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            edit_version(version_number=number, terms=form.terms, effective_from=values["effective_from"], note=values["note"],
                         based_on=values["based_on"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("草稿已保存。"))
            return redirect("products:version", number)
    trail = _trail((found.number, reverse("products:version", args=[number])), (_("编辑"), ""))
    return render(request, "products/edit.html", {"form": form, "version": found, "breadcrumbs": trail}, status=422 if form.errors else 200)


def _verb(name: str, done: Any, carry_out: Callable[[HttpRequest, str], ProductVersion]) -> Callable[..., HttpResponse]:
    """A POST that carries out one verb and returns to the version, or shows the refusal on its page."""

    @require_POST
    @needs(NEEDED[name])
    def view(request: HttpRequest, number: str) -> HttpResponse:
        try:
            carry_out(request, number)
        except BusinessError as refusal:
            context = _version_context(request, queries.version_called(number)) | {"refusal": refusal}
            return render(request, "products/version.html", context, status=refusal.http_status)
        messages.success(request, done())
        return redirect("products:version", number)

    return view


submit = _verb("submit_version", lambda: _("已提交，等待合规发布。"), lambda request, number: submit_version(
    version_number=number, business_date=business_date.current(), by=request.actor))
publish = _verb("publish_version", lambda: _("已发布。"), lambda request, number: publish_version(
    version_number=number, opinion=request.POST.get("opinion", "")[:500], by=request.actor))
send_back = _verb("return_version", lambda: _("已退回起草人。"), lambda request, number: return_version(
    version_number=number, opinion=request.POST.get("opinion", "")[:500], by=request.actor))
discard = _verb("discard_version", lambda: _("草稿已作废。"), lambda request, number: discard_version(
    version_number=number, by=request.actor))


@require_POST
@needs(permissions.RETIRE_VERSION)
def retire(request: HttpRequest, number: str) -> HttpResponse:
    form = RetireForm(request.POST)
    if form.is_valid():
        try:
            retire_version(version_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("版本已停用。"))
            return redirect("products:version", number)
    found = queries.version_called(number)
    return render(request, "products/version.html", {**_version_context(request, found), "retire_form": form}, status=422)
