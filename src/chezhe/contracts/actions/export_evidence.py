"""Somebody takes away everything that proves a contract."""

from __future__ import annotations

from chezhe.contracts import permissions, queries
from chezhe.contracts.printing import pack
from chezhe.contracts.printing.pack import Pack
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.EXPORT_EVIDENCE)
def export_evidence(*, contract_number: str, by: Actor) -> Pack:
    """Pack papers, scans, confirmations, moves and the trail with their digests; who took it stands in the trail and in the list.

    Raises NotFound (404), or FileLost (500) when bytes that must be there are not.
    """
    return pack.packed(queries.contract(contract_number, by), at=clock.now(), taken_by=by.name)
