"""The actor that an outsider is, made anew for every request."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from chezhe.identifiers import masks
from chezhe.kernel import clock
from chezhe.kernel.actor import BORROWER, DEALER, Actor, Reach
from chezhe.kernel.permission import held_by_outsiders
from chezhe.portal.models import Account, OutsideSession


def actor_of(session: OutsideSession, at: datetime) -> Actor | None:
    """Who a sign-in speaks for; None once the dealer does not work with us, or the person not for the dealer, any more."""
    account = session.account
    if account.kind == DEALER and not _works_with_us(account):
        return None
    reach, parties, name = _of_dealer(account) if account.kind == DEALER else _of_customer(account, session.is_theirs)  # type: ignore[attr-defined]
    stepped_up_at = session.stepped_up_at
    return Actor(
        key=account.key, name=name[:80], kind=account.kind, permissions=held_by_outsiders(account.kind), reach=reach, party_ids=parties,
        stepped_up_at=None if stepped_up_at and stepped_up_at - at > clock.SKEW_MAX else stepped_up_at,
        stepped_up_for=session.stepped_up_for, is_program=session.is_program,
    )


def _works_with_us(account: Account) -> bool:
    person = account.person
    return person is not None and person.disabled_at is None and person.dealer.status == "active"


def _of_customer(account: Account, is_theirs: bool) -> tuple[Reach, frozenset[int], str]:
    """A number that belongs to no customer (any more) sees nothing, and may show whose it is."""
    customer = account.customer if is_theirs else None
    if customer is None:
        return Reach.CUSTOMER, frozenset(), _("访客")
    name = _("%(name)s（客户）") % {"name": customer.masked_name}
    return Reach.CUSTOMER, frozenset([customer.pk]), name


def _of_dealer(account: Account) -> tuple[Reach, frozenset[int], str]:
    assert account.person is not None
    dealer = account.person.dealer
    name = _("%(name)s（车商 %(number)s）") % {"name": masks.mask_name(account.person.name), "number": dealer.number}
    return Reach.DEALER, frozenset([dealer.pk]), name


def evidence_of(session: OutsideSession, at: datetime) -> str:
    """Our own number of something that was agreed to on a screen: the sign-in, and the moment."""
    return f"portal/{session.pk}/{at:%y%m%d%H%M%S}"


def is_visitor(actor: Actor) -> bool:
    """Whether this is a customer's sign-in that has not shown yet whose business it is about."""
    return actor.kind == BORROWER and not actor.party_ids
