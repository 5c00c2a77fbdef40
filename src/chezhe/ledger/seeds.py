"""Reference rows: the shipped chart of accounts, in every fresh database."""

from __future__ import annotations

from typing import Any

from chezhe.ledger.chart import CHART


def seed_accounts(**_: Any) -> None:
    """Add the shipped accounts that are missing and take over corrected names; accounts people added stay."""
    from chezhe.ledger.models import Account

    Account.objects.bulk_create(
        [Account(code=s.code, name=s.name, english=s.english, kind=s.kind.value, side=s.side.value) for s in CHART],
        update_conflicts=True, unique_fields=["code"], update_fields=["name", "english"],
    )
