"""Finding and reading dealers."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from chezhe.channels.models import Dealer, DealerPerson
from chezhe.customers.values import Hit
from chezhe.identifiers.text import clean
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import ByReach
from chezhe.kernel.subjects import Subject

HITS_MAX = 10


def open_subject(actor: Actor, number: str) -> Subject:
    """A dealer as other rooms see it; raises NotFound (404)."""
    dealer = Dealer.objects.visible_to(actor).fetch(number)
    return Subject(dealer.subject, dealer.name, reverse("channels:dealer", args=[number]), dealer.branch_id, dealer.owner_id)


def choosable(branch_id: int | None) -> QuerySet[Dealer]:
    """The active dealers of a branch, for a lead's or an application's list: names only, whoever looks after them."""
    return Dealer.objects.filter(branch_id=branch_id, status="active").order_by("name")


def people(dealer: Dealer) -> QuerySet[DealerPerson]:
    """Who may sign in for a dealer, and who might once."""
    return DealerPerson.objects.filter(dealer=dealer).order_by("disabled_at", "id")


def person_at(mobile_hash: str) -> DealerPerson | None:
    """Who signs in at a dealer's with this mobile number."""
    return DealerPerson.objects.filter(mobile_hash=mobile_hash, disabled_at__isnull=True).select_related("dealer").first()


def _meant(by: Actor, words: str, uscc: str) -> QuerySet[Dealer]:
    """What was typed, in one way of reading or another."""
    rows = Dealer.objects.visible_to(by)
    found = rows.filter(name__icontains=words) | rows.filter(uscc=uscc) | rows.filter(number__istartswith=words)
    return found.order_by("-id")[:HITS_MAX]


_MEANT = ByReach(_meant, "?", "?upper")


def search(actor: Actor, text: str, limit: int = HITS_MAX) -> list[Hit]:
    """Dealers by name, code or number."""
    words = clean(text)
    if not words or not actor.can("channels.view"):
        return []
    return [
        Hit("dealer", d.number, d.name, f"{d.kind_label} · {d.city}", reverse("channels:dealer", args=[d.number]))
        for d in _MEANT.objects(actor, words, words.upper())[:limit]
    ]
