"""Where the compliance pages stand in the rail and on the pages of customers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import permissions
from chezhe.ui import panels
from chezhe.ui.navigation import NavItem
from chezhe.ui.navigation import register as register_item

_ITEMS = [
    ("compliance.parameters", _("监管参数"), "compliance:parameters", permissions.VIEW, "adjustments", 10),
    ("compliance.caps", _("定价合规试算"), "compliance:caps", permissions.VIEW, "shield-check", 20),
    ("compliance.contacts", _("联系记录"), "compliance:contacts", permissions.VIEW_CONTACTS, "phone", 30),
    ("compliance.complaints", _("客户投诉"), "compliance:complaints", permissions.VIEW_COMPLAINTS, "message", 32),
    ("compliance.ratings", _("客户评价"), "compliance:ratings", permissions.VIEW_RATINGS, "star", 34),
    ("compliance.calendar", _("节假日历"), "compliance:calendar_now", permissions.VIEW, "calendar", 40),
    ("compliance.lender", _("机构资料"), "compliance:lender", permissions.VIEW, "building-bank", 50),
    ("compliance.register", _("个人信息目录"), "compliance:register", permissions.VIEW_REGISTER, "fingerprint", 60),
]


def register() -> None:
    """Called once at start-up."""
    for key, label, url_name, permission, icon, order in _ITEMS:
        register_item(NavItem(key, "compliance", label, url_name, permission.code, icon, order))
    panels.register("customer", "consents", _("授权"), "compliance:consents", permissions.VIEW_SUBJECT.code, order=60)
    panels.register("customer", "complaints", _("投诉"), "compliance:complaints_of", permissions.VIEW_SUBJECT.code, order=65)
    panels.register("customer", "contacts", _("联系"), "compliance:contact_panel", permissions.VIEW_SUBJECT.code, order=70)


def parameter_change_url(subject: str) -> str:
    """The page of a proposed figure."""
    return reverse("compliance:parameter_change", args=[subject.partition(":")[2]])


def lender_change_url(subject: str) -> str:
    """The page of proposed particulars of the lender."""
    return reverse("compliance:lender_change", args=[subject.partition(":")[2]])
