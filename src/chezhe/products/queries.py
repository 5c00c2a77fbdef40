"""Which products there are, and which version is in force on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.products.models import Product, ProductVersion
from chezhe.products.states import PUBLISHED, RETIRED


class NotOnOffer(BusinessError):
    code = "product_not_on_offer"
    sentence = _("产品 %(code)s 在 %(on)s 没有生效的版本。")


def current(code: str, on: date) -> ProductVersion:
    """The version of product `code` in force on business date `on`: published, begun, not retired, the latest.

    Raises NotFound (404) for an unknown code and NotOnOffer (409) when none is in force.
    """
    found = _CURRENT.objects(on, code)
    if not found:
        product_called(code)
        raise NotOnOffer(code=code, on=on)
    return found[0]


def offered(on: date) -> QuerySet[ProductVersion]:
    """Every version that has begun and is not retired on `on`; of one product the latest counts (`on_offer`)."""
    begun = ProductVersion.objects.filter(status__in=[PUBLISHED, RETIRED], effective_from__lte=on)
    return begun.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on)).select_related("product")


_CURRENT = Composed(
    lambda on, code: offered(on).filter(product__code=code).order_by("-effective_from", "-version")[:1], date(1900, 1, 1), "?")


def on_offer(on: date, *, borrower_kinds: Collection[str] = (), purpose: str = "") -> list[ProductVersion]:
    """The version in force of each product on `on`, by code; optionally those for one of these kinds of borrower, and for a purpose."""
    latest: dict[int, ProductVersion] = {}
    for version in offered(on).order_by("product__code", "effective_from", "version"):
        latest[version.product_id] = version
    return [
        version for version in latest.values()
        if (not borrower_kinds or not set(borrower_kinds).isdisjoint(version.terms.borrower_kinds))
        and (not purpose or purpose in version.terms.purposes)
    ]


def product_called(code: str) -> Product:
    """The product with this code; NotFound (404) otherwise."""
    found = Product.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def names() -> list[tuple[str, str]]:
    """Code and name of every product, in the reader's language."""
    return [(product.code, product.label) for product in Product.objects.order_by("code")]


def version_called(number: str) -> ProductVersion:
    """The version people call `P01-v2`; NotFound (404) otherwise."""
    found = ProductVersion.objects.select_related("product", "drafted_by").filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def previous(version: ProductVersion) -> ProductVersion | None:
    """The version before this one that was published, to compare with."""
    earlier = ProductVersion.objects.filter(product_id=version.product_id, version__lt=version.version)
    return earlier.filter(status__in=[PUBLISHED, RETIRED]).order_by("-version").first()
