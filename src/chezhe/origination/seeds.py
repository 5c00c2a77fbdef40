"""Up to what amount each role may be the last to agree to an application, as a new house begins; changed by proposal and agreement."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from chezhe.approvals import limiting
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.origination import queries

# The day from which the shipped decision tables hold, too.
STARTS_ON: Final = date(2018, 1, 1)
# One reviewer alone goes as far as the shipped route lets one alone; beyond the last of them the committee is asked.
AMOUNTS: Final = {
    roles.REVIEWER: Money(30_000_000), roles.APPROVER: Money(100_000_000), roles.RISK_MANAGER: Money(300_000_000),
}


def sow(**_named: Any) -> None:
    """Add the limits of a house that has none for applications; what somebody has agreed to stays as it is."""
    limiting.ship(queries.APPROVAL_KIND, AMOUNTS, STARTS_ON)
