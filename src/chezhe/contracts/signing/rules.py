"""Who signs what, in which order, and how long a link and its code count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# The lender's seal comes after all of them.
ORDER = ("borrower", "co_borrower", "spouse", "guarantor", "mortgagor")
OWNER = "owner"
# Whose place stands on a paper that was not made for one signer; the owner of the car may be any of them.
SIGNED_BY: dict[str, tuple[str, ...]] = {
    "cost_disclosure_sheet": ("borrower", "co_borrower"),
    "consent_letter": ("borrower",),
    "guarantee_contract": ("guarantor",),
    "address_confirmation": ("borrower", "co_borrower", "guarantor"),
    "gps_notice": (OWNER,),
    "insurance_undertaking": (OWNER,),
    "loan_contract": ("borrower", "co_borrower", "spouse", "guarantor"),
    "mortgage_contract": (OWNER,),
    "repayment_schedule": ("borrower", "co_borrower"),
}
COUNTER, LINK, PORTAL, SEAL = "counter", "link", "portal", "seal"

LINK_LASTS, SITTING_LASTS = timedelta(hours=72), timedelta(minutes=60)
CODE_LASTS, RESEND_AFTER = timedelta(minutes=5), timedelta(seconds=60)
CODES_MAX, TRIES_MAX, PER_HOUR_OF_ADDRESS = 5, 5, 30
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who signs, by id; `owns_car` for the owner of the mortgaged car."""

    key: int
    role: str
    owns_car: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper by id; `signer` is the party it was made for, if it was made for one."""

    key: int
    kind: str
    signer: int | None = None


def required(papers: Iterable[Paper], parties: Sequence[Party]) -> list[tuple[int, int]]:
    """The pairs (paper, party) that must be signed, in the order of signing."""
    ranked = sorted(parties, key=lambda one: (rank(one.role), one.key))
    held = list(papers)
    return [(paper.key, party.key) for party in ranked for paper in held if _signs(paper, party)]


def _signs(paper: Paper, party: Party) -> bool:
    if paper.signer is not None:
        return paper.signer == party.key
    roles = SIGNED_BY.get(paper.kind, ())
    return party.role in roles or (OWNER in roles and party.owns_car)


def rank(role: str) -> int:
    """The place of a role in the order of signing."""
    return ORDER.index(role)


def waits_for(role: str, pending_roles: Iterable[str]) -> list[str]:
    """The roles that must sign before this one and have not, the first one first."""
    return sorted({other for other in pending_roles if rank(other) < rank(role)}, key=rank)


def wait_before_code(sent_at: Sequence[datetime], of_address: Sequence[datetime], at: datetime) -> timedelta | None:
    """How long until another code may be sent: nothing for now, None when this link has had enough.

    `sent_at` are the link's earlier codes, `of_address` those that one address asked for within the hour, each newest first."""
    if len(sent_at) >= CODES_MAX:
        return None
    waits = [RESEND_AFTER - (at - moment) for moment in sent_at[:1]]
    waits += [HOUR - (at - moment) for moment in of_address[PER_HOUR_OF_ADDRESS - 1 : PER_HOUR_OF_ADDRESS]]
    return max([timedelta(), *waits])
