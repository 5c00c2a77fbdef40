"""The products' place in the rail, and how a version is decided."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import kinds
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.products import permissions, queries, worklists
from chezhe.products.models import VERSION_KIND
from chezhe.products.steps import settle_version
from chezhe.ui import navigation


def register() -> None:
    """Called once at start-up."""
    navigation.register(navigation.NavItem(
        key="products.products", group="settings", label=pgettext_lazy("list", "产品"), url_name="products:products",
        permission=permissions.VIEW.code, icon="package", order=20,
    ))
    navigation.register(navigation.NavItem(
        key="products.calculator", group="origination", label=_("试算器"), url_name="products:calculator",
        permission=permissions.CALCULATE.code, icon="calculator", order=5,
    ))
    kinds.register(kinds.Kind(VERSION_KIND, _("产品版本"), url=_version_url, settle=settle_version))
    subjects.register("product_version", _open_version)
    worklists.register()


def _version_url(subject: str) -> str:
    return reverse("products:version", args=[subject.partition(":")[2]])


def _open_version(actor: Actor, number: str) -> subjects.Subject:
    if not actor.can(permissions.VIEW.code):
        raise NotFound(what=number)
    version = queries.version_called(number)
    return subjects.Subject(version.subject, str(version), _version_url(version.subject))
