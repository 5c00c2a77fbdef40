"""Products and their versions. A version that has left the draft is what was promised: it never changes again."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import values
from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C2, PUBLIC
from chezhe.products.rules import ProductTerms, content_hash
from chezhe.products.states import VERSION

VERSION_KIND = "products.version"


class Product(models.Model):
    """Something the lender offers, under a code that people say: P01."""

    code = Code(max_length=12, unique=True)
    name = Text(privacy=PUBLIC, max_length=60)
    english = Text(privacy=PUBLIC, max_length=80)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The product's name in the reader's language."""
        return self.english if (get_language() or "").startswith("en") else self.name

    @property
    def subject(self) -> str:
        return f"product:{self.code}"


class ProductVersion(models.Model):
    """The terms of a product from a day on. `content` is `rules.ProductTerms` as JSON; `worst` the dearest
    combination it allows, computed when it was submitted."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    number = Code(max_length=24, unique=True)
    status = models.CharField(max_length=10, choices=VERSION.choices(), default="draft")
    content = Json(privacy=PUBLIC)
    content_hash = Code(max_length=64)
    effective_from = models.DateField()
    retired_on = models.DateField(null=True)
    note = LongText(privacy=PUBLIC, blank=True)
    worst = Json(privacy=PUBLIC, default=dict)
    drafted_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by_name = Text(privacy=C2, max_length=80)
    drafted_at = models.DateTimeField()
    published_by_name = Text(privacy=C2, max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    approval_number = Code(max_length=40, blank=True)
    is_shipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["product__code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="product_version_once"),
            models.UniqueConstraint(
                fields=["product"], name="product_one_draft", condition=models.Q(status__in=["draft", "submitted"]),
                violation_error_message=_("此产品已有一个未发布的版本"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} v{self.version}"

    @property
    def subject(self) -> str:
        return f"product_version:{self.number}"

    @cached_property
    def terms(self) -> ProductTerms:
        """The terms as a pure value."""
        return values.from_json(ProductTerms, self.content)

    def write(self, terms: ProductTerms) -> None:
        """Take over these terms; the caller saves. Only a draft can be saved with other terms (a trigger sees to it)."""
        self.content: Any = values.to_json(terms)
        self.content_hash = content_hash(self.content)
        self.__dict__.pop("terms", None)
