"""The list of customers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from chezhe.customers import choices, permissions, queries
from chezhe.customers.models import Customer
from chezhe.kernel.doors import needs
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter

KIND_LABELS = dict(choices.KINDS)


@require_GET
@needs(permissions.VIEW)
def customers(request: HttpRequest) -> HttpResponse:
    """Everybody in the actor's reach, masked."""
    rows = Customer.objects.visible_to(request.actor).select_related("branch", "owner").prefetch_related("mobiles")
    buttons = [
        (_("新建个人客户"), reverse("customers:create_person"), "user-plus"),
        (_("新建企业客户"), reverse("customers:create_company"), "building"),
    ]
    return ListPage(
        title=pgettext_lazy("list", "客户"), queryset=rows, columns=_columns(), search=queries.narrowed,
        search_hint=_("姓名、拼音首字母、完整证件号、手机号（或后四位）、客户编号"),
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"), ChoiceFilter(name="kind", label=_("类型"), choices=choices.KINDS),
            DateRangeFilter(name="created", label=_("建档日期"), field="created_at", moments=True),
        ],
        default_sort="-created_at", actions=buttons if request.actor.can(permissions.CREATE.code) else [], file_name="customers",
        empty_hint=_("新客户从线索转入，或在此直接建档。"),
    ).respond(request)


def _columns() -> list[Column]:
    return [
        Column("number", _("客户编号"), kind="link", url=lambda c: reverse("customers:customer", args=[c.number]), sortable=True),
        Column("masked_name", _("姓名（名称）"), sort="pinyin", sortable=True),
        Column("kind", _("类型"), value=lambda c: KIND_LABELS[c.kind]),
        Column("masked_id_number", _("证件号"), kind="identifier", phone=False),
        Column("masked_mobile", _("手机号"), kind="identifier"),
        Column("branch.name", _("门店"), phone=False),
        Column("owner.name", _("客户经理"), phone=False),
        Column("created_at", _("建档时间"), kind="moment", sortable=True, phone=False),
        Column("changed_at", _("最近修改"), kind="moment", sortable=True, phone=False),
    ]
