"""What of the products waits for those who write them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.products import permissions
from chezhe.products.models import ProductVersion
from chezhe.products.states import DRAFT


def register() -> None:
    """Called once at start-up."""
    worklist.register(Pile(
        "products.drafts", _("未提交的产品版本"), "products:versions", permissions.EDIT_VERSION.code,
        worklist.Counted(lambda by: drafts()), _first, icon="package", order=61, verb=_("继续起草"), query="status=draft",
    ))


def drafts() -> QuerySet[ProductVersion]:
    """Begun or sent back; there is at most one a product."""
    return ProductVersion.objects.filter(status=DRAFT).select_related("product").order_by("drafted_at")


def _first(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.product.label} {row.number}", reverse("products:version", args=[row.number]), None, row.drafted_by_name,
                since_at=row.drafted_at)
        for row in drafts()[:most]
    ]
