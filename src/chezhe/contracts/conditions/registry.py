"""Which conditions there are. The eight of `contracts.rules` stand here by their owner; an area that knows another registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.contracts import rules
from chezhe.contracts.models import Contract
from chezhe.kernel import roles

# None where it is not asked of this contract, else whether it is met on a day.
Standing = Callable[[Contract, date], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: `owner` is the role that brings it about. It may be waived for good, or put off until a day (`may_be_put_off`),
    by those who are asked for it; most may not. `standing` is None for those that `rules.missing` judges itself."""

    code: str
    label: Any
    owner: str
    may_be_waived: bool = False
    may_be_put_off: bool = False
    standing: Standing | None = None


_OWNERS = {
    rules.COST_SHEET: roles.COLLATERAL_OPS, rules.SIGNED: roles.COLLATERAL_OPS, rules.MORTGAGE: roles.COLLATERAL_OPS,
    rules.GPS: roles.COLLATERAL_OPS, rules.ACCOUNT: roles.SALES, rules.APPROVAL: roles.APPROVER, rules.COVERAGE: roles.RISK_OFFICER,
    rules.PAYOFF: roles.SERVICING,
}
_WAIVED, _PUT_OFF = (rules.GPS,), (rules.MORTGAGE,)
REGISTRY: dict[str, Condition] = {}


def register(condition: Condition) -> Condition:
    """Call it in `AppConfig.ready`."""
    REGISTRY[condition.code] = condition
    return condition


def register_own(labels: dict[str, Any]) -> None:
    """Those that this room judges by itself."""
    for code, owner in _OWNERS.items():
        register(Condition(
            code=code, label=labels[code], owner=owner, may_be_waived=code in _WAIVED, may_be_put_off=code in _PUT_OFF))


def further() -> list[Condition]:
    """Those that other areas judge."""
    return [condition for condition in REGISTRY.values() if condition.standing is not None]
