"""Begin a new product."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.products import permissions
from chezhe.products.models import Product


@action(permissions.CREATE_PRODUCT)
def create_product(*, code: str, name: str, english: str, by: Actor) -> Product:
    """Reserve a code and a name for a product; it can be lent once a version of it is published.

    Raises Invalid (422) for a malformed or taken code, or a missing name.
    """
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,11}", code):
        raise Invalid(field="code", code="product_code_form", sentence=_("产品代码须为 2 至 12 位大写字母与数字，以字母开头，例如 P09。"))
    if Product.objects.filter(code=code).exists():
        raise Invalid(field="code", code="product_code_taken", sentence=_("产品代码 %(taken)s 已被使用。"), taken=code)
    for field, text in (("name", name), ("english", english)):
        if not 2 <= len(text.strip()) <= 60:
            raise Invalid(field=field, code="product_name_length", sentence=_("产品名称须为 2 至 60 个字。"))
    return Product.objects.create(code=code, name=name.strip(), english=english.strip())
