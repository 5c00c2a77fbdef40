"""What a room hands over when it asks for a decision: whose facts count, and the figures of the loan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chezhe.customers.models import Customer

LIVE, APPEAL, SHADOW = "live", "appeal", "shadow"
# Over the counter a clerk's machine is used, and with a dealer the dealer's, which say nothing of the customer; on-line the customer's own
# device is expected.
COUNTER, ONLINE, BY_DEALER = "counter", "online", "dealer"
GUARANTOR: Final = "guarantor"
# Who stands for a loan beside the borrower, and whose income counts with it.
JOINT: Final = ("co_borrower",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """`subject` is what is decided ("application:A26-…"). `figures` are facts of the application by code, as the catalogue has them:
    money whole fen, rates text or Decimal. `parties` are (role, subject) of everybody else who stands for the loan. `licence_type`
    and `region` say under which law the lender lends. `device` is the customer's own, from which an application was filed on-line.
    `further` are the subjects of other cars that stand for the loan."""

    subject: str
    kind: str = LIVE
    customer: Customer
    vehicle: str = ""
    dealer: str = ""
    branch_id: int
    owner_id: int
    on: date
    licence_type: str
    region: str
    figures: Mapping[str, Any]
    parties: tuple[tuple[str, str], ...] = field(default=())
    filed_through: str = COUNTER
    device: str = ""
    further: tuple[str, ...] = field(default=())

    @property
    def subjects(self) -> list[str]:
        """Whose facts are seen, the first counting where two are told the same."""
        return [one for one in (self.subject, self.customer.subject, self.vehicle, self.dealer) if one]

    def as_json(self) -> dict[str, Any]:
        """What a round keeps of it."""
        return {
            "subjects": self.subjects, "parties": [list(party) for party in self.parties],
            "others": [*(subject for _, subject in self.parties), *self.further], "licence_type": self.licence_type,
            "region": self.region, "on": self.on.isoformat(),
        } | ({"further": list(self.further)} if self.further else {})
