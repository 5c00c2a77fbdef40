"""Who acts: a frozen value made at the door and handed to every action and query."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

# Who is not of the house: a customer about the own business, and somebody of a dealer about what the dealer brings.
BORROWER: Final = "borrower"
DEALER: Final = "dealer"
OUTSIDERS: Final = (BORROWER, DEALER)
# Whoever was sent a link for one thing to do: an outsider without an account, who holds nothing that is not given to guests by name.
GUEST: Final = "guest"


class Reach(StrEnum):
    """How far an actor sees: own cases, the branch, the region, or all; an outsider what is the customer's or the dealer's own."""

    OWN = "own"
    BRANCH = "branch"
    REGION = "region"
    ALL = "all"
    NONE = "none"
    CUSTOMER = "customer"
    DEALER = "dealer"


@dataclass(frozen=True, slots=True)
class Hat:
    """One of the roles that a person holds, and where (empty: in the whole house)."""

    key: str
    role: str
    place: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or the system) at one moment, with the rights held right now.

    `branch_ids` are the branches that `reach` covers; empty with `Reach.ALL` means every branch.
    `on_behalf_of_id` is set while a dated delegation is used: both people count as having acted.
    `is_program` tells that a token speaks, not a browser. `hats` are the roles and places to choose among.
    An outsider (`kind` is one of OUTSIDERS) is nobody of the staff: `party_ids` are the customers, or the dealer, whose business it
    may see, and `stepped_up_for` the subject that its last code was asked for.
    """

    key: str
    name: str
    user_id: int | None = None
    kind: str = "staff"
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    reach: Reach = Reach.NONE
    branch_id: int | None = None
    branch_ids: frozenset[int] = frozenset()
    on_behalf_of_id: int | None = None
    party_ids: frozenset[int] = frozenset()
    stepped_up_at: datetime | None = None
    stepped_up_for: str = ""
    is_demo: bool = field(default=False, compare=False)
    is_program: bool = field(default=False, compare=False)
    hats: tuple[Hat, ...] = field(default=(), compare=False)

    def can(self, code: str) -> bool:
        """Whether this actor holds the permission `code` (for example `servicing.record_repayment`)."""
        return self.kind == "system" or code in self.permissions

    @property
    def user_ids(self) -> frozenset[int]:
        """Every person this actor stands for: the one at the keyboard and the one delegated from."""
        return frozenset(i for i in (self.user_id, self.on_behalf_of_id) if i is not None)

    @property
    def sees_whole_house(self) -> bool:
        """Whether no branch is out of this actor's reach."""
        return self.kind == "system" or self.reach == Reach.ALL

    @property
    def is_outsider(self) -> bool:
        """Whether this is a customer or somebody of a dealer: never a maker, never a vote, and told nothing about the house."""
        return self.kind in (*OUTSIDERS, GUEST)

    @property
    def is_anonymous(self) -> bool:
        return self.kind == "anonymous"

    def stepping_up(self, at: datetime) -> Actor:
        return replace(self, stepped_up_at=at)


SYSTEM = Actor(key="system", name="系统", kind="system", reach=Reach.ALL)
ANONYMOUS = Actor(key="anonymous", name="", kind="anonymous")
