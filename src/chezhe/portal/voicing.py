"""What a customer may be asked about a loan, what was asked already, and what we keep of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import labels
from chezhe.compliance.models import Rating
from chezhe.customers.models import Customer
from chezhe.documents import catalogue
from chezhe.documents import queries as document_queries
from chezhe.identifiers import masks
from chezhe.kernel.errors import BusinessError
from chezhe.servicing.models import Loan

_OCCASIONS = dict(labels.OCCASIONS)


class NotYetRated(BusinessError):
    code = "not_yet_rated"
    sentence = _("还没有到评价这一步的时候。")


def occasions_of(loan: Loan) -> list[str]:
    """What has happened to a loan that its borrower may rate."""
    return ["payout", "settlement"] if loan.status == "settled" else ["payout"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing to rate, or rated."""

    code: str
    label: Any
    rating: Rating | None


def occasions(loan: Loan) -> list[Occasion]:
    """Every occasion that has come, with what was given."""
    given = {one.occasion: one for one in Rating.objects.filter(about=loan.subject)}
    return [Occasion(code, _OCCASIONS[code], given.get(code)) for code in occasions_of(loan)]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data that we hold, as far as it may be shown on a screen, and for how long."""

    label: Any
    shown: str
    until: Any


_IDENTITY = catalogue.RETENTION["identity"]


def kept_of(customer: Customer) -> list[Kept]:
    """What stands in a customer's file, masked; papers by how many there are."""
    number = masks.mask_id_number(customer.id_number) if customer.is_person and customer.id_number else customer.uscc
    mobiles = "、".join(masks.mask_mobile(one.mobile) for one in customer.mobiles.all())
    accounts = "、".join(f"{one.bank_name} ****{one.tail}" for one in customer.accounts.filter(closed_at__isnull=True).defer("card_number"))
    rows = [
        (_("姓名"), customer.masked_name), (_("证件号码"), number), (_("手机号"), mobiles),
        (_("地址"), masks.mask_address(customer.address) if customer.address else ""), (_("银行账户"), accounts),
    ]
    kept = [Kept(label, shown, _IDENTITY) for label, shown in rows if shown]
    return [*kept, *papers_kept(customer)]


def papers_kept(customer: Customer) -> list[Kept]:
    """The customer's papers by category."""
    found: dict[str, int] = {}
    for category in document_queries.of(customer.subject).values_list("category", flat=True):
        found[category] = found.get(category, 0) + 1
    return [
        Kept(catalogue.BY_CODE[code].label, f"× {count}", catalogue.RETENTION[catalogue.BY_CODE[code].retention])
        for code, count in found.items() if code in catalogue.BY_CODE
    ]
