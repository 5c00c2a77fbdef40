from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chezhe.channels import permissions, steps
from chezhe.channels.models import Dealer
from chezhe.channels.steps import FACT_NAMES, DealerFacts
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged


@action(permissions.EDIT)
def edit_dealer(*, dealer_number: str, version: int, changes: Mapping[str, Any], reason: str = "", by: Actor) -> Dealer:
    """Correct a dealer's file or its tier; a stale form is refused (409)."""
    dealer = Dealer.objects.visible_to(by).lock(dealer_number)
    dealer.require_version(version)
    before = DealerFacts(*(getattr(dealer, name) for name in FACT_NAMES))
    after = steps.tidy(replace(before, **{name: changes[name] for name in FACT_NAMES if name in changes}))
    if after == before:
        raise NothingChanged()
    steps.refuse(after)
    steps.put(dealer, after)
    dealer.touch(by)
    steps.save_once(dealer)
    return dealer
