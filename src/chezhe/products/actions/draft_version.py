"""Begin a new version of a product."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.products import blank, permissions, queries
from chezhe.products.models import Product, ProductVersion
from chezhe.products.states import DRAFT, SUBMITTED


class DraftExists(BusinessError):
    code = "draft_exists"
    sentence = _("产品 %(product)s 已有未发布的版本 %(version)s，请先处理它。")


@action(permissions.EDIT_VERSION, label=_("起草产品版本"))
def draft_version(*, product_code: str, business_date: date, by: Actor) -> ProductVersion:
    """Open a draft that begins with the terms of the newest version, or with plain ones for a new product.

    Raises NotFound (404) for an unknown product, DraftExists (409) while another version waits.
    """
    queries.product_called(product_code)
    product = Product.objects.select_for_update().get(code=product_code)
    waiting = product.versions.filter(status__in=[DRAFT, SUBMITTED]).first()
    if waiting is not None:
        raise DraftExists(product=product_code, version=waiting.number)
    newest = product.versions.order_by("-version").first()
    serial = newest.version + 1 if newest else 1
    draft = ProductVersion(
        product=product, version=serial, number=f"{product.code}-v{serial}", status=DRAFT, effective_from=business_date,
        drafted_by_id=by.user_id, drafted_by_name=by.name, drafted_at=clock.now(),
    )
    draft.write(newest.terms if newest else blank.TERMS)
    draft.save()
    moves.record(draft.subject, "draft_version", "", DRAFT, by=by)
    return draft
