"""A customer whom a sanction list names, for the tests of the rooms above."""

from __future__ import annotations

from chezhe.customers.models import Customer
from chezhe.kernel.actor import SYSTEM
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.screen_chunk import screen_chunk
from chezhe.risk.screening.lists import Entry, Heading
from chezhe.risk.screening.models import Hit


def freeze(customer: Customer) -> Hit:
    """A new list comes and names them: from now on they are frozen."""
    entry = Entry("P-9", "person", "化名", id_numbers=(customer.id_number,))
    version = import_watch_list(heading=Heading("UN-SC", "sanction", "安理会制裁名单", "2026-03-16", "联合国安理会"), entries=(entry,), by=SYSTEM)
    for chunk in range(version.chunks):
        screen_chunk(watchlist_number=version.number, chunk=chunk, by=SYSTEM)
    return Hit.objects.get(customer=customer)
